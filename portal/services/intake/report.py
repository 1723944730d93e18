"""What leaves an import again: bad rows with their reasons, templates, a summary."""

from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import ImportRow, RosterImport
from portal.db.models.intake import RowState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_rows
from portal.db.queries.intake_rows import RowFilter
from portal.domain.card_kinds import CardKind
from portal.domain.member_fields import FIELDS_BY_NAME, MEMBER_FIELDS, FieldKind
from portal.files.workbook import RefusedRow, write_refused, write_template
from portal.services.intake.row_cells import FIELD_BY_LABEL, shown_cells
from portal.services.intake.upload import record_download

_SPELLED = frozenset({FieldKind.NAME, FieldKind.TEXT})
_FIELD_ORDER = [known.name for known in MEMBER_FIELDS if known.name != "row_key"]


def refused_workbook(import_id: int, *, by: Actor) -> bytes:
    """Give the rows that were not taken as .xlsx: the officer's own columns again.

    Each row has its reasons in a last column, and each cell to mend a comment. The
    file can be mended and uploaded as it is. What was read goes as it was read:
    alone, its old font could no longer be told. Rows left out on purpose stay out.
    """
    by.require(Action.IMPORT_RUN)
    record_download(import_id, "refused", by=by)
    found = intake_q.get(import_id, scope=by.scope)
    rows = intake_rows.page(import_id, scope=by.scope, only=RowFilter.BAD)
    fields = _columns_of(found, rows)
    return write_refused(
        (_refused(row, list(fields)) for row in rows), list(fields.values())
    )


def _columns_of(found: RosterImport, rows: list[ImportRow]) -> dict[str, str]:
    """Give field → header in the order of the officer's list, then what was mended."""
    there = {name for row in rows for name in (*row.raw, *row.values)}
    headers: dict[str, str] = {}
    for column in found.columns:
        name = column["field"] if isinstance(column, dict) else ""
        if name in there and name not in headers:
            headers[name] = FIELDS_BY_NAME[name].label
    rest = [name for name in _FIELD_ORDER if name in there and name not in headers]
    return headers | {name: FIELDS_BY_NAME[name].label for name in rest}


def _refused(row: ImportRow, fields: list[str]) -> RefusedRow:
    comments = {}
    for problem in row.problems:
        label, _, text = problem.partition(": ")
        name = FIELD_BY_LABEL.get(label)
        if text and name in fields:
            comments[fields.index(name)] = text
    return RefusedRow([_cell(row, name) for name in fields], row.problems, comments)


def _cell(row: ImportRow, name: str) -> str:
    # A number stays as it was typed, so that its mending is seen once more.
    if FIELDS_BY_NAME[name].kind in _SPELLED:
        return shown_cells(row).get(name, "")
    return str(row.raw.get(name, ""))


def template_workbook(kind: CardKind, *, by: Actor) -> bytes:
    """Give the empty list of a card kind for the officer's unit (P2)."""
    by.require(Action.IMPORT_RUN)
    return write_template(kind, unit_name=by.unit_name)


def summary(found: RosterImport, rows: list[ImportRow]) -> dict[str, Any]:
    """Give an evaluated import as plain JSON: the counts, then every row."""
    counts = found.counts
    names = ("rows_in", *(state.value for state in RowState))
    order = ("matched", "unmatched", "ambiguous", "missing", "refused")
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
