"""Which units a member may be entered at, and what an officer's words mean."""

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import Unit
from portal.db.queries import members as members_q
from portal.db.queries.member_search import search_terms
from portal.domain.errors import Problem
from portal.services.members import MEMBER_LEVELS

# A longer list is neither light nor findable on a phone: one types instead.
LONGEST_LIST = 200
_LEVELS = sorted(MEMBER_LEVELS)


def choices(*, by: Actor) -> list[Unit] | None:
    """List the units that may have members, at or under the officer's; None if many."""
    found = members_q.holding_units(_LEVELS, scope=by.scope, most=LONGEST_LIST + 1)
    return None if len(found) > LONGEST_LIST else found


def suggestions(text: str, *, by: Actor) -> list[Unit]:
    """List up to twenty units whose name or code has all the words."""
    by.require(Action.MEMBER_EDIT)
    terms = search_terms(text)
    return members_q.holding_units(_LEVELS, scope=by.scope, terms=terms, most=20)


def default_code(code: str, found: list[Unit] | None, *, by: Actor) -> str:
    """Give the code to begin with: the one asked for, else the officer's own unit."""
    if found and len(found) == 1:
        return found[0].code
    unit = (
        members_q.unit_by_code(code, scope=by.scope)
        if code
        else members_q.unit_by_id(by.unit_id, scope=by.scope)
    )
    return unit.code if unit and unit.level in MEMBER_LEVELS else ""


def resolve(text: str, *, by: Actor) -> int | Problem | None:
    """Give the id of the unit meant by a code or a name; None where nothing stands.

    Units outside the officer's scope are as if they were not there.
    """
    text = text.strip()
    if not text:
        return None
    # A suggestion reads "CODE – name".
    unit = members_q.unit_by_code(text.partition(" – ")[0], scope=by.scope)
    if unit is not None:
        return unit.id
    found = suggestions(text, by=by)
    if len(found) == 1:
        return found[0].id
    if not found:
        return Problem(
            f"Không có đơn vị nào khớp “{text[:60]}” trong các đơn vị của bạn.",
            "Đơn vị",
            "Gõ lại tên hoặc mã đơn vị.",
        )
    names = "; ".join(unit.name for unit in found[:5])
    return Problem(
        f"Có nhiều đơn vị khớp: {names}.", "Đơn vị", "Gõ thêm chữ hoặc gõ mã đơn vị."
    )
