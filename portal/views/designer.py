"""Card designs: the gallery, one design, what it begins as, files in and out."""

import io

from flask import Blueprint, flash, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.models import CardDesign
from portal.db.queries import designs as designs_q
from portal.domain.card_kinds import CardKind
from portal.forms.designs import DesignForm, ImportDesignForm, NewDesignForm
from portal.forms.mistakes import shown_on
from portal.services.designs import access, exchange, gallery, trials
from portal.views.designer_api import png
from portal.web.asked import whole
from portal.web.filters import count
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import recorded, requires
from portal.web.identity import current_actor

bp = Blueprint("designer", __name__, url_prefix="/mau-the")

# Published pictures never change, and show nobody.
_KEEP = "private, max-age=86400"
_THUMBNAIL_DPI = 150
_TOLD = 5
_LONGEST_TOLD = 200


@bp.get("/")
@requires(Action.DESIGN_VIEW)
def index() -> str:
    """Show what the unit may use."""
    actor = current_actor()
    return render_template(
        "designer/index.html",
        gallery=gallery.gallery(by=actor),
        may_edit=actor.may(Action.DESIGN_EDIT),
        scope=actor.scope,
    )


@bp.route("/moi", methods=["GET", "POST"])
@requires(Action.DESIGN_EDIT)
def new() -> Response:
    """Begin a design: from a built-in one, another one, or a blank page."""
    actor = current_actor()
    form = NewDesignForm(start=request.args.get("tu", ""))
    form.offer(_beginnings())
    if form.is_submitted() and form.validate():
        with shown_on(form):
            design = gallery.create(
                form.name.data or "",
                start=form.start.data or "",
                kind=CardKind(form.kind.data),
                by=actor,
            )
            flash(f"Đã tạo mẫu “{design.name}”.", "success")
            return see_other(url_for(".show", design_id=design.id))
    return _form_page("designer/new.html", form)


@bp.route("/nhap", methods=["GET", "POST"])
@requires(Action.DESIGN_EDIT)
def take_in() -> Response:
    """Make a design of an uploaded zip or SVG."""
    form = ImportDesignForm()
    if form.is_submitted() and form.validate():
        with shown_on(form):
            design, told = exchange.import_design(
                form.file.data.read(exchange.MOST_BYTES + 1),
                file_name=form.file.data.filename or "tệp tải lên",
                name=form.name.data or "",
                kind=CardKind(form.kind.data),
                by=current_actor(),
            )
            flash(f"Đã nhập mẫu “{design.name}”.", "success")
            _tell(told)
            return see_other(url_for(".show", design_id=design.id))
    return _form_page("designer/import.html", form)


@bp.get("/<int:design_id>")
@requires(Action.DESIGN_VIEW)
def show(design_id: int) -> Response:
    """Show a design: both sides, what it is, what can be done with it."""
    design = access.usable(design_id, by=current_actor())
    form = DesignForm(obj=design)
    return _design_page(design, form)


@bp.post("/<int:design_id>/sua")
@requires(Action.DESIGN_EDIT)
def update(design_id: int) -> Response:
    """Rename a design, or say whether units below may copy it."""
    design = access.editable(design_id, by=current_actor())
    form = DesignForm()
    if form.validate():
        with shown_on(form):
            design = gallery.edit(
                design_id,
                name=form.name.data or "",
                may_copy=form.may_copy.data,
                version=form.version.data or 0,
                by=current_actor(),
            )
            flash("Đã lưu.", "success")
            return see_other(url_for(".show", design_id=design.id))
    return _design_page(design, form, status=422)


@bp.post("/<int:design_id>/ngung")
@requires(Action.DESIGN_EDIT)
def retire(design_id: int) -> Response:
    """Offer a design to no new batch."""
    design = gallery.retire(design_id, by=current_actor())
    flash(
        f"Đã ngừng dùng “{design.name}”. Lô in đã lập bằng mẫu này vẫn in được.",
        "success",
    )
    return see_other(url_for(".show", design_id=design_id))


