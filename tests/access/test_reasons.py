"""Why a post may or may not."""

import pytest

from portal.access.actor import Actor
from portal.access.policy import ROLE_ACTIONS, Action, Role, may, roles_with
from portal.access.reasons import why
from portal.domain.union_units import UnionLevel


def actor(role: Role) -> Actor:
    return Actor(
        officer_id=1,
        name="Lê Thị Mẫu",
        post_id=1,
        role=role,
        unit_id=2,
        unit_path="1.2.",
        unit_name="CĐ huyện An Bình",
        level=UnionLevel.UPPER,
        levels=frozenset({UnionLevel.UPPER}),
    )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_the_answer_follows_the_table(role: Role, action: Action) -> None:
    verdict = why(actor(role), action, unit_path="1.2.3.", unit="CĐCS May Ánh Dương")
    assert verdict.allowed is (action in ROLE_ACTIONS[role])
    assert verdict.reason.startswith("Được." if verdict.allowed else "Không.")


def test_a_unit_outside_sounds_like_one_that_is_not_there() -> None:
    sentences = {
        why(
            actor(Role.ADMINISTRATOR), Action.MEMBER_VIEW, unit_path=path, unit="b1"
        ).reason
        for path in ("1.3.", "1.", "1.20.", None)
    }
    assert len(sentences) == 1
    assert "ngoài phạm vi" in sentences.pop()


def test_a_refusal_names_the_roles_that_have_the_right() -> None:
    verdict = why(
        actor(Role.READ_ONLY), Action.REQUEST_APPROVE, unit_path="1.2.", unit="X"
    )
    assert "“Kiểm tra, phê duyệt”" in verdict.reason
    assert "“Chỉ xem”" in verdict.reason


def test_approving_says_that_nobody_approves_their_own() -> None:
    verdict = why(
        actor(Role.APPROVER), Action.REQUEST_APPROVE, unit_path="1.2.", unit="X"
    )
    assert "chính bạn gửi" in verdict.reason


def test_every_right_belongs_to_some_role() -> None:
    assert all(roles_with(action) for action in Action)


def test_whoever_hands_out_accounts_hands_out_no_numbers() -> None:
    for role in Role:
        assert not (
            may(role, Action.OFFICER_MANAGE) and may(role, Action.REQUEST_APPROVE)
        )
