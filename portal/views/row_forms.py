"""One row of a list as a form: the cells to mend first, the empty ones folded."""

from dataclasses import dataclass

from portal.db.models import ImportRow, RosterImport
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.services import intake

_NUMBERS = frozenset({"citizen_id", "id_card_number", "phone", "bank_account"})


@dataclass(frozen=True, slots=True)
class CellField:
    """One cell to type in, with what is wrong with it."""

    name: str
    label: str
    value: str
    problems: list[str]
    came: str = ""
    inputmode: str = "text"


@dataclass(frozen=True, slots=True)
class RowForm:
    """The cells of a row in three groups."""

    bad: list[CellField]
    filled: list[CellField]
    empty: list[CellField]


def row_form(found: RosterImport, row: ImportRow) -> RowForm:
    """Lay out a row's cells; the columns of its list stand among the filled ones."""
    cells = intake.shown_cells(row)
    bad = intake.bad_fields(row)
    listed = [c["field"] for c in found.columns if isinstance(c, dict) and c["field"]]
    shown = [
        name
        for name in dict.fromkeys([*listed, *cells])
        if name in intake.MENDABLE and name not in bad
    ]
    rest = [n for n in intake.MENDABLE if n not in shown and n not in bad]
    return RowForm(
        bad=[_field(row, name, cells) for name in bad if name in intake.MENDABLE],
        filled=[_field(row, name, cells) for name in shown],
        empty=[_field(row, name, cells) for name in rest],
    )


def _field(row: ImportRow, name: str, cells: dict[str, str]) -> CellField:
    label = FIELDS_BY_NAME[name].label
    return CellField(
        name=name,
        label=label,
        value=cells.get(name, ""),
        problems=[
            text
            for problem in row.problems
            for where, _, text in [problem.partition(": ")]
            if where == label
        ],
        came=row.mended.get(name, ""),
        inputmode="numeric" if name in _NUMBERS else "text",
    )
