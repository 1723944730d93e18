"""What should be mended in a design before a card is printed from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from card_designs.card_data import CardData
from card_designs.codes import MIN_MODULE_MM, encode, module_px
from card_designs.design import Design
from card_designs.fields import CARD_FIELDS, CARD_KIND_LABELS, FieldKind
from card_designs.findings import Finding, Level, error, warning
from card_designs.fit import Box, extent_mm, fit, missing_glyphs
from card_designs.geometry import overlap, place_findings
from card_designs.profiles import NATIVE_DPI
from card_designs.slots import BoxSlot, CodeSlot, PhotoSlot, Slot, TextSlot

MIN_TEXT_MM = 1.4
"""Four points: below that nobody reads it, and printers fill its marks."""

PHOTO_MM = (20.0, 30.0)
_HAIR_MM = 0.01
_MIN_BARS_MM = 5.0
"""Readers at arm's length want bars of some height."""


@dataclass(frozen=True, slots=True)
class _Cover:
    """What a slot can cover with the values that designs must survive."""

    side: str
    slot: Slot
    box: Box


def check_design(design: Design) -> list[Finding]:
    """List what is wrong with a design, errors first.

    ``where`` names file and line, or the field. Errors keep every card from being
    drawn or would spoil each; warnings need a say-so.
    """
    found = list(design.findings)
    covers = list(_covers(design))
    for side, slot in _slots(design):
        where = _where(side, slot)
        if isinstance(slot, TextSlot):
            found += _text_findings(slot, where)
        elif isinstance(slot, CodeSlot):
            found += _code_findings(slot, where)
        elif isinstance(slot, PhotoSlot):
            found += _photo_findings(slot, where)
    for cover in covers:
        found += _placed(design, cover)
    found += _overlaps(covers)
    found += _province_findings(design)
    return sorted(dict.fromkeys(found), key=lambda each: each.level is Level.WARNING)


def _slots(design: Design) -> Iterator[tuple[str, Slot]]:
    for side in design.sides.values():
        for slot in side.slots:
            yield side.name, slot


def _where(side: str, slot: Slot) -> str:
    return f"{side}.svg, dòng {slot.line}"


def _covers(design: Design) -> Iterator[_Cover]:
    for side, slot in _slots(design):
        if isinstance(slot, BoxSlot):
            right, bottom = slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
            yield _Cover(side, slot, (slot.x_mm, slot.y_mm, right, bottom))
        elif isinstance(slot, TextSlot):
            boxes = [
                extent_mm(slot, fitted)
                for text in _texts(slot)
                if not missing_glyphs(text, bold=slot.bold)
                and (fitted := fit(text, slot))
            ]
            if boxes:
                lefts, tops, rights, bottoms = zip(*boxes, strict=True)
                box = min(lefts), min(tops), max(rights), max(bottoms)
                yield _Cover(side, slot, box)


def _texts(slot: TextSlot) -> list[str]:
    """Give the sample and the extremes of the slot's field as it would print them."""
    field = CARD_FIELDS[slot.field]
    return [slot.text(_card(field.name, value)) for value in _values(field.name)]


def _values(name: str) -> tuple[str, ...]:
    return CARD_FIELDS[name].sample, *CARD_FIELDS[name].extremes


def _card(name: str, value: str) -> CardData:
    values: dict[str, Any] = {
        field.name: field.sample
        for field in CARD_FIELDS.values()
        if field.kind is FieldKind.TEXT
    }
    return CardData(**{**values, name: value})


def _text_findings(slot: TextSlot, where: str) -> list[Finding]:
    label, found = CARD_FIELDS[slot.field].label, []
    if slot.min_size_mm < MIN_TEXT_MM:
        message = (
            f"{label} có thể thu nhỏ tới {_mm(slot.min_size_mm)} mm, khó đọc; đặt"
            f" data-min-size ít nhất {_mm(MIN_TEXT_MM)} mm."
        )
        found.append(warning("design-text-small", where, message))
    for text in _texts(slot):
        missing = missing_glyphs(text, bold=slot.bold)
        if missing:
            letters = ", ".join(f"“{letter}”" for letter in missing)
            message = f"Phông của thẻ không vẽ được {letters} trong ô “{label}”."
            found.append(error("design-glyph", where, message))
        elif fit(text, slot) is None:
            message = f"Ô “{label}” không đủ chỗ cho “{text}”."
            found.append(warning("design-too-narrow", where, message))
    return found


