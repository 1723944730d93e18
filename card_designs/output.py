"""Write the files of a run, whole or not at all, and account for every row."""

import csv
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from card_designs.card_data import CardData
from card_designs.design import Design
from card_designs.findings import CardRefused, Finding, error, errors, warning
from card_designs.gate import check_card, prove_card
from card_designs.journal import Files, Journal, row_key
from card_designs.panels import draw_panels, encode_panel
from card_designs.parallel import Crew, Lost
from card_designs.profiles import PROFILES, Frame
from card_designs.render import draw_png
from card_designs.roster import Row
from card_designs.static_art import static_art

if TYPE_CHECKING:
    from card_designs.pdf import PdfBook
    from card_designs.sheets import Sheet

PDF_NAME = "cards.pdf"
_NO_SAY_SO = warning(
    "no-say-so", "", "Vẫn muốn in thẻ có cảnh báo này thì thêm --accept-warnings."
)
Picture = tuple[str, str, bytes]
"""A side, what follows it in the file's name, the PNG."""

_MANIFEST = ("file", "member_number", "side", "sha256")
_LOST = (
    "Tiến trình vẽ thẻ này bị dừng hai lần; hãy kiểm tra ảnh của thẻ rồi vẽ lại riêng"
    " dòng này."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run makes: sides, resolution, profile, formats.

    ``panels`` are written as PNG instead of the whole side; ``prove`` reads every code
    back from the drawn pixels before a file is written, and then a card with warnings
    is refused too unless ``accept_warnings``.
    """

    sides: tuple[str, ...]
    dpi: int
    profile: str
    overprint: bool
    png: bool
    pdf: bool
    sheet: "Sheet | None" = None
    panels: tuple[str, ...] = ()
    prove: bool = False
    accept_warnings: bool = False


@dataclass(slots=True)
class Account:
    """How many rows were drawn, how many of them before, and why others were not."""

    drawn: int = 0
    resumed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: its files, or the reason why there are none."""

    files: Files = ()
    reason: str = ""


def print_run(
    design: Design,
    rows: Iterable[Row],
    folder: Path,
    order: Order,
    *,
    workers: int = 1,
    resume: bool = False,
) -> Account:
    """Draw all rows into ``folder``; manifest.csv and refused.csv close the account.

    Every file appears whole under its name or not at all. What an interrupted run has
    drawn stays, and is passed over by the next with ``resume``. Any number of
    ``workers`` gives the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawer = _Drawer(design, folder, order)
    with ExitStack() as stack:
        run = stack.enter_context(_Run(drawer, resume=resume))
        if workers > 1 and (order.png or order.prove):
            drawer.warm_up()
            crew = stack.enter_context(Crew(drawer, workers=workers))
            run.settle_all(rows, crew.results)
        else:
            run.settle_all(rows, lambda tasks: map(drawer, tasks))
    return run.account


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that no half of it ever stands under its name."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Draws one row into files; goes to the children as it is."""

    design: Design
    folder: Path
    order: Order

    @property
    def sides(self) -> list[str]:
        return [side for side in self.order.sides if side in self.design.sides]

    def warm_up(self) -> None:
        """Draw the fixed art once, for all children to share."""
        frame = Frame(PROFILES[self.order.profile], self.order.dpi)
        for side in self.sides:
            if not self.design.side(side).beyond:
                static_art(self.design, side, frame, self.order.overprint)

    def __call__(self, row: Row) -> Outcome:
        row = row.loaded()
        if row.findings:
            return self.refusal(row)
        try:
            pictures = self._pictures(row.card) if self.order.png else []
            if self.order.prove:
                self._prove(row.card, pictures)
        except CardRefused as refusal:
            return Outcome(reason=_reasons(refusal))
        files = []
        for side, part, picture in pictures:
            name = f"{row.card.member_number}-{side}{part}.png"
            write_whole(self.folder / name, picture)
            files.append((name, side, sha256(picture).hexdigest()))
        return Outcome(tuple(files))

    def refusal(self, row: Row) -> Outcome:
        """Refuse what only the file shows, with all that the gate finds besides."""
        told = {finding.code for finding in row.findings}
        gate = errors(check_card(self.design, row.card, sides=self.sides))
        more = [finding for finding in gate if finding.code not in told]
        return Outcome(reason=_reasons(CardRefused([*row.findings, *more])))

    def _prove(self, card: CardData, pictures: list[Picture]) -> None:
        """Hold the card against the whole gate; raises CardRefused."""
        order = self.order
        found = prove_card(
            self.design,
            card,
            sides=self.sides,
            profile=order.profile,
            dpi=order.dpi,
            overprint=order.overprint,
            pictures={
                side: png for side, part, png in pictures if part in ("", "-merged")
            },
        )
        if errors(found):
            raise CardRefused(errors(found))
        if found and not order.accept_warnings:
            raise CardRefused([*found, _NO_SAY_SO])

    def _pictures(self, card: CardData) -> list[Picture]:
        findings: list[Finding] = []
        pictures: list[Picture] = []
        for side in self.sides:
            try:
                pictures += self._parts(side, card)
            except CardRefused as refusal:
                findings += refusal.findings
        if findings:
            raise CardRefused(findings)
        return pictures

    def _parts(self, side: str, card: CardData) -> list[Picture]:
        order = self.order
        if not order.panels:
            png = draw_png(
                self.design,
                side,
                card,
                profile=order.profile,
                dpi=order.dpi,
                overprint=order.overprint,
            )
            return [(side, "", png)]
        frame = Frame(PROFILES[order.profile], order.dpi)
        parted = draw_panels(
            self.design, side, card, frame=frame, overprint=order.overprint
        )
        return [
            (side, f"-{panel}", encode_panel(getattr(parted, panel), dpi=order.dpi))
            for panel in order.panels
        ]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row whose turn will come; ``outcome`` is known where nothing is to be drawn."""

    row: Row
    key: str
    doubled: bool = False
    outcome: Outcome | None = None


class _Run:
    """One run's account, manifest, journal and book; rows are settled in order."""

    def __init__(self, drawer: _Drawer, *, resume: bool) -> None:
        self.account = Account()
        self._drawer = drawer
        self._folder = drawer.folder
        self._journal = Journal(drawer.folder, resume=resume)
        self._manifest = _Table(drawer.folder / "manifest.csv", _MANIFEST)
        self._made = drawer.folder / f".{PDF_NAME}.made"
        self._book: PdfBook | None = None
        self._bound: list[str] = []
        self._known: dict[str, int] = {}
        self._turns: deque[_Entry] = deque()

    def __enter__(self) -> Self:
        order = self._drawer.order
        if order.pdf:
            # Here, not above: its libraries take a third of a second to load.
            from card_designs.pdf import PdfBook

            book = PdfBook(
                self._drawer.design,
                self._made,
                sides=order.sides,
                profile=order.profile,
                overprint=order.overprint,
                sheet=order.sheet,
            )
            self._book = book.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        """Close the account; after Ctrl-C too, with what was done until then."""
        try:
            if self._book is not None:
                self._book.__exit__(kind, *rest)
                if kind is None:
                    self._bind()
            if kind is None or issubclass(kind, KeyboardInterrupt):
                self._manifest.finish()
                refused = _Table(self._folder / "refused.csv", ("row", "reason"))
                refused.add(self.account.refused)
                refused.finish()
        finally:
            self._manifest.drop()
            self._journal.close(whole=kind is None)

    def settle_all(
        self,
        rows: Iterable[Row],
        outcomes: Callable[[Iterable[Row]], Iterable[Outcome | Lost[Row]]],
    ) -> None:
        """Draw the rows that need it, settle each in its turn."""
        for outcome in outcomes(self._to_draw(rows)):
            self._settle_known()
            entry = self._turns.popleft()
            if isinstance(outcome, Lost):
                outcome = Outcome(reason=_LOST)
            self._settle(entry, outcome)
        self._settle_known()

    def _to_draw(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            number, key = (
                row.card.member_number,
                row_key(self._drawer.design, self._drawer.order, row),
            )
            before = self._journal.done(key)
            if number in self._known:
                self._turns.append(_Entry(row, key, doubled=True))
            elif before is not None:
                self._known[number] = row.number
                self._turns.append(_Entry(row, key, outcome=Outcome(before)))
            else:
                self._known[number] = row.number
                self._turns.append(_Entry(row, key))
                yield row
                continue
            if len(self._turns) == 1:
                self._settle_known()

    def _settle_known(self) -> None:
        """Settle what comes before the next row that is being drawn."""
        while self._turns and (self._turns[0].doubled or self._turns[0].outcome):
            entry = self._turns.popleft()
            outcome = entry.outcome
            if outcome is None:
                outcome = self._second(entry.row)
            else:
                self.account.resumed += 1
            self._settle(entry, outcome)

    def _second(self, row: Row) -> Outcome:
        """Refuse a number that was drawn already; draw it if the first was refused."""
        first = self._known.get(row.card.member_number)
        if first is None:
            self._known[row.card.member_number] = row.number
            return self._drawer(row)
        message = f"Mã số {row.card.member_number} đã có ở dòng {first}."
        doubled = error("number-doubled", "Mã số đoàn viên", message)
        told = replace(row, findings=(*row.findings, doubled)).loaded()
        return self._drawer.refusal(told)

    def _settle(self, entry: _Entry, outcome: Outcome) -> None:
        row = entry.row
        reason = outcome.reason or self._bound_reason(row)
        if reason:
            self.account.refused.append((row.number, reason))
            if self._known.get(row.card.member_number) == row.number:
                del self._known[row.card.member_number]
            return
        number = row.card.member_number
        self.account.drawn += 1
        self._manifest.add(
            (name, number, side, digest) for name, side, digest in outcome.files
        )
        if outcome.files and entry.outcome is None:
            self._journal.add(entry.key, outcome.files)

    def _bound_reason(self, row: Row) -> str:
        """Put a card into the book, or say why that cannot be."""
        if self._book is None:
            return ""
        try:
            self._book.add(row.loaded().card)
        except CardRefused as refusal:
            return _reasons(refusal)
        self._bound.append(row.card.member_number)
        return ""

    def _bind(self) -> None:
        if self._book is None or not self._book.pages:
            # A PDF without a page is no PDF.
            self._made.unlink(missing_ok=True)
            return
        with self._made.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        os.replace(self._made, self._folder / PDF_NAME)
        self._manifest.add(
            (PDF_NAME, number, side, digest)
            for number in self._bound
            for side in self._drawer.sides
        )


class _Table:
    """A CSV file that appears whole when finished; rows go to disk as they come."""

    def __init__(self, path: Path, head: tuple[str, ...]) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._file = self._part.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(head)

    def add(self, rows: Iterable[tuple[object, ...]]) -> None:
        self._rows.writerows(rows)

    def finish(self) -> None:
        self._file.close()
        os.replace(self._part, self._path)

    def drop(self) -> None:
        """Close it and leave nothing behind that was not finished."""
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)


def _reasons(refusal: CardRefused) -> str:
    return " ".join(dict.fromkeys(each.message for each in refusal.findings))
