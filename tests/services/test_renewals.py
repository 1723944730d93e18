"""Lists on their way up and back: compiled, sent, forwarded, registered, returned."""

import pytest

from portal.access.policy import Role
from portal.db.models import AuditEntry, CardRequest, Member
from portal.db.queries import campaigns as campaigns_q
from portal.db.queries import renewals as renewals_q
from portal.db.session import db, transaction
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.membership import DuesStanding, MemberStatus
from portal.domain.renewal import Move
from portal.services import campaigns, renewals, rosters
from tests.cast import Cast
from tests.make import make_member
from tests.road import (
    BOTH_KINDS,
    announce,
    approved,
    eligible,
    registered,
    states_of,
    submitted,
)


def test_a_list_holds_who_is_eligible_and_says_why_the_others_are_not(
    cast: Cast,
) -> None:
    campaign = announce(cast)
    [good] = eligible(cast, 1)
    eligible(cast, 1, status=MemberStatus.PAUSED)
    eligible(cast, 1, dues_standing=DuesStanding.ARREARS)
    make_member(unit_id=cast.unit_ids["a1"], full_name="Không Có Ảnh")
    eligible(cast, 1, status=MemberStatus.LEFT)
    by = cast.actor("a1")
    seen = rosters.view(campaign.id, cast.unit_ids["a1"], by=by)
    assert [line.member_id for line in seen.eligible] == [good.id]
    assert sorted(
        problem.text
        for line in seen.hindered
        for problem in seen.problems[line.member_id]
    ) == ["Chưa có ảnh.", "Nợ đoàn phí.", "Đoàn viên tạm dừng sinh hoạt."]
    done = rosters.declare(campaign.id, cast.unit_ids["a1"], by=by).done
    assert [line.member_id for line in done] == [good.id]


def test_members_of_sections_stand_on_their_unions_list(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1, unit="a1_division")
    [request] = submitted(cast, campaign)
    assert (
        db.session.get_one(CardRequest, request).unit_id
        == (cast.unit_ids["a1_division"])
    )


def test_the_compulsory_group_gets_the_linked_card_whatever_it_wished(
    cast: Cast,
) -> None:
    campaign = announce(cast)
    eligible(cast, 1, card_kind=CardKind.STANDARD, full_time_official=True)
    eligible(cast, 1, card_kind=CardKind.LINKED)
    eligible(cast, 1)
    submitted(cast, campaign)
    kinds = [line.kind for line in renewals_q.lines(scope=cast.actor("a1").scope)]
    assert sorted(kinds) == ["linked", "linked", "standard"]


def test_a_kind_that_the_campaign_does_not_take_is_an_obstacle(cast: Cast) -> None:
    campaign = campaigns.announce(
        name="Chỉ thẻ thường",
        card_kinds=[CardKind.STANDARD],
        by=cast.actor("f85", Role.APPROVER),
    )
    [member] = eligible(cast, 1, card_kind=CardKind.LINKED)
    seen = rosters.view(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))
    assert "thẻ liên kết" in seen.problems[member.id][0].text


def test_nobody_is_taken_twice_by_two_campaigns(cast: Cast) -> None:
    eligible(cast, 1)
    submitted(cast, announce(cast))
    second = announce(cast, unit="tld")
    by = cast.actor("a1")
    assert rosters.declare(second.id, cast.unit_ids["a1"], by=by).done == ()
    seen = rosters.view(second.id, cast.unit_ids["a1"], by=by)
    assert "Đợt 1" in seen.problems[seen.hindered[0].member_id][0].text


def test_declaring_twice_changes_nothing(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 2)
    by = cast.actor("a1")
    first = rosters.declare(campaign.id, cast.unit_ids["a1"], by=by)
    second = rosters.declare(campaign.id, cast.unit_ids["a1"], by=by)
    assert (len(first.done), len(second.done)) == (2, 0)


def test_a_member_named_who_is_not_eligible_is_told(cast: Cast) -> None:
    campaign = announce(cast)
    member = make_member(unit_id=cast.unit_ids["a1"])
    outcome = rosters.declare(
        campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"), member_ids=[member.id]
    )
    assert outcome.done == ()
    assert "Chưa có ảnh" in outcome.refused[0].reason


