"""A preview is talked about: cells mended, rows chosen, columns explained, photos."""

import io

import pytest

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import AuditEntry, Job, Member
from portal.db.models.intake import ImportState, RowChoice, RowState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_photos, intake_rows
from portal.db.queries.intake_rows import RowFilter
from portal.db.session import db
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.files.workbook import read_sheets
from portal.services import intake
from portal.services.progress import Unwatched
from tests import packages
from tests.cast import Cast, build_cast
from tests.make import make_member
from tests.packages import package, person, workbook
from tests.services.test_intake import (
    adds_up,
    bring,
    bring_rows,
    member_count,
    rows_of,
    say_yes,
    states,
)


@pytest.fixture
def cast(app: object) -> Cast:
    """Give the fixed tree inside the context that stands already."""
    return build_cast()


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    """Give the data entry officer of a1."""
    return cast.actor("a1")


def again(found, clerk: Actor):
    return intake_q.get(found.id, scope=clerk.scope)


def mend(found, at: int, clerk: Actor, **cells: str):
    row = rows_of(found)[at]
    touched = intake.mend(found.id, {row.id: cells}, by=clerk)
    return [one.position for one in touched]


def test_a_mended_cell_makes_a_good_row_at_once(clerk: Actor):
    found = bring_rows([person(1, birth="31/02/1990"), person(2)], clerk)
    assert mend(found, 0, clerk, birth_date="28/2/1990") == [0]
    row = rows_of(found)[0]
    assert (row.state, row.problems) == (RowState.NEW, [])
    assert row.values["birth_date"] == "1990-02-28"
    assert row.mended == {"birth_date": "31/02/1990"}
    found = again(found, clerk)
    assert (found.counts["new"], found.counts["error"]) == (2, 0)
    assert adds_up(found)
    say_yes(found, clerk)
    assert member_count() == 2


def test_a_mended_cell_that_is_still_wrong_says_why(clerk: Actor):
    found = bring_rows([person(1, birth="31/02/1990")], clerk)
    mend(found, 0, clerk, birth_date="30/02/1990")
    row = rows_of(found)[0]
    assert row.state is RowState.ERROR
    assert "30/02/1990" in row.problems[0]
    assert row.mended == {"birth_date": "31/02/1990"}, "the first cell is kept"


def test_mending_one_of_two_doubles_frees_the_other(clerk: Actor):
    rows = [person(1), person(2, citizen_id=packages.citizen_id(1)), person(3)]
    found = bring_rows(rows, clerk)
    assert mend(found, 1, clerk, citizen_id=packages.citizen_id(2)) == [0, 1]
    assert states(found) == ["new", "new", "new"]


def test_mending_can_make_a_double_and_names_both(clerk: Actor):
    found = bring_rows([person(1), person(2)], clerk)
    assert mend(found, 1, clerk, citizen_id=packages.citizen_id(1)) == [0, 1]
    assert states(found) == ["duplicate", "duplicate"]


def test_a_mended_row_of_an_old_font_keeps_the_name_as_it_was_read(clerk: Actor):
    old = ["Phan Minh Dòng", "NguyÔn V¨n Hïng", "TrÇn Th¾ng", "Lª V¨n §øc"]
    rows = [person(at, name) for at, name in enumerate(old, 1)]
    rows[0][2] = "31/02/1990"
    found = bring_rows(rows, clerk)
    mend(found, 0, clerk, birth_date="03/02/1990")
    row = rows_of(found)[0]
    assert row.values["full_name"] == "Phan Minh Dũng"
    assert any("TCVN3" in repair["reason"] for repair in row.repairs)


def test_a_cell_that_says_the_same_is_no_mending(clerk: Actor):
    found = bring_rows([person(1)], clerk)
    assert (
        mend(found, 0, clerk, sex="Nam", full_name=rows_of(found)[0].raw["full_name"])
        == []
    )
    assert again(found, clerk).version == found.version


def test_a_whole_column_is_mended_in_one_act(clerk: Actor):
    found = bring_rows([person(n, birth="x") for n in range(1, 31)], clerk)
    cells = {row.id: {"birth_date": "1/2/1990"} for row in rows_of(found)}
    intake.mend(found.id, cells, by=clerk)
    assert set(states(found)) == {"new"}
    acts = db.session.query(AuditEntry).filter_by(action="import.mend").all()
    assert [act.detail["fields"] for act in acts] == [["birth_date"]]


