"""Draw a side of a card as pixels: fixed art once, then letters, photo and codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from card_designs.card_data import CardData
from card_designs.codes import PlacedCode, encode, place
from card_designs.design import Design
from card_designs.fields import CARD_FIELDS
from card_designs.findings import CardRefused, errors
from card_designs.fit import fit
from card_designs.gate import check_card, check_values, photo_finding
from card_designs.lettering import letter_mask
from card_designs.photo import PhotoBroken, photo_pixels
from card_designs.png import Band, assemble, encode_png, squeeze
from card_designs.profiles import NATIVE_DPI, PROFILES, Frame, whole_pixels
from card_designs.slots import CodeSlot, PhotoSlot, Slot, TextSlot
from card_designs.static_art import Box, StaticArt, static_art

_QUARTERS = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"""Turns clockwise; Pillow counts the other way round."""

_KEPT_STAMPS = 128
"""Dates, units and labels come again on the next card."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Something to put on a picture: an opaque one, or a colour through a mask."""

    box: Box
    ink: Image.Image | tuple[int, int, int]
    mask: Image.Image | None = None
    layer: int = 0


def draw_png(
    design: Design,
    side: str,
    card: CardData,
    *,
    profile: str = "cr80",
    dpi: int = NATIVE_DPI,
    overprint: bool = False,
) -> bytes:
    """Do what ``card_designs.draw_png`` says."""
    frame = Frame(PROFILES[profile], dpi)
    _prove(design, side, card)
    if design.side(side).beyond:
        picture = _by_reference(design, side, card, frame, overprint)
        return encode_png(picture, dpi=dpi)
    art = static_art(design, side, frame, overprint)
    stamps = _stamps(art, design.side(side).slots, card, frame)
    bands = _bands(art, stamps)
    return assemble(art.picture.size, bands, dpi=dpi)


