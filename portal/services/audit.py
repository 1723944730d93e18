"""Record an act in the transaction that does it."""

from typing import Any

from portal.access.actor import Actor
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
