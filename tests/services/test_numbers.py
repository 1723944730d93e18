"""TLĐ's answer sheet: every row accounted for, nothing overwritten in silence."""

import pytest
from flask import Flask

from portal.access.policy import Role
from portal.db.models import CardRequest, Member, ReservedNumber
from portal.db.session import db, transaction
from portal.domain.errors import Invalid, NotAllowed
from portal.domain.membership import MemberStatus
from portal.domain.renewal import State
from portal.files.workbook import write_table
from portal.services import approvals
from portal.services.number_results import NumberImport, import_results
from portal.services.numbers import planned
from tests.cast import Cast
from tests.make import make_member, make_request
from tests.road import announce, eligible, registered, states_of

HEADERS = ("STT", "Số CCCD", "Mã số đoàn viên", "Mã Vpoint")


def take(cast: Cast, *rows: tuple[str, ...], headers=HEADERS) -> NumberImport:
    data = write_table(
        "KẾT QUẢ", headers, [(str(n), *row) for n, row in enumerate(rows, 1)]
    )
    return import_results(data, "ket-qua.xlsx", by=cast.actor("f85", Role.APPROVER))


def waiting(cast: Cast, count: int, *, unit: str = "a1", **fields) -> list[Member]:
    """Write members whose requests have come up to TLĐ."""
    members = eligible(cast, count, unit=unit, **fields)
    for member in members:
        make_request(
            member=member, announced_by=cast.unit_ids["f85"], state=State.REGISTERED
        )
    return members


def reread(member: Member) -> Member:
    db.session.rollback()
    return db.session.get_one(Member, member.id, populate_existing=True)


@pytest.fixture(autouse=True)
def _waits_for_numbers(app: Flask) -> None:
    app.config["PORTAL_ALLOTS_NUMBERS"] = False


def test_a_number_from_the_sheet_approves_the_request_that_waits(cast: Cast) -> None:
    [member] = eligible(cast, 1)
    ids = registered(cast, announce(cast))
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    result = take(cast, (member.citizen_id, "085000000001", "VP0001"))
    assert (result.rows_in, result.numbered, result.approved) == (1, 1, 1)
    assert states_of(ids) == ["approved"]
    assert db.session.get_one(CardRequest, ids[0]).unit_name_on_card
    assert reread(member).member_number == "085000000001"
    assert reread(member).vpoint_code == "VP0001"
    assert db.session.get_one(ReservedNumber, "085000000001").member_id == member.id


def test_the_answer_may_come_before_anybody_endorsed_here(cast: Cast) -> None:
    [member] = eligible(cast, 1)
    ids = registered(cast, announce(cast))
    take(cast, (member.citizen_id, "085000000001", ""))
    assert states_of(ids) == ["approved"]
    assert len(reread(member).vpoint_code or "") == 10


def test_the_same_sheet_twice_changes_nothing(cast: Cast) -> None:
    [member] = waiting(cast, 1)
    row = (member.citizen_id, "085000000001", "VP0001")
    take(cast, row)
    version = reread(member).version
    again = take(cast, row)
    assert (again.numbered, again.same, again.refused) == (0, 1, ())
    assert reread(member).version == version


def test_a_provisional_number_is_found_replaced_and_kept_reserved(cast: Cast) -> None:
    [member] = eligible(
        cast, 1, member_number="999000000001", number_is_provisional=True
    )
    take(
        cast,
        ("999000000001", "085000000001"),
        headers=("STT", "Mã số tạm", "Mã số đoàn viên"),
    )
    fresh = reread(member)
    assert (fresh.member_number, fresh.number_is_provisional) == ("085000000001", False)
    assert db.session.get_one(ReservedNumber, "999000000001").source == "provisional"


