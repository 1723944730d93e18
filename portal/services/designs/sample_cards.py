"""The cards that a design is looked at with: made-up ones, extremes, a real member."""

import io
from dataclasses import replace
from functools import lru_cache

from PIL import Image, ImageDraw

from card_designs import CARD_FIELDS, CardData
from card_designs.fonts import metrics
from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import Member
from portal.db.queries import designs as designs_q
from portal.db.queries import members as members_q
from portal.db.queries.units import province_code_for
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.dates import show_date
from portal.domain.errors import Invalid, NotAllowed, NotFound
from portal.files.images import CARD_SIZE_PX
from portal.services import stores

SAMPLE_LABELS = {
    "sample": "Thẻ mẫu",
    "longest": "Tên và đơn vị dài nhất",
    "shortest": "Tên và đơn vị ngắn nhất",
    "apostrophe": "Tên có dấu nháy (H'Hen Niê)",
    "rare": "Tên nhiều dấu (Đặng Bùi Thể Hằng Ngự)",
    "no-photo": "Chưa có ảnh",
    "linked85": "Thẻ liên kết, mã tỉnh 85",
}

_WORST = "worst"
_MEMBER = "member:"
_NAMES = {"apostrophe": "H'Hen Niê", "rare": "Đặng Bùi Thể Hằng Ngự"}

# Members whose names and units are measured: those with the most letters.
_MEASURED = 300

# What a member without a number shows in a preview: nobody bears it.
_NO_NUMBER = "0" * 12


def card_for(which: str, *, kind: CardKind, by: Actor) -> CardData:
    """Give the card that ``which`` names: a key of SAMPLE_LABELS, worst, member:ID.

    Raises NotAllowed where a real member is asked for without MEMBER_VIEW, NotFound
    for one outside the scope, Invalid for any other word.
    """
    if which in SAMPLE_LABELS:
        return _sample(which, kind)
    real = which == _WORST or which.startswith(_MEMBER)
    if not real:
        raise Invalid("Không có thẻ thử này. Chọn một thẻ trong danh sách.")
    if not by.may(Action.MEMBER_VIEW):
        raise NotAllowed(
            "Vai trò của bạn không xem dữ liệu đoàn viên: chọn một thẻ mẫu."
        )
    if which == _WORST:
        return member_card(worst_member(scope=by.scope), kind=kind)
    member_id = which.removeprefix(_MEMBER)
    if not (member_id.isascii() and member_id.isdigit()):
        raise NotFound
    member = members_q.get(int(member_id), scope=by.scope)
    if member is None:
        raise NotFound
    return member_card(member, kind=kind)


def worst_member(*, scope: Scope) -> Member:
    """Give the member of the scope whose name or unit is drawn widest.

    Each is measured against the widest that designs must survive. Invalid where
    the scope has no members.
    """
    found = designs_q.members_with_long_texts(scope=scope, limit=_MEASURED)
    if not found:
        raise Invalid("Đơn vị chưa có đoàn viên nào để thử. Chọn một thẻ mẫu.")
    return max(found, key=_tightness)


def member_card(member: Member, *, kind: CardKind) -> CardData:
    """Give a member's card as a batch made today would draw it.

    Who has no number yet shows twelve zeros, so that the rest can be looked at.
    """
    photo = member.photo
    digest = photo.card_hash if photo else ""
    return CardData(
        member_number=member.member_number or _NO_NUMBER,
        full_name=member.full_name,
        birth_date=show_date(member.birth_date, year_only=member.birth_year_only),
        unit_name=member.unit.name,
        card_kind=kind.value,
        province_code=province_code_for(member.unit_path) or "",
        vpoint_code=member.vpoint_code or "",
        issue_date=show_date(clock.now().astimezone(clock.VIETNAM).date()),
        photo=stores.photos().read(digest) if digest else None,
    )


def _sample(which: str, kind: CardKind) -> CardData:
    pick = {"longest": max, "shortest": min}.get(which)
    values = {
        field.name: pick((field.sample, *field.extremes), key=_width)
        if pick and field.name in {"full_name", "unit_name"}
        else field.sample
        for field in CARD_FIELDS.values()
        if field.name not in {"photo", "card_kind"}
    }
    card = CardData(**values, card_kind=kind.value, photo=sample_photo())
    if which in _NAMES:
        return replace(card, full_name=_NAMES[which])
    if which == "no-photo":
        return card.with_photo(None)
    if which == "linked85":
        return replace(card, card_kind=CardKind.LINKED.value, province_code="85")
    return card


def _tightness(member: Member) -> float:
    return max(
        _width(text) / _widest(name)
        for name, text in (
            ("full_name", member.full_name),
            ("unit_name", member.unit.name),
        )
    )


@lru_cache
def _widest(name: str) -> float:
    field = CARD_FIELDS[name]
    return max(map(_width, (field.sample, *field.extremes)))


def _width(text: str) -> float:
    """Measure a text at size 1 in the cards' font; letters it lacks are one wide."""
    advances = metrics(bold=True).advances
    return sum(advances.get(letter, 1.0) for letter in text)


@lru_cache
def sample_photo() -> bytes:
    """Draw head and shoulders that are nobody's: a JPEG of the cards' photo size."""
    width, height = CARD_SIZE_PX
    picture = Image.new("RGB", CARD_SIZE_PX, "#dfe8f2")
    pen = ImageDraw.Draw(picture)
    middle, head = width // 2, height * 2 // 5
    pen.ellipse((middle - 210, 470, middle + 210, 1000), fill="#5d7796")
    pen.ellipse((middle - 110, head - 140, middle + 110, head + 140), fill="#8aa0b8")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, dpi=(600, 600))
    return out.getvalue()
