"""Lists come in: counted, judged, accepted once, never by halves."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.models import ImportRow, Member, RosterImport, Unit
from portal.db.models.intake import ImportState, RowState
from portal.db.queries import intake as intake_q
from portal.db.session import db, transaction
from portal.demo.package import write_package
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.renewal import PERSON_FIXED_STATES, State
from portal.services import intake, members, photos, stores
from portal.services.progress import Cancelled, Unwatched
from tests import packages
from tests.cast import Cast, build_cast
from tests.make import make_member, make_request
from tests.packages import HEADERS, package, person, workbook


@pytest.fixture
def cast(app: object) -> Cast:
    """Give the fixed tree inside the context that stands already."""
    return build_cast()


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    """Give the data entry officer of a1."""
    return cast.actor("a1")


def bring(
    data: bytes,
    clerk: Actor,
    *,
    name: str = "danh sach.zip",
    unit_id: int | None = None,
) -> RosterImport:
    """Upload and evaluate; give the import as it then stands."""
    received = intake.receive(
        io.BytesIO(data),
        file_name=name,
        unit_id=unit_id or clerk.unit_id,
        by=clerk,
        in_background=False,
    )
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    return intake_q.get(received.id, scope=clerk.scope)


def bring_rows(rows: list[list[Any]], clerk: Actor) -> RosterImport:
    return bring(workbook(rows), clerk, name="danh sach.xlsx")


def say_yes(found: RosterImport, clerk: Actor) -> RosterImport:
    intake.begin_accept(found.id, version=found.version, by=clerk, in_background=False)
    intake.accept(found.id, by=clerk, progress=Unwatched())
    return intake_q.get(found.id, scope=clerk.scope)


def rows_of(found: RosterImport) -> list[ImportRow]:
    return intake_q.rows(found.id, scope=Scope(found.unit_path))


def states(found: RosterImport) -> list[str]:
    return [row.state.value for row in rows_of(found)]


def member_count() -> int:
    return db.session.query(Member).count()


def adds_up(found: RosterImport) -> bool:
    counts = found.counts
    return counts["rows_in"] == sum(counts[state.value] for state in RowState)


def test_a_messy_package_is_read_as_it_was_meant(clerk: Actor, tmp_path: Path):
    path = tmp_path / "goi.zip"
    truth = write_package(path, members=12, seed=3, unit_name="CĐCS May Ánh Dương")
    found = bring(path.read_bytes(), clerk)
    counts = found.counts
    assert (counts["rows_in"], counts["new"]) == (truth.rows_in, truth.new)
    assert (counts["duplicate"], counts["error"]) == (truth.duplicate, truth.error)
    assert counts["photos"] == {
        "matched": len(truth.photos),
        "missing": truth.photos_missing,
        "ambiguous": 0,
        "unmatched": truth.photos_unmatched,
        "refused": 0,
    }
    read = [row.values for row in rows_of(found) if row.state is RowState.NEW]
    assert [(v["full_name"], v["citizen_id"], v["birth_date"]) for v in read] == [
        (p.full_name, p.citizen_id, p.birth_date.isoformat()) for p in truth.people
    ]


def test_a_hidden_sheet_is_left_out_and_told(clerk: Actor):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for serial, name in enumerate(("Danh sách", "Năm trước"), start=1):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADERS)
            sheet.write_row(1, 0, person(serial))
        sheet.hide()
    found = bring(out.getvalue(), clerk, name="danh sach.xlsx")
    assert [row.sheet for row in rows_of(found)] == ["Danh sách"]
    assert found.skipped[0] == "Trang “Năm trước”: Trang tính ẩn, không đọc"
    (note,) = found.problems
    assert "Năm trước" in note
    assert "danh sách 1 dòng nhưng không được đọc" in note


def test_accepting_writes_members_with_their_photos(clerk: Actor, tmp_path: Path):
    path = tmp_path / "goi.zip"
    truth = write_package(path, members=10, seed=4, unit_name="CĐCS May Ánh Dương")
    found = say_yes(bring(path.read_bytes(), clerk), clerk)
    assert found.state is ImportState.ACCEPTED
    assert found.counts["accepted"] == {"new": 10, "changed": 0, "refused": 0}
    written = {member.citizen_id: member for member in db.session.query(Member)}
    assert set(written) == {p.citizen_id for p in truth.people}
    with_photo = {number for number, m in written.items() if m.photo_id}
    assert with_photo == set(truth.photos)
    for number in with_photo:
        assert stores.photos().exists(written[number].photo.print_hash)
    assert {m.unit_path for m in written.values()} == {clerk.unit_path}


def test_the_same_file_twice_changes_nothing(clerk: Actor, tmp_path: Path):
    path = tmp_path / "goi.zip"
    write_package(path, members=10, seed=4, unit_name="CĐCS May Ánh Dương")
    say_yes(bring(path.read_bytes(), clerk), clerk)
    again = bring(path.read_bytes(), clerk)
    assert again.counts["same"] == 10
    assert again.counts["new"] == again.counts["changed"] == 0
    assert say_yes(again, clerk).counts["accepted"]["changed"] == 0
    assert member_count() == 10


def test_a_changed_row_shows_its_cells_and_changes_only_them(clerk: Actor):
    member = make_member(
        unit_id=clerk.unit_id,
        full_name="Nguyễn Văn An",
        citizen_id=packages.citizen_id(1),
        phone="0912345678",
    )
    found = bring_rows([person(1, "Nguyễn Văn Ân")], clerk)
    (row,) = rows_of(found)
    assert row.state is RowState.CHANGED
    assert row.changes == {"full_name": ["Nguyễn Văn An", "Nguyễn Văn Ân"]}
    say_yes(found, clerk)
    db.session.refresh(member)
    assert (member.full_name, member.phone) == ("Nguyễn Văn Ân", "0912345678")


def test_a_bare_year_does_not_blur_a_known_birth_day(clerk: Actor):
    make_member(
        unit_id=clerk.unit_id, full_name="Nguyễn Văn An", citizen_id="058090000001"
    )
    found = bring_rows([person(1, "Nguyễn Văn An", birth="1990")], clerk)
    assert states(found) == ["same"]


def test_a_number_doubled_in_the_list_is_taken_from_neither_row(clerk: Actor):
    rows = [person(1), person(2, citizen_id=packages.citizen_id(1)), person(3)]
    found = bring_rows(rows, clerk)
    assert states(found) == ["duplicate", "duplicate", "new"]
    assert "dòng" in rows_of(found)[0].problems[0]
    assert adds_up(found)


def test_a_number_of_another_unit_is_a_duplicate_that_names_nobody(
    cast: Cast, clerk: Actor
):
    make_member(
        unit_id=cast.unit_ids["s1"],
        full_name="Chim Hoàng Yến",
        citizen_id=packages.citizen_id(1),
    )
    found = bring_rows([person(1)], clerk)
    (row,) = rows_of(found)
    assert row.state is RowState.DUPLICATE
    assert "đã là đoàn viên ở đơn vị khác" in row.problems[0]
    assert row.member_id is None
    assert "Chim" not in str(row.problems)


def test_a_namesake_with_another_kind_of_paper_waits_for_a_decision(clerk: Actor):
    make_member(
        unit_id=clerk.unit_id,
        full_name="Nguyễn Văn An",
        citizen_id="",
        id_card_number="264123456",
    )
    found = bring_rows([person(1, "NGUYỄN VĂN AN")], clerk)
    assert states(found) == ["duplicate"]


def test_a_namesake_with_another_cccd_is_somebody_else(clerk: Actor):
    make_member(
        unit_id=clerk.unit_id, full_name="Nguyễn Văn An", citizen_id="058090999999"
    )
    found = bring_rows([person(1, "Nguyễn Văn An")], clerk)
    (row,) = rows_of(found)
    assert row.state is RowState.NEW
    assert any("Cùng họ tên và ngày sinh" in warning for warning in row.warnings)


def test_two_rows_of_one_member_by_two_papers_are_not_both_written(clerk: Actor):
    make_member(
        unit_id=clerk.unit_id,
        citizen_id=packages.citizen_id(1),
        id_card_number="264123456",
    )
    rows = [person(1, "Nguyễn Văn Ân"), person(2, "Trần Ba", citizen_id="264123456")]
    assert states(bring_rows(rows, clerk)) == ["changed", "duplicate"]


@pytest.mark.parametrize("birth", ["31/02/1990", "hôm qua", "12/13/1990x"])
def test_a_wrong_date_is_an_error_that_quotes_it(clerk: Actor, birth: str):
    found = bring_rows([person(1, birth=birth), person(2)], clerk)
    row = rows_of(found)[0]
    assert states(found) == ["error", "new"]
    assert any("Ngày sinh" in problem for problem in row.problems)


BAD_FILES = {
    "path outside": (packages.with_path_outside, "trỏ ra ngoài"),
    "bomb": (packages.bomb, "giống tệp phá hoại"),
    "encrypted": (packages.encrypted, "mật khẩu"),
    "broken": (packages.broken, "hỏng"),
    "two rosters": (lambda r: package(r, khac=r), "2 danh sách"),
    "no roster": (lambda _r: package(None, {"1.jpg": b"x"}), "không có danh sách"),
    "empty sheet": (lambda _r: package(write_empty()), "không có"),
    "no header": (
        lambda _r: package(workbook([["a", 1], ["b", 2]], headers=("X", "Y"))),
        "tiêu đề",
    ),
    "60,000 rows": (lambda _r: package(many_rows()), "20.000"),
}


def write_empty() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Trang 1")
    return out.getvalue()


def many_rows() -> bytes:
    return workbook([[n, "Nguyễn Văn An"] for n in range(60_000)])


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_cannot_be_taken_says_why_and_is_kept(clerk: Actor, kind: str):
    spoil, sentence = BAD_FILES[kind]
    found = bring(spoil(workbook([person(1)])), clerk)
    assert found.state is ImportState.FAILED
    assert sentence in " ".join(found.problems)
    assert rows_of(found) == []
    assert stores.uploads().exists(found.file_hash)


def test_a_list_under_a_title_without_people_says_so(clerk: Actor):
    found = bring(workbook([]), clerk, name="danh sach.xlsx")
    assert found.state is ImportState.FAILED
    assert "không có đoàn viên nào" in " ".join(found.problems)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"khong phai anh", "không phải là ảnh"),
        (packages.SVG, "SVG"),
        (packages.huge_picture(), "triệu điểm ảnh"),
        (b"", "rỗng"),
    ],
)
def test_a_photo_that_is_no_photo_is_named_and_the_person_still_taken(
    clerk: Actor, data: bytes, sentence: str
):
    name = "001.svg" if data is packages.SVG else "001.jpg"
    roster = workbook([person(1, photo=name)])
    found = bring(package(roster, {name: data}), clerk)
    (row,) = rows_of(found)
    assert row.state is RowState.NEW
    assert any(sentence in warning and name in warning for warning in row.warnings)
    say_yes(found, clerk)
    assert db.session.query(Member).one().photo_id is None


def test_a_photo_torn_in_the_zip_costs_only_the_photo(clerk: Actor):
    roster = workbook([person(1, photo="001.jpg"), person(2)])
    found = bring(packages.with_broken_entry(roster), clerk)
    assert states(found) == ["new", "new"]
    assert any("001.jpg" in warning for warning in rows_of(found)[0].warnings)


def test_the_same_photo_on_two_people_is_flagged(clerk: Actor):
    roster = workbook([person(1, photo="a.jpg"), person(2, photo="b.jpg")])
    shared = packages.photo()
    found = bring(package(roster, {"a.jpg": shared, "b.jpg": shared}), clerk)
    assert any("giống hệt" in warning for warning in rows_of(found)[1].warnings)


def test_a_new_photo_of_a_known_member_is_a_change(clerk: Actor):
    roster = workbook([person(1, photo="a.jpg")])
    say_yes(bring(package(roster, {"a.jpg": packages.photo(1)}), clerk), clerk)
    found = bring(package(roster, {"a.jpg": packages.photo(2)}), clerk)
    (row,) = rows_of(found)
    assert row.state is RowState.CHANGED
    assert row.changes == {"photo": ["ảnh đang có", "a.jpg"]}
    say_yes(found, clerk)
    assert db.session.query(Member).one().photo_id == row.photo_id


def test_a_second_accept_is_refused_and_writes_nothing(clerk: Actor):
    found = bring_rows([person(1)], clerk)
    version = found.version
    say_yes(found, clerk)
    with pytest.raises(Conflict, match="đã được nhận rồi"):
        intake.begin_accept(found.id, version=version, by=clerk)
    intake.accept(found.id, by=clerk, progress=Unwatched())
    assert member_count() == 1


def test_an_accept_that_is_queued_cannot_be_queued_again(clerk: Actor):
    found = bring_rows([person(1)], clerk)
    version = found.version
    intake.begin_accept(found.id, version=version, by=clerk)
    with pytest.raises(Conflict, match="đang được nhận"):
        intake.begin_accept(found.id, version=version, by=clerk)


def test_an_accept_of_an_older_preview_is_refused(clerk: Actor):
    found = bring_rows([person(1)], clerk)
    with pytest.raises(Conflict, match="đã thay đổi"):
        intake.begin_accept(found.id, version=found.version - 1, by=clerk)


def test_a_unit_that_was_closed_meanwhile_takes_nobody(clerk: Actor):
    found = bring_rows([person(1)], clerk)
    with transaction() as session:
        session.get_one(Unit, clerk.unit_id).valid_to = date(2020, 1, 1)
    with pytest.raises(Conflict, match="đã ngừng hoạt động"):
        say_yes(found, clerk)


def test_a_world_that_changed_is_shown_before_anything_is_written(clerk: Actor):
    member = make_member(
        unit_id=clerk.unit_id,
        full_name="Nguyễn Văn An",
        citizen_id=packages.citizen_id(1),
    )
    found = bring_rows([person(1, "Nguyễn Văn Ân"), person(2)], clerk)
    with transaction() as session:
        edited = session.get_one(Member, member.id)
        members.edit_member(session, edited, {"full_name": "Nguyễn Văn Ấn"}, by=clerk)
    found = say_yes(found, clerk)
    assert found.state is ImportState.READY
    assert "Sổ đã thay đổi" in found.problems[0]
    assert member_count() == 1
    row = rows_of(found)[0]
    assert row.changes == {"full_name": ["Nguyễn Văn Ấn", "Nguyễn Văn Ân"]}
    found = say_yes(found, clerk)
    assert found.counts["accepted"] == {"new": 1, "changed": 1, "refused": 0}
    assert "Sổ đã thay đổi" not in " ".join(found.problems)
    assert adds_up(found)


class EditsMeanwhile:
    """Progress of an accept during whose writing somebody else writes as well."""

    def __init__(self, edit: Callable[[], object]) -> None:
        self.edit = edit

    def report(self, done: int, total: int, message: str = "") -> None:
        if done:
            self.edit()


def test_what_changes_during_the_writing_stays_unwritten_with_its_reason(
    cast: Cast, clerk: Actor
):
    found = bring_rows([person(1), person(2)], clerk)
    intake.begin_accept(found.id, version=found.version, by=clerk, in_background=False)
    elsewhere = cast.unit_ids["b1"]
    other = EditsMeanwhile(
        lambda: (
            member_count() > 1
            or make_member(unit_id=elsewhere, citizen_id=packages.citizen_id(2))
        )
    )
    intake.accept(found.id, by=clerk, progress=other, chunk=1)
    found = intake_q.get(found.id, scope=clerk.scope)
    assert found.counts["accepted"] == {"new": 1, "changed": 0, "refused": 1}
    assert "đơn vị khác" in rows_of(found)[1].problems[-1]
    assert adds_up(found)


def fixed_member(cast: Cast, state: State | None = None) -> Member:
    """Write whom ``person(1)`` means, with a request that stands at ``state``."""
    member = make_member(
        unit_id=cast.unit_ids["a1"],
        full_name="Nguyễn Văn An",
        citizen_id=packages.citizen_id(1),
    )
    if state:
        ask_for_card(cast, member, state)
    return member


def ask_for_card(cast: Cast, member: Member, state: State) -> None:
    make_request(member=member, announced_by=cast.unit_ids["f85"], state=state)


@pytest.mark.parametrize("state", sorted(PERSON_FIXED_STATES))
def test_a_list_makes_nobody_else_of_who_is_being_looked_at_or_approved(
    cast: Cast, clerk: Actor, state: State
):
    member = fixed_member(cast, state)
    found = bring_rows([person(1, "Người Khác Hẳn"), person(2)], clerk)
    assert states(found) == ["error", "new"]
    assert adds_up(found)
    (problem,) = rows_of(found)[0].problems
    assert "Họ và tên" in problem
    assert "trả lại đề nghị" in problem
    found = say_yes(found, clerk)
    assert found.counts["accepted"] == {"new": 1, "changed": 0, "refused": 0}
    db.session.refresh(member)
    assert member.full_name == "Nguyễn Văn An"


def test_a_preview_from_before_the_list_was_sent_changes_no_name_afterwards(
    cast: Cast, clerk: Actor
):
    member = fixed_member(cast)
    found = bring_rows([person(1, "Người Khác Hẳn"), person(2)], clerk)
    assert states(found) == ["changed", "new"]
    ask_for_card(cast, member, State.APPROVED)
    found = say_yes(found, clerk)
    assert found.state is ImportState.READY
    assert states(found) == ["error", "new"]
    assert "trả lại đề nghị" in rows_of(found)[0].problems[-1]
    found = say_yes(found, clerk)
    assert found.counts["accepted"] == {"new": 1, "changed": 0, "refused": 0}
    assert adds_up(found)
    db.session.refresh(member)
    assert member.full_name == "Nguyễn Văn An"


def test_a_photo_replaced_since_is_not_brought_back_by_the_same_list(clerk: Actor):
    sent = package(workbook([person(1, photo="a.jpg")]), {"a.jpg": packages.photo(1)})
    say_yes(bring(sent, clerk), clerk)
    member = db.session.query(Member).one()
    mended = photos.upload(
        member.id, packages.photo(2), name="b.jpg", crop=None, by=clerk
    )
    assert mended.ok
    by_hand = db.session.query(Member).one().photo_id

    again = bring(sent, clerk)

    (row,) = rows_of(again)
    assert row.state is RowState.SAME
    assert "đã được thay" in " ".join(row.warnings)
    db.session.expire_all()
    assert db.session.query(Member).one().photo_id == by_hand


@pytest.mark.parametrize("when", ["before the reading", "before the accepting"])
def test_a_list_leaves_the_photo_alone_that_was_sent_for_approval(
    cast: Cast, clerk: Actor, when: str
):
    roster = workbook([person(1, photo="a.jpg")])
    say_yes(bring(package(roster, {"a.jpg": packages.photo(1)}), clerk), clerk)
    member = db.session.query(Member).one()
    kept = member.photo_id

    def send() -> None:
        make_request(
            member=member, announced_by=cast.unit_ids["tld"], state=State.SUBMITTED
        )

    if when == "before the reading":
        send()
    found = bring(package(roster, {"a.jpg": packages.photo(2)}), clerk)
    (row,) = rows_of(found)
    if when == "before the reading":
        assert row.state is RowState.SAME
        assert "Giữ ảnh đang có" in " ".join(row.warnings)
    else:
        send()
        say_yes(found, clerk)
    db.session.expire_all()
    assert db.session.query(Member).one().photo_id == kept


def test_a_list_still_brings_the_photo_of_who_is_approved(cast: Cast, clerk: Actor):
    member = fixed_member(cast, State.APPROVED)
    rows = [person(1, "Nguyễn Văn An", photo="a.jpg")]
    found = bring(package(workbook(rows), {"a.jpg": packages.photo(1)}), clerk)
    assert states(found) == ["changed"]
    say_yes(found, clerk)
    db.session.refresh(member)
    assert member.photo_id is not None


def test_a_person_added_meanwhile_is_not_added_again(cast: Cast, clerk: Actor):
    found = bring_rows([person(1), person(2)], clerk)
    make_member(unit_id=clerk.unit_id, citizen_id=packages.citizen_id(1))
    make_member(unit_id=cast.unit_ids["b1"], citizen_id=packages.citizen_id(2))
    found = say_yes(found, clerk)
    assert found.state is ImportState.READY
    assert states(found) == ["changed", "duplicate"]
    assert "đơn vị khác" in rows_of(found)[1].problems[-1]
    assert member_count() == 2


def test_a_list_goes_only_where_the_officer_may_look(cast: Cast, clerk: Actor):
    with pytest.raises(NotFound):
        intake.receive(
            io.BytesIO(b"x"), file_name="a.zip", unit_id=cast.unit_ids["a2"], by=clerk
        )


def test_an_upper_officer_imports_on_a_units_behalf(cast: Cast):
    upper = cast.actor("f85")
    found = bring(
        workbook([person(1)]), upper, name="a.xlsx", unit_id=cast.unit_ids["a1"]
    )
    say_yes(found, upper)
    assert db.session.query(Member).one().unit_id == cast.unit_ids["a1"]


def test_a_unit_without_members_of_its_own_takes_no_list(cast: Cast):
    upper = cast.actor("f85")
    with pytest.raises(Invalid, match="không trực tiếp quản lý"):
        intake.receive(
            io.BytesIO(b"x"), file_name="a.zip", unit_id=upper.unit_id, by=upper
        )


def test_a_reader_may_not_import(cast: Cast):
    reader = cast.actor("a1", Role.READ_ONLY)
    with pytest.raises(NotAllowed):
        intake.receive(
            io.BytesIO(b"x"), file_name="a.zip", unit_id=reader.unit_id, by=reader
        )


def test_another_unit_cannot_say_yes(cast: Cast, clerk: Actor):
    found = bring_rows([person(1)], clerk)
    with pytest.raises(NotFound):
        intake.begin_accept(found.id, version=found.version, by=cast.actor("a2"))
    with pytest.raises(NotFound):
        intake.abort(found.id, by=cast.actor("a2"))


def test_giving_up_deletes_rows_photos_and_file(clerk: Actor):
    roster = workbook([person(1, photo="a.jpg")])
    found = bring(package(roster, {"a.jpg": packages.photo()}), clerk)
    intake.abort(found.id, by=clerk)
    assert intake_q.get(found.id, scope=clerk.scope).state is ImportState.ABORTED
    assert rows_of(found) == []
    assert not stores.uploads().exists(found.file_hash)
    with pytest.raises(Conflict, match="đã được bỏ"):
        intake.begin_accept(found.id, version=found.version, by=clerk)


def photo_files() -> int:
    return sum(path.is_file() for path in stores.photos().root.rglob("*"))


def test_a_photo_that_cannot_be_used_is_no_matched_one(clerk: Actor):
    rows = [person(1, photo="a.jpg"), person(2, photo="b.jpg"), person(3)]
    shown = {"a.jpg": packages.photo(), "b.jpg": b"no picture", "c.jpg": b"nor this"}
    found = bring(package(workbook(rows), shown), clerk)
    assert found.counts["photos"] == {
        "matched": 1,
        "missing": 1,
        "ambiguous": 0,
        "unmatched": 1,
        "refused": 1,
    }


def test_giving_up_takes_the_photo_files_off_the_disk(clerk: Actor):
    roster = workbook([person(1, photo="a.jpg")])
    shown = {"a.jpg": packages.photo(), "loose.jpg": packages.photo(2)}
    found = bring(package(roster, shown), clerk)
    assert photo_files() > 0
    intake.abort(found.id, by=clerk)
    assert photo_files() == 0


def test_giving_up_leaves_the_files_that_another_list_shows(clerk: Actor):
    first = workbook([person(1, photo="a.jpg")])
    other = workbook([person(2, photo="b.jpg")])
    kept = bring(package(first, {"a.jpg": packages.photo()}), clerk)
    before = photo_files()
    shown = {"b.jpg": packages.photo(), "c.jpg": packages.photo(2)}
    intake.abort(bring(package(other, shown), clerk).id, by=clerk)
    assert photo_files() == before
    say_yes(kept, clerk)
    member = db.session.query(Member).one()
    assert photos.read(member.id, "original", by=clerk)


def test_giving_up_leaves_the_files_while_another_list_is_read(clerk: Actor):
    shown = {"a.jpg": packages.photo()}
    found = bring(package(workbook([person(1, photo="a.jpg")]), shown), clerk)
    intake.receive(
        io.BytesIO(workbook([person(2)])),
        file_name="b.xlsx",
        unit_id=clerk.unit_id,
        by=clerk,
        in_background=False,
    )
    before = photo_files()
    intake.abort(found.id, by=clerk)
    assert photo_files() == before > 0


def test_a_photo_whose_files_were_swept_meanwhile_is_not_kept(clerk: Actor):
    prepared = photos.prepare_photo(packages.photo(), name="a.jpg")
    stores.photos().delete(prepared.print_hash)
    with transaction() as session, pytest.raises(Conflict, match="gửi lại ảnh"):
        photos.add_photo(session, prepared)


def test_giving_up_keeps_the_photo_that_a_member_has(clerk: Actor):
    data = package(workbook([person(1, photo="a.jpg")]), {"a.jpg": packages.photo()})
    say_yes(bring(data, clerk), clerk)
    intake.abort(bring(data, clerk).id, by=clerk)
    assert db.session.query(Member).one().photo is not None


def test_the_refused_rows_come_back_as_a_list_that_can_be_sent_again(clerk: Actor):
    found = bring_rows([person(1, birth="31/02/1990"), person(2)], clerk)
    data = intake.refused_workbook(found.id, by=clerk)
    again = bring(data, clerk, name="dong-can-sua.xlsx")
    assert again.counts["rows_in"] == again.counts["error"] == 1
    (row,) = rows_of(again)
    assert row.raw["birth_date"] == "31/02/1990"
    assert row.values["citizen_id"] == packages.citizen_id(1)


def test_a_refused_row_goes_back_with_its_name_as_it_was_read(clerk: Actor):
    old = ["Phan Minh Dòng", "NguyÔn V¨n Hïng", "TrÇn Th¾ng", "Lª V¨n §øc"]
    rows = [person(at, name) for at, name in enumerate(old, 1)]
    rows[0][2] = "31/02/1990"
    found = bring_rows([*rows, person(9), person(10)], clerk)
    data = intake.refused_workbook(found.id, by=clerk)
    (row,) = rows_of(bring(data, clerk, name="dong-can-sua.xlsx"))
    assert row.raw["full_name"] == row.values["full_name"] == "Phan Minh Dũng"


def test_a_name_that_cannot_be_read_is_an_error_and_nobody_is_added(clerk: Actor):
    found = bring_rows([person(1, "K'Br¬i"), person(2)], clerk)
    assert states(found) == ["error", "new"]
    assert "ký tự lạ “¬”" in rows_of(found)[0].problems[0]
    say_yes(found, clerk)
    assert member_count() == 1


class StopAfter:
    """Progress of an officer who asks to stop at the n-th report."""

    def __init__(self, reports: int) -> None:
        self.left = reports

    def report(self, done: int, total: int, message: str = "") -> None:
        self.left -= 1
        if self.left <= 0:
            raise Cancelled


def test_an_evaluation_that_was_stopped_begins_anew(clerk: Actor):
    received = intake.receive(
        io.BytesIO(workbook([person(n) for n in range(1, 251)])),
        file_name="a.xlsx",
        unit_id=clerk.unit_id,
        by=clerk,
        in_background=False,
    )
    with pytest.raises(Cancelled):
        intake.evaluate(received.id, by=clerk, progress=StopAfter(3))
    intake.evaluate(received.id, by=clerk, progress=Unwatched())
    found = intake_q.get(received.id, scope=clerk.scope)
    assert found.counts["new"] == 250
    assert adds_up(found)


def test_an_accept_that_was_stopped_goes_on_where_it_stood(clerk: Actor):
    found = bring_rows([person(n) for n in range(1, 121)], clerk)
    version = found.version
    intake.begin_accept(found.id, version=version, by=clerk, in_background=False)
    with pytest.raises(Cancelled):
        intake.accept(found.id, by=clerk, progress=StopAfter(2), chunk=50)
    assert 0 < member_count() < 120
    intake.begin_accept(found.id, version=version, by=clerk, in_background=False)
    intake.accept(found.id, by=clerk, progress=Unwatched())
    assert member_count() == 120
    found = intake_q.get(found.id, scope=clerk.scope)
    assert found.counts["accepted"] == {"new": 120, "changed": 0, "refused": 0}


class RestartsMeanwhile:
    """Progress during which another worker takes the same import up."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self.done = False

    def report(self, done: int, total: int, message: str = "") -> None:
        if not self.done:
            self.done = True
            intake.evaluate(self.import_id, progress=Unwatched())


