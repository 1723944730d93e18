"""Rosters as Excel and zip: upload, preview, accept."""

from flask import Blueprint, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import Job, RosterImport
from portal.db.models.intake import ImportState, RowState
from portal.db.models.jobs import JobState
from portal.db.queries import intake as intake_q
from portal.db.queries import jobs as jobs_q
from portal.db.queries import members as members_q
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict
from portal.forms.imports import AcceptForm, UploadForm
from portal.forms.mistakes import shown_on
from portal.services import intake, stores
from portal.views.import_rows import shown_row
from portal.web.asked import page_asked, whole
from portal.web.fragments import page_or_block, see_other, stop_polling
from portal.web.guard import recorded, requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("imports", __name__, url_prefix="/nhap")

PAGE_ROWS = 50

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHIPS = (
    ("", "Tất cả", "rows_in"),
    ("new", "Mới", "new"),
    ("changed", "Thay đổi", "changed"),
    ("same", "Giống sổ", "same"),
    ("duplicate", "Trùng", "duplicate"),
    ("error", "Lỗi", "error"),
)
_OVER = frozenset({JobState.FAILED, JobState.CANCELLED})


@bp.get("/")
@requires(Action.IMPORT_RUN)
def index() -> str:
    """Offer the upload form and list the latest imports."""
    return _index_page(_form())


@bp.post("/")
@requires(Action.IMPORT_RUN)
def upload() -> Response:
    """Keep the file and have it evaluated."""
    form = _form()
    if form.validate_on_submit():
        with shown_on(form):
            received = intake.receive(
                form.file.data.stream,
                file_name=form.file.data.filename or "",
                unit_id=form.unit.data,
                by=current_actor(),
            )
            return see_other(url_for(".show", import_id=received.id))
    return page_or_block(
        "imports/index.html", "upload_form", status=422, form=form, imports=_latest()
    )


@bp.get("/<int:import_id>")
@requires(Action.IMPORT_RUN)
def show(import_id: int) -> Response:
    """Show an import: its bar while work is going on, then every row."""
    scope = current_scope()
    found = intake_q.get(import_id, scope=scope)
    kind = "accept" if found.state is ImportState.ACCEPTING else "evaluate"
    job = jobs_q.latest_of(f"import.{kind}", import_id, scope=scope)
    busy = _is_busy(found, job)
    response = page_or_block(
        "imports/show.html",
        "import_body",
        found=found,
        job=job,
        busy=busy,
        without_photo=_without_photo(found),
        **_rows(found),
    )
    return response if busy else stop_polling(response)


@bp.post("/<int:import_id>/nhan")
@requires(Action.IMPORT_RUN)
def accept(import_id: int) -> Response:
    """Say yes to the preview as it was shown."""
    form = AcceptForm()
    intake_q.get(import_id, scope=current_scope())
    if not form.validate_on_submit():
        raise Conflict("Trang này đã cũ. Hãy tải lại trang rồi bấm nhận.")
    intake.begin_accept(import_id, version=form.version.data, by=current_actor())
    return see_other(url_for(".show", import_id=import_id))


@bp.post("/<int:import_id>/bo")
@requires(Action.IMPORT_RUN)
def abort(import_id: int) -> Response:
    """Give the import up."""
    intake.abort(import_id, by=current_actor())
    return see_other(url_for(".show", import_id=import_id))


@bp.get("/<int:import_id>/dong-loi.xlsx")
@requires(Action.IMPORT_RUN)
@recorded
def refused(import_id: int) -> Response:
    """Hand out the rows that were not taken, each with its reason."""
    data = intake.refused_workbook(import_id, by=current_actor())
    return _workbook(data, f"dong-can-sua-{import_id}.xlsx")


@bp.get("/<int:import_id>/tep-goc")
@requires(Action.IMPORT_RUN)
@recorded
def original(import_id: int) -> Response:
    """Hand the uploaded file back as it came."""
    found = intake_q.get(import_id, scope=current_scope())
    path = stores.uploads().path(found.file_hash)
    if not path.is_file():
        raise Conflict("Tệp gốc của lần nhập này không còn được giữ.")
    intake.record_download(import_id, "original", by=current_actor())
    return send_file(
        path,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.file_name,
    )


@bp.get("/<int:import_id>/anh/<int:photo_id>.jpg")
@requires(Action.IMPORT_RUN)
def photo(import_id: int, photo_id: int) -> Response:
    """Show a row's photo at print size."""
    shown = intake_q.photo_of(import_id, photo_id, scope=current_scope())
    response = make_response(stores.photos().read(shown.print_hash))
    response.mimetype = "image/jpeg"
    return response


@bp.get("/mau/<any(standard, linked):kind>.xlsx")
@requires(Action.IMPORT_RUN)
def template(kind: str) -> Response:
    """Hand out the empty list of a card kind."""
    data = intake.template_workbook(CardKind(kind), by=current_actor())
    names = {"standard": "thong-thuong", "linked": "lien-ket"}
    return _workbook(data, f"danh-sach-the-{names[kind]}.xlsx")


def _form() -> UploadForm:
    actor = current_actor()
    asked = request.args.get("don-vi", type=whole)
    form = UploadForm(data={"unit": asked} if asked else None)
    form.offer(intake.unit_choices(by=actor), own_id=actor.unit_id)
    return form


def _index_page(form: UploadForm) -> str:
    return render_template("imports/index.html", form=form, imports=_latest())


def _latest() -> list[RosterImport]:
    return intake_q.latest(scope=current_scope())


def _is_busy(found: RosterImport, job: Job | None) -> bool:
    at_work = found.state in {ImportState.UPLOADED, ImportState.ACCEPTING}
    return at_work and job is not None and job.state not in _OVER


def _without_photo(found: RosterImport) -> int:
    """Count whom the unit still needs a photo of, once its list is taken."""
    if found.state is not ImportState.ACCEPTED:
        return 0
    return members_q.without_photo(scope=Scope(found.unit.path))


def _rows(found: RosterImport) -> dict[str, object]:
    """Give one page of rows, the filters and what lies around them."""
    scope = current_scope()
    counts = found.counts
    if "rows_in" not in counts:
        return {"rows": [], "filters": [], "pages": {}, "photos_left": []}
    wanted = request.args.get("loai", "")
    states = [RowState(wanted)] if wanted in {s.value for s in RowState} else []
    total = counts[states[0].value if states else "rows_in"]
    page = page_asked()
    rows = intake_q.rows(
        found.id,
        scope=scope,
        states=states,
        offset=(page - 1) * PAGE_ROWS,
        limit=PAGE_ROWS,
    )
    wanted = wanted if states else ""
    more = page * PAGE_ROWS < total
    return {
        "rows": [shown_row(row) for row in rows],
        "filters": [
            {
                "label": label,
                "count": counts[name],
                "url": _page_url(found.id, value, 1),
                "active": value == wanted,
            }
            for value, label, name in _CHIPS
            if counts[name] or not value
        ],
        "pages": {
            "prev": _page_url(found.id, wanted, page - 1) if page > 1 else None,
            "next": _page_url(found.id, wanted, page + 1) if more else None,
            "total": total,
        },
        "photos_left": intake_q.photos_left(found.id, scope=scope),
    }


def _page_url(import_id: int, state: str, page: int) -> str:
    return url_for(
        ".show",
        import_id=import_id,
        loai=state or None,
        trang=page if page > 1 else None,
        _anchor="rows",
    )


def _workbook(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.mimetype = _XLSX
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
