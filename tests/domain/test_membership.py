"""Who may ask for a card, and which one."""

import pytest

from portal.domain.card_kinds import CardKind, card_kind_for
from portal.domain.membership import (
    Candidate,
    DuesStanding,
    MemberStatus,
    obstacles_to_card,
)


def candidate(**changed: object) -> Candidate:
    values = {
        "status": MemberStatus.ACTIVE,
        "dues": DuesStanding.PAYING,
        "has_photo": True,
        "has_identity_number": True,
    }
    return Candidate(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("dues", [DuesStanding.PAYING, DuesStanding.EXEMPT])
def test_an_active_member_who_pays_or_is_exempt_is_eligible(
    dues: DuesStanding,
) -> None:
    assert obstacles_to_card(candidate(dues=dues)) == ()


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"status": MemberStatus.PAUSED}, "Tình trạng"),
        ({"status": MemberStatus.LEFT}, "Tình trạng"),
        ({"dues": DuesStanding.ARREARS}, "Đoàn phí"),
        ({"dues": DuesStanding.UNKNOWN}, "Đoàn phí"),
        ({"has_photo": False}, "Ảnh 2×3"),
        ({"has_identity_number": False}, "Giấy tờ"),
    ],
)
def test_each_obstacle_is_named_with_what_to_do(changed: dict, where: str) -> None:
    [problem] = obstacles_to_card(candidate(**changed))
    assert problem.where == where
    assert problem.fix


def test_all_obstacles_are_named_at_once() -> None:
    worst = candidate(
        status=MemberStatus.LEFT,
        dues=DuesStanding.ARREARS,
        has_photo=False,
        has_identity_number=False,
    )
    assert len(obstacles_to_card(worst)) == 4


@pytest.mark.parametrize(
    ("wish", "official", "staff", "kind"),
    [
        (None, False, False, CardKind.STANDARD),
        (CardKind.LINKED, False, False, CardKind.LINKED),
        (CardKind.STANDARD, True, False, CardKind.LINKED),
        (CardKind.STANDARD, False, True, CardKind.LINKED),
        (None, True, False, CardKind.LINKED),
    ],
)
def test_the_linked_card_is_compulsory_for_officials_and_staff(
    wish: CardKind | None, official: bool, staff: bool, kind: CardKind
) -> None:
    found = card_kind_for(wish, full_time_official=official, union_staff=staff)
    assert found is kind