def test_of_two_evaluations_at_once_one_gives_way(clerk: Actor):
    received = intake.receive(
        io.BytesIO(workbook([person(1), person(2)])),
        file_name="a.xlsx",
        unit_id=clerk.unit_id,
        by=clerk,
        in_background=False,
    )
    with pytest.raises(Conflict):
        intake.evaluate(received.id, progress=RestartsMeanwhile(received.id))
    found = intake_q.get(received.id, scope=clerk.scope)
    assert (found.state, found.counts["new"]) == (ImportState.READY, 2)


class TakenOver:
    """Another run takes the import, and is not done yet when this one goes on."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id

    def report(self, done: int, total: int, text: str) -> None:
        with transaction() as session:
            session.get_one(RosterImport, self.import_id).counts = {"run": "other"}


def test_a_run_that_another_one_has_replaced_writes_nothing(clerk: Actor):
    received = intake.receive(
        io.BytesIO(workbook([person(1), person(2)])),
        file_name="a.xlsx",
        unit_id=clerk.unit_id,
        by=clerk,
        in_background=False,
    )
    with pytest.raises(Conflict, match="đọc lại từ đầu"):
        intake.evaluate(received.id, progress=TakenOver(received.id))
    found = intake_q.get(received.id, scope=clerk.scope)
    assert (found.state, found.counts) == (ImportState.UPLOADED, {"run": "other"})
    assert rows_of(found) == []


def test_the_rows_that_are_no_people_are_listed(clerk: Actor):
    rows = [person(1), ["", "Tổng cộng: 1 người"], ["", "Người lập biểu"]]
    found = bring_rows(rows, clerk)
    assert found.counts["rows_in"] == 1
    assert found.counts["skipped"] == 4
    assert "Dòng tổng cộng" in found.skipped[0]
    assert found.skipped[2:] == [
        "1 dòng tên danh sách phía trên tiêu đề.",
        "1 dòng tiêu đề.",
    ]


def test_a_list_that_names_another_unit_says_where_it_will_go(clerk: Actor):
    headers = (*packages.HEADERS, "CĐCS")
    data = workbook([[*person(1), "CĐCS Ở Chỗ Khác"]], headers=headers)
    found = bring(data, clerk, name="a.xlsx")
    assert "CĐCS Ở Chỗ Khác" in found.problems[0]


def test_a_member_number_in_a_list_is_never_taken(clerk: Actor):
    headers = (*packages.HEADERS, "Mã số đoàn viên")
    data = workbook([[*person(1), "085000012345"]], headers=headers)
    found = bring(data, clerk, name="a.xlsx")
    assert any("085000012345" in w for w in rows_of(found)[0].warnings)
    say_yes(found, clerk)
    assert db.session.query(Member).one().member_number is None