def test_another_lasting_number_is_never_overwritten(cast: Cast) -> None:
    [member] = eligible(cast, 1, member_number="085000000009")
    result = take(cast, (member.citizen_id, "085000000001", ""))
    assert "không ghi đè" in result.refused[0].problems[0].text
    assert reread(member).member_number == "085000000009"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("85000000001", "không phải mã số"),
        ("", "Còn trống"),
        ("000000000000", "không phải mã số"),
        ("085000000777", "đã cấp cho người khác"),
        ("085000000888", "đã cấp cho người khác"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_its_reason(
    cast: Cast, number: str, sentence: str
) -> None:
    make_member(unit_id=cast.unit_ids["s1"], member_number="085000000777")
    [gone] = eligible(
        cast, 1, member_number="085000000888", number_is_provisional=True, unit="b1"
    )
    take(cast, (gone.citizen_id, "085000000889", ""))
    [member] = waiting(cast, 1)
    result = take(cast, (member.citizen_id, number, ""))
    assert result.numbered == 0
    assert sentence in result.refused[0].problems[0].text
    assert reread(member).member_number is None


def test_an_unknown_person_and_one_of_another_federation_read_the_same(
    cast: Cast,
) -> None:
    stranger = make_member(unit_id=cast.unit_ids["s1"])
    result = take(
        cast,
        (stranger.citizen_id, "085000000001", ""),
        ("058099999999", "085000000002", ""),
    )
    first, second = (row.problems[0].text for row in result.refused)
    assert first == second
    assert reread(stranger).member_number is None


def test_what_is_doubled_in_the_sheet_is_refused_on_every_row(cast: Cast) -> None:
    one, two, three = eligible(cast, 3)
    result = take(
        cast,
        (one.citizen_id, "085000000001", ""),
        (two.citizen_id, "085000000001", ""),
        (three.citizen_id, "085000000003", ""),
        (three.citizen_id, "085000000004", ""),
    )
    assert (result.rows_in, result.numbered, len(result.refused)) == (4, 0, 4)


def test_the_accounting_closes(cast: Cast) -> None:
    known, new, bad = waiting(cast, 3)
    take(cast, (known.citizen_id, "085000000001", ""))
    result = take(
        cast,
        (known.citizen_id, "085000000001", ""),
        (new.citizen_id, "085000000002", ""),
        (bad.citizen_id, "12", ""),
    )
    assert (result.numbered, result.same, len(result.refused)) == (1, 1, 1)
    assert result.rows_in == result.numbered + result.same + len(result.refused)


def test_imported_numbers_are_skipped_by_later_allotment(cast: Cast) -> None:
    [member] = waiting(cast, 1)
    take(cast, (member.citizen_id, "000000000001", ""))
    assert planned(1).first == "000000000002"


def test_a_sheet_without_the_columns_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(Invalid, match="dòng tiêu đề"):
        take(cast, ("058090000001", "x", "y"), headers=("STT", "A", "B", "C"))


@pytest.mark.parametrize("unit", ["a1", "upper_a"])
def test_lower_units_take_no_numbers(cast: Cast, unit: str) -> None:
    with pytest.raises(NotAllowed):
        import_results(b"", "x.xlsx", by=cast.actor(unit, Role.APPROVER))


def test_an_installation_that_allots_numbers_takes_none_from_a_sheet(
    app: Flask, cast: Cast
) -> None:
    app.config["PORTAL_ALLOTS_NUMBERS"] = True
    [member] = eligible(cast, 1)
    ids = registered(cast, announce(cast))
    with pytest.raises(Invalid, match="tự cấp mã số"):
        take(cast, (member.citizen_id, "085000000001", ""))
    assert states_of(ids) == ["registered"]
    assert reread(member).member_number is None


@pytest.mark.parametrize("state", [None, State.DECLARED, State.SUBMITTED])
def test_who_has_not_come_up_to_tld_gets_no_number(
    cast: Cast, state: State | None
) -> None:
    [member] = eligible(cast, 1)
    if state:
        make_request(member=member, announced_by=cast.unit_ids["f85"], state=state)
    result = take(cast, (member.citizen_id, "085000000001", ""))
    assert (result.numbered, result.same, len(result.refused)) == (0, 0, 1)
    assert "không có đề nghị nào đang chờ" in result.refused[0].problems[0].text
    assert reread(member).member_number is None


def test_what_hinders_an_approval_hinders_a_number_from_the_sheet(cast: Cast) -> None:
    left, faceless, sound = eligible(cast, 3)
    ids = registered(cast, announce(cast))
    with transaction() as session:
        session.get_one(Member, left.id).status = MemberStatus.LEFT
        session.get_one(Member, faceless.id).photo_id = None
    result = take(
        cast,
        (left.citizen_id, "085000000001", ""),
        (faceless.citizen_id, "085000000002", ""),
        (sound.citizen_id, "085000000003", ""),
    )
    assert (result.rows_in, result.numbered, result.approved) == (3, 1, 1)
    reasons = [row.problems[0].text for row in result.refused]
    assert reasons == ["Đoàn viên đã ra khỏi công đoàn.", "Chưa có ảnh."]
    assert sorted(states_of(ids)) == ["approved", "registered", "registered"]
    assert reread(left).member_number is None
