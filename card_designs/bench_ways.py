"""The ways of making a card that the benchmark compares, each in its own process."""

import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

from card_designs import png
from card_designs.bench_data import make_cards, photo_file
from card_designs.bench_naive import naive_pdf, naive_png, naive_sides, naive_svg
from card_designs.card_data import CardData
from card_designs.design import SIDES, Design, load_design
from card_designs.fit import fit
from card_designs.gate import check_values, prove_card
from card_designs.lettering import letter_mask
from card_designs.pdf import draw_pdf
from card_designs.profiles import PROFILES, Frame
from card_designs.render import (
    draw_pixels,
    draw_png,
    floor_png,
    photo_box,
    placed_code,
    turned_photo,
)
from card_designs.slots import CodeSlot, PhotoSlot, TextSlot

_POOL = 400
"""Different members; their photos repeat sooner."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of making both sides of cards; called with the cards of a round.

    ``how`` names a function below, ``photo`` the kind of photo; ``plain`` does without
    isal.
    """

    how: str
    photo: str
    dpi: int
    folder: Path
    design: str
    plain: bool = False
    sides: tuple[str, ...] = SIDES

    def __call__(self, cards: range) -> "Measured":
        if self.plain:
            # As on a machine without a wheel of isal.
            png.forget_isal()
        make = _WAYS[self.how]
        seconds, size = [], 0
        for number in cards:
            card = _pool()[number % _POOL]
            path = photo_file(self.folder, self.photo, number)
            begun = process_time()
            size += make(self, card, path)
            seconds.append(process_time() - begun)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Measured(tuple(seconds), size, peak)


@dataclass(frozen=True, slots=True)
class PdfWay:
    """One PDF of many cards; called with how many, gives the mean time of each."""

    folder: Path
    design: str

    def __call__(self, count: int) -> "Measured":
        out = self.folder / f"bench-{count}.pdf"
        begun = process_time()
        draw_pdf(_design(self.design), self._cards(count), out)
        spent = process_time() - begun
        size = out.stat().st_size
        out.unlink()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Measured((spent / count,), size, peak)

    def photo_bytes(self, count: int) -> int:
        return sum(len(card.photo or b"") for card in self._cards(count))

    def _cards(self, count: int) -> Iterator[CardData]:
        for number in range(count):
            photo = photo_file(self.folder, "print300", number).read_bytes()
            # A comment makes every photo another, as members' photos are.
            comment = b"\xff\xfe\x00\x0a" + f"{number:08d}".encode()
            yield _pool()[number % _POOL].with_photo(photo[:2] + comment + photo[2:])


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds of each card, bytes of all, and the process's peak in MB."""

    seconds: tuple[float, ...]
    size: int
    peak_mb: float


def _fast(way: Way, card: CardData, photo: Path) -> int:
    design, whole = _design(way.design), card.with_photo(photo.read_bytes())
    return sum(len(draw_png(design, side, whole, dpi=way.dpi)) for side in way.sides)


def _naive(way: Way, card: CardData, photo: Path) -> int:
    frame = Frame(PROFILES["cr80"], way.dpi)
    whole = card.with_photo(photo.read_bytes())
    svgs = _svgs(way.design)
    return sum(len(naive_png(svgs[side], whole, frame)) for side in way.sides)


def _naive_pdf(way: Way, card: CardData, photo: Path) -> int:
    whole = card.with_photo(photo.read_bytes())
    return sum(len(naive_pdf(svg, whole)) for svg in _svgs(way.design).values())


def _floor(way: Way, card: CardData, photo: Path) -> int:
    """Only what cannot be left out: read, decode, resize, copy, paste, deflate."""
    design, frame = _design(way.design), Frame(PROFILES["cr80"], way.dpi)
    whole = _pool()[0].with_photo(photo.read_bytes())
    return sum(len(floor_png(design, side, whole, frame)) for side in way.sides)


def _preview(way: Way, card: CardData, photo: Path) -> int:
    whole = card.with_photo(photo.read_bytes())
    return len(draw_png(_design(way.design), "front", whole, dpi=way.dpi))


def _draw_and_gate(way: Way, card: CardData, photo: Path) -> int:
    design, frame = _design(way.design), Frame(PROFILES["cr80"], way.dpi)
    whole = card.with_photo(photo.read_bytes())
    pictures = {
        side: draw_pixels(design, side, whole, frame=frame, overprint=False)
        for side in design.sides
    }
    prove_card(design, whole, dpi=way.dpi, pictures=pictures)
    return 0


def _draw_only(way: Way, card: CardData, photo: Path) -> int:
    design, frame = _design(way.design), Frame(PROFILES["cr80"], way.dpi)
    whole = card.with_photo(photo.read_bytes())
    for side in design.sides:
        draw_pixels(design, side, whole, frame=frame, overprint=False)
    return 0


def _checks(way: Way, card: CardData, photo: Path) -> int:
    """Only what drawing insists on: values there, letters known, text that fits."""
    design, whole = _design(way.design), card.with_photo(photo.read_bytes())
    return sum(len(check_values(design, whole, sides=(side,))) for side in way.sides)


def _letters(way: Way, card: CardData, photo: Path) -> int:
    design, frame = _design(way.design), Frame(PROFILES["cr80"], way.dpi)
    return sum(
        letter_mask(slot, fitted, frame) is not None
        for side in way.sides
        for slot in design.side(side).slots
        if isinstance(slot, TextSlot)
        and slot.shown(card)
        and (fitted := fit(slot.text(card), slot))
    )


def _photo(way: Way, card: CardData, photo: Path) -> int:
    design, frame = _design(way.design), Frame(PROFILES["cr80"], way.dpi)
    whole = card.with_photo(photo.read_bytes())
    for side in way.sides:
        for slot in design.side(side).slots:
            if isinstance(slot, PhotoSlot):
                left, top, right, bottom = photo_box(slot, frame)
                turned_photo(slot, whole, (right - left, bottom - top))
    return 0


def _codes(way: Way, card: CardData, photo: Path) -> int:
    design, frame = _design(way.design), Frame(PROFILES["cr80"], way.dpi)
    return sum(
        placed_code(slot, card, frame).picture().width
        for side in way.sides
        for slot in design.side(side).slots
        if isinstance(slot, CodeSlot) and slot.shown(card)
    )


def _resvg(way: Way, card: CardData, photo: Path) -> int:
    from resvg_py import svg_to_bytes

    from card_designs.fonts import font_path

    whole, size = card.with_photo(photo.read_bytes()), 0
    frame = Frame(PROFILES["cr80"], way.dpi)
    fonts = [str(font_path(bold=bold)) for bold in (False, True)]
    for svg in _svgs(way.design).values():
        drawn = svg_to_bytes(
            svg_string=naive_svg(svg, whole),
            width=frame.width_px,
            height=frame.height_px,
            dpi=96,
            font_files=fonts,
            skip_system_fonts=True,
        )
        size += len(bytes(drawn))
    return size


_WAYS: dict[str, Callable[[Way, CardData, Path], int]] = {
    "fast": _fast,
    "naive": _naive,
    "naive_pdf": _naive_pdf,
    "floor": _floor,
    "preview": _preview,
    "draw": _draw_only,
    "draw_and_gate": _draw_and_gate,
    "checks": _checks,
    "letters": _letters,
    "photo": _photo,
    "codes": _codes,
    "resvg": _resvg,
}


@cache
def _pool() -> list[CardData]:
    return make_cards(_POOL)


@cache
def _design(name: str) -> Design:
    return load_design(name)


@cache
def _svgs(name: str) -> dict[str, Any]:
    return naive_sides(Path(__file__).parent / name)
