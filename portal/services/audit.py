"""Record an act in the transaction that does it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.db.models import AuditEntry
from portal.db.queries import audit as audit_q
from portal.domain import clock


def record(
    session: Any,
    action: str,
    *,
    by: Actor | None,
    subject: str,
    subject_id: int,
    unit_path: str,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit row of an act; ``by`` is None for the installation itself.

    ``subject`` names the table; ``detail`` holds plain JSON values, and no full
    identity number (mask it first).
    """
    audit_q.append(
        session,
        at=clock.now(),
        officer_id=by.officer_id if by else None,
        officer_name=by.name if by else "Hệ thống",
        officer_unit=by.unit_name if by else "",
        action=action,
        subject=subject,
        subject_id=subject_id,
        unit_path=unit_path,
        detail=detail or {},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act to record; ``detail`` as in ``record``."""

    action: str
    subject: str
    subject_id: int
    unit_path: str
    detail: dict[str, Any]


def record_all(session: Any, acts: Iterable[Act], *, by: Actor | None) -> None:
    """Write the audit rows of many acts of one officer, in their order."""
    now = clock.now()
    audit_q.append_all(
        session,
        [
            AuditEntry(
                at=now,
                officer_id=by.officer_id if by else None,
                officer_name=by.name if by else "Hệ thống",
                officer_unit=by.unit_name if by else "",
                action=act.action,
                subject=act.subject,
                subject_id=act.subject_id,
                unit_path=act.unit_path,
                detail=act.detail,
            )
            for act in acts
        ],
    )
