"""Founding an empty installation, and in whose name its commands act."""

import threading
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access.policy import Action, Role
from portal.db.models import Officer, Unit
from portal.db.session import db
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.union_units import TOP_LEVELS, UnionLevel
from portal.services import command_line, first_run, officer_pages, officers, sign_in
from portal.services.first_run import Founding
from portal.services.units import UnitDraft
from tests.cast import Cast

HERE = sign_in.Visitor(address="10.0.0.1", device="Chrome trên máy tính Windows")
FOUNDING = Founding(
    unit=UnitDraft(code="TOP", name="Đơn vị cao nhất"),
    level=UnionLevel.FEDERATION,
    full_name="Lê Thị Mẫu",
    sign_in_name="mau.lt",
    password="con cá mè hoa",
)


def new_link() -> str:
    return first_run.founding_link().removeprefix("/bat-dau/")


@pytest.mark.parametrize("level", TOP_LEVELS)
def test_any_top_level_can_be_founded_and_its_administrator_is_in(
    app: Flask, level: UnionLevel
) -> None:
    token = first_run.found(new_link(), replace(FOUNDING, level=level), visitor=HERE)
    found = sign_in.find_session(token)
    assert found is not None
    assert found.actor.role is Role.ADMINISTRATOR
    assert (found.actor.level, found.actor.unit_name) == (level, "Đơn vị cao nhất")


def test_the_founder_comes_back_with_the_password(app: Flask) -> None:
    first_run.found(new_link(), FOUNDING, visitor=HERE)
    assert sign_in.open_session("mau.lt", "con cá mè hoa", visitor=HERE).token


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_founded(app: Flask) -> None:
    bad = replace(
        FOUNDING,
        unit=UnitDraft(code="a b", name="", province_code="00"),
        full_name=" ",
        sign_in_name="Lan Nguyễn",
        password="1234567890",
    )
    link = new_link()
    with pytest.raises(Invalid) as refused:
        first_run.found(link, bad, visitor=HERE)
    assert {problem.where for problem in refused.value.problems} == {
        "code",
        "name",
        "province_code",
        "full_name",
        "sign_in_name",
        "password",
    }
    assert first_run.is_empty()
    first_run.check_link(link)


def test_a_section_cannot_be_the_top(app: Flask) -> None:
    with pytest.raises(Invalid):
        first_run.found(
            new_link(), replace(FOUNDING, level=UnionLevel.GROUP), visitor=HERE
        )
    assert first_run.is_empty()


def test_only_the_last_link_founds(app: Flask) -> None:
    before, _after = new_link(), new_link()
    with pytest.raises(NotFound):
        first_run.found(before, FOUNDING, visitor=HERE)


def test_a_founded_portal_gives_no_link_and_is_not_founded_again(app: Flask) -> None:
    link = new_link()
    first_run.found(link, FOUNDING, visitor=HERE)
    assert first_run.founding_link() == ""
    with pytest.raises(Conflict, match="thiết lập xong"):
        first_run.found(link, FOUNDING, visitor=HERE)


def test_of_two_founders_one_wins_and_the_other_gets_a_sentence(app: Flask) -> None:
    link = new_link()
    start = threading.Barrier(2)
    won: list[str] = []
    lost: list[str] = []

    def try_it(name: str) -> None:
        with app.app_context():
            start.wait()
            try:
                mine = replace(FOUNDING, sign_in_name=name)
                first_run.found(link, mine, visitor=HERE)
                won.append(name)
            except Conflict as refusal:
                lost.append(refusal.text)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=try_it, args=(n,)) for n in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(won) == 1
    assert lost == [first_run.ALREADY_FOUNDED]
    assert db.session.scalar(select(func.count(Unit.id))) == 1
    assert db.session.scalars(select(Officer.sign_in_name)).all() == won


