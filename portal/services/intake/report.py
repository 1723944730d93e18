"""What leaves an import again: bad rows with their reasons, templates, a summary."""

from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import ImportRow, RosterImport
from portal.db.models.intake import RowState
from portal.db.queries import intake as intake_q
from portal.domain.card_kinds import CardKind
from portal.domain.member_fields import MEMBER_FIELDS
from portal.files.workbook import RefusedRow, write_refused, write_template
from portal.services.intake.upload import record_download

REFUSED = (RowState.DUPLICATE, RowState.ERROR)

# The order in which columns of a mended list come back.
_FIELD_ORDER = [known for known in MEMBER_FIELDS if known.name != "row_key"]


def refused_workbook(import_id: int, *, by: Actor) -> bytes:
    """Give the rows that were not taken as .xlsx, cells as typed, with reasons.

    The file can be mended and uploaded again as it is. A name that was read goes
    as it was read: alone, its old font could no longer be told.
    """
    by.require(Action.IMPORT_RUN)
    record_download(import_id, "refused", by=by)
    rows = intake_q.rows(import_id, scope=by.scope, states=REFUSED)
    there = {name for row in rows for name in row.raw}
    fields = [known for known in _FIELD_ORDER if known.name in there]
    return write_refused(
        (
            RefusedRow([_cell(row, known.name) for known in fields], row.problems)
            for row in rows
        ),
        [known.label for known in fields],
    )


def _cell(row: ImportRow, name: str) -> str:
    read = str(row.values.get(name, "")) if name == "full_name" else ""
    return read or row.raw.get(name, "")


def template_workbook(kind: CardKind, *, by: Actor) -> bytes:
    """Give the empty list of a card kind for the officer's unit (P2)."""
    by.require(Action.IMPORT_RUN)
    return write_template(kind, unit_name=by.unit_name)


def summary(found: RosterImport, rows: list[ImportRow]) -> dict[str, Any]:
    """Give an evaluated import as plain JSON: the counts, then every row."""
    counts = found.counts
    names = ("rows_in", *(state.value for state in RowState))
    order = ("matched", "unmatched", "ambiguous", "missing")
    photos = counts.get("photos", {})
    return {
        **{name: counts.get(name, 0) for name in names},
        "photos": {name: photos.get(name, 0) for name in order},
        "rows": [_row(row) for row in rows],
    }


def _row(row: ImportRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row_number,
        "state": row.state.value,
        "full_name": row.values.get("full_name", ""),
        "birth_date": row.values.get("birth_date", ""),
        "citizen_id": row.values.get("citizen_id", ""),
        "photo": row.photo_name,
        "repairs": [_repair(repair) for repair in row.repairs],
        "problems": [*row.problems, *row.warnings],
    }


def _repair(repair: dict[str, str]) -> str:
    if not repair["before"] and not repair["after"]:
        return repair["reason"]
    return f"{repair['before']} → {repair['after']}: {repair['reason']}"
