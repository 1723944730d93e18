"""The audit chain: append one row, walk it, list what concerns a subject."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from portal.access.scope import Scope
from portal.db.models import AuditEntry, Member, RosterImport
from portal.db.scoping import within
from portal.db.session import db

FIRST_HASH = "0" * 64

_STANDS_IN_UNIT: dict[str, type[Member | RosterImport]] = {
    "member": Member,
    "roster_import": RosterImport,
}


def append(
    session: Session,
    *,
    at: datetime,
    officer_id: int | None,
    officer_name: str,
    officer_unit: str,
    action: str,
    subject: str,
    subject_id: int,
    unit_path: str,
    detail: dict[str, Any],
) -> AuditEntry:
    """Add one row to the chain, inside the caller's transaction.

    Writers are serialised by ``transaction()``, so the last hash is the last.
    """
    entry = AuditEntry(
        at=at,
        officer_id=officer_id,
        officer_name=officer_name,
        officer_unit=officer_unit,
        action=action,
        subject=subject,
        subject_id=subject_id,
        unit_path=unit_path,
        detail=detail,
    )
    append_all(session, [entry])
    return entry


def append_all(session: Session, entries: Iterable[AuditEntry]) -> None:
    """Add rows to the chain in their order: one read and one write for all of them.

    Of many the entries themselves stay outside the session, without an id.
    """
    previous = session.scalar(
        select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    )
    chained = list(entries)
    for entry in chained:
        entry.previous_hash = previous or FIRST_HASH
        entry.hash = previous = hash_of(entry)
    if len(chained) == 1:
        session.add(chained[0])
        session.flush()
    elif chained:
        session.execute(insert(AuditEntry), [_columns(entry) for entry in chained])


def _columns(entry: AuditEntry) -> dict[str, Any]:
    columns = inspect(AuditEntry).columns
    return {c.key: getattr(entry, c.key) for c in columns if c.key != "id"}


def hash_of(entry: AuditEntry) -> str:
    """Give the SHA-256 of the row's content and the hash before it, as hex."""
    content = [
        entry.previous_hash,
        entry.at.isoformat(),
        entry.officer_id,
        entry.officer_name,
        entry.officer_unit,
        entry.action,
        entry.subject,
        entry.subject_id,
        entry.unit_path,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links() -> Iterator[int]:
    """Give the ids of rows whose content or place in the chain was changed."""
    previous = FIRST_HASH
    for entry in db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    ):
        if entry.previous_hash != previous or entry.hash != hash_of(entry):
            yield entry.id
        previous = entry.hash


def of_subject(
    subject: str, subject_id: int, *, scope: Scope, limit: int = 100
) -> list[AuditEntry]:
    """List what was done to one thing, the newest first.

    What stands in one unit is looked for there: its acts keep the unit's path of
    their day, and the whole history goes along when it, or its unit, moves. An
    officer may serve in two branches; each sees the acts of its own.
    """
    stands_in = _STANDS_IN_UNIT.get(subject)
    seen = (
        within(scope, AuditEntry.unit_path)
        if stands_in is None
        else select(stands_in.id)
        .where(stands_in.id == subject_id, within(scope, stands_in.unit_path))
        .exists()
    )
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject == subject,
            AuditEntry.subject_id == subject_id,
            seen,
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))