def test_a_member_of_another_union_cannot_be_put_on_the_list(cast: Cast) -> None:
    campaign = announce(cast)
    [stranger] = eligible(cast, 1, unit="a2")
    with pytest.raises(NotFound):
        rosters.declare(
            campaign.id,
            cast.unit_ids["a1"],
            by=cast.actor("upper_a", Role.DATA_ENTRY),
            member_ids=[stranger.id],
        )


def test_who_is_left_out_can_be_put_back_and_the_history_tells_both(
    cast: Cast,
) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    by = cast.actor("a1")
    unit = cast.unit_ids["a1"]
    [line] = rosters.declare(campaign.id, unit, by=by).done
    rosters.leave_out([line.id], by=by)
    assert states_of([line.id]) == ["left_out"]
    rosters.declare(campaign.id, unit, by=by)
    events = renewals_q.events_of(line.id, scope=by.scope)
    assert [event.move for event in events] == ["declare", "leave_out", "declare"]


def test_sending_leaves_behind_who_is_no_longer_eligible(cast: Cast) -> None:
    campaign = announce(cast)
    stays, goes = eligible(cast, 2)
    by = cast.actor("a1")
    rosters.declare(campaign.id, cast.unit_ids["a1"], by=by)
    with transaction() as session:
        session.get_one(Member, stays.id).photo_id = None
    outcome = rosters.submit(campaign.id, cast.unit_ids["a1"], by=by)
    assert [line.member_id for line in outcome.done] == [goes.id]
    assert "Chưa có ảnh" in outcome.refused[0].reason


def test_sending_asks_for_the_kind_that_the_declaration_names_now(cast: Cast) -> None:
    campaign = announce(cast)
    [member] = eligible(cast, 1)
    by = cast.actor("a1")
    rosters.declare(campaign.id, cast.unit_ids["a1"], by=by)
    with transaction() as session:
        session.get_one(Member, member.id).card_kind = CardKind.LINKED
    [line] = rosters.submit(campaign.id, cast.unit_ids["a1"], by=by).done
    fresh = db.session.get_one(CardRequest, line.id, populate_existing=True)
    assert fresh.kind is CardKind.LINKED


def test_an_empty_list_is_not_sent(cast: Cast) -> None:
    campaign = announce(cast)
    with pytest.raises(Invalid, match="chưa có ai"):
        rosters.submit(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))


def test_a_closed_campaign_takes_no_list_and_an_open_one_again_does(
    cast: Cast,
) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    owner = cast.actor("f85", Role.APPROVER)
    closed = campaigns.close(campaign.id, version=1, by=owner)
    with pytest.raises(Conflict, match="đã đóng"):
        rosters.declare(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))
    campaigns.reopen(campaign.id, version=closed.version, by=owner)
    assert submitted(cast, campaign)


