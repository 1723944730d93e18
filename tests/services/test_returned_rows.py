"""A row that comes back is never stuck: after the closing, and after a move."""

import pytest

from portal.access.policy import Role
from portal.db.models import Post, RequestEvent, Unit
from portal.db.queries.officers import actor_of
from portal.db.session import db
from portal.domain.errors import Conflict
from portal.domain.renewal import Move
from portal.services import campaigns, renewals, rosters, units
from tests.cast import Cast
from tests.road import announce, eligible, states_of, submitted


def close(cast: Cast, campaign) -> None:
    campaigns.close(
        campaign.id, version=campaign.version, by=cast.actor("f85", Role.APPROVER)
    )


def give_back(cast: Cast, request_id: int, *, by: str) -> None:
    renewals.send_back(
        {request_id: "Ảnh mờ"}, move=Move.RETURN, by=cast.actor(by, Role.APPROVER)
    )


def move_away(cast: Cast) -> None:
    unit = db.session.get_one(Unit, cast.unit_ids["a1"], populate_existing=True)
    units.move_unit(
        unit.id,
        new_parent_id=cast.unit_ids["sector"],
        version=unit.version,
        by=cast.actor("tld", Role.ADMINISTRATOR),
    )


def a1_now(cast: Cast):
    """Give the officer of the union as they sign in after the move."""
    db.session.expire_all()
    return actor_of(db.session.get_one(Post, cast.actor("a1").post_id))


def test_a_row_returned_after_the_closing_is_sent_again(cast: Cast) -> None:
    campaign, by = announce(cast), cast.actor("a1")
    eligible(cast, 1)
    [request] = submitted(cast, campaign)
    never_sent = eligible(cast, 1)[0].id
    rosters.declare(campaign.id, cast.unit_ids["a1"], by=by)
    close(cast, campaign)
    with pytest.raises(Conflict, match="đã đóng"):
        rosters.submit(campaign.id, cast.unit_ids["a1"], by=by)
    give_back(cast, request, by="upper_a")

    sent = rosters.submit(campaign.id, cast.unit_ids["a1"], by=by).done

    assert [line.id for line in sent] == [request]
    assert states_of([request]) == ["submitted"]
    seen = rosters.view(campaign.id, cast.unit_ids["a1"], by=by)
    assert [line.member_id for line in seen.to_send] == [never_sent]
    assert (seen.sendable, seen.takes_new) == ((), False)


def test_a_move_to_another_federation_frees_the_open_rows(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 2)
    ids = submitted(cast, campaign)
    give_back(cast, ids[0], by="upper_a")
    [declared] = eligible(cast, 1)
    rosters.declare(campaign.id, cast.unit_ids["a1"], by=cast.actor("a1"))

    move_away(cast)

    assert states_of(ids) == ["left_out", "submitted"]
    events = db.session.query(RequestEvent).filter_by(request_id=ids[0])
    last = events.order_by(RequestEvent.id.desc()).first()
    assert (last.move, last.unit_name) == (Move.LEAVE_OUT, "Tổng Liên đoàn Lao động")
    assert "chuyển sang nơi khác" in last.reason
    by = a1_now(cast)
    new = announce(cast, unit="sector")
    taken = rosters.declare(new.id, by.unit_id, by=by).done
    assert declared.id in {line.member_id for line in taken}
    assert len(taken) == 2


def test_a_row_under_way_goes_on_after_a_move_and_may_come_back(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    [request] = submitted(cast, campaign)
    move_away(cast)
    give_back(cast, request, by="sector")
    by = a1_now(cast)

    seen = rosters.view(campaign.id, by.unit_id, by=by)
    assert [line.request_id for line in seen.sendable] == [request]
    with pytest.raises(Conflict, match="trực thuộc trước"):
        rosters.declare(campaign.id, by.unit_id, by=by)
    rosters.submit(campaign.id, by.unit_id, by=by)
    assert states_of([request]) == ["submitted"]
    give_back(cast, request, by="sector")
    rosters.leave_out([request], by=by)
    assert states_of([request]) == ["left_out"]


def test_a_move_within_the_federation_leaves_lists_as_they_are(cast: Cast) -> None:
    campaign = announce(cast)
    eligible(cast, 1)
    [request] = submitted(cast, campaign)
    give_back(cast, request, by="upper_a")
    unit = db.session.get_one(Unit, cast.unit_ids["a1"])
    units.move_unit(
        unit.id,
        new_parent_id=cast.unit_ids["upper_b"],
        version=unit.version,
        by=cast.actor("f85", Role.ADMINISTRATOR),
    )
    assert states_of([request]) == ["returned"]
