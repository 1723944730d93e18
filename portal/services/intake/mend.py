"""Cells mended in the page: typed, judged again at once, kept with what they were."""

from collections.abc import Mapping
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import ImportRow, RosterImport
from portal.db.queries import intake_rows
from portal.db.session import transaction
from portal.domain.errors import Invalid, NotFound
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.roster_cells import LONGEST_CELL
from portal.services.intake.judge_again import judge_again
from portal.services.intake.preview import count_again, ready, record
from portal.services.intake.row_cells import shown_cells

# A pasted block of a page, and more.
MOST_CELLS = 5_000

# Cells that steer the list itself are not a person's data.
MENDABLE = tuple(
    name for name in FIELDS_BY_NAME if name not in {"row_key", "member_number"}
)

Cells = Mapping[int, Mapping[str, str]]


def mend(import_id: int, cells: Cells, *, by: Actor) -> list[ImportRow]:
    """Type cells anew (row id → field → text) and judge the rows again.

    Gives every row whose verdict may have changed: the mended ones, and those that
    shared a number with them. Cells that say what they said before are left alone.
    Raises NotFound for a row of another import, Conflict where the preview is no
    longer open, Invalid for too much at once.
    """
    by.require(Action.IMPORT_RUN)
    if sum(map(len, cells.values())) > MOST_CELLS:
        raise Invalid(
            f"Mỗi lần sửa được nhiều nhất {MOST_CELLS} ô. Hãy dán từng phần nhỏ hơn,"
            " hoặc sửa trong Excel rồi tải lên lại."
        )
    with transaction() as session:
        found = ready(import_id, by=by)
        rows = intake_rows.by_ids(import_id, cells.keys(), scope=by.scope)
        if len(rows) != len(cells):
            raise NotFound
        typed = {row.id: _different(row, cells[row.id]) for row in rows}
        changed = [row for row in rows if typed[row.id]]
        if not changed:
            return []
        touched = judge_again(session, found, changed, mended=typed, scope=by.scope)
        count_again(session, found)
        detail = {
            "rows": [row.row_number for row in changed[:50]],
            "fields": sorted({name for row in changed for name in typed[row.id]}),
        }
        record(session, "import.mend", found, by=by, detail=detail)
    return touched


def mends_of(found: RosterImport, *, by: Actor) -> list[Any]:
    """List the cells mended so far, to be typed again once the file is read anew."""
    rows = intake_rows.mended(found.id, scope=by.scope)
    return [
        [
            row.sheet,
            row.row_number,
            {name: row.raw.get(name, "") for name in row.mended},
        ]
        for row in rows
    ]


def mend_as_before(session: Any, found: RosterImport) -> None:
    """Type the kept cells again inside the caller's transaction."""
    kept = {(sheet, number): cells for sheet, number, cells in found.mends}
    if not kept:
        return
    rows = intake_rows.at_places(session, found.id, kept)
    typed = {row.id: kept[place] for place, row in rows.items()}
    scope = Scope(found.unit_path)
    judge_again(session, found, rows.values(), mended=typed, scope=scope)
    count_again(session, found)
    found.mends = []


def _different(row: ImportRow, cells: Mapping[str, str]) -> dict[str, str]:
    shown = shown_cells(row)
    return {
        name: text.strip()[:LONGEST_CELL]
        for name, text in cells.items()
        if name in MENDABLE and text.strip() != shown.get(name, "").strip()
    }
