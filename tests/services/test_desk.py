"""What waits for whom."""

import pytest
from flask import Flask

from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.models import Campaign, CardRequest, Member, RosterImport
from portal.db.models.intake import ImportState
from portal.db.queries import bank as bank_q
from portal.db.queries import members as members_q
from portal.db.queries.officers import actor_of
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.bank_needs import bank_lacks
from portal.domain.card_kinds import CardKind
from portal.domain.membership import MemberStatus
from portal.domain.renewal import State
from portal.domain.union_units import UnionLevel
from portal.services import desk
from tests.cast import Cast
from tests.make import (
    make_member,
    make_officer,
    make_photo,
    make_request,
    make_unit,
)


def waiting(cast: Cast, code: str, role: Role) -> dict[str, int]:
    tasks = desk.tasks(by=cast.actor(code, role))
    return {task.label: task.count for task in tasks if "Cán bộ" not in task.label}


def request(cast: Cast, unit: str, state: State, kind: CardKind) -> CardRequest:
    member = make_member(unit_id=cast.unit_ids[unit], photo_id=make_photo().id)
    return make_request(
        member=member, announced_by=cast.unit_ids["tld"], state=state, kind=kind
    )


REVIEW = "Đề nghị chờ bạn kiểm tra và chuyển"
PROPOSE = "Đề nghị chờ bạn kiểm tra và trình"
APPROVE = "Đề nghị chờ bạn duyệt"


@pytest.mark.parametrize(
    ("unit", "state", "who", "label"),
    [
        ("a1", State.SUBMITTED, "upper_a", REVIEW),
        ("a1", State.FORWARDED, "f85", PROPOSE),
        ("s1", State.SUBMITTED, "sector", PROPOSE),
        ("a1", State.REGISTERED, "tld", APPROVE),
    ],
)
def test_a_request_waits_at_the_level_that_holds_it_and_nowhere_else(
    cast: Cast, unit: str, state: State, who: str, label: str
) -> None:
    request(cast, unit, state, CardKind.STANDARD)
    holders = {
        code: tasks
        for code in cast.unit_ids
        if (tasks := waiting(cast, code, Role.APPROVER))
    }
    assert holders == {who: {label: 1}}


def test_a_unit_that_checks_and_approves_has_each_request_once(app: Flask) -> None:
    with app.app_context():
        top = make_unit(code="top", level=UnionLevel.FEDERATION)
        union = make_unit(code="cs", level=UnionLevel.GRASSROOTS, parent_id=top.id)
        post = make_officer(name="duyet", unit_id=top.id, role=Role.APPROVER)
        member = make_member(unit_id=union.id, photo_id=make_photo().id)
        make_request(member=member, announced_by=top.id, state=State.SUBMITTED)
        tasks = desk.tasks(by=actor_of(post))
    assert {task.label: task.count for task in tasks} == {APPROVE: 1}


def test_the_tile_of_returned_rows_opens_their_list(cast: Cast) -> None:
    returned = request(cast, "a1", State.RETURNED, CardKind.STANDARD)
    [task] = desk.tasks(by=cast.actor("a1"))
    assert task.endpoint == "renewals.roster"
    assert task.query == {
        "campaign_id": returned.campaign_id,
        "unit_id": cast.unit_ids["a1"],
        "phan": "tra-lai",
    }


@pytest.mark.parametrize(
    "lack",
    [
        {},
        {"phone": ""},
        {"permanent_address": ""},
        {"permanent_address": "", "current_address": "5 Phố Chợ"},
        {"sex": None},
        {"birth_date": None},
        {"birth_year_only": True},
        {"citizen_id": "", "id_card_number": "264123456"},
    ],
    ids=str,
)
def test_what_the_bank_lacks_is_counted_as_the_rule_says(
    cast: Cast, lack: dict[str, object]
) -> None:
    """The federation's desk parts ready from lacking; the union is asked to help."""
    full = {"phone": "0901234567", "permanent_address": "12 Đường Biển"}
    member = make_member(
        unit_id=cast.unit_ids["a1"], photo_id=make_photo().id, **(full | lack)
    )
    make_request(
        member=member,
        announced_by=cast.unit_ids["tld"],
        state=State.APPROVED,
        kind=CardKind.LINKED,
    )
    [line] = bank_q.waiting(scope=Scope(cast.paths["a1"]))
    lacks = bool(bank_lacks(line))
    ready, lacking, help_ = (
        "Thẻ liên kết chờ gửi ngân hàng",
        "Thẻ liên kết ngân hàng chưa nhận được",
        "Thẻ liên kết còn thiếu thông tin ngân hàng cần",
    )
    at_federation = waiting(cast, "f85", Role.APPROVER)
    assert at_federation == ({lacking: 1} if lacks else {ready: 1})
    assert waiting(cast, "a1", Role.DATA_ENTRY) == ({help_: 1} if lacks else {})
    assert waiting(cast, "a2", Role.DATA_ENTRY) == {}


def test_returned_requests_wait_for_those_who_sent_them(cast: Cast) -> None:
    request(cast, "a1", State.RETURNED, CardKind.STANDARD)
    assert waiting(cast, "a1", Role.DATA_ENTRY) == {"Đề nghị bị trả lại": 1}
    assert waiting(cast, "a2", Role.DATA_ENTRY) == {}


