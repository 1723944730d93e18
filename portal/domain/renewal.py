"""The life of a card request: states, moves, and the one table that joins them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, NotAllowed, Problem
from portal.domain.union_units import UNION_LEVEL_LABELS, UnionLevel


class State(StrEnum):
    """Where a request stands (P2, 5)."""

    LEFT_OUT = "left_out"
    DECLARED = "declared"
    SUBMITTED = "submitted"
    FORWARDED = "forwarded"
    REGISTERED = "registered"
    RETURNED = "returned"
    AWAITING_NUMBER = "awaiting_number"
    APPROVED = "approved"
    REJECTED = "rejected"
    IN_PRINT = "in_print"
    PRINTED = "printed"
    SENT_TO_BANK = "sent_to_bank"


STATE_LABELS = {
    State.LEFT_OUT: "Ngoài danh sách",
    State.DECLARED: "Trong danh sách, chưa gửi",
    State.SUBMITTED: "Đã gửi, chờ kiểm tra",
    State.FORWARDED: "Đã kiểm tra, chuyển lên",
    State.REGISTERED: "Đã trình duyệt",
    State.RETURNED: "Bị trả lại",
    State.AWAITING_NUMBER: "Đã duyệt, chờ mã số",
    State.APPROVED: "Đã duyệt, có mã số",
    State.REJECTED: "Không duyệt",
    State.IN_PRINT: "Trong lô in",
    State.PRINTED: "Đã xuất in",
    State.SENT_TO_BANK: "Đã gửi ngân hàng",
}

# A request in one of these is under way and keeps its member off every other
# roster; a finished one does not stop the next renewal.
UNFINISHED_STATES = frozenset(State) - {
    State.LEFT_OUT,
    State.REJECTED,
    State.PRINTED,
    State.SENT_TO_BANK,
}


# What is being looked at, or was approved, is what must come to be printed: while
# a request stands in one of these its member stays the same person.
PERSON_FIXED_STATES = UNFINISHED_STATES - {State.DECLARED, State.RETURNED}


class Move(StrEnum):
    """What an officer does to a request."""

    DECLARE = "declare"
    LEAVE_OUT = "leave_out"
    SUBMIT = "submit"
    FORWARD = "forward"
    REGISTER = "register"
    APPROVE = "approve"
    ENDORSE = "endorse"
    RECEIVE_NUMBER = "receive_number"
    REJECT = "reject"
    RETURN = "return"
    PUT_IN_BATCH = "put_in_batch"
    TAKE_OUT_OF_BATCH = "take_out_of_batch"
    PRINT = "print"
    SEND_TO_BANK = "send_to_bank"


MOVE_LABELS = {
    Move.DECLARE: "Đưa vào danh sách",
    Move.LEAVE_OUT: "Bỏ khỏi danh sách",
    Move.SUBMIT: "Gửi danh sách",
    Move.FORWARD: "Chuyển lên cấp trên",
    Move.REGISTER: "Trình Tổng Liên đoàn",
    Move.APPROVE: "Duyệt và cấp mã số",
    Move.ENDORSE: "Duyệt, chờ mã số",
    Move.RECEIVE_NUMBER: "Nhận mã số của Tổng Liên đoàn",
    Move.REJECT: "Không duyệt",
    Move.RETURN: "Trả lại",
    Move.PUT_IN_BATCH: "Đưa vào lô in",
    Move.TAKE_OUT_OF_BATCH: "Đưa ra khỏi lô in",
    Move.PRINT: "Xuất in",
    Move.SEND_TO_BANK: "Gửi ngân hàng",
}

MOVES_WITH_REASON = frozenset({Move.RETURN, Move.REJECT})

# The moves that carry a list upwards, the furthest first.
MOVES_UP = (Move.APPROVE, Move.REGISTER, Move.FORWARD)

# Whoever made one of these moves on a request may not approve it (four eyes).
MOVES_BEFORE_APPROVAL = frozenset({Move.SUBMIT, Move.FORWARD, Move.REGISTER})


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: where a move leads, and which levels make it.

    ``unless_route_has`` shuts the step where the request's way up still holds
    that level; ``kind`` limits it to one kind of card; ``standing_in_for`` opens
    it only to a unit that acts for that level as well.
    """

    target: State
    by: frozenset[UnionLevel]
    unless_route_has: UnionLevel | None = None
    kind: CardKind | None = None
    standing_in_for: UnionLevel | None = None


_L = UnionLevel
_GRASSROOTS_OR_ON_ITS_BEHALF = frozenset({_L.GRASSROOTS, _L.UPPER, _L.FEDERATION})
_UPPER = frozenset({_L.UPPER})
_FEDERATION = frozenset({_L.FEDERATION})
_CONFEDERATION = frozenset({_L.CONFEDERATION})


