"""The photos of a unit on one sheet: red frames first, turned and approved in place."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.services import photo_sheets
from portal.services.photo_sheets import PAGE_PHOTOS, Only
from portal.web.asked import page_asked, whole
from portal.web.fragments import page_or_block, see_other, wants_block
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("photo_sheets", __name__, url_prefix="/anh")

_CHIPS = (
    (Only.ALL, "Tất cả"),
    (Only.RED, "Cần xem lại"),
    (Only.MISSING, "Chưa có ảnh"),
    (Only.WAITING, "Chờ duyệt"),
    (Only.APPROVED, "Đã duyệt"),
)


@bp.get("/")
@requires(Action.MEMBER_VIEW)
def index() -> Response:
    """Show one page of a unit's photos."""
    by, only, page = current_actor(), _only(), page_asked()
    found = photo_sheets.sheet(
        unit_code=request.args.get("unit", ""), only=only, page=page, by=by
    )
    total = found.counts[only]
    return page_or_block(
        "photos/sheet.html",
        "photo_sheet",
        found=found,
        only=only,
        chips=[
            {
                "label": label,
                "count": found.counts[value],
                "url": _url(value, 1),
                "active": value is only,
            }
            for value, label in _CHIPS
        ],
        prev_url=_url(only, page - 1) if page > 1 else None,
        next_url=_url(only, page + 1) if page * PAGE_PHOTOS < total else None,
        total=total,
        may_edit=by.may(Action.MEMBER_EDIT),
        may_approve=by.may(Action.PHOTO_APPROVE),
    )


@bp.post("/<int:member_id>/xoay")
@requires(Action.MEMBER_EDIT)
def turn(member_id: int) -> Response:
    """Turn a member's photo by a quarter, left or right."""
    quarters = 3 if request.form.get("chieu") == "trai" else 1
    photo_id = request.form.get("anh", 0, type=whole)
    photo_sheets.turn(
        member_id, quarters=quarters, photo_id=photo_id, by=current_actor()
    )
    return _card(member_id)


@bp.post("/duyet")
@requires(Action.PHOTO_APPROVE)
def approve() -> Response:
    """Approve the photos that are ticked, as they were seen."""
    chosen: dict[int, int] = {}
    for pair in request.form.getlist("chon"):
        member_id, _, photo_id = pair.partition("-")
        if member_id.isdecimal() and photo_id.isdecimal():
            chosen[int(member_id[:9])] = int(photo_id[:9])
    done = photo_sheets.approve(chosen, by=current_actor())
    if done:
        flash(f"Đã duyệt {done} ảnh.", "success")
    else:
        flash("Chưa chọn ảnh nào, hoặc các ảnh này đã được duyệt.", "info")
    return see_other(_back())


@bp.post("/<int:member_id>/chua-dat")
@requires(Action.PHOTO_APPROVE)
def refuse(member_id: int) -> Response:
    """Say why a photo is not fit for a card."""
    photo_sheets.refuse(
        member_id,
        photo_id=request.form.get("anh", 0, type=whole),
        reason=request.form.get("ly-do", ""),
        by=current_actor(),
    )
    return _card(member_id)


def _card(member_id: int) -> Response:
    """Answer scripts with the card that changed, others with the sheet at its place."""
    if not wants_block():
        return see_other(f"{_back()}#anh-{member_id}")
    by = current_actor()
    return page_or_block(
        "photos/card.html",
        "photo_card",
        card=photo_sheets.card(member_id, by=by),
        may_edit=by.may(Action.MEMBER_EDIT),
        may_approve=by.may(Action.PHOTO_APPROVE),
    )


def _only() -> Only:
    asked = request.values.get("loc", "")
    return Only(asked) if asked in set(Only) else Only.ALL


def _back() -> str:
    return _url(_only(), page_asked())


def _url(only: Only, page: int) -> str:
    return url_for(
        ".index",
        unit=request.values.get("unit") or None,
        loc=only.value or None,
        trang=page if page > 1 else None,
    )
