"""The list of a grassroots union: compiled, thinned out, sent upwards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import Campaign, Roster, Unit
from portal.db.queries import campaigns as campaigns_q
from portal.db.queries import renewals as renewals_q
from portal.db.queries import rosters as rosters_q
from portal.db.queries import routes as routes_q
from portal.db.queries import units as units_q
from portal.db.queries.renewals import RequestLine, Returns
from portal.db.queries.rosters import RosterLine
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.bank_needs import bank_lacks
from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind, card_kind_for
from portal.domain.errors import Conflict, Invalid, NotFound, Problem
from portal.domain.membership import obstacles_to_card
from portal.domain.renewal import STATE_LABELS, Move, Standing, State, after
from portal.domain.union_units import UnionLevel
from portal.services import audit
from portal.services.renewals import Outcome, Refusal, apply_move

_TO_SEND = (State.DECLARED, State.RETURNED)
_NOT_LISTED = (None, State.LEFT_OUT)
_CAN_BE_HELPED = (
    State.SUBMITTED,
    State.FORWARDED,
    State.REGISTERED,
    State.AWAITING_NUMBER,
    State.APPROVED,
)


@dataclass(frozen=True, slots=True)
class RosterView:
    """A unit's members in a campaign, parted by what can be done with them.

    ``checker`` names the unit that looks at the list first, "" where the union
    itself is the highest; ``returns`` tells of the returned requests how often and why.
    """

    campaign: Campaign
    unit: Unit
    roster: Roster | None
    eligible: tuple[RosterLine, ...]
    hindered: tuple[RosterLine, ...]
    to_send: tuple[RosterLine, ...]
    sent: tuple[RosterLine, ...]
    problems: dict[int, tuple[Problem, ...]]
    returns: dict[int, Returns]
    checker: str

    @property
    def returned(self) -> tuple[RosterLine, ...]:
        """Those who came back with a reason."""
        return tuple(line for line in self.to_send if line.state is State.RETURNED)

    @property
    def lacking(self) -> tuple[RosterLine, ...]:
        """Those under way whose linked card the bank could not issue yet."""
        return tuple(
            line
            for line in self.sent
            if line.state in _CAN_BE_HELPED and line.bank_lacks
        )

    @property
    def untouched(self) -> tuple[RosterLine, ...]:
        """The returned rows that stand as they did when they came back."""
        return tuple(
            line
            for line in self.returned
            if (came_back := self.returns.get(line.request_id or 0))
            and line.updated_at <= came_back.at
        )

    @property
    def takes_new(self) -> bool:
        """Say whether people can still be put on the list."""
        return takes_new(self.campaign, self.unit)

    @property
    def sendable(self) -> tuple[RosterLine, ...]:
        """Those on the list who may still be sent: once it has closed, the returned."""
        states = _sendable(self.campaign, self.unit)
        return tuple(line for line in self.to_send if line.state in states)

    @property
    def gate(self) -> tuple[RosterLine, ...]:
        """Those of them who could not be sent as they are."""
        return tuple(line for line in self.sendable if self.problems[line.member_id])


def view(campaign_id: int, unit_id: int, *, by: Actor) -> RosterView:
    """Read a unit's list in a campaign; NotFound outside the scope."""
    by.require(Action.CAMPAIGN_VIEW)
    campaign, unit = _campaign_and_unit(campaign_id, unit_id, by=by)
    lines = rosters_q.members(unit, campaign_id=campaign.id, scope=by.scope)
    problems = {line.member_id: problems_of(line, campaign) for line in lines}
    outside = [line for line in lines if line.state in _NOT_LISTED]
    return RosterView(
        campaign=campaign,
        unit=unit,
        roster=rosters_q.roster_of(campaign.id, unit.id, scope=by.scope),
        eligible=tuple(one for one in outside if not problems[one.member_id]),
        hindered=tuple(one for one in outside if problems[one.member_id]),
        to_send=tuple(line for line in lines if line.state in _TO_SEND),
        sent=tuple(
            line for line in lines if line.state not in (*_NOT_LISTED, *_TO_SEND)
        ),
        problems=problems,
        returns=renewals_q.returns_of(
            [
                line.request_id
                for line in lines
                if line.request_id and line.state is State.RETURNED
            ],
            scope=by.scope,
        ),
        checker=rosters_q.checker_of(unit),
    )


def checker(unit_id: int, *, by: Actor) -> str:
    """Name the unit that looks at a union's list first, "" where none is above."""
    by.require(Action.CAMPAIGN_VIEW)
    return rosters_q.checker_of(units_q.get(unit_id, scope=by.scope))