def _short_way(target: State, *, past_upper: bool) -> Step:
    """Give the step of a top unit that is federation and confederation in one.

    It needs not first register a list with itself: two people are enough.
    """
    return Step(
        target,
        _CONFEDERATION,
        unless_route_has=None if past_upper else _L.UPPER,
        standing_in_for=_L.FEDERATION,
    )


# P2, 5: step 1 the grassroots union (P2 also lets the federation enter for it),
# step 2 upper union → federation → confederation, step 3 print or bank.
MOVES: dict[tuple[State, Move], Step] = {
    (State.LEFT_OUT, Move.DECLARE): Step(State.DECLARED, _GRASSROOTS_OR_ON_ITS_BEHALF),
    (State.DECLARED, Move.LEAVE_OUT): Step(
        State.LEFT_OUT, _GRASSROOTS_OR_ON_ITS_BEHALF
    ),
    (State.RETURNED, Move.LEAVE_OUT): Step(
        State.LEFT_OUT, _GRASSROOTS_OR_ON_ITS_BEHALF
    ),
    (State.DECLARED, Move.SUBMIT): Step(State.SUBMITTED, _GRASSROOTS_OR_ON_ITS_BEHALF),
    (State.RETURNED, Move.SUBMIT): Step(State.SUBMITTED, _GRASSROOTS_OR_ON_ITS_BEHALF),
    (State.SUBMITTED, Move.FORWARD): Step(State.FORWARDED, _UPPER),
    (State.SUBMITTED, Move.REGISTER): Step(
        State.REGISTERED, _FEDERATION, unless_route_has=_L.UPPER
    ),
    (State.FORWARDED, Move.REGISTER): Step(State.REGISTERED, _FEDERATION),
    (State.REGISTERED, Move.APPROVE): Step(State.APPROVED, _CONFEDERATION),
    # Where the Confederation stands outside this installation, its numbers come
    # back as a sheet; it may answer before anybody here has endorsed the list.
    # Where it works here, no sheet goes past it.
    (State.REGISTERED, Move.ENDORSE): Step(State.AWAITING_NUMBER, _CONFEDERATION),
    (State.REGISTERED, Move.RECEIVE_NUMBER): Step(
        State.APPROVED,
        _FEDERATION | _CONFEDERATION,
        unless_route_has=_L.CONFEDERATION,
    ),
    (State.AWAITING_NUMBER, Move.RECEIVE_NUMBER): Step(
        State.APPROVED, _FEDERATION | _CONFEDERATION
    ),
    # Where this installation begins to allot numbers itself, none comes as a sheet
    # any more: the Confederation gives one to whoever still waits.
    (State.AWAITING_NUMBER, Move.APPROVE): Step(State.APPROVED, _CONFEDERATION),
    (State.AWAITING_NUMBER, Move.RETURN): Step(
        State.RETURNED, _FEDERATION | _CONFEDERATION
    ),
    (State.REGISTERED, Move.REJECT): Step(State.REJECTED, _CONFEDERATION),
    (State.SUBMITTED, Move.APPROVE): _short_way(State.APPROVED, past_upper=False),
    (State.FORWARDED, Move.APPROVE): _short_way(State.APPROVED, past_upper=True),
    (State.SUBMITTED, Move.ENDORSE): _short_way(
        State.AWAITING_NUMBER, past_upper=False
    ),
    (State.FORWARDED, Move.ENDORSE): _short_way(State.AWAITING_NUMBER, past_upper=True),
    (State.SUBMITTED, Move.REJECT): _short_way(State.REJECTED, past_upper=False),
    (State.FORWARDED, Move.REJECT): _short_way(State.REJECTED, past_upper=True),
    (State.SUBMITTED, Move.RETURN): Step(State.RETURNED, _UPPER | _FEDERATION),
    (State.FORWARDED, Move.RETURN): Step(State.RETURNED, _FEDERATION),
    (State.REGISTERED, Move.RETURN): Step(State.RETURNED, _CONFEDERATION),
    # The only way to mend a person who is approved: the number stays with them.
    (State.APPROVED, Move.RETURN): Step(State.RETURNED, _CONFEDERATION),
    (State.APPROVED, Move.PUT_IN_BATCH): Step(
        State.IN_PRINT, _FEDERATION, kind=CardKind.STANDARD
    ),
    (State.IN_PRINT, Move.TAKE_OUT_OF_BATCH): Step(State.APPROVED, _FEDERATION),
    # Only while nobody has taken the files: services/prints.py sees to that.
    (State.PRINTED, Move.TAKE_OUT_OF_BATCH): Step(State.APPROVED, _FEDERATION),
    (State.IN_PRINT, Move.PRINT): Step(State.PRINTED, _FEDERATION),
    (State.APPROVED, Move.SEND_TO_BANK): Step(
        State.SENT_TO_BANK, _FEDERATION, kind=CardKind.LINKED
    ),
}


