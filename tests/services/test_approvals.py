"""Approval: who may, which numbers, what stays when somebody was faster."""

import threading
from dataclasses import replace

import pytest
from flask import Flask

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import CardRequest, Member, ReservedNumber, Unit
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.errors import Conflict, DomainError, NotAllowed, NotFound
from portal.domain.membership import MemberStatus
from portal.domain.renewal import Move
from portal.services import approvals, desk, renewals, rosters
from tests.cast import Cast
from tests.make import make_member
from tests.road import announce, approved, eligible, registered, states_of, submitted


def numbers_held() -> list[str]:
    db.session.rollback()
    members = db.session.query(Member).filter(Member.member_number.is_not(None))
    return sorted(str(member.member_number) for member in members)


def test_approval_gives_number_vpoint_code_and_the_unions_name(cast: Cast) -> None:
    [member] = eligible(cast, 1, unit="a1_division")
    ids = approved(cast, announce(cast))
    fresh = db.session.get_one(Member, member.id, populate_existing=True)
    request = db.session.get_one(CardRequest, ids[0], populate_existing=True)
    assert fresh.member_number == "000000000001"
    assert not fresh.number_is_provisional
    assert len(fresh.vpoint_code or "") == 10
    assert "000000000001" in fresh.search_text
    assert request.unit_name_on_card == "CĐCS May Ánh Dương"
    assert request.approved_at is not None


def test_the_name_on_the_card_stays_when_the_union_is_renamed(cast: Cast) -> None:
    eligible(cast, 1)
    ids = approved(cast, announce(cast))
    with transaction() as session:
        session.get_one(Unit, cast.unit_ids["a1"]).name = "Tên mới"
    request = db.session.get_one(CardRequest, ids[0], populate_existing=True)
    assert request.unit_name_on_card == "CĐCS May Ánh Dương"


def test_numbers_follow_one_another_and_begin_where_the_setting_says(
    app: Flask, cast: Cast
) -> None:
    app.config["PORTAL_FIRST_NUMBER"] = 85_000_012_345
    eligible(cast, 3)
    campaign = announce(cast)
    approved(cast, campaign)
    eligible(cast, 2, unit="b1")
    approved(cast, campaign, unit="b1")
    assert numbers_held() == [f"0850000123{n}" for n in range(45, 50)]


def test_a_number_that_was_ever_given_is_skipped(cast: Cast) -> None:
    with transaction() as session:
        tombstone = ReservedNumber(
            number="000000000002", source="imported", at=clock.now()
        )
        session.add(tombstone)
    make_member(unit_id=cast.unit_ids["b1"], member_number="000000000003")
    eligible(cast, 3)
    ids = registered(cast, announce(cast))
    plan = approvals.plan(by=cast.actor("tld", Role.APPROVER), request_ids=ids)
    assert (plan.new_numbers.first, plan.new_numbers.last) == (
        "000000000001",
        "000000000005",
    )
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    assert numbers_held() == [f"00000000000{n}" for n in (1, 3, 4, 5)]


def test_a_member_keeps_the_number_they_have(cast: Cast) -> None:
    eligible(cast, 1, member_number="085000000777", vpoint_code="OLD")
    ids = registered(cast, announce(cast))
    plan = approvals.plan(by=cast.actor("tld", Role.APPROVER))
    assert (plan.keep_number, plan.new_numbers.count) == (1, 0)
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    assert numbers_held() == ["085000000777"]
    assert db.session.get_one(ReservedNumber, "085000000777").source == "kept"


def test_a_provisional_number_is_replaced_and_stays_reserved(cast: Cast) -> None:
    eligible(cast, 1, member_number="999000000001", number_is_provisional=True)
    approved(cast, announce(cast))
    assert numbers_held() == ["000000000001"]
    assert db.session.get_one(ReservedNumber, "999000000001").source == "provisional"


