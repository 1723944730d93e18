"""An accepted import is taken back, as far as nothing was built on it."""

from datetime import date

import pytest

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import AuditEntry, Member
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.session import db, transaction
from portal.domain.errors import Conflict, NotAllowed, NotFound
from portal.services import intake, members
from portal.services.progress import Cancelled, Unwatched
from tests import packages
from tests.cast import Cast, build_cast
from tests.make import make_member, make_request
from tests.packages import package, person, workbook
from tests.services.test_intake import (
    StopAfter,
    bring,
    bring_rows,
    member_count,
    rows_of,
    say_yes,
)


@pytest.fixture
def cast(app: object) -> Cast:
    """Give the fixed tree inside the context that stands already."""
    return build_cast()


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    """Give the data entry officer of a1."""
    return cast.actor("a1")


def undo(found, clerk: Actor, *, whole: bool = True):
    intake.begin_take_back(found.id, whole=whole, by=clerk, in_background=False)
    intake.take_back(found.id, by=clerk, progress=Unwatched())
    return intake_q.get(found.id, scope=clerk.scope)


def test_the_book_is_as_it_was(clerk: Actor):
    old = make_member(
        unit_id=clerk.unit_id,
        full_name="Nguyễn Văn An",
        citizen_id=packages.citizen_id(1),
        birth_date=date(1990, 1, 1),
        birth_year_only=True,
        phone="0912345678",
    )
    headers = (*packages.HEADERS, "SĐT")
    rows = [
        [*person(1, "Nguyễn Văn Ân", photo="a.jpg"), "0987654321"],
        [*person(2, photo="b.jpg"), ""],
    ]
    pictures = {"a.jpg": packages.photo(1), "b.jpg": packages.photo(2)}
    found = bring(package(workbook(rows, headers=headers), pictures), clerk)
    found = say_yes(found, clerk)
    assert found.counts["accepted"] == {"new": 1, "changed": 1, "refused": 0}
    found = undo(found, clerk)
    assert found.state is ImportState.TAKEN_BACK
    assert found.counts["taken_back"] == {"rows": 2, "kept": 0}
    (left,) = db.session.query(Member).all()
    db.session.refresh(left)
    assert (left.id, left.full_name, left.phone) == (
        old.id,
        "Nguyễn Văn An",
        "0912345678",
    )
    assert (left.birth_date, left.birth_year_only) == (date(1990, 1, 1), True)
    assert left.photo_id is None


def test_taken_back_and_read_anew_it_can_be_accepted_again(clerk: Actor):
    found = undo(say_yes(bring_rows([person(1)], clerk), clerk), clerk)
    intake.read_anew(found.id, by=clerk)
    intake.evaluate(found.id, by=clerk, progress=Unwatched())
    found = say_yes(intake_q.get(found.id, scope=clerk.scope), clerk)
    assert found.counts["accepted"] == {"new": 1, "changed": 0, "refused": 0}
    assert member_count() == 1


def test_what_stands_in_the_way_is_said_by_name(cast: Cast, clerk: Actor):
    found = say_yes(bring_rows([person(n) for n in (1, 2, 3)], clerk), clerk)
    edited, asked, _free = db.session.query(Member).order_by(Member.id)
    with transaction() as session:
        one = session.get_one(Member, edited.id)
        members.edit_member(session, one, {"phone": "0912345678"}, by=clerk)
    make_request(member=asked, announced_by=cast.unit_ids["f85"])
    ahead = intake.undoing(found.id, by=clerk)
    assert ahead.free == 1
    assert [(one.name, one.why) for one in ahead.obstacles] == [
        (edited.full_name, "hồ sơ đã được sửa sau khi nhận"),
        (asked.full_name, "đã có trong danh sách đề nghị đổi thẻ"),
    ]
    with pytest.raises(Conflict, match="đề nghị đổi thẻ"):
        undo(found, clerk)
    assert member_count() == 3
    found = undo(found, clerk, whole=False)
    assert found.state is ImportState.ACCEPTED
    assert found.counts["taken_back"] == {"rows": 1, "kept": 2}
    assert member_count() == 2


def test_a_later_list_that_merely_met_the_people_stands_in_nobodys_way(clerk: Actor):
    found = say_yes(bring_rows([person(1)], clerk), clerk)
    later = bring_rows([person(1)], clerk)
    assert later.counts["same"] == 1
    undo(found, clerk)
    assert member_count() == 0
    assert rows_of(later)[0].member_id is None


def test_taking_back_that_was_stopped_goes_on(clerk: Actor):
    found = say_yes(bring_rows([person(n) for n in range(1, 51)], clerk), clerk)
    intake.begin_take_back(found.id, by=clerk, in_background=False)
    with pytest.raises(Cancelled):
        intake.take_back(found.id, by=clerk, progress=StopAfter(1), chunk=20)
    assert 0 < member_count() < 50
    found = undo(found, clerk)
    assert found.state is ImportState.TAKEN_BACK
    assert member_count() == 0


def test_only_an_accepted_import_is_taken_back_by_who_may(cast: Cast, clerk: Actor):
    found = bring_rows([person(1)], clerk)
    with pytest.raises(Conflict):
        undo(found, clerk)
    found = say_yes(found, clerk)
    with pytest.raises(NotFound):
        undo(found, cast.actor("a2"))
    with pytest.raises(NotAllowed):
        undo(found, cast.actor("a1", Role.APPROVER))
    undo(found, clerk)
    with pytest.raises(Conflict):
        undo(found, clerk)
    acts = {act.action for act in db.session.query(AuditEntry)}
    assert {"import.take_back", "import.taken_back", "member.remove"} <= acts
