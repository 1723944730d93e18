"""TLĐ's answer sheet: every row accounted for, nothing overwritten in silence."""

import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import CardRequest, Member, ReservedNumber
from portal.db.queries import numbers as numbers_q
from portal.db.queries.numbers import Reservation
from portal.db.queries.officers import actor_of
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.errors import Invalid, NotAllowed
from portal.domain.membership import MemberStatus
from portal.domain.number_sheets import IDENTITY, NUMBER, VPOINT
from portal.domain.numbering import LARGEST_NUMBER, number_text
from portal.domain.renewal import Move, State
from portal.domain.union_units import UnionLevel
from portal.files.workbook import write_table
from portal.files.zip_guard import MB
from portal.services import approvals, number_results, renewals
from portal.services.number_results import NumberImport, import_results
from portal.services.numbers import planned
from tests.cast import Cast
from tests.make import make_member, make_officer, make_photo, make_request, make_unit
from tests.road import announce, eligible, registered, states_of

_REVIEWERS = [("upper_a", Role.APPROVER), ("f85", Role.APPROVER)]
HEADERS = ("STT", "Số CCCD", "Mã số đoàn viên", "Mã Vpoint")


def take(
    cast: Cast | None, *rows: tuple[str, ...], headers=HEADERS, by: Actor | None = None
) -> NumberImport:
    data = write_table(
        "KẾT QUẢ", headers, [(str(n), *row) for n, row in enumerate(rows, 1)]
    )
    return import_results(data, "ket-qua.xlsx", by=by or second(cast))


def second(cast: Cast) -> Actor:
    """Give an approver of the federation who has brought up no list."""
    return replace(
        cast.actor("f85", Role.APPROVER),
        officer_id=cast.actor("sector", Role.APPROVER).officer_id,
    )


