"""The table of moves: every state, move, level and way up that it knows."""

from itertools import product

import pytest

from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, NotAllowed
from portal.domain.renewal import (
    MOVE_LABELS,
    MOVES,
    PERSON_FIXED_STATES,
    STATE_LABELS,
    Move,
    Standing,
    State,
    after,
    move_up,
    moves_open,
)
from portal.domain.union_units import UnionLevel, levels_acted_for

L = UnionLevel
FULL = frozenset({L.GRASSROOTS, L.UPPER, L.FEDERATION, L.CONFEDERATION})
WITHOUT_UPPER = FULL - {L.UPPER}


def standing(
    state: State, *, route: frozenset[L] = FULL, kind: CardKind = CardKind.STANDARD
) -> Standing:
    return Standing(state, kind, route)


def test_every_state_and_move_has_its_words() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(MOVE_LABELS) == set(Move)


def test_every_state_but_the_first_is_reached_by_some_move() -> None:
    assert {step.target for step in MOVES.values()} == set(State)


def test_what_the_table_does_not_name_is_a_conflict() -> None:
    for state, move in product(State, Move):
        if (state, move) not in MOVES:
            with pytest.raises(Conflict, match=STATE_LABELS[state]):
                after(standing(state), move, by=FULL)


@pytest.mark.parametrize(
    ("state", "route", "level", "move"),
    [
        (State.SUBMITTED, FULL, L.UPPER, Move.FORWARD),
        (State.SUBMITTED, FULL, L.FEDERATION, None),
        (State.SUBMITTED, WITHOUT_UPPER, L.FEDERATION, Move.REGISTER),
        (State.FORWARDED, FULL, L.FEDERATION, Move.REGISTER),
        (State.FORWARDED, FULL, L.UPPER, None),
        (State.REGISTERED, FULL, L.CONFEDERATION, Move.APPROVE),
        (State.REGISTERED, FULL, L.FEDERATION, None),
        (State.AWAITING_NUMBER, FULL, L.CONFEDERATION, Move.APPROVE),
        (State.AWAITING_NUMBER, FULL, L.FEDERATION, None),
        (State.SUBMITTED, WITHOUT_UPPER, L.CONFEDERATION, None),
        (State.APPROVED, FULL, L.CONFEDERATION, None),
    ],
)
def test_who_sends_a_request_on(
    state: State, route: frozenset[L], level: L, move: Move | None
) -> None:
    assert move_up(standing(state, route=route), by={level}) is move


def test_a_sheet_of_numbers_goes_past_no_confederation_of_the_installation() -> None:
    place = standing(State.REGISTERED)
    with pytest.raises(NotAllowed, match="Tổng Liên đoàn chưa duyệt"):
        after(place, Move.RECEIVE_NUMBER, by={L.FEDERATION})
    place = standing(State.REGISTERED, route=FULL - {L.CONFEDERATION})
    assert after(place, Move.RECEIVE_NUMBER, by={L.FEDERATION}) is State.APPROVED


@pytest.mark.parametrize("top", [L.FEDERATION, L.UPPER, L.GRASSROOTS])
def test_a_top_unit_that_stands_for_all_above_approves_in_one_step(top: L) -> None:
    by = levels_acted_for(top, is_top=True)
    route = frozenset({L.GRASSROOTS, top})
    assert move_up(standing(State.SUBMITTED, route=route), by=by) is Move.APPROVE


def test_a_lone_federation_waits_for_its_upper_unions() -> None:
    by = levels_acted_for(L.FEDERATION, is_top=True)
    route = frozenset({L.GRASSROOTS, L.UPPER, L.FEDERATION})
    assert move_up(standing(State.SUBMITTED, route=route), by=by) is None
    assert move_up(standing(State.FORWARDED, route=route), by=by) is Move.APPROVE


def test_what_was_approved_goes_back_only_from_where_it_was_approved() -> None:
    approved = standing(State.APPROVED)
    assert after(approved, Move.RETURN, by={L.CONFEDERATION}) is State.RETURNED
    with pytest.raises(Conflict, match="Tổng Liên đoàn"):
        after(approved, Move.RETURN, by={L.FEDERATION})


@pytest.mark.parametrize("state", sorted(PERSON_FIXED_STATES))
def test_whoever_is_fixed_can_be_sent_back_in_few_moves(state: State) -> None:
    place = standing(state)
    if state is State.IN_PRINT:
        place = standing(after(place, Move.TAKE_OUT_OF_BATCH, by=FULL))
    assert after(place, Move.RETURN, by=FULL) is State.RETURNED


def test_another_levels_work_is_not_allowed() -> None:
    with pytest.raises(NotAllowed, match="Tổng Liên đoàn"):
        after(standing(State.REGISTERED), Move.APPROVE, by={L.UPPER})


def test_ones_own_move_come_too_late_is_a_conflict() -> None:
    with pytest.raises(Conflict, match=STATE_LABELS[State.FORWARDED]):
        after(standing(State.FORWARDED), Move.RETURN, by={L.UPPER})


def test_sections_make_no_move_at_all() -> None:
    for state in State:
        assert moves_open(standing(state), by=frozenset()) == ()


@pytest.mark.parametrize(
    ("kind", "move"),
    [
        (CardKind.LINKED, Move.PUT_IN_BATCH),
        (CardKind.STANDARD, Move.SEND_TO_BANK),
    ],
)
def test_each_kind_of_card_is_made_in_its_own_place(kind: CardKind, move: Move) -> None:
    with pytest.raises(Conflict):
        after(standing(State.APPROVED, kind=kind), move, by={L.FEDERATION})