def test_nobody_approves_what_they_sent_up_themselves(cast: Cast) -> None:
    eligible(cast, 2)
    ids = registered(cast, announce(cast))
    both = replace(
        cast.actor("tld", Role.APPROVER),
        officer_id=cast.actor("f85", Role.APPROVER).officer_id,
    )
    with pytest.raises(Conflict, match="một người khác"):
        approvals.approve(ids, by=both)
    assert states_of(ids) == ["registered", "registered"]
    assert numbers_held() == []


def test_own_rows_are_told_and_the_others_approved(cast: Cast) -> None:
    eligible(cast, 1)
    campaign = announce(cast)
    own = registered(cast, campaign)
    eligible(cast, 1, unit="b1")
    sent = submitted(cast, campaign, unit="b1")
    upper_b = cast.actor("upper_b", Role.APPROVER)
    renewals.forward_chosen(sent, move=Move.FORWARD, by=upper_b)
    second = replace(cast.actor("f85", Role.APPROVER), officer_id=upper_b.officer_id)
    renewals.forward_chosen(sent, move=Move.REGISTER, by=second)
    both = replace(
        cast.actor("tld", Role.APPROVER),
        officer_id=cast.actor("f85", Role.APPROVER).officer_id,
    )
    outcome = approvals.approve([*own, *sent], by=both)
    assert [line.id for line in outcome.done] == sent
    assert [one.request_id for one in outcome.refused] == own


@pytest.mark.parametrize("unit", ["a1", "upper_a", "f85"])
def test_only_the_confederation_approves(cast: Cast, unit: str) -> None:
    eligible(cast, 1)
    ids = registered(cast, announce(cast))
    with pytest.raises(DomainError, match="Tổng Liên đoàn"):
        approvals.approve(ids, by=cast.actor(unit, Role.APPROVER))
    assert states_of(ids) == ["registered"]


def test_only_an_approver_approves(cast: Cast) -> None:
    eligible(cast, 1)
    ids = registered(cast, announce(cast))
    with pytest.raises(NotAllowed):
        approvals.approve(ids, by=cast.actor("tld", Role.ADMINISTRATOR))


def test_a_request_outside_the_scope_is_not_found(cast: Cast) -> None:
    eligible(cast, 1)
    ids = registered(cast, announce(cast))
    with pytest.raises(NotFound):
        approvals.approve(ids, by=cast.actor("sector", Role.APPROVER))


def test_who_left_meanwhile_gets_no_number(cast: Cast) -> None:
    first, second = eligible(cast, 2)
    ids = registered(cast, announce(cast))
    with transaction() as session:
        session.get_one(Member, second.id).status = MemberStatus.LEFT
    outcome = approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    assert [line.member_id for line in outcome.done] == [first.id]
    assert "ra khỏi công đoàn" in outcome.refused[0].reason
    assert numbers_held() == ["000000000001"]


def test_the_second_of_two_officers_reads_who_was_faster(cast: Cast) -> None:
    eligible(cast, 2)
    ids = approved(cast, announce(cast))
    with pytest.raises(Conflict, match="Đã duyệt, có mã số"):
        approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    assert len(numbers_held()) == 2


def test_where_numbers_come_from_outside_approval_waits_for_them(
    app: Flask, cast: Cast
) -> None:
    app.config["PORTAL_ALLOTS_NUMBERS"] = False
    eligible(cast, 1)
    eligible(cast, 1, member_number="085000000777")
    ids = registered(cast, announce(cast))
    plan = approvals.plan(by=cast.actor("tld", Role.APPROVER))
    assert (plan.await_number, plan.keep_number) == (1, 1)
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    assert sorted(states_of(ids)) == ["approved", "awaiting_number"]
    assert numbers_held() == ["085000000777"]


def test_who_waits_for_a_number_gets_one_once_numbers_are_allotted_here(
    app: Flask, cast: Cast
) -> None:
    app.config["PORTAL_ALLOTS_NUMBERS"] = False
    eligible(cast, 1)
    ids = registered(cast, announce(cast))
    by = cast.actor("tld", Role.APPROVER)
    approvals.approve(ids, by=by)
    assert approvals.plan(by=by).request_ids == ()
    assert waiting_on_desk(by) == 0
    with pytest.raises(Conflict, match="chờ mã số"):
        approvals.approve(ids, by=by)
    assert states_of(ids) == ["awaiting_number"]
    app.config["PORTAL_ALLOTS_NUMBERS"] = True
    assert approvals.plan(by=by).request_ids == tuple(ids)
    assert waiting_on_desk(by) == 1
    approvals.approve(ids, by=by)
    assert states_of(ids) == ["approved"]
    assert numbers_held() == ["000000000001"]