def test_a_record_of_mending_holds_no_cell(clerk: Actor):
    found = bring_rows([person(1, citizen_id="12345")], clerk)
    mend(found, 0, clerk, citizen_id=packages.citizen_id(7))
    for act in db.session.query(AuditEntry):
        assert packages.citizen_id(7) not in str(act.detail)


def test_mending_ends_with_the_preview(cast: Cast, clerk: Actor):
    found = say_yes(bring_rows([person(1)], clerk), clerk)
    row = rows_of(found)[0]
    with pytest.raises(Conflict, match="lấy lại"):
        intake.mend(found.id, {row.id: {"phone": "0912345678"}}, by=clerk)
    other = bring_rows([person(2)], clerk)
    with pytest.raises(NotFound):
        intake.mend(other.id, {row.id: {"phone": "0912345678"}}, by=clerk)
    with pytest.raises(NotFound):
        intake.mend(other.id, {row.id: {"phone": "0"}}, by=cast.actor("a2"))
    with pytest.raises(NotAllowed):
        intake.mend(other.id, {}, by=cast.actor("a1", Role.READ_ONLY))


def known(clerk: Actor, **fields: str) -> Member:
    return make_member(
        unit_id=clerk.unit_id,
        full_name="Nguyễn Văn An",
        citizen_id=packages.citizen_id(1),
        **fields,
    )


HEADERS = (*packages.HEADERS, "SĐT", "Chức vụ")


def with_more(serial: int, phone: str, job: str) -> list[object]:
    return [*person(serial, "Nguyễn Văn An"), phone, job]


def test_filling_blanks_only_leaves_what_the_book_says(clerk: Actor):
    member = known(clerk, phone="0912345678")
    data = workbook([with_more(1, "0987654321", "Thợ may")], headers=HEADERS)
    found = bring(data, clerk, name="a.xlsx")
    intake.choose(found.id, rows_of(found)[0].id, RowChoice.FILL, by=clerk)
    found = say_yes(again(found, clerk), clerk)
    assert found.counts["accepted"] == {"new": 0, "changed": 1, "refused": 0}
    db.session.refresh(member)
    assert (member.phone, member.job_title) == ("0912345678", "Thợ may")


def test_filling_where_nothing_is_blank_writes_nothing(clerk: Actor):
    member = known(clerk, phone="0912345678", job_title="Thợ")
    version = member.version
    data = workbook([with_more(1, "0987654321", "Thợ may")], headers=HEADERS)
    found = bring(data, clerk, name="a.xlsx")
    intake.choose_for_kind(found.id, RowFilter.CHANGED, RowChoice.FILL, by=clerk)
    found = say_yes(again(found, clerk), clerk)
    assert found.counts["accepted"] == {"new": 0, "changed": 0, "refused": 0}
    assert adds_up(found)
    db.session.refresh(member)
    assert member.version == version


def test_a_row_left_out_is_not_written_and_stands_in_nobodys_way(clerk: Actor):
    rows = [person(1), person(2, citizen_id=packages.citizen_id(1)), person(3)]
    found = bring_rows(rows, clerk)
    intake.choose(found.id, rows_of(found)[1].id, RowChoice.SKIP, by=clerk)
    assert states(found)[0] == "new"
    intake.choose(found.id, rows_of(found)[2].id, RowChoice.SKIP, by=clerk)
    found = again(found, clerk)
    assert found.counts["left_out"] == 2
    assert found.counts["skipped_rows"] == 2
    found = say_yes(found, clerk)
    assert found.counts["accepted"] == {"new": 1, "changed": 0, "refused": 0}
    assert adds_up(found)


def test_rows_left_out_come_back_as_they_are_judged(clerk: Actor):
    rows = [person(1), person(2, citizen_id=packages.citizen_id(1))]
    found = bring_rows(rows, clerk)
    intake.choose(found.id, rows_of(found)[1].id, RowChoice.SKIP, by=clerk)
    intake.choose_for_kind(found.id, RowFilter.LEFT_OUT, RowChoice.TAKE, by=clerk)
    assert states(found) == ["duplicate", "duplicate"]


def lookalike(clerk: Actor) -> Member:
    return make_member(
        unit_id=clerk.unit_id,
        full_name="Nguyễn Văn An",
        citizen_id="",
        id_card_number="264123456",
    )