def test_a_code_of_an_officer_founds_nothing(app: Flask, cast: Cast) -> None:
    slip = officers.make_slip(
        cast.actor("a1").officer_id, by=cast.actor("tld", Role.ADMINISTRATOR)
    )
    with pytest.raises(Conflict):
        first_run.check_link(slip.path.removeprefix("/lan-dau/"))


def test_a_founding_link_signs_nobody_in(app: Flask) -> None:
    with pytest.raises(NotFound):
        sign_in.first_use(new_link())


def test_a_command_acts_as_the_officer_at_the_unit(cast: Cast) -> None:
    actor = command_line.actor_for("a1", Action.IMPORT_RUN)
    assert actor is not None
    assert (actor.unit_id, actor.role) == (cast.unit_ids["a1"], Role.DATA_ENTRY)


def test_a_command_goes_up_to_the_nearest_officer(cast: Cast) -> None:
    for role in (Role.DATA_ENTRY, Role.ADMINISTRATOR):
        officers.suspend(
            cast.actor("a1", role).officer_id,
            by=cast.actor("upper_a", Role.ADMINISTRATOR),
        )
    actor = command_line.actor_for("a1", Action.IMPORT_RUN)
    assert actor is not None
    assert actor.unit_id == cast.unit_ids["upper_a"]


def test_a_command_acts_as_the_one_named(cast: Cast) -> None:
    actor = command_line.actor_for("a1", Action.IMPORT_RUN, as_name="data_entry.f85")
    assert actor is not None
    assert actor.name == "data_entry f85"


@pytest.mark.parametrize("name", ["data_entry.b1", "read_only.a1"])
def test_a_command_refuses_a_name_without_the_right_there(
    cast: Cast, name: str
) -> None:
    with pytest.raises(NotAllowed):
        command_line.actor_for("a1", Action.IMPORT_RUN, as_name=name)


def test_a_command_says_that_nobody_has_the_name(cast: Cast) -> None:
    with pytest.raises(NotFound, match="nobody"):
        command_line.actor_for("a1", Action.IMPORT_RUN, as_name="nobody")


def test_an_unknown_unit_has_no_actor(cast: Cast) -> None:
    assert command_line.actor_for("nope", Action.IMPORT_RUN) is None


def test_without_officers_the_installations_own_account_acts_at_that_unit(
    app: Flask,
) -> None:
    unit = first_run.found_by_command(FOUNDING.unit, level=UnionLevel.GRASSROOTS)
    first = command_line.actor_for("top", Action.IMPORT_RUN)
    again = command_line.actor_for("TOP", Action.IMPORT_RUN)
    assert first is not None
    assert first == again
    assert (first.name, first.unit_id) == (command_line.NAME, unit.id)
    assert first.may(Action.IMPORT_RUN)


@pytest.mark.parametrize("action", [Action.REQUEST_APPROVE, Action.NUMBER_IMPORT])
def test_no_number_is_given_in_nobodys_name(app: Flask, action: Action) -> None:
    first_run.found_by_command(FOUNDING.unit, level=UnionLevel.FEDERATION)
    with pytest.raises(NotAllowed, match=r"add-officer --unit TOP .* --role approver"):
        command_line.actor_for("top", action)


def test_the_installations_own_account_cannot_be_seen_reset_or_entered(
    app: Flask,
) -> None:
    first_run.found(new_link(), FOUNDING, visitor=HERE)
    command_line.actor_for("TOP", Action.PRINT_RUN)
    own = command_line.actor_for("TOP", Action.PRINT_RUN)
    admin = command_line.actor_for("TOP", Action.OFFICER_MANAGE)
    assert own is not None
    assert admin is not None
    assert own.name == command_line.NAME
    assert admin.name == "Lê Thị Mẫu"
    with pytest.raises(NotFound):
        officers.make_slip(own.officer_id, by=admin)
    listed = officer_pages.list_page(officer_pages.Wanted(), by=admin).rows
    assert [officer.full_name for officer, _posts in listed] == ["Lê Thị Mẫu"]
    assert not sign_in.open_session("dong-lenh", "", visitor=HERE).token
