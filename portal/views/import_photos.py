"""Photos of a package that found no row: shown, and given to their person by a tap."""

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_photos
from portal.services import intake
from portal.services.intake.photo_desk import PAGE_PHOTOS, people_for
from portal.web.asked import page_asked, whole
from portal.web.fragments import see_other
from portal.web.guard import requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("import_photos", __name__, url_prefix="/nhap")


@bp.get("/<int:import_id>/anh")
@requires(Action.IMPORT_RUN)
def desk(import_id: int) -> str:
    """Show the side list: photos on no row, each with its likely people."""
    page = page_asked()
    found = intake_q.get(import_id, scope=current_scope())
    side = intake.photo_desk(import_id, page=page, by=current_actor())
    more = page * PAGE_PHOTOS < side.total
    return render_template(
        "imports/photos.html",
        found=found,
        desk=side,
        open=found.state is ImportState.READY,
        prev_url=_page_url(import_id, page - 1) if page > 1 else None,
        next_url=_page_url(import_id, page + 1) if more else None,
    )


@bp.get("/<int:import_id>/anh/<int:image_id>/ghep")
@requires(Action.IMPORT_RUN)
def image(import_id: int, image_id: int) -> str:
    """Show one loose photo and the people it can be given to."""
    found = intake_q.get(import_id, scope=current_scope())
    photo = intake_photos.find(import_id, image_id, scope=current_scope())
    query = request.args.get("q", "")[:100]
    return render_template(
        "imports/photo.html",
        found=found,
        photo=photo,
        query=query,
        people=people_for(import_id, photo, query=query, by=current_actor()),
        open=found.state is ImportState.READY,
    )


@bp.post("/<int:import_id>/anh/<int:image_id>/ghep")
@requires(Action.IMPORT_RUN)
def assign(import_id: int, image_id: int) -> Response:
    """Give the photo to a row."""
    row_id = request.form.get("dong", 0, type=whole)
    row = intake.assign(import_id, image_id, row_id, by=current_actor())
    name = row.values.get("full_name", "")
    flash(f"Đã ghép ảnh cho {name} (dòng {row.row_number}).", "success")
    if row.warnings and "giống hệt" in " ".join(row.warnings):
        flash("Ảnh này giống hệt ảnh của một dòng khác. Xem lại ảnh của ai.", "warning")
    return see_other(url_for(".desk", import_id=import_id))


@bp.post("/<int:import_id>/dong/<int:row_id>/bo-anh")
@requires(Action.IMPORT_RUN)
def take_off(import_id: int, row_id: int) -> Response:
    """Take the photo off a row; it waits on the side list."""
    row = intake.take_off(import_id, row_id, by=current_actor())
    flash(f"Đã bỏ ảnh khỏi dòng {row.row_number}; ảnh nằm ở mục “Ghép ảnh”.", "success")
    return see_other(url_for("mending.row", import_id=import_id, row_id=row_id))


def _page_url(import_id: int, page: int) -> str:
    return url_for(".desk", import_id=import_id, trang=page if page > 1 else None)
