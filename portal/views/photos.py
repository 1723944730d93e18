"""Members' photos: shown within scope, uploaded, cut."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.services import members, photos
from portal.services.photos import MOST_BYTES, Crop, Upload
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("photos", __name__, url_prefix="/anh")


@bp.get("/<int:member_id>/<size>")
@requires(Action.MEMBER_VIEW)
def show(member_id: int, size: str) -> Response:
    """Send a member's photo: size is card, print or original."""
    data = photos.read(member_id, size, by=current_actor())
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="anh-{member_id}.jpg"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<int:member_id>/sua")
@requires(Action.MEMBER_EDIT)
def edit(member_id: int) -> Response:
    """Offer to take, choose or cut a member's photo."""
    return _page(member_id, Upload())


@bp.post("/<int:member_id>/sua")
@requires(Action.MEMBER_EDIT)
def upload(member_id: int) -> Response:
    """Take a photo, or show beside the field why it was refused."""
    file = request.files.get("photo")
    name = (file.filename if file else "") or "Ảnh"
    outcome = photos.upload(
        member_id,
        file.read(MOST_BYTES + 1) if file else b"",
        name=name,
        crop=_crop(),
        by=current_actor(),
    )
    if not outcome.ok:
        return _page(member_id, outcome, status=422)
    flash("Đã lưu ảnh.", "success")
    for text in outcome.repairs:
        flash(text, "info")
    for text in outcome.warnings:
        flash(text, "warning")
    if _from_sheet():
        unit = members.find(member_id, by=current_actor()).unit
        back = url_for("photo_sheets.index", unit=unit.code)
        return see_other(f"{back}#anh-{member_id}")
    return see_other(url_for("members.show", member_id=member_id))


def _page(member_id: int, outcome: Upload, *, status: int = 200) -> Response:
    by = current_actor()
    member = members.find(member_id, by=by)
    return page_or_block(
        "members/photo.html",
        "photo_form",
        status=status,
        member=member,
        problems=outcome.problems,
        from_sheet=_from_sheet(),
        crumbs_of=members.steps_to(member.unit, by=by),
    )


def _from_sheet() -> bool:
    """Say whether the officer works through a sheet, and is to go on with it."""
    return request.values.get("ve") == "bang"


def _crop() -> Crop | None:
    """Read the box that the browser drew, as fractions; None without script."""
    names = ("crop_left", "crop_top", "crop_width", "crop_height")
    parts = [request.form.get(name, type=float) for name in names]
    left, top, width, height = parts
    if left is None or top is None or width is None or height is None:
        return None
    return left, top, width, height
