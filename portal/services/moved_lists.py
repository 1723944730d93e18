"""What becomes of a unit's lists when it moves to where their campaign is not held."""

from typing import Any

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.db.models import Unit
from portal.db.queries import campaigns as campaigns_q
from portal.db.queries import renewals as renewals_q
from portal.domain.renewal import Move, State
from portal.services.renewals import write

# Nobody above holds these: they could only be sent to those who stood above before.
_OPEN = (State.DECLARED, State.RETURNED)
_REASON = "Đơn vị chuyển sang nơi khác, đợt đổi thẻ cũ không còn dùng cho đơn vị."


def leave_behind(session: Any, unit: Unit, *, by: Actor) -> int:
    """Take open requests of a moved unit off the lists of campaigns it left.

    A campaign of the new place can then take these members. Gives how many.
    """
    moved = Scope(unit.path)
    left = campaigns_q.requests_left_behind(_OPEN, scope=moved)
    lines = renewals_q.lines_by_id(left, scope=moved)
    write(
        session,
        [(line, State.LEFT_OUT) for line in lines],
        Move.LEAVE_OUT,
        by=by,
        reasons={line.id: _REASON for line in lines},
        values={},
        detail={"moved_unit": unit.id},
    )
    return len(lines)