def problems_of(line: RosterLine, campaign: Campaign) -> tuple[Problem, ...]:
    """Name what keeps a member off this campaign's list; empty = eligible."""
    found = _obstacles(line, line.kind, campaign)
    if line.elsewhere is not None:
        found.append(
            Problem(
                f"Đã có đề nghị đang chờ trong “{line.elsewhere}”.",
                "Đợt khác",
                "Chờ đề nghị đó xong.",
            )
        )
    return tuple(found)


def declare(
    campaign_id: int,
    unit_id: int,
    *,
    by: Actor,
    member_ids: Collection[int] | None = None,
) -> Outcome:
    """Put members on the unit's list: those named, or everyone eligible.

    Members who are not eligible are told with their obstacles, where they were
    named. Raises Conflict for a closed campaign.
    """
    by.require(Action.ROSTER_SUBMIT)
    with transaction() as session:
        campaign, unit = _campaign_and_unit(campaign_id, unit_id, by=by)
        _require_open(campaign, unit)
        route = routes_q.routes([unit.path])[unit.path]
        standing = Standing(State.LEFT_OUT, CardKind.STANDARD, route)
        after(standing, Move.DECLARE, by=by.levels)
        lines = rosters_q.members(unit, campaign_id=campaign.id, scope=by.scope)
        taken, refused = _chosen(lines, campaign, member_ids)
        roster = _roster(session, campaign, unit)
        done = _declare(session, taken, roster=roster, by=by)
    return Outcome(done, refused)


def _chosen(
    lines: Sequence[RosterLine],
    campaign: Campaign,
    member_ids: Collection[int] | None,
) -> tuple[list[RosterLine], tuple[Refusal, ...]]:
    if member_ids is None:
        return [
            line
            for line in lines
            if line.state in _NOT_LISTED and not problems_of(line, campaign)
        ], ()
    by_id = {line.member_id: line for line in lines}
    if not set(member_ids) <= set(by_id):
        raise NotFound
    taken, refused = [], []
    for member_id in dict.fromkeys(member_ids):
        line = by_id[member_id]
        problems = problems_of(line, campaign)
        if line.state not in _NOT_LISTED:
            reason = f"Đã có trong danh sách: {STATE_LABELS[line.state]}."
        else:
            reason = " ".join(map(str, problems))
        if reason:
            refused.append(Refusal(line.request_id or 0, line.full_name, reason))
        else:
            taken.append(line)
    return taken, tuple(refused)


def _declare(
    session: Any, taken: Sequence[RosterLine], *, roster: Roster, by: Actor
) -> tuple[RequestLine, ...]:
    if not taken:
        return ()
    event = {
        "move": Move.DECLARE,
        "from_state": State.LEFT_OUT,
        "to_state": State.DECLARED,
        "officer_id": by.officer_id,
        "officer_name": by.name,
        "unit_name": by.unit_name,
        "at": clock.now(),
    }
    again = [line.request_id for line in taken if line.request_id is not None]
    new = [line for line in taken if line.request_id is None]
    ids = rosters_q.add_requests(
        session, new, roster=roster, at=clock.now(), event=event
    )
    if ids:
        audit.record(
            session,
            "request.declare",
            by=by,
            subject="roster",
            subject_id=roster.id,
            unit_path=roster.unit_path,
            detail={"requests": ids},
        )
    if again:
        returning = renewals_q.lines_by_id(again, scope=by.scope)
        apply_move(session, returning, Move.DECLARE, by=by)
    lines = tuple(renewals_q.lines_by_id([*ids, *again], scope=by.scope))
    _refresh_kinds(session, lines)
    return lines


def leave_out(request_ids: Collection[int], *, by: Actor) -> Outcome:
    """Take requests off their list before it is sent, or after they were returned."""
    by.require(Action.ROSTER_SUBMIT)
    if not request_ids:
        raise Invalid("Hãy đánh dấu những người cần bỏ khỏi danh sách.")
    with transaction() as session:
        lines = renewals_q.lines_by_id(request_ids, scope=by.scope)
        return apply_move(session, lines, Move.LEAVE_OUT, by=by)


def submit(campaign_id: int, unit_id: int, *, by: Actor) -> Outcome:
    """Send the list upwards: everyone declared or returned who has no obstacle.

    The others stay and are told. Raises Invalid where nobody is left to send.
    """
    by.require(Action.ROSTER_SUBMIT)
    with transaction() as session:
        campaign, unit = _campaign_and_unit(campaign_id, unit_id, by=by)
        roster = rosters_q.roster_of(campaign.id, unit.id, scope=by.scope)
        states = _sendable(campaign, unit)
        lines = (
            renewals_q.lines(scope=by.scope, states=states, roster_ids=[roster.id])
            if roster
            else []
        )
        if not lines:
            _require_open(campaign, unit)
        ready, refused = _gate(lines, campaign, unit)
        if not ready:
            raise _nothing_to_send(refused)
        ready = _refresh_kinds(session, ready)
        moved = apply_move(session, ready, Move.SUBMIT, by=by)
        if roster is not None:
            roster.last_submitted_at = clock.now()
    return moved + Outcome(refused=refused)