def test_who_was_turned_down_is_told_while_the_campaign_is_open(cast: Cast) -> None:
    turned_down = request(cast, "a1", State.REJECTED, CardKind.STANDARD)
    told = {"Đề nghị không được duyệt, xem lý do": 1}
    assert waiting(cast, "a1", Role.DATA_ENTRY) == told
    assert waiting(cast, "a2", Role.DATA_ENTRY) == {}
    with transaction() as session:
        campaign = session.get_one(Campaign, turned_down.campaign_id)
        campaign.closed_at = clock.now()
    assert waiting(cast, "a1", Role.DATA_ENTRY) == {}


def test_approved_cards_wait_for_the_printer_or_for_the_bank_by_kind(
    cast: Cast,
) -> None:
    request(cast, "a1", State.APPROVED, CardKind.STANDARD)
    request(cast, "a2", State.APPROVED, CardKind.LINKED)
    assert waiting(cast, "f85", Role.PRINTER) == {"Thẻ đã duyệt, chờ in": 1}
    assert waiting(cast, "f85", Role.APPROVER) == {
        "Thẻ liên kết ngân hàng chưa nhận được": 1
    }
    assert waiting(cast, "sector", Role.PRINTER) == {}
    assert waiting(cast, "a1", Role.PRINTER) == {}


def test_who_has_left_is_not_missed_on_photos(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["a1"])
    make_member(unit_id=cast.unit_ids["b1"])
    make_member(unit_id=cast.unit_ids["a1"], photo_id=make_photo().id)
    make_member(unit_id=cast.unit_ids["a1"], status=MemberStatus.LEFT)
    make_member(unit_id=cast.unit_ids["a1"], status=MemberStatus.PAUSED)
    assert waiting(cast, "upper_a", Role.DATA_ENTRY) == {"Đoàn viên chưa có ảnh": 2}
    listed = members_q.page(
        scope=Scope(cast.paths["upper_a"]), only=members_q.Only.NO_PHOTO
    )
    assert len(listed.rows) == 2


def test_an_import_waits_once_it_is_read(cast: Cast) -> None:
    actor = cast.actor("a1")
    with transaction() as session:
        for state in (ImportState.READY, ImportState.UPLOADED, ImportState.ACCEPTED):
            session.add(
                RosterImport(
                    unit_id=actor.unit_id,
                    unit_path=actor.unit_path,
                    file_name="ds.xlsx",
                    file_hash="0" * 64,
                    state=state,
                    created_at=clock.now(),
                    created_by_id=actor.officer_id,
                )
            )
    label = "Danh sách đã đọc xong, chờ bạn nhận"
    assert waiting(cast, "a1", Role.DATA_ENTRY) == {label: 1}
    assert waiting(cast, "a1", Role.APPROVER) == {}


def test_the_first_steps_are_ticked_by_what_is_there(cast: Cast) -> None:
    admin = cast.actor("upper_a", Role.ADMINISTRATOR)

    def done() -> list[bool]:
        return [step.done for step in desk.first_steps(by=admin)]

    assert done() == [True, True, False, False, False]
    faceless = make_member(unit_id=cast.unit_ids["a1"])
    assert done() == [True, True, True, False, False]
    request(cast, "a1", State.DECLARED, CardKind.STANDARD)
    assert done() == [True, True, True, False, False]
    photo = make_photo()
    with transaction() as session:
        session.get_one(Member, faceless.id).photo_id = photo.id
    assert done() == [True, True, True, True, False]


def test_who_opens_campaigns_is_asked_for_one(cast: Cast) -> None:
    """A federation opens them; an upper union waits for the federation's."""

    def labels(code: str) -> list[str]:
        admin = cast.actor(code, Role.ADMINISTRATOR)
        return [step.label for step in desk.first_steps(by=admin)]

    assert "Mở đợt đổi thẻ" in labels("f85")
    assert "Mở đợt đổi thẻ" not in labels("upper_a")


def test_a_lone_union_sends_its_list_to_nobody(app: Flask) -> None:
    """Its steps do not speak of anybody above or below."""
    with app.app_context():
        union = make_unit(code="lone", level=UnionLevel.GRASSROOTS)
        post = make_officer(name="chu tich", unit_id=union.id, role=Role.ADMINISTRATOR)
        steps = desk.first_steps(by=actor_of(post))
    hints = " ".join(step.hint for step in steps)
    assert "cấp trên" not in hints
    assert "Mở đợt đổi thẻ" in [step.label for step in steps]


def test_the_first_steps_vanish_once_all_are_done(cast: Cast) -> None:
    request(cast, "a1", State.SUBMITTED, CardKind.STANDARD)
    admin = cast.actor("upper_a", Role.ADMINISTRATOR)
    assert desk.first_steps(by=admin) == []


def test_posts_without_a_part_in_the_first_steps_see_none(cast: Cast) -> None:
    for role in (Role.APPROVER, Role.PRINTER, Role.DESIGNER, Role.READ_ONLY):
        assert desk.first_steps(by=cast.actor("a1", role)) == []
