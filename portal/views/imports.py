"""Rosters as Excel and zip: upload, preview, accept, take back."""

from flask import Blueprint, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_photos
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict
from portal.forms.imports import AcceptForm, UploadForm
from portal.forms.mistakes import shown_on
from portal.services import intake, stores
from portal.views.import_pages import preview_page
from portal.web.asked import page_asked, whole
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import recorded, requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("imports", __name__, url_prefix="/nhap")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE_IMPORTS = 30


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
        "imports/index.html", "upload_form", status=422, form=form, **_latest()
    )


@bp.get("/<int:import_id>")
@requires(Action.IMPORT_RUN)
def show(import_id: int) -> Response:
    """Show an import: its bar while work is going on, then every row."""
    return preview_page(import_id)


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


@bp.get("/<int:import_id>/lay-lai")
@requires(Action.IMPORT_RUN)
def undo(import_id: int) -> str:
    """Say what taking the import back would do, and what stands in the way."""
    actor = current_actor()
    found = intake_q.get(import_id, scope=actor.scope)
    ahead = intake.undoing(import_id, by=actor)
    return render_template(
        "imports/undo.html",
        found=found,
        ahead=ahead,
        open=found.state is ImportState.ACCEPTED,
    )


@bp.post("/<int:import_id>/lay-lai")
@requires(Action.IMPORT_RUN)
def take_back(import_id: int) -> Response:
    """Take an accepted import back: whole, or what nothing stands on."""
    whole_one = request.form.get("phan") != "con-lai"
    intake.begin_take_back(import_id, whole=whole_one, by=current_actor())
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
    """Show a photo of the package at print size."""
    shown = intake_photos.picture(import_id, photo_id, scope=current_scope())
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
    return render_template("imports/index.html", form=form, **_latest())


def _latest() -> dict[str, object]:
    page = page_asked()
    found = intake_q.latest(
        scope=current_scope(),
        offset=(page - 1) * _PAGE_IMPORTS,
        limit=_PAGE_IMPORTS + 1,
    )
    more = len(found) > _PAGE_IMPORTS
    return {
        "imports": found[:_PAGE_IMPORTS],
        "prev_url": url_for(".index", trang=page - 1) if page > 1 else None,
        "next_url": url_for(".index", trang=page + 1) if more else None,
    }


def _workbook(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.mimetype = _XLSX
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
