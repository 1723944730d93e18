"""The columns of a list: what each means, corrected once and remembered per unit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import RosterColumn, RosterImport
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.queries import roster_columns as columns_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.roster_columns import UNUSED, column_key
from portal.domain.roster_columns_read import column_facts
from portal.domain.roster_sheets import Column
from portal.services import jobs
from portal.services.intake.mend import mends_of
from portal.services.intake.preview import record

_OPEN = frozenset({ImportState.READY, ImportState.FAILED, ImportState.TAKEN_BACK})


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column as the list names it; ``field`` is "" where it is not read."""

    sheet: str
    header: str
    field: str
    remembered: bool = False
    # The old font that it was read from, with pairs [before, after] of its cells.
    key: str = ""
    font: str = ""
    samples: tuple[tuple[str, str], ...] = ()
    as_typed: bool = False


def read_columns(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """Give what an import keeps of the columns that were read (``column_facts``)."""
    return [
        {**column_facts(column), "header": " ".join(column.header.split())}
        for column in columns
        if column.header.strip()
    ]


def remembered(unit_id: int, *, scope: Scope) -> dict[str, str]:
    """Give key → field of the words that the unit has explained."""
    return {
        one.header_key: one.field for one in columns_q.of_unit(unit_id, scope=scope)
    }


def columns_of(found: RosterImport, *, by: Actor) -> list[ListColumn]:
    """List the columns of an import under the words of its own file."""
    by.require(Action.IMPORT_RUN)
    words = columns_q.of_unit(found.unit_id, scope=by.scope)
    by_label = {
        (FIELDS_BY_NAME[one.field].label if one.field else UNUSED): one
        for one in words
        if not one.field or one.field in FIELDS_BY_NAME
    }
    listed = []
    for column in found.columns:
        if not isinstance(column, dict):  # read by an earlier version of the portal
            continue
        word = by_label.get(column["header"])
        header = word.header if word else column["header"]
        samples = column.get("samples", [])
        listed.append(
            ListColumn(
                column["sheet"],
                header,
                column["field"],
                word is not None,
                key=column["header"],
                font=column.get("label", ""),
                samples=tuple((before, after) for before, after in samples),
                as_typed=bool(column.get("as_typed")),
            )
        )
    return listed


def choose_columns(import_id: int, chosen: Mapping[str, str], *, by: Actor) -> None:
    """Remember what the unit means by its headers, and read the file anew.

    ``chosen`` is header → field ("" leaves the column unread); where the reader found
    no header at all, any words may be given. Cells mended by hand
    are typed again afterwards. Raises Invalid where two columns would be one field,
    Conflict where the import is no longer open.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = intake_q.get(import_id, scope=by.scope)
        _check_open(found)
        listed = {one.header: one.field for one in columns_of(found, by=by)}
        # Where no header was found, the officer types the words of the file.
        free = found.state is ImportState.FAILED
        changed = {
            header: field
            for header, field in chosen.items()
            if column_key(header)
            and (field if free else header in listed and field != listed[header])
        }
        _check(changed, {**listed, **changed})
        _remember(session, found, changed, by=by)
        _read_anew(session, found, by=by)
        record(session, "import.columns", found, by=by, detail={"columns": changed})


def _remember(
    session: Any, found: RosterImport, chosen: Mapping[str, str], *, by: Actor
) -> None:
    words = columns_q.of_unit(found.unit_id, scope=by.scope)
    known = {one.header_key: one for one in words}
    for header, field in chosen.items():
        key = column_key(header)
        word = known.get(key)
        if word is None:
            word = RosterColumn(
                unit_id=found.unit_id, unit_path=found.unit_path, header_key=key
            )
            session.add(word)
        word.header, word.field = header[:200], field
        word.chosen_at, word.chosen_by_id = clock.now(), by.officer_id


def keep_as_typed(
    import_id: int, columns: Collection[tuple[str, str]], *, by: Actor
) -> None:
    """Say of which columns, (sheet, header), no old font is to be read, and read anew.

    Those not named are read from the font that they were taken for.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = intake_q.get(import_id, scope=by.scope)
        _check_open(found)
        listed = {
            (column["sheet"], column["header"])
            for column in found.columns
            if isinstance(column, dict) and column.get("samples")
        }
        found.as_typed = sorted(map(list, listed & set(columns)))
        _read_anew(session, found, by=by)
        detail = {"as_typed": found.as_typed}
        record(session, "import.columns", found, by=by, detail=detail)


def read_anew(import_id: int, *, by: Actor) -> None:
    """Read the uploaded file once more, against the members as they are now."""
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = intake_q.get(import_id, scope=by.scope)
        _check_open(found)
        _read_anew(session, found, by=by)
        record(session, "import.read_anew", found, by=by)


def _read_anew(session: Any, found: RosterImport, *, by: Actor) -> None:
    found.mends = mends_of(found, by=by) or found.mends
    found.state = ImportState.UPLOADED
    found.counts, found.problems = {}, []
    found.accepted_at = found.taken_back_at = None
    jobs.enqueue(
        session,
        "import.evaluate",
        subject_id=found.id,
        by=by,
        unit_id=found.unit_id,
        unit_path=found.unit_path,
    )


def _check(changed: Mapping[str, str], every: Mapping[str, str]) -> None:
    if any(field and field not in FIELDS_BY_NAME for field in changed.values()):
        raise Invalid(
            "Có cột được gán cho một mục không có. Hãy chọn lại trong danh sách."
        )
    fields = list(every.values())
    twice = {f for f in changed.values() if f and fields.count(f) > 1}
    if twice:
        labels = ", ".join(FIELDS_BY_NAME[field].label for field in sorted(twice))
        raise Invalid(
            f"Hai cột cùng được gán là {labels}. Giữ một cột, cột kia chọn “Không"
            " dùng”."
        )


def _check_open(found: RosterImport) -> None:
    if found.state not in _OPEN:
        raise Conflict(
            "Lần nhập này đang chạy hoặc đã nhận vào sổ nên không đọc lại được. Nếu đã"
            " nhận, hãy lấy lại trước."
        )
