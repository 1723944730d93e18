"""Draw cards as a PDF: vectors, fonts embedded, art stored once, memory flat."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from card_designs.card_data import CardData
from card_designs.design import SIDES, Design
from card_designs.findings import CardRefused, errors
from card_designs.gate import check_values, photo_finding
from card_designs.overprint import over_blanks
from card_designs.pdf_art import Library
from card_designs.pdf_file import PdfFile
from card_designs.pdf_page import (
    POINTS_PER_PX,
    art_operators,
    data_operators,
    grid,
    number,
    picture_operators,
)
from card_designs.pdf_photos import JpegPhoto, pdf_photo
from card_designs.pdf_reference import reference_picture
from card_designs.photo import PhotoBroken
from card_designs.profiles import NATIVE_DPI, PROFILES, Frame, whole_pixels
from card_designs.sheets import BLEEDING, Sheet, Spot
from card_designs.slots import CodeSlot, PhotoSlot

PHOTO_DPI = 600
"""Photos above print size only make the file larger."""

_PRODUCER = "card_designs"

_HAIR = 0.0001
"""Points: rasterisers round a page of 664.0000001 pixels up to 665."""


def draw_pdf(
    design: Design,
    cards: Iterable[CardData],
    out_path: str | Path,
    *,
    sides: Sequence[str] = SIDES,
    profile: str = "cr80",
    overprint: bool = False,
    apart: bool = False,
    sheet: Sheet | None = None,
) -> int:
    """Do what ``card_designs.draw_pdf`` says."""
    with PdfBook(
        design,
        out_path,
        sides=sides,
        profile=profile,
        overprint=overprint,
        apart=apart,
        sheet=sheet,
    ) as book:
        for card in cards:
            book.add(card)
    return book.pages


class PdfBook:
    """A PDF that takes cards one at a time; the file appears when the block ends well.

    The page is a whole number of 300 dpi pixels (1011 × 638 for CR80, within 0.04 mm),
    so that codes fall on the pixels of printers that rasterise at 300 or 600 dpi.
    ``apart`` puts all backs behind all fronts; otherwise the sides of a card follow one
    another. A ``sheet`` takes many cards a page, with their bleed, instead of
    ``profile``; its backs are mirrored.
    """

    def __init__(
        self,
        design: Design,
        out_path: str | Path,
        *,
        sides: Sequence[str] = SIDES,
        profile: str = "cr80",
        overprint: bool = False,
        apart: bool = False,
        sheet: Sheet | None = None,
    ) -> None:
        self.pages = 0
        self._design = design
        self._sides = [side for side in sides if side in design.sides]
        self._overprint = overprint
        self._apart = apart
        self._sheet = sheet
        self._frame = Frame(BLEEDING if sheet else PROFILES[profile], NATIVE_DPI)
        self._target = Path(out_path)
        self._part = self._target.with_name(f".{self._target.name}.part")
        self._waiting: list[_Waiting] = []

    def __enter__(self) -> Self:
        self._sink = self._part.open("wb", buffering=1 << 20)
        try:
            self._begin()
        except BaseException:
            self._drop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
                self._file.finish(_PRODUCER)
                self._sink.close()
                os.replace(self._part, self._target)
        finally:
            self._drop()

    def add(self, card: CardData) -> None:
        """Draw one card; raises CardRefused before anything of it is drawn."""
        photo = self._prove(card)
        pictures = {
            side: reference_picture(
                self._design, side, card, self._frame, overprint=self._overprint
            )
            for side in self._sides
            if self._design.sides[side].beyond
        }
        self._waiting.append(
            _Waiting(
                card,
                self._keep(photo.entries(), photo.content) if photo else 0,
                {side: self._keep(*picture) for side, picture in pictures.items()},
            )
        )
        if len(self._waiting) == (self._sheet.places if self._sheet else 1):
            self._flush()

    def _begin(self) -> None:
        library = Library()
        for side in self._sides:
            compiled = self._design.sides[side]
            over = over_blanks(compiled) if self._overprint else compiled
            for svg in over.layers if over and not over.beyond else ():
                library.add_art(side, svg, self._frame)
        self._file = PdfFile(
            self._sink,
            first_free=library.first_free,
            shelves=len(self._sides) if self._apart else 1,
        )
        self._shared = library.write_into(self._file)

    def _drop(self) -> None:
        # Closing writes what is left, and may meet a full disk: then too, no half file.
        try:
            self._sink.close()
        finally:
            with suppress(FileNotFoundError):
                self._part.unlink()

    def _prove(self, card: CardData) -> JpegPhoto | None:
        refused = errors(check_values(self._design, card, sides=self._sides))
        photo = None
        if card.photo:
            try:
                photo = pdf_photo(card.photo, self._photo_px())
            except PhotoBroken as problem:
                refused.append(photo_finding(problem))
        if refused:
            raise CardRefused(refused)
        return photo

    def _photo_px(self) -> tuple[int, int]:
        sizes = [
            (slot.width_mm, slot.height_mm)[:: -1 if slot.turn % 2 else 1]
            for side in self._sides
            for slot in self._design.sides[side].slots
            if isinstance(slot, PhotoSlot)
        ]
        width, height = max(sizes, default=(20.0, 30.0))
        return whole_pixels(width, PHOTO_DPI), whole_pixels(height, PHOTO_DPI)

    def _keep(self, entries: str, content: bytes) -> int:
        """Write a picture; gives its object."""
        number = self._file.reserve()
        return self._file.write_stream(number, entries.encode("ascii"), content)

    def _flush(self) -> None:
        """Make a page a side of the cards that wait."""
        if not self._waiting:
            return
        for index, side in enumerate(self._sides):
            self._add_page(side, shelf=index if self._apart else 0)
            self.pages += 1
        self._waiting.clear()

    def _add_page(self, side: str, *, shelf: int) -> None:
        width, height = (
            edge * POINTS_PER_PX - _HAIR
            for edge in (self._sheet.size_px if self._sheet else self._size_px)
        )
        drawn = [grid(height)]
        forms = {
            f"A{layer}": form
            for layer, form in enumerate(self._shared.art.get(side, ()))
        }
        for place, waiting in enumerate(self._waiting):
            if waiting.photo:
                forms[f"P{place}"] = f"{waiting.photo} 0 R"
            if side in waiting.pictures:
                forms[f"R{place}"] = f"{waiting.pictures[side]} 0 R"
            drawn.append(self._card(side, waiting.card, place))
        if self._sheet:
            drawn.append(_lines(self._sheet.crop_marks()))
        names = "".join(f"/{name} {form}" for name, form in forms.items())
        self._file.add_page(
            "".join(drawn).encode("ascii"),
            size=f"{number(width)} {number(height)}",
            resources=f"{self._shared.fonts}/XObject<<{names}>>",
            shelf=shelf,
        )

    @property
    def _size_px(self) -> tuple[int, int]:
        return self._frame.width_px, self._frame.height_px

    def _card(self, side: str, card: CardData, place: int) -> str:
        spot = Spot()
        if self._sheet:
            spot = self._sheet.spot(place, mirrored=side == SIDES[1])
        compiled, photo = self._design.sides[side], f"P{place}"
        move = f"q 1 0 0 1 {spot.left_px} {spot.top_px} cm\n"
        if compiled.beyond:
            # Codes once more: only as masks do they fall on the pixels of 300 dpi too.
            codes = [slot for slot in compiled.slots if isinstance(slot, CodeSlot)]
            data = data_operators(codes, card, self._frame, photo=photo)
            return f"{move}{picture_operators(f'R{place}', self._frame)}{data}Q\n"
        drawn = []
        for layer in range(len(compiled.layers)):
            if side in self._shared.art:
                drawn.append(art_operators(f"A{layer}", spot, self._frame))
            above = [slot for slot in compiled.slots if slot.layer == layer]
            data = data_operators(above, card, self._frame, photo=photo)
            drawn.append(f"{move}{data}Q\n")
        return "".join(drawn)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A card that waits for its page: its photo's object, and its sides' pictures'."""

    card: CardData
    photo: int
    pictures: dict[str, int]


def _lines(lines: list[tuple[int, int, int, int]]) -> str:
    drawn = "".join(f"{x0} {y0} m {x1} {y1} l\n" for x0, y0, x1, y1 in lines)
    return f"0 G 1 w\n{drawn}S\n"
