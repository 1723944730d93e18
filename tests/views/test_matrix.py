"""Every route × every kind of visitor × objects near and far: who may do what.

``RIGHTS`` says it a second time, independently of the views: weakening a guard or
a scope makes these tests fail, and so does a route that nobody wrote down.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.access.policy import Action, Role, may
from portal.web.guard import public, right_of
from tests.views.visits import (
    Visitor,
    cases_of,
    faults_in,
    routes_of,
    visitors_of,
)
from tests.views.world import World, build_world, close_world

A = Action
PUBLIC = "public"

RIGHTS: dict[tuple[str, str], Action | str] = {
    ("account.change_password", "POST"): A.ACCOUNT_SELF,
    ("account.end_other_sessions", "POST"): A.ACCOUNT_SELF,
    ("account.end_session", "POST"): A.ACCOUNT_SELF,
    ("account.index", "GET"): A.ACCOUNT_SELF,
    ("account.switch_post", "POST"): A.ACCOUNT_SELF,
    ("bank.download", "GET"): A.BANK_EXPORT,
    ("bank.export", "POST"): A.BANK_EXPORT,
    ("bank.index", "GET"): A.BANK_EXPORT,
    ("designer.built_in_image", "GET"): A.DESIGN_VIEW,
    ("designer.difference_image", "GET"): A.DESIGN_VIEW,
    ("designer.edit", "GET"): A.DESIGN_VIEW,
    ("designer.export", "GET"): A.DESIGN_VIEW,
    ("designer.index", "GET"): A.DESIGN_VIEW,
    ("designer.new", "GET"): A.DESIGN_EDIT,
    ("designer.new", "POST"): A.DESIGN_EDIT,
    ("designer.publish", "POST"): A.DESIGN_EDIT,
    ("designer.restore", "POST"): A.DESIGN_EDIT,
    ("designer.resume", "POST"): A.DESIGN_EDIT,
    ("designer.retire", "POST"): A.DESIGN_EDIT,
    ("designer.show", "GET"): A.DESIGN_VIEW,
    ("designer.take_in", "GET"): A.DESIGN_EDIT,
    ("designer.take_in", "POST"): A.DESIGN_EDIT,
    ("designer.test", "GET"): A.DESIGN_VIEW,
    ("designer.test_file", "GET"): A.DESIGN_VIEW,
    ("designer.update", "POST"): A.DESIGN_EDIT,
    ("designer.version", "GET"): A.DESIGN_VIEW,
    ("designer.version_image", "GET"): A.DESIGN_VIEW,
    ("designer.versions", "GET"): A.DESIGN_VIEW,
    ("designer_api.add_picture", "POST"): A.DESIGN_EDIT,
    ("designer_api.apply", "POST"): A.DESIGN_EDIT,
    ("designer_api.check", "POST"): A.DESIGN_EDIT,
    ("designer_api.members", "GET"): A.DESIGN_VIEW,
    ("designer_api.palette", "GET"): A.DESIGN_VIEW,
    ("designer_api.picture", "GET"): A.DESIGN_VIEW,
    ("designer_api.preview", "GET"): A.DESIGN_VIEW,
    ("designer_api.redo", "POST"): A.DESIGN_EDIT,
    ("designer_api.show", "GET"): A.DESIGN_VIEW,
    ("designer_api.undo", "POST"): A.DESIGN_EDIT,
    ("desk.index", "GET"): A.ACCOUNT_SELF,
    ("first_run.found", "GET"): PUBLIC,
    ("first_run.found", "POST"): PUBLIC,
    ("first_run.index", "GET"): PUBLIC,
    ("import_photos.assign", "POST"): A.IMPORT_RUN,
    ("import_photos.desk", "GET"): A.IMPORT_RUN,
    ("import_photos.image", "GET"): A.IMPORT_RUN,
    ("import_photos.take_off", "POST"): A.IMPORT_RUN,
    ("imports.abort", "POST"): A.IMPORT_RUN,
    ("imports.accept", "POST"): A.IMPORT_RUN,
    ("imports.index", "GET"): A.IMPORT_RUN,
    ("imports.original", "GET"): A.IMPORT_RUN,
    ("imports.photo", "GET"): A.IMPORT_RUN,
    ("imports.refused", "GET"): A.IMPORT_RUN,
    ("imports.show", "GET"): A.IMPORT_RUN,
    ("imports.take_back", "POST"): A.IMPORT_RUN,
    ("imports.template", "GET"): A.IMPORT_RUN,
    ("imports.undo", "GET"): A.IMPORT_RUN,
    ("imports.upload", "POST"): A.IMPORT_RUN,
    ("jobs.cancel", "POST"): A.JOB_VIEW,
    ("jobs.index", "GET"): A.JOB_VIEW,
    ("jobs.retry", "POST"): A.JOB_VIEW,
    ("jobs.show", "GET"): A.JOB_VIEW,
    ("members.check", "POST"): A.MEMBER_EDIT,
    ("members.create", "POST"): A.MEMBER_EDIT,
    ("members.edit", "GET"): A.MEMBER_EDIT,
    ("members.index", "GET"): A.MEMBER_VIEW,
    ("members.new", "GET"): A.MEMBER_EDIT,
    ("members.reveal", "POST"): A.MEMBER_REVEAL,
    ("members.show", "GET"): A.MEMBER_VIEW,
    ("members.units", "GET"): A.MEMBER_EDIT,
    ("members.update", "POST"): A.MEMBER_EDIT,
    ("mending.choose", "POST"): A.IMPORT_RUN,
    ("mending.choose_columns", "POST"): A.IMPORT_RUN,
    ("mending.choose_kind", "POST"): A.IMPORT_RUN,
    ("mending.columns", "GET"): A.IMPORT_RUN,
    ("mending.grid", "GET"): A.IMPORT_RUN,
    ("mending.keep_as_typed", "POST"): A.IMPORT_RUN,
    ("mending.read_anew", "POST"): A.IMPORT_RUN,
    ("mending.row", "GET"): A.IMPORT_RUN,
    ("mending.save_grid", "POST"): A.IMPORT_RUN,
    ("mending.save_row", "POST"): A.IMPORT_RUN,
    ("officers.add_post", "GET"): A.OFFICER_MANAGE,
    ("officers.add_post", "POST"): A.OFFICER_MANAGE,
    ("officers.edit", "GET"): A.OFFICER_MANAGE,
    ("officers.edit", "POST"): A.OFFICER_MANAGE,
    ("officers.edit_post", "GET"): A.OFFICER_MANAGE,
    ("officers.edit_post", "POST"): A.OFFICER_MANAGE,
    ("officers.index", "GET"): A.OFFICER_MANAGE,
    ("officers.make_slip", "POST"): A.OFFICER_MANAGE,
    ("officers.new", "GET"): A.OFFICER_MANAGE,
    ("officers.new", "POST"): A.OFFICER_MANAGE,
    ("officers.resume", "POST"): A.OFFICER_MANAGE,
    ("officers.resume_post", "POST"): A.OFFICER_MANAGE,
    ("officers.show", "GET"): A.OFFICER_MANAGE,
    ("officers.slip", "GET"): A.OFFICER_MANAGE,
    ("officers.suspend", "POST"): A.OFFICER_MANAGE,
    ("officers.suspend_post", "POST"): A.OFFICER_MANAGE,
    ("photo_sheets.approve", "POST"): A.PHOTO_APPROVE,
    ("photo_sheets.index", "GET"): A.MEMBER_VIEW,
    ("photo_sheets.refuse", "POST"): A.PHOTO_APPROVE,
    ("photo_sheets.turn", "POST"): A.MEMBER_EDIT,
    ("photos.edit", "GET"): A.MEMBER_EDIT,
    ("photos.show", "GET"): A.MEMBER_VIEW,
    ("photos.upload", "POST"): A.MEMBER_EDIT,
    ("policy.index", "GET"): A.POLICY_VIEW,
    ("prints.accept_warnings", "POST"): A.PRINT_RUN,
    ("prints.create", "POST"): A.PRINT_RUN,
    ("prints.give_up", "POST"): A.PRINT_RUN,
    ("prints.download", "GET"): A.PRINT_DOWNLOAD,
    ("prints.image", "GET"): A.PRINT_VIEW,
    ("prints.index", "GET"): A.PRINT_VIEW,
    ("prints.new", "GET"): A.PRINT_RUN,
    ("prints.show", "GET"): A.PRINT_VIEW,
    ("renewals.act_on_chosen", "POST"): A.REQUEST_REVIEW,
    ("renewals.approve", "GET"): A.REQUEST_APPROVE,
    ("renewals.approve_now", "POST"): A.REQUEST_APPROVE,
    ("renewals.close", "POST"): A.CAMPAIGN_MANAGE,
    ("renewals.create", "POST"): A.CAMPAIGN_MANAGE,
    ("renewals.declare", "POST"): A.ROSTER_SUBMIT,
    ("renewals.history", "GET"): A.CAMPAIGN_VIEW,
    ("renewals.import_numbers", "POST"): A.NUMBER_IMPORT,
    ("renewals.index", "GET"): A.CAMPAIGN_VIEW,
    ("renewals.leave_out", "POST"): A.ROSTER_SUBMIT,
    ("renewals.new", "GET"): A.CAMPAIGN_MANAGE,
    ("renewals.numbers_form", "GET"): A.NUMBER_IMPORT,
    ("renewals.reopen", "POST"): A.CAMPAIGN_MANAGE,
    ("renewals.review", "GET"): A.REQUEST_REVIEW,
    ("renewals.roster", "GET"): A.CAMPAIGN_VIEW,
    ("renewals.send_back", "POST"): A.REQUEST_REVIEW,
    ("renewals.send_on_clean", "POST"): A.REQUEST_REVIEW,
    ("renewals.show", "GET"): A.CAMPAIGN_VIEW,
    ("renewals.submit", "POST"): A.ROSTER_SUBMIT,
    ("sign_in.first_use", "GET"): PUBLIC,
    ("sign_in.first_use", "POST"): PUBLIC,
    ("sign_in.sign_in", "GET"): PUBLIC,
    ("sign_in.sign_in", "POST"): PUBLIC,
    ("sign_in.sign_out", "POST"): PUBLIC,
    ("static", "GET"): PUBLIC,
    ("units.add", "GET"): A.UNIT_MANAGE,
    ("units.add", "POST"): A.UNIT_MANAGE,
    ("units.edit", "GET"): A.UNIT_MANAGE,
    ("units.edit", "POST"): A.UNIT_MANAGE,
    ("units.index", "GET"): A.UNIT_VIEW,
    ("units.move", "GET"): A.UNIT_MANAGE,
    ("units.move", "POST"): A.UNIT_MANAGE,
    ("units.show", "GET"): A.UNIT_VIEW,
}

_ENTRY, _APPROVER, _PRINTER = Role.DATA_ENTRY, Role.APPROVER, Role.PRINTER
_ADMIN, _READER, _DESIGNER = Role.ADMINISTRATOR, Role.READ_ONLY, Role.DESIGNER

HOLDERS: dict[Action, set[Role]] = {
    A.ACCOUNT_SELF: set(Role),
    A.BANK_EXPORT: {_APPROVER},
    A.CAMPAIGN_MANAGE: {_APPROVER, _ADMIN},
    A.CAMPAIGN_VIEW: set(Role) - {_DESIGNER},
    A.DESIGN_EDIT: {_DESIGNER},
    A.DESIGN_VIEW: {_ADMIN, _DESIGNER, _PRINTER},
    A.IMPORT_RUN: {_ENTRY, _ADMIN},
    A.JOB_VIEW: set(Role) - {_DESIGNER, _READER},
    A.MEMBER_EDIT: {_ENTRY, _ADMIN},
    A.MEMBER_REVEAL: {_ENTRY, _APPROVER, _ADMIN},
    A.MEMBER_VIEW: set(Role) - {_DESIGNER},
    A.NUMBER_IMPORT: {_APPROVER},
    A.OFFICER_MANAGE: {_ADMIN},
    A.PHOTO_APPROVE: {_APPROVER},
    A.POLICY_VIEW: set(Role),
    A.PRINT_DOWNLOAD: {_PRINTER},
    A.PRINT_RUN: {_PRINTER},
    A.PRINT_VIEW: {_PRINTER, _ADMIN},
    A.REQUEST_APPROVE: {_APPROVER},
    A.REQUEST_REVIEW: {_APPROVER},
    A.ROSTER_SUBMIT: {_ENTRY, _ADMIN},
    A.UNIT_MANAGE: {_ADMIN},
    A.UNIT_VIEW: set(Role),
}

VISITORS = (
    "nobody",
    "a dead session",
    "a suspended officer",
    "data entry of a grassroots union",
    "data entry of another grassroots union",
    "administrator of a grassroots union",
    "approver of an upper union",
    "administrator of an upper union",
    "approver of a federation",
    "printer of a federation",
    "designer of a federation",
    "reader of a federation",
    "approver of the confederation",
)


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[World]:
    """Give one furnished union for all these tests; each request leaves no trace."""
    world = build_world(tmp_path_factory.mktemp("matrix"), sqlite_template)
    yield world
    close_world(world)


@pytest.fixture(scope="module")
def visitors(world: World) -> dict[str, Visitor]:
    """Give the visitors by name, each with a browser."""
    found = visitors_of(world)
    assert tuple(found) == VISITORS
    return found


def test_every_route_is_in_the_table_and_every_row_is_a_route(world: World) -> None:
    """A new route must be given its right here; a gone one must leave."""
    assert set(routes_of(world.app)) == set(RIGHTS)


def test_every_guard_is_the_one_written_here(world: World) -> None:
    """A service may refuse behind a weaker guard: the guard itself must be right."""
    views = world.app.view_functions
    assert {route: right_of(views[route[0]]) for route in RIGHTS} == RIGHTS


def test_the_roles_hold_exactly_the_rights_written_here() -> None:
    """The policy's table and this one say the same."""
    held = {a: {role for role in Role if may(role, a)} for a in Action}
    assert held == HOLDERS


@pytest.mark.parametrize("name", VISITORS)
def test_a_visitor_gets_what_is_theirs_and_nothing_else(
    world: World, visitors: dict[str, Visitor], name: str
) -> None:
    """Sign-in, 403, 404 or the thing itself, on every route and near or far object."""
    assert faults_of(world, visitors[name]) == []


def test_opening_any_guard_is_noticed(
    world: World, visitors: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each view in turn is declared public: the visits of nobody tell."""
    for route, right in RIGHTS.items():
        if right == PUBLIC:
            continue
        view = world.app.view_functions[route[0]]
        with monkeypatch.context() as patch:
            patch.setitem(world.app.view_functions, route[0], public(_copy(view)))
            assert faults_of(world, visitors["nobody"], only=route), route


def faults_of(
    world: World, visitor: Visitor, *, only: tuple[str, str] | None = None
) -> list[str]:
    """Visit every route, or one, and list what was answered wrongly."""
    chosen = RIGHTS if only is None else {only: RIGHTS[only]}
    return [
        fault
        for route, right in chosen.items()
        for case in cases_of(world, route, right, visitor)
        for fault in faults_in(world, visitor, case)
    ]


def _copy(view: Callable[..., Any]) -> Callable[..., Any]:
    def same(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return same
