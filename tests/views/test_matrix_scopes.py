"""Every scope in every query holds: without any one of them a visit tells.

And what happens in a unit elsewhere changes no letter of a page: not a name, and
not a count either.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import true

from portal.access.policy import Action, Role
from portal.db.scoping import within
from tests.views.test_leaks import ADDRESSES, ELSEWHERE, SEARCHES
from tests.views.test_matrix import RIGHTS
from tests.views.visits import Case, Visitor, cases_of, sign_in, text_of, visit
from tests.views.world import UNITS, World, build_world, close_world, furnish

# Who visits: between them they may do everything, in the middle of the tree.
BY = (
    ("a1", Role.ADMINISTRATOR),
    ("upper_a", Role.APPROVER),
    ("f85", Role.PRINTER),
    ("f85", Role.APPROVER),
    ("f85", Role.ADMINISTRATOR),
)

# Nonces and tokens, and moments in files made on the spot.
_FRESH = re.compile(
    r'nonce="[^"]*"|X-CSRFToken": "[^"]*"|name="csrf_token"[^>]*|<dcterms:.*?<'
    r'|data-token="[^"]*"'
)

# Scopes that no page can be caught without, each with what stands before it.
SECOND_LOCKS = {
    "audit.of_subject": "the subject was found in scope",
    "bank.lacking_by_roster": "nobody in the furnished world lacks what the bank needs",
    "desk.beginnings": "every unit of this union has taken every first step",
    "desk.requests_rejected": "nobody in the furnished world is rejected",
    "intake_photos.count_loose": "the import was found in scope",
    "intake_photos.find": "the import was found in scope",
    "intake_photos.loose": "the import was found in scope",
    "intake_rows.count": "the import was found in scope",
    "intake_rows.page": "the import was found in scope",
    "intake_rows.without_photo": "the import was found in scope",
    "intake_undo.count_free": "the import was found in scope",
    "intake_undo.standing": "the import was found in scope",
    "roster_columns.of_unit": "the import was found in scope, and so its unit",
    "jobs.latest_of": "the subject was found in scope",
    "jobs.subjects": "the jobs were found in scope",
    "members.fixed_by": "the member was found in scope",
    "members.requests_of": "the member was found in scope",
    "members.unit_by_id": "asked for the officer's own unit",
    "prints.held_back": "nobody in the furnished world is paused",
    "renewals.events_of": "the request was found in scope",
    "renewals.lines_of_groups": "the groups were found in scope",
    "renewals.returns_of": "the requests were found in scope",
    "rosters.roster_of": "the unit was found in scope",
    "units.children_of": "the unit was found in scope",
    "units.headcounts": "the paths are of units found in scope",
    "units.officers_at": "the unit was found in scope",
}

# Which visitor, which request, and the answer that is right.
Visit = tuple[int, Case, str]


class Scopes:
    """What stands in for ``within``: notes who asks, and lets one query go free."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.free = ""

    def __call__(self, scope: Any, path: Any) -> Any:
        """Give the condition, or none for the query that is let go."""
        name = _query_of(sys._getframe(1))
        self.asked.add(name)
        return true() if name == self.free else within(scope, path)


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[World]:
    """Give one furnished union for all these tests."""
    world = build_world(tmp_path_factory.mktemp("scopes"), sqlite_template)
    yield world
    close_world(world)


@pytest.fixture
def scopes(monkeypatch: pytest.MonkeyPatch) -> Scopes:
    """Put the stand-in into every module of queries."""
    scopes = Scopes()
    for name, module in list(sys.modules.items()):
        if name.startswith("portal.db.queries") and hasattr(module, "within"):
            monkeypatch.setattr(module, "within", scopes)
    return scopes


@pytest.mark.slow
def test_dropping_any_one_scope_is_noticed(world: World, scopes: Scopes) -> None:
    """Each query's condition in turn is left out of the visits that need it."""
    visitors = [sign_in(world, world.cast.actor(*one)) for one in BY]
    world.save()
    needed: dict[str, list[Visit]] = defaultdict(list)
    for number, visitor in enumerate(visitors):
        for case in _visits(world, visitor):
            scopes.asked.clear()
            answer = _answer(world, visitor, case)
            for name in scopes.asked:
                needed[name].append((number, case, answer))
    unnoticed = set()
    for name, visits in needed.items():
        scopes.free = name
        if not any(
            _answer(world, visitors[who], case) != right for who, case, right in visits
        ):
            unnoticed.add(name)
    assert unnoticed == set(SECOND_LOCKS)


@pytest.mark.parametrize(("unit", "role"), BY)
def test_what_happens_elsewhere_changes_no_page(
    world: World, unit: str, role: Role
) -> None:
    """Not a letter: no count, no list, no suggestion knows of it."""
    visitor = sign_in(world, world.cast.actor(unit, role))
    world.save()
    cases = [case for case in _visits(world, visitor) if case.method == "GET"]
    before = [_answer(world, visitor, case) for case in cases]
    with world.untouched():
        with world.app.app_context():
            furnish(world, ELSEWHERE[unit], serial=len(UNITS) + 1, known=False)
        with world.meanwhile():
            after = [_answer(world, visitor, case) for case in cases]
    changed = [
        str(case)
        for case, was, now in zip(cases, before, after, strict=True)
        if was != now
    ]
    assert changed == []


def _answer(world: World, visitor: Visitor, case: Case) -> str:
    """Give status and text of an answer, without what differs at every request."""
    with world.untouched():
        response = visit(world, visitor, case)
        response.close()
    text = f"{response.status_code} {response.headers.get('Location')} "
    return _FRESH.sub("", text + text_of(response, headers=False))


def _visits(world: World, visitor: Visitor) -> Iterator[Case]:
    """Give requests that should show nothing far: absent things, lists, searches."""
    assert visitor.actor
    for route, right in RIGHTS.items():
        if isinstance(right, Action) and visitor.actor.may(right):
            for case in cases_of(world, route, right, visitor):
                if case.method == "GET" or case.expected == "absent":
                    yield case
    if visitor.actor.may(Action.OFFICER_MANAGE):
        both: dict[str, object] = {"officer_id": world.in_two_places}
        yield Case("officers.show", "GET", "any", "an officer in two places", both)
    for endpoint, carried in SEARCHES:
        if visitor.actor.may(_right(endpoint)):
            yield Case(endpoint, "GET", "any", "a search", {}, carried)
    far = ELSEWHERE[world.unit_of(visitor.actor)]
    for endpoint, carry in ADDRESSES:
        if visitor.actor.may(_right(endpoint)):
            yield Case(endpoint, "GET", "any", far, {}, carry(world, far))


def _right(endpoint: str) -> Action:
    right = RIGHTS[endpoint, "GET"]
    assert isinstance(right, Action)
    return right


def _query_of(frame: FrameType | None) -> str:
    """Name the query that a frame works for: the outermost one of its module."""
    name = ""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("portal.db.queries"):
            function = frame.f_code.co_name
            if not function.startswith("<"):
                name = f"{module.rpartition('.')[2]}.{function}"
        elif name:
            return name
        frame = frame.f_back
    return name
