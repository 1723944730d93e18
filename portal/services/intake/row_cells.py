"""One row of an import as cells that a person reads and types, and read again."""

from collections.abc import Mapping
from typing import Any

from portal.db.models import ImportRow
from portal.domain import clock
from portal.domain.card_kinds import CARD_KIND_LABELS
from portal.domain.dates import show_date
from portal.domain.member_fields import FIELDS_BY_NAME, MEMBER_FIELDS, FieldKind
from portal.domain.membership import DUES_LABELS, SEX_LABELS
from portal.domain.roster_rows import CleanRow, read_row
from portal.services.intake.row_values import from_json

_LABELS: dict[Any, str] = {**CARD_KIND_LABELS, **DUES_LABELS, **SEX_LABELS}
_SPOKEN = frozenset({FieldKind.SEX, FieldKind.CARD_KIND, FieldKind.DUES})
FIELD_BY_LABEL = {known.label: known.name for known in MEMBER_FIELDS}


def shown_cells(row: ImportRow) -> dict[str, str]:
    """Give field → text as it would be typed: what was read, else the cell as it came.

    The text is Unicode whatever the list was typed in, and reads to the same value.
    """
    cells = {name: str(raw) for name, raw in row.raw.items()}
    for name, value in from_json(row.values).items():
        cells[name] = _typed(name, value)
    return cells


def read_again(row: ImportRow, mended: Mapping[str, str]) -> CleanRow:
    """Read a row with some cells typed anew, as if it had come that way."""
    cells = {**shown_cells(row), **mended}
    # What was taken from a cell that is typed anew goes with it: a CMND that stood
    # in the column of CCCDs.
    for name in mended:
        for repair in row.repairs:
            other = repair["field"]
            if other not in mended and repair["before"] == row.raw.get(name):
                cells.pop(other, None)
    return read_row(cells, today=clock.today(), sheet=row.sheet, row=row.row_number)


def bad_fields(row: ImportRow) -> list[str]:
    """List the fields that the row's problems name, each once, in their order."""
    labels = [problem.partition(": ")[0] for problem in row.problems]
    return list(
        dict.fromkeys(
            FIELD_BY_LABEL[label] for label in labels if label in FIELD_BY_LABEL
        )
    )


def _typed(name: str, value: Any) -> str:
    known = FIELDS_BY_NAME[name]
    if known.kind is FieldKind.DATE:
        return show_date(value.date, year_only=value.year_only)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if known.kind in _SPOKEN:
        return _LABELS.get(value, str(value))
    return str(value)