# Whoever is listed in one of these waits for the Confederation's number.
NUMBER_WAITING_STATES = frozenset(
    state for state, move in MOVES if move is Move.RECEIVE_NUMBER
)


def states_sent_on(*, allots_numbers: bool) -> frozenset[State]:
    """Give the states from which somebody sends a request on upwards.

    Whoever waits for a number waits for an officer only where this installation
    allots numbers; else for a sheet from outside.
    """
    states = frozenset(state for state, move in MOVES if move in MOVES_UP)
    return states if allots_numbers else states - {State.AWAITING_NUMBER}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table needs to know of one request.

    ``route`` holds the levels on the request's way up, from its grassroots union
    to the top of the tree, both included.
    """

    state: State
    kind: CardKind
    route: frozenset[UnionLevel]


def after(standing: Standing, move: Move, *, by: Collection[UnionLevel]) -> State:
    """Give the state after ``move``, made by a unit acting for the levels ``by``.

    Raises Conflict where the request does not stand where the move begins (most
    often: somebody was faster), NotAllowed where another level must make it.
    """
    step = MOVES.get((standing.state, move))
    if step is None or step.standing_in_for not in (None, *by):
        raise Conflict(
            f"Không thể “{MOVE_LABELS[move]}”: đề nghị đang ở bước"
            f" “{STATE_LABELS[standing.state]}”. Tải lại trang để xem bước hiện tại."
        )
    if step.kind is not None and step.kind is not standing.kind:
        raise Conflict(
            "Thẻ liên kết do ngân hàng in, không đưa vào lô in tại văn phòng."
            if standing.kind is CardKind.LINKED
            else "Thẻ thông thường được in tại đơn vị, không gửi ngân hàng."
        )
    if step.unless_route_has in standing.route and step.unless_route_has not in by:
        raise NotAllowed(_PASSED_OVER[step.unless_route_has])
    if not step.by & set(by):
        wanted = ", ".join(
            UNION_LEVEL_LABELS[level] for level in UnionLevel if level in step.by
        )
        if _makes_elsewhere(move, by):
            raise Conflict(
                f"Đề nghị đã sang bước “{STATE_LABELS[standing.state]}”; ở bước này"
                f" “{MOVE_LABELS[move]}” là việc của: {wanted}."
            )
        raise NotAllowed(f"“{MOVE_LABELS[move]}” là việc của: {wanted}.")
    return step.target


_PASSED_OVER = {
    UnionLevel.UPPER: (
        f"Danh sách còn phải qua {UNION_LEVEL_LABELS[UnionLevel.UPPER].lower()} trước."
    ),
    UnionLevel.CONFEDERATION: (
        "Tổng Liên đoàn chưa duyệt đề nghị này. Chờ duyệt xong rồi nhập mã số."
    ),
}


def _makes_elsewhere(move: Move, by: Collection[UnionLevel]) -> bool:
    """Say whether this level makes the move from another state: somebody was faster."""
    return any(
        step.by & set(by) for (_state, its), step in MOVES.items() if its is move
    )


def moves_open(standing: Standing, *, by: Collection[UnionLevel]) -> tuple[Move, ...]:
    """List the moves that a unit acting for ``by`` can make from here."""
    found = []
    for state, move in MOVES:
        if state is not standing.state:
            continue
        try:
            after(standing, move, by=by)
        except (Conflict, NotAllowed):
            continue
        found.append(move)
    return tuple(found)


def person_is_fixed(state: State) -> Problem:
    """Say why a person cannot be changed while a request stands here; the way out."""
    if state is State.IN_PRINT:
        way = "Nếu sai, nhờ nơi in bỏ lô in, rồi nhờ cấp đã duyệt trả lại đề nghị"
    elif state in {State.APPROVED, State.AWAITING_NUMBER}:
        way = "Nếu sai, nhờ cấp đã duyệt trả lại đề nghị"
    else:
        way = "Nếu sai, nhờ cấp trên trả lại đề nghị"
    return Problem(
        f"Không sửa được khi đề nghị cấp thẻ đang ở bước “{STATE_LABELS[state]}”.",
        fix=f"{way}, rồi sửa và gửi lại.",
    )


def move_up(standing: Standing, *, by: Collection[UnionLevel]) -> Move | None:
    """Give the move by which a unit acting for ``by`` sends the request on.

    None where the request does not wait for this unit. A unit that stands in for
    several levels makes the furthest step that the table lets it make.
    """
    open_here = moves_open(standing, by=by)
    return next((move for move in MOVES_UP if move in open_here), None)
