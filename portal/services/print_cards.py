"""One card of a batch: its values frozen, read back, handed to the press."""

from typing import Any

from card_designs import CardData, load_design
from portal.db.models import CardRequest, PrintBatch, PrintCard
from portal.db.queries import designs as designs_q
from portal.db.queries.units import province_code_for
from portal.domain import clock
from portal.domain.dates import show_date
from portal.domain.membership import MEMBER_STATUS_LABELS, MemberStatus
from portal.services import stores
from portal.services.designs import contents
from portal.services.press import Blank, Order, Press


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


def reason_to_hold(status: MemberStatus) -> str:
    """Say why no card is printed for a member who is not active."""
    return (
        f"Đoàn viên {MEMBER_STATUS_LABELS[status].lower()}: chưa in thẻ. Nếu ghi nhầm,"
        " sửa tình trạng ở hồ sơ đoàn viên."
    )


def read_card(frozen: dict[str, Any], *, dpi: int) -> CardData:
    """Give the frozen values with the photo of the size that the dpi needs."""
    values = dict(frozen)
    digests = {300: values.pop("photo_300"), 600: values.pop("photo_600")}
    digest = digests[dpi]
    return CardData(**values, photo=stores.photos().read(digest) if digest else None)


def order_of(card: PrintCard, *, dpi: int) -> Order:
    """Give the card to the press: its frozen values, and where its photo lies."""
    values = dict(card.card)
    digests = {300: values.pop("photo_300"), 600: values.pop("photo_600")}
    digest = digests[dpi]
    return Order(card.id, values, stores.photos().path(digest) if digest else None)


def press_of(batch: PrintBatch) -> Press | None:
    """Give the press for the design that the batch pinned; None where it has changed.

    A version of a unit's design never changes; a built-in one may, with the program.
    """
    blank = Blank(tuple(batch.sides), batch.profile, batch.dpi, batch.overprint)
    if batch.design_version_id is None:
        same = load_design(batch.design).digest == batch.design_hash
        return Press(batch.design, blank) if same else None
    files = contents.of_version(designs_q.version(batch.design_version_id))
    same = contents.digest_of(files) == batch.design_hash
    return Press(files, blank) if same else None