def test_the_way_leads_through_upper_and_federation(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    ids = submitted(cast, campaign)
    federation = cast.actor("f85", Role.APPROVER)
    assert renewals.queue(by=federation) == []
    with pytest.raises(NotAllowed, match="cấp trên trực tiếp"):
        renewals.forward_chosen(ids, move=Move.REGISTER, by=federation)
    upper = cast.actor("upper_a", Role.APPROVER)
    assert [move for _group, move in renewals.queue(by=upper)] == [Move.FORWARD]
    renewals.forward_clean(move=Move.FORWARD, by=upper)
    assert states_of(ids) == ["forwarded"]
    renewals.forward_clean(move=Move.REGISTER, by=federation)
    assert states_of(ids) == ["registered"]


def test_a_union_without_upper_goes_straight_to_its_federation(cast: Cast) -> None:
    campaign = announce(cast, unit="sector")
    eligible(cast, 1, unit="s1")
    ids = submitted(cast, campaign, unit="s1")
    renewals.forward_clean(move=Move.REGISTER, by=cast.actor("sector", Role.APPROVER))
    assert states_of(ids) == ["registered"]


def test_a_return_says_why_and_holds_up_nobody_else(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 3)
    ids = submitted(cast, campaign)
    upper = cast.actor("upper_a", Role.APPROVER)
    renewals.send_back({ids[0]: "Ảnh mờ"}, move=Move.RETURN, by=upper)
    renewals.forward_clean(move=Move.FORWARD, by=upper)
    assert states_of(ids) == ["returned", "forwarded", "forwarded"]
    assert db.session.get_one(CardRequest, ids[0]).reason == "Ảnh mờ"


def test_sending_again_empties_the_reason_and_keeps_the_history(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    ids = submitted(cast, campaign)
    upper = cast.actor("upper_a", Role.APPROVER)
    renewals.send_back({ids[0]: "Ảnh mờ"}, move=Move.RETURN, by=upper)
    rosters.submit(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))
    assert states_of(ids) == ["submitted"]
    assert db.session.get_one(CardRequest, ids[0]).reason == ""
    events = renewals_q.events_of(ids[0], scope=upper.scope)
    assert [(event.move, event.reason) for event in events] == [
        ("declare", ""),
        ("submit", ""),
        ("return", "Ảnh mờ"),
        ("submit", ""),
    ]


@pytest.mark.parametrize(
    ("reason", "sentence"), [(" ", "Chưa ghi"), ("x" * 501, "dài")]
)
def test_a_return_without_a_fit_reason_changes_nothing(
    cast: Cast, reason: str, sentence: str
) -> None:
    campaign = announce(cast)
    eligible(cast, 2)
    ids = submitted(cast, campaign)
    upper = cast.actor("upper_a", Role.APPROVER)
    with pytest.raises(Invalid) as refusal:
        renewals.send_back(
            {ids[0]: "Ảnh mờ", ids[1]: reason}, move=Move.RETURN, by=upper
        )
    assert sentence in refusal.value.problems[0].text
    assert states_of(ids) == ["submitted", "submitted"]


def test_only_the_confederation_rejects(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    ids = registered(cast, campaign)
    with pytest.raises(NotAllowed):
        renewals.send_back(
            {ids[0]: "Không đủ"}, move=Move.REJECT, by=cast.actor("f85", Role.APPROVER)
        )
    renewals.send_back(
        {ids[0]: "Không đủ"}, move=Move.REJECT, by=cast.actor("tld", Role.APPROVER)
    )
    assert states_of(ids) == ["rejected"]


def test_the_second_officer_reads_that_somebody_was_faster(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    ids = submitted(cast, campaign)
    upper = cast.actor("upper_a", Role.APPROVER)
    renewals.forward_chosen(ids, move=Move.FORWARD, by=upper)
    with pytest.raises(Conflict, match="Đã kiểm tra, chuyển lên"):
        renewals.send_back({ids[0]: "Ảnh mờ"}, move=Move.RETURN, by=upper)
    assert states_of(ids) == ["forwarded"]


def test_forwarding_leaves_rows_that_lost_their_photo(cast: Cast) -> None:
    campaign = announce(cast)
    first, second = eligible(cast, 2)
    ids = submitted(cast, campaign)
    with transaction() as session:
        session.get_one(Member, first.id).photo_id = None
    outcome = renewals.forward_clean(
        move=Move.FORWARD, by=cast.actor("upper_a", Role.APPROVER)
    )
    assert [line.member_id for line in outcome.done] == [second.id]
    assert len(outcome.refused) == 1
    assert states_of(ids) == ["submitted", "forwarded"]


def test_a_likeness_is_told_within_the_scope_only(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1, full_name="Hoà Bình")
    make_member(unit_id=cast.unit_ids["a2"], full_name="Hòa Bình")
    make_member(unit_id=cast.unit_ids["b1"], full_name="Hòa Bình")
    submitted(cast, campaign)
    by = cast.actor("upper_a", Role.APPROVER)
    outcome = renewals.forward_clean(move=Move.FORWARD, by=by)
    assert outcome.done == ()
    assert "CĐCS Muối Cà Ná" in outcome.refused[0].reason
    assert "Hoa Mai" not in outcome.refused[0].reason


@pytest.mark.parametrize("unit", ["a2", "upper_b", "sector"])
def test_a_request_of_another_subtree_is_not_found(cast: Cast, unit: str) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    ids = submitted(cast, campaign)
    by = cast.actor(unit, Role.APPROVER)
    with pytest.raises(NotFound):
        renewals.forward_chosen(ids, move=Move.FORWARD, by=by)
    with pytest.raises(NotFound):
        renewals_q.get(ids[0], scope=by.scope)
    assert renewals.queue(by=by) == []


def test_only_who_may_submit_compiles_and_sends(cast: Cast) -> None:
    campaign = announce(cast)
    for role in (Role.APPROVER, Role.PRINTER, Role.READ_ONLY):
        by = cast.actor("a1", role)
        with pytest.raises(NotAllowed):
            rosters.declare(campaign.id, cast.unit_ids["a1"], by=by)
        with pytest.raises(NotAllowed):
            rosters.submit(campaign.id, cast.unit_ids["a1"], by=by)


def test_every_move_leaves_one_record_that_names_its_requests(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 2)
    ids = approved(cast, campaign)
    entries = [
        entry
        for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)
        if entry.action.startswith("request.")
    ]
    assert [entry.action for entry in entries] == [
        "request.declare",
        "request.submit",
        "request.forward",
        "request.register",
        "request.approve",
    ]
    assert all(entry.detail["requests"] == ids for entry in entries)
    assert entries[-1].detail["numbers"] == {
        str(ids[0]): "000000000001",
        str(ids[1]): "000000000002",
    }


def test_a_finished_request_does_not_stop_the_next_renewal(cast: Cast) -> None:
    eligible(cast, 1)
    ids = approved(cast, announce(cast))
    with transaction() as session:
        session.get_one(CardRequest, ids[0]).state = "printed"
    assert submitted(cast, announce(cast, name="Đợt 2"))


def test_a_campaign_is_seen_below_and_above_but_not_beside(cast: Cast) -> None:
    campaign = announce(cast)
    for unit in ("f85", "upper_a", "a1", "a1_division", "tld"):
        scope = cast.actor(unit).scope
        assert campaigns_q.get(campaign.id, scope=scope).id == campaign.id
    for unit in ("sector", "s1"):
        with pytest.raises(NotFound):
            campaigns_q.get(campaign.id, scope=cast.actor(unit).scope)
        assert campaigns_q.listed(scope=cast.actor(unit).scope) == []


@pytest.mark.parametrize("unit", ["a1", "upper_a"])
def test_units_below_the_federation_announce_no_campaign(cast: Cast, unit: str) -> None:
    with pytest.raises(NotAllowed):
        announce(cast, unit=unit)


def test_a_unit_has_one_open_campaign_of_a_name(cast: Cast) -> None:
    first = announce(cast)
    for name in ("Đợt 1", " ĐỢT  1 "):
        with pytest.raises(Invalid, match="Đợt 1"):
            announce(cast, name=name)
    assert announce(cast, unit="sector").unit_id != first.unit_id

    owner = cast.actor("f85", Role.APPROVER)
    closed = campaigns.close(first.id, version=first.version, by=owner)
    announce(cast)
    with pytest.raises(Invalid, match="Đợt 1"):
        campaigns.reopen(closed.id, version=closed.version, by=owner)


def test_a_superior_opens_a_campaign_for_a_unit_that_calls_for_one(cast: Cast) -> None:
    top = cast.actor("tld", Role.APPROVER)
    made = campaigns.announce(
        name="Đợt", card_kinds=BOTH_KINDS, by=top, unit_id=cast.unit_ids["f85"]
    )
    assert made.unit_id == cast.unit_ids["f85"]
    with pytest.raises(NotAllowed):
        campaigns.announce(
            name="Đợt", card_kinds=BOTH_KINDS, by=top, unit_id=cast.unit_ids["a1"]
        )


def test_only_the_owner_or_a_superior_closes_a_campaign(cast: Cast) -> None:
    campaign = announce(cast)
    with pytest.raises(NotAllowed):
        campaigns.close(campaign.id, version=1, by=cast.actor("upper_a", Role.APPROVER))
    with pytest.raises(NotFound):
        campaigns.close(campaign.id, version=1, by=cast.actor("sector", Role.APPROVER))
    campaigns.close(campaign.id, version=1, by=cast.actor("tld", Role.APPROVER))


def test_a_campaign_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    campaign = announce(cast)
    owner = cast.actor("f85", Role.APPROVER)
    campaigns.close(campaign.id, version=1, by=owner)
    with pytest.raises(Conflict):
        campaigns.reopen(campaign.id, version=1, by=owner)
