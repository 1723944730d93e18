"""One card of a batch: its values frozen, read back, drawn and proven."""

from typing import Any

from card_designs import CardData, check_card, draw_png, prove_card
from portal.db.models import CardRequest, PrintBatch, PrintCard
from portal.db.queries.units import province_code_for
from portal.domain import clock
from portal.domain.dates import show_date
from portal.domain.errors import NotFound
from portal.services import stores


def card_values(request: CardRequest) -> dict[str, Any]:
    """Freeze what the card will bear, so that it can be drawn the same again."""
    member = request.member
    issued = request.approved_at.astimezone(clock.VIETNAM).date()
    photo = member.photo
    return {
        "member_number": member.member_number,
        "full_name": member.full_name,
        "birth_date": show_date(member.birth_date, year_only=member.birth_year_only),
        "unit_name": request.unit_name_on_card,
        "card_kind": request.kind.value,
        "province_code": province_code_for(request.unit_path) or "",
        "vpoint_code": member.vpoint_code or "",
        "issue_date": show_date(issued),
        "photo_300": photo.print_hash if photo else "",
        "photo_600": photo.card_hash if photo else "",
    }


def read_card(frozen: dict[str, Any], *, dpi: int) -> CardData:
    """Give the frozen values with the photo of the size that the dpi needs."""
    values = dict(frozen)
    digests = {300: values.pop("photo_300"), 600: values.pop("photo_600")}
    digest = digests[dpi]
    return CardData(**values, photo=stores.photos().read(digest) if digest else None)


def draw(design: Any, batch: PrintBatch, card: PrintCard) -> tuple[dict[str, str], str]:
    """Draw one card's sides into the store: side → hash, or the reason of refusal.

    The card is judged by its values first, then its codes are read back from the
    very pictures that are handed out: a blank is spent on nothing unread.
    """
    try:
        data = read_card(card.card, dpi=batch.dpi)
    except NotFound:
        return {}, "Tệp ảnh không còn trên máy chủ. Tải lại ảnh của đoàn viên này."
    how = {"profile": batch.profile, "dpi": batch.dpi, "overprint": batch.overprint}
    reason = _errors(check_card(design, data, sides=batch.sides, dpi=batch.dpi))
    if reason:
        return {}, reason
    drawn = {side: draw_png(design, side, data, **how) for side in batch.sides}
    found = prove_card(design, data, sides=batch.sides, pictures=drawn, **how)
    if reason := _errors(found):
        return {}, reason
    return {side: stores.exports().put(png) for side, png in drawn.items()}, ""


def _errors(findings: list[Any]) -> str:
    return " ".join(one.message for one in findings if one.level == "error")