def test_a_lookalike_can_be_somebody_else(clerk: Actor):
    lookalike(clerk)
    found = bring_rows([person(1, "Nguyễn Văn An")], clerk)
    assert states(found) == ["duplicate"]
    intake.choose(found.id, rows_of(found)[0].id, RowChoice.OTHER_PERSON, by=clerk)
    assert states(found) == ["new"]
    say_yes(again(found, clerk), clerk)
    assert member_count() == 2


def test_a_lookalike_can_be_the_same_person_and_gets_the_new_paper(clerk: Actor):
    member = lookalike(clerk)
    found = bring_rows([person(1, "Nguyễn Văn An")], clerk)
    intake.choose(found.id, rows_of(found)[0].id, RowChoice.SAME_PERSON, by=clerk)
    row = rows_of(found)[0]
    assert (row.state, row.member_id) == (RowState.CHANGED, member.id)
    say_yes(again(found, clerk), clerk)
    db.session.refresh(member)
    assert member.citizen_id == packages.citizen_id(1)
    assert member_count() == 1


def test_a_kind_has_only_the_choices_that_fit_it(clerk: Actor):
    found = bring_rows([person(1)], clerk)
    with pytest.raises(Invalid):
        intake.choose_for_kind(found.id, RowFilter.NEW, RowChoice.FILL, by=clerk)


def test_doubtful_rows_are_counted_and_filtered(clerk: Actor):
    rows = [person(1, citizen_id="058190000001"), person(2)]
    found = bring_rows(rows, clerk)
    assert found.counts["doubtful"] == 1
    shown = intake_rows.page(found.id, scope=clerk.scope, only=RowFilter.DOUBTFUL)
    assert [row.position for row in shown] == [0]


ODD = ("STT", "Tên công nhân", "Ngày sinh", "Giới tính", "Số CCCD", "Họ và tên")


def test_a_column_explained_once_is_known_the_next_time(clerk: Actor):
    rows = [[1, "Trần Thị Bé", "31/02/1991", "Nữ", "058191000001", "?"]]
    data = workbook(rows, headers=ODD)
    found = bring(data, clerk, name="a.xlsx")
    mend(found, 0, clerk, birth_date="1/2/1991")
    words = {"Tên công nhân": "full_name", "Họ và tên": ""}
    intake.choose_columns(found.id, words, by=clerk)
    assert again(found, clerk).state is ImportState.UPLOADED
    assert db.session.query(Job).filter_by(kind="import.evaluate").count() == 1
    intake.evaluate(found.id, by=clerk, progress=Unwatched())
    row = rows_of(found)[0]
    assert row.values["full_name"] == "Trần Thị Bé"
    assert row.values["birth_date"] == "1991-02-01", "mended cells are kept"
    assert row.state is RowState.NEW
    columns = intake.columns_of(again(found, clerk), by=clerk)
    assert [(c.header, c.field) for c in columns if c.remembered] == [
        ("Tên công nhân", "full_name"),
        ("Họ và tên", ""),
    ]
    later = bring(data, clerk, name="b.xlsx")
    assert rows_of(later)[0].values["full_name"] == "Trần Thị Bé"


def test_a_file_without_a_known_header_is_read_once_its_words_are_explained(
    clerk: Actor,
):
    headers = ("X", "Danh tính", "Chào đời", "Nam hay nữ", "Thẻ căn cước số")
    row = [1, "Trần Thị Bé", "1/2/1991", "Nữ", "058191000001"]
    found = bring(workbook([row], headers=headers), clerk, name="a.xlsx")
    assert found.state is ImportState.FAILED
    words = {
        "Danh tính": "full_name",
        "chào  đời": "birth_date",
        "Nam hay nữ": "sex",
        "Thẻ căn cước số": "citizen_id",
        "": "phone",
    }
    intake.choose_columns(found.id, words, by=clerk)
    intake.evaluate(found.id, by=clerk, progress=Unwatched())
    assert states(again(found, clerk)) == ["new"]


def test_two_columns_cannot_be_one_field(clerk: Actor):
    found = bring(
        workbook([[1, "A B", "1/2/1991", "Nữ", "058191000001", "C D"]], headers=ODD),
        clerk,
        name="a.xlsx",
    )
    with pytest.raises(Invalid, match="Hai cột"):
        intake.choose_columns(found.id, {"Tên công nhân": "full_name"}, by=clerk)