def waiting(cast: Cast, count: int, *, unit: str = "a1", **fields) -> list[Member]:
    """Write members whom TLĐ has endorsed and who wait for its numbers."""
    members = eligible(cast, count, unit=unit, **fields)
    for member in members:
        make_request(
            member=member,
            announced_by=cast.unit_ids["f85"],
            state=State.AWAITING_NUMBER,
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


def test_no_sheet_goes_past_a_confederation_that_works_here(cast: Cast) -> None:
    [member] = eligible(cast, 1)
    ids = registered(cast, announce(cast))
    result = take(cast, (member.citizen_id, "085000000001", ""))
    assert "Tổng Liên đoàn chưa duyệt" in result.refused[0].problems[0].text
    assert (result.numbered, result.approved) == (0, 0)
    assert states_of(ids) == ["registered"]
    assert reread(member).member_number is None


@pytest.mark.parametrize("mover", [("a1", Role.DATA_ENTRY), *_REVIEWERS])
def test_whoever_brought_a_request_up_does_not_take_in_its_number(
    cast: Cast, mover: tuple[str, Role]
) -> None:
    """Each of the three moves alone is enough; the row stays with the reason."""
    [member] = eligible(cast, 1)
    ids = registered(cast, announce(cast))
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
    same = replace(second(cast), officer_id=cast.actor(*mover).officer_id)
    row = (member.citizen_id, "085000000001", "")
    result = take(cast, row, by=same)
    assert "Chính bạn đã gửi" in result.refused[0].problems[0].text
    assert (result.numbered, result.approved) == (0, 0)
    assert states_of(ids) == ["awaiting_number"]
    assert reread(member).member_number is None
    assert take(cast, row).approved == 1


def test_a_lone_federation_takes_the_answer_to_a_registered_list(app: Flask) -> None:
    """The Confederation stands outside: nobody here endorses; four eyes hold."""
    federation = make_unit(code="lone", level=UnionLevel.FEDERATION)
    union = make_unit(
        code="lone1", level=UnionLevel.GRASSROOTS, parent_id=federation.id
    )
    [member, other] = [
        make_member(unit_id=union.id, photo_id=make_photo().id) for _ in "ab"
    ]
    first, next_one = (
        actor_of(make_officer(name=name, unit_id=federation.id, role=Role.APPROVER))
        for name in ("lan", "mai")
    )
    requests = [
        make_request(member=one, announced_by=federation.id, state=State.SUBMITTED).id
        for one in (member, other)
    ]
    renewals.forward_chosen(requests, move=Move.REGISTER, by=first)
    rows = [
        (member.citizen_id, "085000000001", ""),
        (other.citizen_id, "085000000002", ""),
    ]
    assert [row.problems[0].where for row in take(None, *rows, by=first).refused] == [
        NUMBER
    ] * 2
    assert states_of(requests) == ["registered"] * 2
    assert take(None, *rows, by=next_one).approved == 2


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


def test_a_double_in_the_sheet_is_refused_where_each_row_alone_would_pass(
    cast: Cast,
) -> None:
    one, two, three = waiting(cast, 3)
    result = take(
        cast,
        (one.citizen_id, "085000000001", ""),
        (two.citizen_id, "085000000001", ""),
        (three.citizen_id, "085000000003", ""),
        (three.citizen_id, "085000000004", ""),
    )
    assert (result.numbered, result.approved, len(result.refused)) == (0, 0, 4)
    told = [row.problems[0] for row in result.refused]
    assert {one.text for one in told} == {"Có ở nhiều dòng của tệp."}
    assert [one.where for one in told] == [NUMBER, NUMBER, IDENTITY, IDENTITY]
    assert [reread(who).member_number for who in (one, two, three)] == [None] * 3


def test_a_person_named_twice_by_different_papers_gets_one_number(cast: Cast) -> None:
    """Once by the identity number, once by the provisional number."""
    [member] = waiting(
        cast, 1, member_number="999000000001", number_is_provisional=True
    )
    result = take(
        cast,
        (member.citizen_id, "", "085000000001"),
        ("", "999000000001", "085000000002"),
        headers=("STT", "Số CCCD", "Mã số tạm", "Mã số đoàn viên"),
    )
    assert (result.numbered, result.approved, len(result.refused)) == (1, 1, 1)
    assert "nhiều dòng" in result.refused[0].problems[0].text
    assert reread(member).member_number == "085000000001"


def test_anothers_vpoint_code_is_refused_and_so_is_one_given_twice(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["s1"], vpoint_code="VP0001")
    one, two, three = waiting(cast, 3)
    result = take(
        cast,
        (one.citizen_id, "085000000001", "VP0001"),
        (two.citizen_id, "085000000002", "VP0002"),
        (three.citizen_id, "085000000003", "VP0002"),
    )
    assert (result.numbered, len(result.refused)) == (0, 3)
    told = [row.problems[0] for row in result.refused]
    assert told[0].text == "Mã Vpoint này là của người khác."
    assert {problem.where for problem in told} == {VPOINT}
    assert [reread(who).member_number for who in (one, two, three)] == [None] * 3


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


class Counted(io.BytesIO):
    """An upload that tells how much of it was asked for."""

    asked = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.asked += len(data)
        return data


def test_no_more_of_an_upload_is_read_than_a_sheet_may_weigh(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_results, "MOST_BYTES", MB)
    upload = Counted(bytes(3 * MB))
    with pytest.raises(Invalid, match=r"kq\.xlsx nặng hơn 1 MB"):
        number_results.read_upload(upload, "kq.xlsx", by=second(cast))
    assert upload.asked == MB + 1
    just = Counted(bytes(MB))
    assert len(number_results.read_upload(just, "kq.xlsx", by=second(cast))) == MB


def test_nothing_is_read_where_no_sheet_is_taken(app: Flask, cast: Cast) -> None:
    upload = Counted(b"x")
    with pytest.raises(NotAllowed):
        number_results.read_upload(upload, "x", by=cast.actor("a1", Role.APPROVER))
    app.config["PORTAL_ALLOTS_NUMBERS"] = True
    with pytest.raises(Invalid, match="tự cấp mã số"):
        number_results.read_upload(upload, "x", by=second(cast))
    assert upload.asked == 0


def test_a_long_taken_stretch_is_crossed_in_few_steps_and_leaves_no_gap(
    cast: Cast,
) -> None:
    held = [*range(1, 20_001), 20_002]
    with transaction() as session:
        numbers_q.reserve(
            session,
            [Reservation(number_text(one), None, None, "imported") for one in held],
            at=clock.now(),
        )
    statements: list[str] = []

    def note(_conn, _cursor, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        values = numbers_q.free_values(1, 3)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert values == [20_001, 20_003, 20_004]
    assert len(statements) < 10


def test_the_last_number_is_given_and_then_the_range_has_ended(cast: Cast) -> None:
    assert numbers_q.free_values(LARGEST_NUMBER, 1) == [LARGEST_NUMBER]
    with pytest.raises(Invalid, match="đã hết"):
        numbers_q.free_values(LARGEST_NUMBER, 2)


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
    approvals.approve(ids, by=cast.actor("tld", Role.APPROVER))
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
    assert sorted(states_of(ids)) == ["approved", "awaiting_number", "awaiting_number"]
    assert reread(left).member_number is None
