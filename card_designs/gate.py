"""The print gate: say why a card must not be printed, before a blank is spent."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from PIL import Image

from card_designs.card_data import CardData
from card_designs.codes import encode, place
from card_designs.design import SIDES, Design
from card_designs.fields import CARD_FIELDS, CARD_KIND_LABELS
from card_designs.findings import Finding, error, errors, warning
from card_designs.fit import extent_mm, fit, missing_glyphs
from card_designs.gate_photo import photo_findings
from card_designs.gate_words import date_findings, name_findings
from card_designs.geometry import place_findings
from card_designs.photo import PhotoBroken, photo_pixels
from card_designs.profiles import NATIVE_DPI, PROFILES, Frame
from card_designs.slots import CodeSlot, PhotoSlot, Slot, TextSlot

_NUMBER = re.compile(r"[0-9]{12}")
_PROVINCE = re.compile(r"[0-9]{2}")


def check_card(
    design: Design,
    card: CardData,
    *,
    sides: Sequence[str] = SIDES,
    dpi: int = NATIVE_DPI,
) -> list[Finding]:
    """List what is wrong with this card on this design, all of it at once.

    An error is never printed, a warning needs a say-so. ``sides`` that the design does
    not have are left out. Nothing is drawn; ``prove_card`` does that too.
    """
    found = check_values(design, card, sides=sides)
    for side, slot in _shown(design, card, sides):
        if isinstance(slot, PhotoSlot) and card.photo:
            found += _photo_findings(slot, card, card.photo, dpi)
        if isinstance(slot, TextSlot):
            fitted = fit(slot.text(card), slot) if _drawable(slot, card) else None
            if fitted is not None:
                box = extent_mm(slot, fitted)
                found += place_findings(design, side, slot, box)
    return list(dict.fromkeys(found))


def prove_card(
    design: Design,
    card: CardData,
    *,
    sides: Sequence[str] = SIDES,
    profile: str = "cr80",
    dpi: int = NATIVE_DPI,
    overprint: bool = False,
    pictures: Mapping[str, Image.Image | bytes] | None = None,
) -> list[Finding]:
    """Do what ``check_card`` does, then read the codes back from the drawn pixels.

    ``pictures``: the sides that are drawn already, by name, as RGB pictures or PNG;
    those not given are drawn. What ``check_card`` refuses is not drawn at all.
    """
    found = check_card(design, card, sides=sides, dpi=dpi)
    if errors(found):
        return found
    # Here, not above: checking values needs neither cairo nor a reader of codes.
    from card_designs.read_back import read_back
    from card_designs.render import draw_pixels

    frame = Frame(PROFILES[profile], dpi)
    for side in sides:
        if side not in design.sides:
            continue
        picture = (pictures or {}).get(side)
        if picture is None:
            picture = draw_pixels(design, side, card, frame=frame, overprint=overprint)
        found += read_back(design, side, card, picture, frame)
    return found


def check_values(
    design: Design, card: CardData, *, sides: Sequence[str] = SIDES
) -> list[Finding]:
    """Do only what needs no look at the photo: what drawing itself insists on."""
    found = errors(list(design.findings))
    if not _NUMBER.fullmatch(card.member_number):
        found.append(_number_finding(card.member_number))
    if card.card_kind and design.card_kinds:
        found += _kind_findings(design, card)
    found += _province_findings(design, card, sides)
    found += date_findings(card) + name_findings(card)
    for side, slot in _shown(design, card, sides):
        found += _slot_findings(side, slot, card)
    # A name on both sides is told once.
    return list(dict.fromkeys(found))


def measured_photo(
    design: Design, card: CardData, *, sides: Sequence[str] = SIDES
) -> list[Finding]:
    """Judge the photo by its header alone; what cannot be read is left to drawing."""
    found: list[Finding] = []
    for _, slot in _shown(design, card, sides):
        if isinstance(slot, PhotoSlot) and card.photo:
            with suppress(OSError, SyntaxError, ValueError):
                found += photo_findings(card.photo, slot)
    return found


def photo_finding(problem: PhotoBroken) -> Finding:
    """Say that the photo cannot be printed."""
    return error("photo-broken", CARD_FIELDS["photo"].label, str(problem))


def _shown(
    design: Design, card: CardData, sides: Sequence[str]
) -> list[tuple[str, Slot]]:
    return [
        (side, slot)
        for side in sides
        if side in design.sides
        for slot in design.sides[side].slots
        if slot.shown(card)
    ]


def _number_finding(number: str) -> Finding:
    label = CARD_FIELDS["member_number"].label
    if not number:
        return error("number-missing", label, "Thẻ chưa có mã số đoàn viên.")
    message = f"Mã số đoàn viên “{number}” phải có đúng 12 chữ số."
    return error("number-invalid", label, message)


def _kind_findings(design: Design, card: CardData) -> list[Finding]:
    if card.card_kind in design.card_kinds:
        return []
    label = CARD_KIND_LABELS.get(card.card_kind)
    where = CARD_FIELDS["card_kind"].label
    if label is None:
        return [error("kind-unknown", where, f"Không có loại thẻ “{card.card_kind}”.")]
    message = f"{label} nhưng đang dùng mẫu “{design.title}”."
    return [error("kind-mismatch", where, message)]


def _province_findings(
    design: Design, card: CardData, sides: Sequence[str]
) -> list[Finding]:
    """The province's code stands on a line of its own on the linked card (P2)."""
    code, label = card.province_code, CARD_FIELDS["province_code"].label
    found = []
    if code and not _PROVINCE.fullmatch(code):
        message = f"{label} “{code}” phải là hai chữ số của biển số xe, ví dụ 85."
        found.append(error("province-invalid", label, message))
    whole = all(side in sides for side in design.sides)
    # A design of another kind is told as such.
    linked = card.card_kind == "linked" and "linked" in design.card_kinds
    if not (code and linked and whole):
        return found
    if not any(
        slot.field == "province_code" for _, slot in _shown(design, card, sides)
    ):
        message = f"Thẻ liên kết phải có dòng {label[0].lower()}{label[1:]} “{code}”."
        found.append(error("province-missing", label, message))
    return found


