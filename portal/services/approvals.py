"""Approval: four eyes, numbers allotted with it, in parts that stand alone."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.queries import renewals as renewals_q
from portal.db.queries import routes as routes_q
from portal.db.queries.renewals import RequestLine
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, DomainError
from portal.domain.renewal import Move, State
from portal.services import numbers
from portal.services.progress import Progress, Unwatched
from portal.services.renewals import (
    Outcome,
    Refusal,
    judge,
    part_clean,
    queue,
    write,
)

# A part is one transaction: long enough to be quick, short enough that other
# writers wait for less than a second.
PART = 500

_OWN_WORK = "Chính bạn đã gửi, chuyển hoặc trình đề nghị này; cần một người khác duyệt."


@dataclass(frozen=True, slots=True)
class Plan:
    """What approving would do, shown before anything is done."""

    request_ids: tuple[int, ...]
    new_numbers: numbers.Range
    keep_number: int
    await_number: int
    held: tuple[Refusal, ...]

    @property
    def fingerprint(self) -> str:
        """A short text that differs as soon as the list does."""
        text = ",".join(map(str, sorted(self.request_ids)))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan(
    *,
    by: Actor,
    under: str | None = None,
    request_ids: Iterable[int] | None = None,
    alike_too: bool = False,
) -> Plan:
    """Tell what approving these requests, or all clean ones, would do.

    ``under`` narrows "all" to the subtree of one unit path. Requests that resemble
    others are held, unless they are named or ``alike_too``: somebody has looked.
    """
    by.require(Action.REQUEST_APPROVE)
    if request_ids is None:
        waiting = [
            group for group, move in queue(by=by, under=under) if move is Move.APPROVE
        ]
        lines = renewals_q.lines_of_groups(waiting, scope=by.scope) if waiting else []
    else:
        lines = renewals_q.lines_by_id(request_ids, scope=by.scope)
    ready, held = _ready(lines, by=by, ticked=alike_too or request_ids is not None)
    keeping = sum(line.lasting_number is not None for line in ready)
    allotted = len(ready) - keeping if numbers.allots_numbers() else 0
    return Plan(
        request_ids=tuple(line.id for line in ready),
        new_numbers=numbers.planned(allotted),
        keep_number=keeping,
        await_number=len(ready) - keeping - allotted,
        held=held,
    )


def approve(
    request_ids: Sequence[int], *, by: Actor, progress: Progress | None = None
) -> Outcome:
    """Approve these requests and allot their numbers, part by part.

    Each part is one transaction: its requests are approved with their numbers, or
    stand as they did. What another officer approved meanwhile is told; where
    nothing was left to approve, Conflict is raised with what stood in the way.
    """
    by.require(Action.REQUEST_APPROVE)
    watched = progress or Unwatched()
    outcome = Outcome()
    ids = list(dict.fromkeys(request_ids))
    for start in range(0, len(ids), PART):
        outcome += _approve_part(ids[start : start + PART], by=by)
        watched.report(min(start + PART, len(ids)), len(ids), "Duyệt và cấp mã số")
    if ids and not outcome.done:
        raise Conflict(f"Không duyệt được đề nghị nào. {outcome.refused[0].reason}")
    return outcome


def _approve_part(request_ids: Sequence[int], *, by: Actor) -> Outcome:
    with transaction() as session:
        lines = renewals_q.lines_by_id(request_ids, scope=by.scope)
        ready, held = _ready(lines, by=by, ticked=True)
        allotting = numbers.allots_numbers()
        numbered = [one for one in ready if allotting or one.lasting_number]
        waiting = [one for one in ready if not (allotting or one.lasting_number)]
        settle(session, numbered, Move.APPROVE, by=by)
        write(
            session,
            judge(waiting, Move.ENDORSE, by=by)[0],
            Move.ENDORSE,
            by=by,
            reasons={},
            values={},
            detail={},
        )
    return Outcome(tuple(ready), held)


def settle(
    session: object, lines: Sequence[RequestLine], move: Move, *, by: Actor
) -> None:
    """Approve judged lines: number, name of the union as it is today, state.

    The name printed on a card stays as it was when the number was given, however
    the unit is called later.
    """
    allotted = numbers.allot(session, lines, by=by)
    names = routes_q.grassroots_names(line.unit_path for line in lines)
    by_name: dict[str, list[tuple[RequestLine, State]]] = defaultdict(list)
    for line, target in judge(lines, move, by=by)[0]:
        by_name[names[line.unit_path]].append((line, target))
    for name, allowed in by_name.items():
        write(
            session,
            allowed,
            move,
            by=by,
            reasons={},
            values={"unit_name_on_card": name, "approved_at": clock.now()},
            detail={"numbers": {str(one.id): allotted[one.id] for one, _ in allowed}},
        )


def _ready(
    lines: Sequence[RequestLine], *, by: Actor, ticked: bool
) -> tuple[list[RequestLine], tuple[Refusal, ...]]:
    """Part what may be approved from what must not, with the reason for each."""
    allowed, errors = _judged(lines, by=by)
    own = renewals_q.movers_before_approval(
        [line.id for line in allowed], officer_id=by.officer_id
    )
    others = [line for line in allowed if line.id not in own]
    ready, unclean = part_clean(others, by=by, ticked=ticked)
    held = [
        Refusal(line.id, line.full_name, errors[line.id].text)
        for line in lines
        if line.id in errors
    ]
    held += [
        Refusal(line.id, line.full_name, _OWN_WORK)
        for line in allowed
        if line.id in own
    ]
    return ready, (*held, *unclean)


def _judged(
    lines: Sequence[RequestLine], *, by: Actor
) -> tuple[list[RequestLine], dict[int, DomainError]]:
    allotting = numbers.allots_numbers()
    numbered = [one for one in lines if allotting or one.lasting_number]
    waiting = [one for one in lines if not (allotting or one.lasting_number)]
    allowed, errors = judge(numbered, Move.APPROVE, by=by)
    endorsed, not_endorsed = judge(waiting, Move.ENDORSE, by=by)
    may = {line.id for line, _target in (*allowed, *endorsed)}
    return [line for line in lines if line.id in may], errors | not_endorsed
