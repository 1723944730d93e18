"""Who may open a design: to use what is published, or to work on its draft."""

from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import CardDesign, DesignVersion
from portal.db.queries import designs as designs_q
from portal.domain.errors import NotAllowed, NotFound
from portal.services import audit


def usable(design_id: int, *, by: Actor) -> CardDesign:
    """Give a design that the officer's unit may use; NotFound otherwise."""
    by.require(Action.DESIGN_VIEW)
    return designs_q.get(design_id, scope=by.scope)


def own(design_id: int, *, by: Actor) -> CardDesign:
    """Give a design whose draft the officer may see.

    Raises NotAllowed for one of a superior unit, of which only versions are shown.
    """
    design = usable(design_id, by=by)
    if not by.scope.covers(design.unit_path):
        raise NotAllowed(
            f"Mẫu thẻ này của {design.unit.name}: đơn vị bạn dùng được các bản đã phát"
            " hành, không xem và sửa được bản nháp."
        )
    return design


def editable(design_id: int, *, by: Actor) -> CardDesign:
    """Give a design whose draft the officer may change."""
    by.require(Action.DESIGN_EDIT)
    return own(design_id, by=by)


def version_of(design_id: int, number: int, *, by: Actor) -> DesignVersion:
    """Give one published version of a design that the unit may use; or NotFound."""
    design = usable(design_id, by=by)
    found = next((one for one in design.versions if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def may_take(design: CardDesign, *, by: Actor) -> bool:
    """Say whether the officer may copy or download the design."""
    return by.scope.covers(design.unit_path) or design.may_copy


def record(
    session: Any, action: str, design: CardDesign, *, by: Actor, **detail: Any
) -> None:
    """Write the audit row of an act on a design."""
    audit.record(
        session,
        action,
        by=by,
        subject="card_design",
        subject_id=design.id,
        unit_path=design.unit_path,
        detail=detail,
    )