def draw_for_screen(
    design: Design, side: str, card: CardData, *, profile: str, overprint: bool
) -> bytes:
    """Draw one side at 150 dpi, for looking at: every four pixels become one."""
    frame = Frame(PROFILES[profile], NATIVE_DPI)
    picture = draw_pixels(design, side, card, frame=frame, overprint=overprint)
    return encode_png(picture.reduce(2), dpi=NATIVE_DPI // 2)


def draw_pixels(
    design: Design, side: str, card: CardData, *, frame: Frame, overprint: bool
) -> Image.Image:
    """Draw one side as an RGB picture of ``frame``'s size; raises CardRefused."""
    _prove(design, side, card)
    if design.side(side).beyond:
        return _by_reference(design, side, card, frame, overprint)
    art = static_art(design, side, frame, overprint)
    picture = art.picture.copy()
    _put(picture, 0, art, _stamps(art, design.side(side).slots, card, frame))
    return picture


def floor_png(design: Design, side: str, card: CardData, frame: Frame) -> bytes:
    """Make a PNG without what thinking costs: the benchmark's measure of the rest.

    Only the photo is the card's own; letters and codes are those of the first call.
    """
    art = static_art(design, side, frame, False)
    slots = [slot for slot in design.side(side).slots if slot.shown(card)]
    if "floor" not in art.stamps:
        still = tuple(slot for slot in slots if not isinstance(slot, PhotoSlot))
        art.stamps["floor"] = _stamps(art, still, card, frame)
    photos = [
        _photo_stamp(slot, card, frame) for slot in slots if isinstance(slot, PhotoSlot)
    ]
    bands = _bands(art, [*photos, *art.stamps["floor"]])
    return assemble(art.picture.size, bands, dpi=frame.dpi)


def _prove(design: Design, side: str, card: CardData) -> None:
    if errors(check_values(design, card, sides=(side,))):
        raise CardRefused(errors(check_card(design, card, sides=(side,))))


def _by_reference(
    design: Design, side: str, card: CardData, frame: Frame, overprint: bool
) -> Image.Image:
    from card_designs.reference import draw_reference

    return draw_reference(design, side, card, frame=frame, overprint=overprint)


def _bands(art: StaticArt, stamps: list[Stamp]) -> Iterator[Band]:
    """Give the picture's bands: strips that nothing touches as they were squeezed."""
    width, height = art.picture.size
    step = art.strip_rows
    touched: set[int] = set()
    for stamp in stamps:
        top, bottom = max(stamp.box[1], 0), min(stamp.box[3], height)
        touched.update(range(top // step, -(-bottom // step)))
    number, count = 0, len(art.strips)
    while number < count:
        if number not in touched:
            yield art.strips[number]
            number += 1
            continue
        first = number
        while number < count and number in touched:
            number += 1
        top, bottom = first * step, min(number * step, height)
        rows = art.picture.crop((0, top, width, bottom))
        _put(rows, top, art, stamps)
        yield squeeze(rows, last=bottom == height)


def _put(rows: Image.Image, top: int, art: StaticArt, stamps: Iterable[Stamp]) -> None:
    """Put stamps on rows that begin at ``top`` of the picture, and art upon those."""
    bottom = top + rows.height
    here = [each for each in stamps if each.box[1] < bottom and each.box[3] > top]
    covered = art.covered([(each.layer, each.box) for each in here])
    for left, upper, right, lower in covered:
        clean = art.below.crop((left, max(upper, top), right, min(lower, bottom)))
        rows.paste(clean, (left, max(upper, top) - top))
    done = 0
    for stamp in here:
        for number in range(done + 1, stamp.layer + 1):
            _lay_over(rows, top, art, number, covered)
        done = stamp.layer
        left, upper, right, lower = stamp.box
        rows.paste(stamp.ink, (left, upper - top, right, lower - top), stamp.mask)
    for number in range(done + 1, max(art.overlays, default=0) + 1):
        _lay_over(rows, top, art, number, covered)


def _lay_over(
    rows: Image.Image, top: int, art: StaticArt, number: int, covered: list[Box]
) -> None:
    """Put a layer of art on again, where it was taken away to put something under."""
    overlay = art.overlays.get(number)
    if overlay is None or not covered:
        return
    where = Image.new("L", rows.size)
    for left, upper, right, lower in covered:
        where.paste(255, (left, upper - top, right, lower - top))
    part = overlay.crop((0, top, rows.width, top + rows.height))
    clear = Image.new("L", rows.size)
    rows.paste(part, (0, 0), Image.composite(part.getchannel("A"), clear, where))


def _stamps(
    art: StaticArt, slots: tuple[Slot, ...], card: CardData, frame: Frame
) -> list[Stamp]:
    found = []
    for index, slot in enumerate(slots):
        if slot.shown(card):
            stamp = _stamp(art, index, slot, card, frame)
            if stamp is not None:
                found.append(stamp)
    return found


def _stamp(
    art: StaticArt, index: int, slot: Slot, card: CardData, frame: Frame
) -> Stamp | None:
    if isinstance(slot, TextSlot):
        return _text_stamp(art, index, slot, slot.text(card), frame)
    if isinstance(slot, PhotoSlot):
        return _photo_stamp(slot, card, frame)
    if isinstance(slot, CodeSlot):
        code = placed_code(slot, card, frame)
        return Stamp(code.box, code.picture(), layer=slot.layer)
    raise TypeError(slot)


def _text_stamp(
    art: StaticArt, index: int, slot: TextSlot, text: str, frame: Frame
) -> Stamp | None:
    key = index, text
    if key in art.stamps:
        # Put last again: the first to go is what was not used for longest.
        stamp: Stamp | None = art.stamps.pop(key, None)
    else:
        stamp = _drawn_text(slot, text, frame)
    while len(art.stamps) >= _KEPT_STAMPS:
        art.stamps.pop(next(iter(art.stamps)), None)
    art.stamps[key] = stamp
    return stamp


def _drawn_text(slot: TextSlot, text: str, frame: Frame) -> Stamp | None:
    fitted = fit(text, slot)
    if fitted is None:
        raise AssertionError(f"the gate let {slot.field} through: {text!r}")
    drawn = letter_mask(slot, fitted, frame)
    if drawn is None:
        return None
    (left, top), mask = drawn
    red, green, blue = (round(part * 255) for part in slot.colour)
    box = left, top, left + mask.width, top + mask.height
    return Stamp(box, (red, green, blue), mask, slot.layer)


def _photo_stamp(slot: PhotoSlot, card: CardData, frame: Frame) -> Stamp:
    box = photo_box(slot, frame)
    picture = turned_photo(slot, card, (box[2] - box[0], box[3] - box[1]))
    return Stamp(box, picture, layer=slot.layer)


def photo_box(slot: PhotoSlot, frame: Frame) -> Box:
    """Give a photo's place: as many pixels for 20 × 30 mm wherever it stands.

    So a photo that was prepared at print size is used pixel by pixel.
    """
    left, top, _, _ = frame.box(slot.x_mm, slot.y_mm, 0, 0)
    width = whole_pixels(slot.width_mm, frame.dpi)
    return left, top, left + width, top + whole_pixels(slot.height_mm, frame.dpi)


def placed_code(slot: CodeSlot, card: CardData, frame: Frame) -> PlacedCode:
    """Put a slot's code on the grid of ``frame``."""
    text = CARD_FIELDS[slot.field].read(card)
    modules = encode(text, slot.symbology)
    placed = place(modules, slot, frame) if modules else None
    if placed is None:
        raise AssertionError(f"the gate let {slot.field} through: {text!r}")
    return placed


def turned_photo(slot: PhotoSlot, card: CardData, size: tuple[int, int]) -> Image.Image:
    """Decode the card's photo to fill ``size`` on the face; raises CardRefused."""
    try:
        upright = photo_pixels(card.photo or b"", size[::-1] if slot.turn % 2 else size)
    except PhotoBroken as problem:
        raise CardRefused([photo_finding(problem)]) from problem
    return upright.transpose(_QUARTERS[slot.turn]) if slot.turn else upright
