"""The press: a batch's cards and PDF from one design, pinned and read only once.

A built-in design is drawn right here; one of a unit, which nobody vouches for, only in
children with limits. Both run the same lines, so both print the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from card_designs import (
    CardData,
    Design,
    check_card,
    draw_pdf,
    draw_png,
    load_design,
    prove_card,
)
from card_designs.findings import Finding, errors
from card_designs.parallel import Crew, Limits, Lost
from card_designs.sandbox import load_guarded
from portal.domain.errors import DomainError

_WORKERS = 2
_CARD_LIMITS = Limits(seconds=20, memory_mb=1000)
# A file of a thousand cards takes a second or two; of a heavy design, some minutes.
_PDF_LIMITS = Limits(seconds=1800, memory_mb=2000)

_PHOTO_GONE = "Tệp ảnh không còn trên máy chủ. Tải lại ảnh của đoàn viên này."
_DIED = (
    "Mẫu thẻ này quá nặng: máy vẽ phải dừng giữa chừng. Nhờ người thiết kế xem lại mẫu."
)


class StandsStill(DomainError):
    """The machine could not finish; drawing again may or may not."""


@dataclass(frozen=True, slots=True)
class Blank:
    """How a batch's cards are drawn, whoever they are for."""

    sides: tuple[str, ...]
    profile: str
    dpi: int
    overprint: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One card to draw: the values frozen in the batch, and where its photo lies."""

    card_id: int
    values: dict[str, Any]
    photo: Path | None

    def data(self) -> CardData:
        """Give the card; FileNotFoundError where the photo is gone."""
        photo = self.photo.read_bytes() if self.photo else None
        return CardData(**self.values, photo=photo)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One card drawn: side → PNG, or the reason of refusal."""

    card_id: int
    pictures: dict[str, bytes]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A PDF to make of many cards."""

    orders: list[Order]
    out_path: Path


@dataclass(slots=True)
class Plate:
    """A design and a blank, which draw whatever is ordered: here or in a child."""

    design: str | dict[str, bytes]
    blank: Blank
    _loaded: Design | None = field(default=None, init=False)

    def draw(self, order: Order) -> Drawn:
        """Draw a card, or say why not."""
        try:
            card = order.data()
        except FileNotFoundError:
            return Drawn(order.card_id, {}, _PHOTO_GONE)
        return self._draw(order.card_id, card)

    def write_pdf(self, sheet: Sheet) -> None:
        """Make the file of cards that were drawn before."""
        draw_pdf(
            self._design(),
            (order.data() for order in sheet.orders),
            sheet.out_path,
            sides=self.blank.sides,
            profile=self.blank.profile,
            overprint=self.blank.overprint,
        )

    def _draw(self, card_id: int, card: CardData) -> Drawn:
        """Judge a card by its values, draw it, and read its codes from the pictures.

        A blank is spent on nothing unread.
        """
        design, blank = self._design(), self.blank
        found = check_card(design, card, sides=blank.sides, dpi=blank.dpi)
        if reason := _reason(found):
            return Drawn(card_id, {}, reason)
        how: dict[str, Any] = {
            "profile": blank.profile,
            "dpi": blank.dpi,
            "overprint": blank.overprint,
        }
        drawn = {side: draw_png(design, side, card, **how) for side in blank.sides}
        found = prove_card(design, card, sides=blank.sides, pictures=drawn, **how)
        if reason := _reason(found):
            return Drawn(card_id, {}, reason)
        return Drawn(card_id, drawn)

    def _design(self) -> Design:
        if self._loaded is None:
            self._loaded = (
                load_design(self.design)
                if isinstance(self.design, str)
                else load_guarded(self.design)
            )
        return self._loaded


class Press:
    """Where a batch's design is drawn: ``design`` is a built-in name, or files."""

    def __init__(self, design: str | dict[str, bytes], blank: Blank) -> None:
        self._plate = Plate(design, blank)
        self._here = isinstance(design, str)

    def draw(self, orders: Iterable[Order]) -> Iterator[Drawn]:
        """Draw cards in their order, taken as needed."""
        if self._here:
            for order in orders:
                yield self._plate.draw(order)
            return
        with Crew(
            self._plate.draw, workers=_WORKERS, limits=_CARD_LIMITS, spawn=True
        ) as crew:
            for drawn in crew.results(orders):
                if isinstance(drawn, Lost):
                    yield Drawn(drawn.task.card_id, {}, _DIED)
                else:
                    yield drawn

    def write_pdf(self, orders: list[Order], out_path: Path) -> None:
        """Write the PDF of cards that were drawn; StandsStill where it cannot be."""
        sheet = Sheet(orders, out_path)
        if self._here:
            self._plate.write_pdf(sheet)
            return
        with Crew(
            self._plate.write_pdf, workers=1, limits=_PDF_LIMITS, spawn=True
        ) as crew:
            for result in crew.results([sheet]):
                if isinstance(result, Lost):
                    raise StandsStill(_DIED)


def _reason(findings: list[Finding]) -> str:
    return " ".join(one.message for one in errors(findings))