def photos_in(found, clerk: Actor):
    return intake_photos.loose(found.id, scope=clerk.scope)


def test_a_photo_is_given_to_its_person_by_hand(clerk: Actor):
    roster = workbook([person(1, "Nguyễn Tốt"), person(2, "Trần Sang")])
    pictures = {"IMG_1.jpg": packages.photo(1), "hong.jpg": b"x"}
    found = bring(package(roster, pictures), clerk)
    broken, good = sorted(
        photos_in(found, clerk), key=lambda photo: bool(photo.photo_id)
    )
    desk = intake.photo_desk(found.id, page=1, by=clerk)
    assert (desk.total, desk.waiting) == (2, 2)
    row = rows_of(found)[1]
    with pytest.raises(Invalid, match="không dùng được"):
        intake.assign(found.id, broken.id, row.id, by=clerk)
    intake.assign(found.id, good.id, row.id, by=clerk)
    row = rows_of(found)[1]
    assert row.photo_id == good.photo_id
    assert row.warnings == []
    assert len(rows_of(found)[0].warnings) == 1, "this one still wants a photo"
    say_yes(again(found, clerk), clerk)
    with_photo = db.session.query(Member).filter(Member.photo_id.is_not(None)).one()
    assert with_photo.citizen_id == packages.citizen_id(2)


def test_a_wrong_photo_is_taken_off_and_given_to_another(clerk: Actor):
    roster = workbook([person(1, photo="a.jpg"), person(2)])
    found = bring(package(roster, {"a.jpg": packages.photo(1)}), clerk)
    first, second = rows_of(found)
    intake.take_off(found.id, first.id, by=clerk)
    (loose,) = photos_in(found, clerk)
    intake.assign(found.id, loose.id, second.id, by=clerk)
    assert [row.photo_id for row in rows_of(found)] == [None, loose.photo_id]
    assert photos_in(found, clerk) == []


def test_a_picture_given_twice_is_flagged(clerk: Actor):
    shared = packages.photo(1)
    roster = workbook([person(1, photo="a.jpg"), person(2)])
    found = bring(package(roster, {"a.jpg": shared, "IMG_9.jpg": shared}), clerk)
    (loose,) = photos_in(found, clerk)
    intake.assign(found.id, loose.id, rows_of(found)[1].id, by=clerk)
    assert any("giống hệt" in warning for warning in rows_of(found)[1].warnings)


def test_a_doubtful_photo_comes_with_its_likely_people(clerk: Actor):
    roster = workbook([person(1, "Nguyễn An"), person(2, "Nguyễn An"), person(3)])
    found = bring(package(roster, {"Nguyễn An.jpg": packages.photo(1)}), clerk)
    desk = intake.photo_desk(found.id, page=1, by=clerk)
    (photo,) = desk.photos
    assert [one.row_number for one in desk.likely[photo.id]] == [
        row.row_number for row in rows_of(found)[:2]
    ]


def test_giving_up_drops_the_loose_photos_too(clerk: Actor):
    roster = workbook([person(1)])
    found = bring(package(roster, {"IMG_1.jpg": packages.photo(1)}), clerk)
    from portal.db.models import Photo

    assert db.session.query(Photo).count() == 1
    intake.abort(found.id, by=clerk)
    assert db.session.query(Photo).count() == 0


def test_the_refused_rows_keep_the_officers_order_and_mark_their_cells(clerk: Actor):
    headers = ("Số CCCD", "Họ và tên", "Giới tính", "Ngày sinh")
    row = [packages.citizen_id(1), "Nguyễn Văn An", "Nam", "31/02/1990"]
    found = bring(workbook([row], headers=headers), clerk, name="a.xlsx")
    data = intake.refused_workbook(found.id, by=clerk)
    (sheet,) = read_sheets(data, "a.xlsx")
    header = next(cells for cells in sheet.rows if "Lý do" in cells)
    assert header == [*headers, "Lý do"]
    from openpyxl import load_workbook

    cells = load_workbook(io.BytesIO(data)).active
    comments = {c.coordinate: c.comment.text for r in cells for c in r if c.comment}
    assert list(comments) == ["D5"]
    assert "31/02/1990" in comments["D5"]
