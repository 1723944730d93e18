"""Moves of requests on their way up, and back down with a reason."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import CardRequest
from portal.db.queries import likenesses as likenesses_q
from portal.db.queries import renewals as renewals_q
from portal.db.queries import routes as routes_q
from portal.db.queries.likenesses import Likeness
from portal.db.queries.renewals import QueueGroup, RequestLine
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.bank_needs import bank_lacks
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, DomainError, Invalid, NotAllowed, Problem
from portal.domain.membership import obstacles_to_card
from portal.domain.renewal import (
    MOVES_WITH_REASON,
    Move,
    Standing,
    State,
    after,
    move_up,
    moves_open,
    states_sent_on,
)
from portal.domain.text import clean
from portal.domain.union_units import UnionLevel
from portal.services import audit
from portal.services.numbers import allots_numbers

_MOVES_BACK = (Move.REJECT, Move.RETURN)
LONGEST_REASON = 500
# A page counts the clean ones of so many; the button works for any number.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """One request that did not move, and why; others are not held up by it."""

    request_id: int
    full_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act did to the requests it was asked for."""

    done: tuple[RequestLine, ...] = ()
    refused: tuple[Refusal, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        """Join what two parts of one act did."""
        return Outcome(self.done + other.done, self.refused + other.refused)


# --- what waits for whom -------------------------------------------------------


def queue(*, by: Actor, under: str | None = None) -> list[tuple[QueueGroup, Move]]:
    """List what waits for the officer's unit, with the move that sends it on.

    ``under`` narrows it to the subtree of one unit path.
    """
    scope = by.scope
    states = states_sent_on(allots_numbers=allots_numbers())
    found = renewals_q.groups(scope=scope, states=states)
    routes = routes_q.routes(group.unit_path for group in found)
    waiting = []
    for group in found:
        if under is not None and not group.unit_path.startswith(under):
            continue
        standing = _standing_of_group(group, routes[group.unit_path])
        move = move_up(standing, by=by.levels)
        if move is not None:
            waiting.append((group, move))
    return waiting


def clean_counts(
    waiting: Sequence[tuple[QueueGroup, Move]], *, by: Actor
) -> Counter[Move] | None:
    """Count by move the waiting requests that nothing speaks against.

    None where more than MOST_COUNTED wait: looking at each would hold up the page.
    """
    if sum(group.requests for group, _move in waiting) > MOST_COUNTED:
        return None
    move_of = {(group.roster_id, group.state): move for group, move in waiting}
    groups = [group for group, _move in waiting]
    lines = renewals_q.lines_of_groups(groups, scope=by.scope) if groups else []
    clean_lines, _unclean = part_clean(lines, by=by, ticked=False)
    return Counter(move_of[line.roster_id, line.state] for line in clean_lines)


def moves_back(line: RequestLine | CardRequest, *, by: Actor) -> tuple[Move, ...]:
    """List the moves that send one request back, for this officer's unit."""
    routes = routes_q.routes([line.unit_path])
    open_here = moves_open(_standing(line, routes), by=by.levels)
    return tuple(move for move in _MOVES_BACK if move in open_here)


def hindrances(line: RequestLine) -> tuple[Problem, ...]:
    """Name what has come between since the list was sent.

    A linked card that the bank cannot issue stops here, before its number.
    """
    lacks = bank_lacks(line) if line.kind is CardKind.LINKED else ()
    return (*obstacles_to_card(line.candidate), *lacks)


def likenesses(lines: Sequence[RequestLine], *, by: Actor) -> dict[int, list[Likeness]]:
    """Give per member who else in the officer's scope may be the same person."""
    found: dict[int, list[Likeness]] = defaultdict(list)
    ids = [line.member_id for line in lines]
    for likeness in likenesses_q.likenesses(ids, scope=by.scope):
        found[likeness.member_id].append(likeness)
    return found


# --- up ------------------------------------------------------------------------


def forward_clean(
    *, move: Move, by: Actor, under: str | None = None, alike_too: bool = False
) -> Outcome:
    """Send on every request that waits for ``move`` and has nothing against it.

    ``move`` is FORWARD or REGISTER. Requests with an obstacle stay and are told;
    so do likenesses, unless ``alike_too``: somebody has looked at them.
    """
    by.require(Action.REQUEST_REVIEW)
    with transaction() as session:
        waiting = [group for group, its in queue(by=by, under=under) if its is move]
        lines = renewals_q.lines_of_groups(waiting, scope=by.scope) if waiting else []
        clean_lines, unclean = part_clean(lines, by=by, ticked=alike_too)
        moved = apply_move(session, clean_lines, move, by=by)
    return moved + Outcome(refused=unclean)


def forward_chosen(request_ids: Iterable[int], *, move: Move, by: Actor) -> Outcome:
    """Send these requests on; likenesses pass, since somebody has looked.

    Raises Conflict or NotAllowed where not one of them could move.
    """
    by.require(Action.REQUEST_REVIEW)
    with transaction() as session:
        lines = renewals_q.lines_by_id(request_ids, scope=by.scope)
        clean_lines, unclean = part_clean(lines, by=by, ticked=True)
        moved = apply_move(session, clean_lines, move, by=by)
    return moved + Outcome(refused=unclean)


def part_clean(
    lines: Sequence[RequestLine], *, by: Actor, ticked: bool
) -> tuple[list[RequestLine], tuple[Refusal, ...]]:
    """Part the lines that may go on from those that a person must look at."""
    alike = {} if ticked else likenesses(lines, by=by)
    clean_lines, unclean = [], []
    for line in lines:
        reasons = [str(problem) for problem in hindrances(line)]
        reasons += [_likeness_text(one) for one in alike.get(line.member_id, ())]
        if reasons:
            unclean.append(Refusal(line.id, line.full_name, " ".join(reasons)))
        else:
            clean_lines.append(line)
    return clean_lines, tuple(unclean)


def _likeness_text(one: Likeness) -> str:
    what = "Cùng ảnh" if one.same_photo else "Trùng họ tên và ngày sinh"
    return f"{what} với {one.other_name} ({one.other_unit})."


# --- back ----------------------------------------------------------------------


def send_back(reasons: Mapping[int, str], *, move: Move, by: Actor) -> Outcome:
    """Return or reject requests, each with its reason; the others go on freely.

    ``reasons`` maps request id → what the unit must mend. Raises Invalid where a
    reason is missing, Conflict where a row has moved meanwhile.
    """
    by.require(Action.REQUEST_APPROVE if move is Move.REJECT else Action.REQUEST_REVIEW)
    if move not in MOVES_WITH_REASON:
        raise Invalid("Chỉ có thể trả lại hoặc không duyệt ở bước này.")
    said = {request_id: clean(text) for request_id, text in reasons.items()}
    if not said:
        raise Invalid("Hãy đánh dấu những dòng cần trả lại.")
    with transaction() as session:
        lines = renewals_q.lines_by_id(said, scope=by.scope)
        _require_reasons(lines, said)
        return apply_move(session, lines, move, by=by, reasons=said)


def _require_reasons(lines: Sequence[RequestLine], said: Mapping[int, str]) -> None:
    wanting = [
        Problem("Chưa ghi lý do.", line.full_name, "Ghi điều đơn vị cần sửa.")
        for line in lines
        if not said[line.id]
    ]
    wanting += [
        Problem(f"Lý do dài quá {LONGEST_REASON} chữ.", line.full_name, "Viết gọn.")
        for line in lines
        if len(said[line.id]) > LONGEST_REASON
    ]
    if wanting:
        raise Invalid("Mỗi dòng trả lại cần một lý do.", tuple(wanting))


# --- the one place that moves requests -----------------------------------------


def move_requests(
    session: Any,
    request_ids: Iterable[int],
    move: Move,
    *,
    by: Actor,
    values: Mapping[str, Any] | None = None,
) -> Outcome:
    """Make one move on requests in the officer's scope, in the caller's transaction.

    Raises NotFound where one lies outside the scope, and what ``apply_move``
    raises. ``values`` are further columns to set.
    """
    lines = renewals_q.lines_by_id(request_ids, scope=by.scope)
    return apply_move(session, lines, move, by=by, values=values)


def apply_move(
    session: Any,
    lines: Sequence[RequestLine],
    move: Move,
    *,
    by: Actor,
    reasons: Mapping[int, str] | None = None,
    values: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Outcome:
    """Make one move on lines read in this transaction; state, event and record.

    Rows that the table refuses are told and hold up nobody. Where all of them are
    refused the first refusal is raised: then somebody was faster, or this is
    another level's work.
    """
    allowed, errors = judge(lines, move, by=by)
    if errors and not allowed:
        raise next(iter(errors.values()))
    write(
        session,
        allowed,
        move,
        by=by,
        reasons=reasons or {},
        values=values or {},
        detail=detail or {},
    )
    return Outcome(
        tuple(line for line, _target in allowed),
        tuple(
            Refusal(line.id, line.full_name, errors[line.id].text)
            for line in lines
            if line.id in errors
        ),
    )


def judge(
    lines: Sequence[RequestLine], move: Move, *, by: Actor
) -> tuple[list[tuple[RequestLine, State]], dict[int, DomainError]]:
    """Ask the table of moves about each line: (line, state after), or the refusal."""
    routes = routes_q.routes(line.unit_path for line in lines)
    allowed: list[tuple[RequestLine, State]] = []
    errors: dict[int, DomainError] = {}
    for line in lines:
        try:
            target = after(_standing(line, routes), move, by=by.levels)
        except (Conflict, NotAllowed) as error:
            errors[line.id] = error
        else:
            allowed.append((line, target))
    return allowed, errors


def write(
    session: Any,
    allowed: Collection[tuple[RequestLine, State]],
    move: Move,
    *,
    by: Actor,
    reasons: Mapping[int, str],
    values: Mapping[str, Any],
    detail: Mapping[str, Any],
) -> None:
    """Write a judged move: states, one event a request, one record a roster."""
    by_states: dict[tuple[State, State], list[int]] = defaultdict(list)
    by_roster: dict[int, list[RequestLine]] = defaultdict(list)
    for line, target in allowed:
        by_states[line.state, target].append(line.id)
        by_roster[line.roster_id].append(line)
    now = clock.now()
    for (from_state, target), ids in by_states.items():
        event = {
            "move": move,
            "from_state": from_state,
            "to_state": target,
            "officer_id": by.officer_id,
            "officer_name": by.name,
            "unit_name": by.unit_name,
            "at": now,
        }
        renewals_q.write_move(
            session,
            ids,
            from_state=from_state,
            values={**values, "state": target},
            event=event,
            reasons=reasons,
        )
    for roster_id, its in by_roster.items():
        audit.record(
            session,
            f"request.{move.value}",
            by=by,
            subject="roster",
            subject_id=roster_id,
            unit_path=_common_path(its),
            detail={"requests": [line.id for line in its], **detail},
        )


def _common_path(lines: Sequence[RequestLine]) -> str:
    """Give the lowest unit above all lines: sections of one list share its union."""
    paths = [line.unit_path for line in lines]
    common = min(paths, key=len)
    while not all(path.startswith(common) for path in paths):
        common = common[: common.rindex(".", 0, -1) + 1]
    return common


def _standing(
    line: RequestLine | CardRequest, routes: Mapping[str, frozenset[UnionLevel]]
) -> Standing:
    return Standing(line.state, line.kind, routes[line.unit_path])


def _standing_of_group(group: QueueGroup, route: frozenset[UnionLevel]) -> Standing:
    # The kind of card plays no part on the way up.
    return Standing(group.state, CardKind.STANDARD, route)