def _code_findings(slot: CodeSlot, where: str) -> list[Finding]:
    label, found = CARD_FIELDS[slot.field].label, []
    for text in _values(slot.field):
        modules = encode(text, slot.symbology)
        if modules is None or module_px(modules, slot, NATIVE_DPI) is None:
            message = (
                f"Ô mã của “{label}” quá nhỏ: vạch phải từ {_mm(MIN_MODULE_MM)} mm"
                " và còn lề trắng hai bên."
            )
            found.append(error("design-code-small", where, message))
            break
    bars = slot.width_mm if slot.turn % 2 else slot.height_mm
    if slot.symbology == "code128" and bars < _MIN_BARS_MM:
        message = f"Mã vạch cao {_mm(bars)} mm, nên từ {_mm(_MIN_BARS_MM)} mm."
        found.append(warning("design-code-low", where, message))
    if slot.panel != "k":
        message = f'Mã của “{label}” nên in bằng mực đen K (data-panel="k").'
        found.append(warning("design-code-panel", where, message))
    return found


def _photo_findings(slot: PhotoSlot, where: str) -> list[Finding]:
    size = slot.width_mm, slot.height_mm
    if slot.turn % 2:
        size = size[::-1]
    if all(abs(a - b) < _HAIR_MM for a, b in zip(size, PHOTO_MM, strict=True)):
        return []
    message = (
        f"Ô ảnh {_mm(size[0])} × {_mm(size[1])} mm; ảnh trên thẻ là"
        f" {_mm(PHOTO_MM[0])} × {_mm(PHOTO_MM[1])} mm."
    )
    return [warning("design-photo-size", where, message)]


def _placed(design: Design, cover: _Cover) -> list[Finding]:
    box = cover.box
    if isinstance(cover.slot, CodeSlot):
        # The quiet zone is blank: it may come closer to the edge than the bars.
        box = _bars(cover.slot)
    return [
        Finding(each.level, each.code, _where(cover.side, cover.slot), each.message)
        for each in place_findings(design, cover.side, cover.slot, box)
    ]


def _bars(slot: CodeSlot) -> Box:
    """Give the box of a code's sample without its quiet zone."""
    left, top = slot.x_mm, slot.y_mm
    right, bottom = left + slot.width_mm, top + slot.height_mm
    modules = encode(CARD_FIELDS[slot.field].sample, slot.symbology)
    if modules is None:
        return left, top, right, bottom
    along = slot.height_mm if slot.turn % 2 else slot.width_mm
    quiet = along * modules.quiet / modules.width
    across = (quiet, quiet) if modules.is_square else (quiet, 0.0)
    quiet_x, quiet_y = across[::-1] if slot.turn % 2 else across
    return left + quiet_x, top + quiet_y, right - quiet_x, bottom - quiet_y


def _overlaps(covers: list[_Cover]) -> Iterator[Finding]:
    for index, one in enumerate(covers):
        for other in covers[index + 1 :]:
            apart = one.side != other.side or (
                # They may take turns.
                one.slot.condition is not None and other.slot.condition is not None
            )
            if apart or not overlap(one.box, other.box):
                continue
            labels = [CARD_FIELDS[each.slot.field].label for each in (one, other)]
            message = f"“{labels[0]}” có thể đè lên “{labels[1]}”."
            yield warning("design-overlap", _where(other.side, other.slot), message)


def _province_findings(design: Design) -> list[Finding]:
    """On the linked card a line of its own, above the number (P2)."""
    if "linked" not in design.card_kinds:
        return []
    kind = CARD_KIND_LABELS["linked"]
    lines = [
        (side, slot)
        for side, slot in _slots(design)
        if isinstance(slot, TextSlot) and slot.field == "province_code"
    ]
    if not lines:
        message = f"{kind} phải có ô “{CARD_FIELDS['province_code'].label}”."
        return [error("design-province", "province_code", message)]
    numbers = [
        (side, slot)
        for side, slot in _slots(design)
        if isinstance(slot, TextSlot) and slot.field == "member_number"
    ]
    if any(
        side == other and line.y_mm < number.y_mm
        for side, line in lines
        for other, number in numbers
    ):
        return []
    message = f"{kind}: dòng mã tỉnh phải nằm trên dòng mã số đoàn viên."
    return [warning("design-province", _where(*lines[0]), message)]


def _mm(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".").replace(".", ",")