@bp.post("/<int:design_id>/dung-lai")
@requires(Action.DESIGN_EDIT)
def resume(design_id: int) -> Response:
    """Offer a retired design again."""
    design = gallery.restore_to_use(design_id, by=current_actor())
    flash(f"“{design.name}” lại dùng được cho lô in mới.", "success")
    return see_other(url_for(".show", design_id=design_id))


@bp.get("/<int:design_id>/xuat")
@requires(Action.DESIGN_VIEW)
@recorded
def export(design_id: int) -> Response:
    """Hand out the folder of a design as a zip: a version, or the draft."""
    number = version_asked(access.usable(design_id, by=current_actor()))
    content, name = exchange.export_zip(design_id, number, by=current_actor())
    return send_file(io.BytesIO(content), as_attachment=True, download_name=name)


@bp.get("/co-san/<name>/<any(front, back):side>.png")
@requires(Action.DESIGN_VIEW)
def built_in_image(name: str, side: str) -> Response:
    """Show one side of a built-in design on the sample card."""
    return kept(trials.built_in_png(name, side, dpi=_dpi(), by=current_actor()))


@bp.get("/<int:design_id>/phien-ban/<int:number>/<any(front, back):side>.png")
@requires(Action.DESIGN_VIEW)
def version_image(design_id: int, number: int, side: str) -> Response:
    """Show one side of a published version on the sample card."""
    by = current_actor()
    return kept(trials.version_png(design_id, number, side, dpi=_dpi(), by=by))


def version_asked(design: CardDesign) -> int | None:
    """Read which version a file is asked for; None: the draft ("nhap").

    Unasked, the latest version; the draft where nothing is published yet.
    """
    if request.args.get("ban") == "nhap" or design.latest is None:
        return None
    return request.args.get("ban", design.latest.number, type=whole)


def kept(content: bytes) -> Response:
    """Answer with a picture that the browser may keep."""
    response = png(content)
    response.headers["Cache-Control"] = _KEEP
    return response


def design_context(design: CardDesign) -> dict[str, object]:
    """Give what every page of one design shows."""
    actor = current_actor()
    owns = actor.scope.covers(design.unit_path)
    return {
        "design": design,
        "latest": design.latest,
        "draft": designs_q.draft_of(design.id) if owns else None,
        "may_edit": owns and actor.may(Action.DESIGN_EDIT),
        "may_take": access.may_take(design, by=actor),
    }


def _design_page(
    design: CardDesign, form: DesignForm, *, status: int = 200
) -> Response:
    counts = designs_q.batches_by_version(scope=current_actor().scope)
    return page_or_block(
        "designer/show.html",
        "design_form",
        status=status,
        form=form,
        batches=sum(counts[one.id] for one in design.versions),
        **design_context(design),
    )


def _form_page(template: str, form: NewDesignForm | ImportDesignForm) -> Response:
    status = 422 if form.is_submitted() else 200
    return page_or_block(template, "design_form", status=status, form=form)


def _tell(sentences: list[str]) -> None:
    """Say the first few of what should be looked at: a cookie carries them."""
    for sentence in sentences[:_TOLD]:
        flash(sentence[:_LONGEST_TOLD], "warning")
    if len(sentences) > _TOLD:
        flash(f"… và {count(len(sentences) - _TOLD)} điều khác nên xem lại.", "warning")


def _beginnings() -> list[tuple[str, str]]:
    by = current_actor()
    built_in = [(one.name, f"{one.title} (có sẵn)") for one in gallery.built_in()]
    own = [
        (str(design.id), f"{design.name} ({design.unit.name})")
        for design in designs_q.listed(scope=by.scope)
        if access.may_take(design, by=by)
    ]
    return [*built_in, *own]


def _dpi() -> int:
    return request.args.get("dpi", _THUMBNAIL_DPI, type=int)