def _slot_findings(side: str, slot: Slot, card: CardData) -> list[Finding]:
    if isinstance(slot, PhotoSlot):
        return [] if card.photo else [_empty(slot)]
    if slot.field == "member_number" and not _NUMBER.fullmatch(card.member_number):
        # Told already, and once is enough.
        return []
    if isinstance(slot, CodeSlot):
        return _code_findings(side, slot, card)
    if isinstance(slot, TextSlot):
        return _text_findings(slot, card)
    raise TypeError(slot)


def _empty(slot: Slot) -> Finding:
    label = CARD_FIELDS[slot.field].label
    code = "photo-missing" if isinstance(slot, PhotoSlot) else "field-empty"
    return error(code, label, f"Thiếu {label[0].lower()}{label[1:]}.")


def _photo_findings(
    slot: PhotoSlot, card: CardData, photo: bytes, dpi: int
) -> list[Finding]:
    left, top, right, bottom = Frame(PROFILES["cr80"], dpi).box(
        slot.x_mm, slot.y_mm, slot.width_mm, slot.height_mm
    )
    try:
        photo_pixels(photo, (right - left, bottom - top))
    except PhotoBroken as problem:
        return [photo_finding(problem)]
    found = photo_findings(photo, slot)
    if not card.photo_approved:
        message = "Chưa ai xác nhận ảnh này dùng được; hãy xem lại ảnh rồi xác nhận."
        label = CARD_FIELDS[slot.field].label
        found.append(warning("photo-unapproved", label, message))
    return found


def _drawable(slot: TextSlot, card: CardData) -> bool:
    text = slot.text(card)
    return bool(text) and not missing_glyphs(text, bold=slot.bold)


def _text_findings(slot: TextSlot, card: CardData) -> list[Finding]:
    text = slot.text(card)
    if not text:
        return [_empty(slot)]
    label = CARD_FIELDS[slot.field].label
    missing = missing_glyphs(text, bold=slot.bold)
    if missing:
        letters = ", ".join(f"“{letter}” (U+{ord(letter):04X})" for letter in missing)
        message = f"{label} có ký tự mà phông của thẻ không vẽ được: {letters}."
        return [error("glyph-missing", label, message)]
    if fit(text, slot) is None:
        least = f"{slot.min_size_mm:.1f}".replace(".", ",")
        message = (
            f"{label} dài {len(text)} ký tự, không vừa ô dù đã thu nhỏ tới"
            f" {least} mm: “{text[:60]}{'…' if len(text) > 60 else ''}”."
        )
        return [error("does-not-fit", label, message)]
    return []


def _code_findings(side: str, slot: CodeSlot, card: CardData) -> list[Finding]:
    text = CARD_FIELDS[slot.field].read(card)
    if not text:
        return [_empty(slot)]
    modules = encode(text, slot.symbology)
    frame = Frame(PROFILES["cr80"], NATIVE_DPI)
    if modules is None or place(modules, slot, frame) is None:
        label = CARD_FIELDS[slot.field].label
        message = f"Ô mã ở mặt {side} quá nhỏ để in “{label}” mà máy còn đọc được."
        return [error("code-too-small", label, message)]
    return []