def waiting_on_desk(by: Actor) -> int:
    return sum(one.count for one in desk.tasks(by=by) if "duyệt" in one.label)


@pytest.mark.parametrize(
    ("unit", "role"),
    [
        ("a1", Role.DATA_ENTRY),
        ("upper_a", Role.APPROVER),
        ("f85", Role.APPROVER),
    ],
)
def test_each_move_up_alone_keeps_its_maker_from_approving(
    cast: Cast, unit: str, role: Role
) -> None:
    """Sent, forwarded, registered: by three officers, none of whom approves."""
    eligible(cast, 1)
    ids = registered(cast, announce(cast))
    same = replace(
        cast.actor("tld", Role.APPROVER), officer_id=cast.actor(unit, role).officer_id
    )
    with pytest.raises(Conflict, match="một người khác"):
        approvals.approve(ids, by=same)
    assert states_of(ids) == ["registered"]
    assert numbers_held() == []


def test_all_clean_leaves_likenesses_for_a_person(cast: Cast) -> None:
    eligible(cast, 1, full_name="Lê Văn Trùng")
    eligible(cast, 1, unit="b1", full_name="Lê Văn Trùng")
    eligible(cast, 1)
    ids = registered(cast, announce(cast))
    by = cast.actor("tld", Role.APPROVER)
    plan = approvals.plan(by=by)
    assert len(plan.request_ids) == 1
    assert "CĐCS Trường Hoa Mai" in plan.held[0].reason
    assert len(approvals.approve(ids, by=by).done) == 2


def test_officers_at_once_leave_every_number_once_and_no_gap(
    app: Flask, cast: Cast
) -> None:
    eligible(cast, 24)
    ids = registered(cast, announce(cast))
    # Each wants two thirds of the list, so that every request is wanted twice.
    wanted = [ids[0:16], ids[8:24], ids[16:24] + ids[0:8]]
    start = threading.Barrier(len(wanted))
    errors: list[BaseException] = []

    def approve(part: list[int], by: object) -> None:
        with app.app_context():
            start.wait()
            try:
                for at in range(0, len(part), 4):
                    try:
                        approvals.approve(part[at : at + 4], by=by)
                    except Conflict:
                        continue
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    by = cast.actor("tld", Role.APPROVER)
    db.session.rollback()
    threads = [threading.Thread(target=approve, args=(part, by)) for part in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert numbers_held() == [f"{n:012d}" for n in range(1, 25)]
    assert set(states_of(ids)) == {"approved"}


def test_an_approved_request_comes_back_and_keeps_its_number(cast: Cast) -> None:
    eligible(cast, 1)
    ids = approved(cast, announce(cast))
    reasons = {ids[0]: "Sai họ tên"}
    with pytest.raises(DomainError):
        renewals.send_back(
            reasons, move=Move.RETURN, by=cast.actor("f85", Role.APPROVER)
        )
    by = cast.actor("tld", Role.APPROVER)
    renewals.send_back(reasons, move=Move.RETURN, by=by)
    assert states_of(ids) == ["returned"]
    assert numbers_held() == ["000000000001"]
    campaign = db.session.get_one(CardRequest, ids[0]).campaign_id
    rosters.submit(campaign, cast.unit_ids["a1"], by=cast.actor("a1"))
    upper, federation = (cast.actor(u, Role.APPROVER) for u in ("upper_a", "f85"))
    renewals.forward_chosen(ids, move=Move.FORWARD, by=upper)
    renewals.forward_chosen(ids, move=Move.REGISTER, by=federation)
    approvals.approve(ids, by=by)
    assert states_of(ids) == ["approved"]
    assert numbers_held() == ["000000000001"]