def _sendable(campaign: Campaign, unit: Unit) -> tuple[State, ...]:
    """Give the states from which a list's rows can be sent.

    What was sent before the campaign closed goes on to its end, so a row that comes
    back can be mended and sent again; a row that was never sent cannot.
    """
    return _TO_SEND if takes_new(campaign, unit) else (State.RETURNED,)


def _gate(
    lines: Sequence[RequestLine], campaign: Campaign, unit: Unit
) -> tuple[list[RequestLine], tuple[Refusal, ...]]:
    ready, refused = [], []
    for line in lines:
        problems = _obstacles(line, _kind_of(line), campaign)
        if problems:
            text = " ".join(map(str, problems))
            refused.append(Refusal(line.id, line.full_name, text))
        else:
            ready.append(line)
    return ready, tuple(refused)


def _obstacles(
    line: RosterLine | RequestLine, kind: CardKind, campaign: Campaign
) -> list[Problem]:
    """Name what keeps this kind of card from a member; linked ones the bank's too."""
    found = list(obstacles_to_card(line.candidate))
    if kind.value not in campaign.card_kinds:
        found.append(_kind_problem(kind))
    elif kind is CardKind.LINKED:
        found += bank_lacks(line)
    return found


def _nothing_to_send(refused: tuple[Refusal, ...]) -> Invalid:
    if not refused:
        return Invalid("Danh sách chưa có ai để gửi. Hãy bấm “Lập danh sách” trước.")
    return Invalid(
        "Chưa gửi được ai: mọi người trong danh sách đều còn thiếu thông tin.",
        tuple(Problem(one.reason, one.full_name) for one in refused),
    )


def _refresh_kinds(session: Any, lines: Sequence[RequestLine]) -> list[RequestLine]:
    """Ask for the kind that the member's declaration names now."""
    for kind in CardKind:
        changed = [
            line.id
            for line in lines
            if line.kind is not kind and _kind_of(line) is kind
        ]
        if changed:
            rosters_q.set_kind(session, changed, kind)
    return [replace(line, kind=_kind_of(line)) for line in lines]


def _kind_of(line: RequestLine) -> CardKind:
    return card_kind_for(
        line.wish,
        full_time_official=line.full_time_official,
        union_staff=line.union_staff,
    )


def _kind_problem(kind: CardKind) -> Problem:
    return Problem(
        f"Đợt này không nhận {CARD_KIND_LABELS[kind].lower()}.",
        "Loại thẻ",
        "Sửa loại thẻ trên phiếu, hoặc chờ đợt có loại thẻ này.",
    )


def _roster(session: Any, campaign: Campaign, unit: Unit) -> Roster:
    roster = rosters_q.roster_of(campaign.id, unit.id, scope=Scope(unit.path))
    if roster is None:
        roster = Roster(
            campaign_id=campaign.id,
            unit_id=unit.id,
            unit_path=unit.path,
            created_at=clock.now(),
        )
        session.add(roster)
        session.flush()
    return roster


def _campaign_and_unit(
    campaign_id: int, unit_id: int, *, by: Actor
) -> tuple[Campaign, Unit]:
    unit = units_q.get(unit_id, scope=by.scope)
    campaign = campaigns_q.get_for_list(campaign_id, unit, scope=by.scope)
    if unit.level is not UnionLevel.GRASSROOTS:
        raise NotFound("Danh sách đề nghị đổi thẻ được lập ở công đoàn cơ sở.")
    moved_away = not unit.path.startswith(campaign.unit_path)
    if moved_away and not rosters_q.roster_of(campaign.id, unit.id, scope=by.scope):
        raise NotFound
    return campaign, unit


def takes_new(campaign: Campaign, unit: Unit) -> bool:
    """Say whether the campaign is open, and announced for where the unit stands now."""
    return campaign.closed_at is None and unit.path.startswith(campaign.unit_path)


def _require_open(campaign: Campaign, unit: Unit) -> None:
    if not takes_new(campaign, unit):
        why = "đã đóng" if campaign.closed_at else "là của nơi đơn vị trực thuộc trước"
        raise Conflict(f"Đợt “{campaign.name}” {why}, không nhận danh sách nữa.")
