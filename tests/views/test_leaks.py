"""No page, block or file tells of the people of a unit outside the reader's scope."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, select

from portal.access.policy import Action, Role
from portal.db.models import AuditEntry, Unit
from portal.db.models.units import InUnit
from portal.db.session import db
from portal.services import units
from tests.views.test_matrix import RIGHTS
from tests.views.visits import (
    SHOWS_NUMBERS,
    Case,
    Visitor,
    id_names,
    leaks_in,
    sign_in,
    text_of,
    visit,
)
from tests.views.world import UNITS, World, build_world, close_world

# Between them they may read everything.
READERS = (Role.ADMINISTRATOR, Role.APPROVER, Role.PRINTER)

# A unit that is neither above nor below the other.
ELSEWHERE = {
    **dict.fromkeys(("b1", "upper_b", "s1", "sector"), "a1"),
    **dict.fromkeys(("f85", "upper_a", "a1", "a2", "a1_division"), "s1"),
}

# Searches that find somebody in every unit; an echo of the words tells nothing.
SEARCHES: tuple[tuple[str, dict[str, object]], ...] = (
    ("members.index", {"q": "thị lộ"}),
    ("members.index", {"q": "0580900000"}),
    ("members.index", {"q": "8500000"}),
    ("members.index", {"filter": "no_number"}),
    ("photo_sheets.index", {"loc": "waiting"}),
    ("photo_sheets.index", {"loc": "red"}),
    ("members.units", {"unit": "công"}),
    ("members.units", {"unit": "CĐ"}),
    ("officers.index", {"q": "read"}),
    ("officers.index", {"state": "suspended"}),
    ("units.index", {"q": "CĐ"}),
    ("units.index", {"q": "công đoàn"}),
)

Carried = Callable[[World, str], dict[str, object]]


def _unit_id(world: World, far: str) -> int:
    return world.cast.unit_ids[far]


# What an address may carry of a unit elsewhere: its code or id, or a thing of it.
ADDRESSES: tuple[tuple[str, Carried], ...] = (
    ("imports.index", lambda w, far: {"don-vi": _unit_id(w, far)}),
    ("members.index", lambda w, far: {"unit": far}),
    ("members.index", lambda w, far: {"after": w.ids["member_id"][far]}),
    ("members.index", lambda w, far: {"before": w.ids["member_id"][far]}),
    ("members.new", lambda w, far: {"unit": far}),
    ("officers.index", lambda w, far: {"unit": _unit_id(w, far)}),
    ("officers.new", lambda w, far: {"unit": _unit_id(w, far)}),
    ("photo_sheets.index", lambda w, far: {"unit": far}),
    ("policy.index", lambda w, far: {"unit": far, "action": "member.view"}),
    ("renewals.review", lambda w, far: {"don-vi": _unit_id(w, far)}),
    ("renewals.approve", lambda w, far: {"don-vi": _unit_id(w, far)}),
    ("renewals.approve", lambda w, far: {"dong": w.ids["request_id"][far]}),
)

_PERSON: dict[str, object] = {
    "full_name": "Lê Văn Nhờ",
    "birth_date": "1/2/1990",
    "sex": "male",
    "citizen_id": "001090007777",
    "card_kind": "standard",
    "dues_standing": "paying",
    "status": "active",
}
_POST: dict[str, object] = {"role": "data_entry", "valid_from": "1/2/2026"}
_BATCH: dict[str, object] = {"profile": "cr80", "dpi": "300", "sides": "front"}


@dataclass(frozen=True)
class Form:
    """A form that names something: it writes for a unit near, not for one far."""

    endpoint: str
    by: tuple[str, Role]
    near: str
    far: str
    carried: Carried

    def __str__(self) -> str:
        """Name the form in a list of tests."""
        return f"{self.endpoint} by {self.by[0]}"


_ADMIN, _APPROVER = Role.ADMINISTRATOR, Role.APPROVER

FORMS = (
    Form(
        "members.create",
        ("upper_a", _ADMIN),
        near="a1",
        far="b1",
        carried=lambda _w, unit: _PERSON | {"unit": unit},
    ),
    Form(
        "members.update",
        ("upper_a", _ADMIN),
        near="a2",
        far="b1",
        carried=lambda _w, unit: (
            _PERSON | {"unit": unit, "version": 1, "citizen_id": ""}
        ),
    ),
    Form(
        "officers.new",
        ("upper_a", _ADMIN),
        near="a1",
        far="upper_b",
        carried=lambda w, unit: (
            _POST | {"unit_id": _unit_id(w, unit), "full_name": "Lê Văn Nhờ"}
        ),
    ),
    Form(
        "officers.add_post",
        ("upper_a", _ADMIN),
        near="a2",
        far="f85",
        carried=lambda w, unit: _POST | {"unit_id": _unit_id(w, unit)},
    ),
    Form(
        "units.move",
        ("f85", _ADMIN),
        near="upper_b",
        far="sector",
        carried=lambda w, unit: {"new_parent": _unit_id(w, unit), "version": 2},
    ),
    Form(
        "photo_sheets.approve",
        ("upper_a", _APPROVER),
        near="a1",
        far="b1",
        carried=lambda w, unit: {
            "chon": f"{w.ids['member_id'][unit]}-{w.ids['photo_id'][unit]}"
        },
    ),
    Form(
        "prints.create",
        ("f85", Role.PRINTER),
        near="a1",
        far="s1",
        carried=lambda w, unit: _BATCH | {"unit": w.cast.paths[unit]},
    ),
    Form(
        "renewals.declare",
        ("a1", _ADMIN),
        near="a1",
        far="a2",
        carried=lambda w, unit: {"member": w.ids["unlisted_member_id"][unit]},
    ),
    Form(
        "renewals.leave_out",
        ("a1", _ADMIN),
        near="a1",
        far="a2",
        carried=lambda w, unit: {"request": w.ids["standard_declared_id"][unit]},
    ),
    Form(
        "renewals.act_on_chosen",
        ("upper_a", _APPROVER),
        near="a1",
        far="b1",
        carried=lambda w, unit: {
            "dong": w.ids["standard_submitted_id"][unit],
            "act": "forward",
        },
    ),
    Form(
        "renewals.act_on_chosen",
        ("f85", _APPROVER),
        near="b1",
        far="s1",
        carried=lambda w, unit: {
            "dong": w.ids["standard_forwarded_id"][unit],
            "act": "return",
            "ly-do": "Thiếu ảnh.",
        },
    ),
    Form(
        "renewals.send_on_clean",
        ("upper_a", _APPROVER),
        near="a1",
        far="b1",
        carried=lambda w, unit: {"don-vi": _unit_id(w, unit), "act": "forward"},
    ),
)


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[World]:
    """Give one furnished union for all these tests."""
    world = build_world(tmp_path_factory.mktemp("leaks"), sqlite_template)
    yield world
    close_world(world)


@pytest.fixture(scope="module")
def readers(world: World) -> dict[str, list[Visitor]]:
    """Give the officers of each unit who between them may read everything."""
    found = {
        unit: [sign_in(world, world.cast.actor(unit, role)) for role in READERS]
        for unit in UNITS
    }
    world.save()
    return found


@pytest.mark.parametrize("unit", UNITS)
def test_no_page_or_file_shows_a_person_of_another_unit(
    world: World, readers: dict[str, list[Visitor]], unit: str
) -> None:
    """Every page and block of one's own things, of those below, and every search."""
    below = next((u for u in reversed(UNITS) if _is_below(world, u, unit)), unit)
    found = []
    for reader in readers[unit]:
        for endpoint in _pages(reader):
            names = id_names(world.app, endpoint)
            for owner in {unit, below} if names else {unit}:
                ids: dict[str, object] = {
                    name: world.ids[name][owner] for name in names
                }
                case = Case(endpoint, "GET", "any", owner, ids)
                found += _leaks(world, reader, case)
                found += _leaks(world, reader, case, block=True)
        for endpoint, carried in SEARCHES:
            case = Case(endpoint, "GET", "any", f"a search {carried}", {}, carried)
            found += _leaks(world, reader, case)
    assert found == []


@pytest.mark.parametrize("unit", ELSEWHERE)
def test_no_address_brings_another_unit_into_a_page(
    world: World, readers: dict[str, list[Visitor]], unit: str
) -> None:
    """Codes, ids and cursors in the query are held to the scope like the path."""
    far = ELSEWHERE[unit]
    found = []
    for reader in readers[unit]:
        for endpoint, carried in ADDRESSES:
            if reader.actor and reader.actor.may(_right(endpoint, "GET")):
                values = carried(world, far)
                case = Case(endpoint, "GET", "any", f"{far} {values}", {}, values)
                found += _leaks(world, reader, case)
    assert found == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_no_form_reaches_into_another_unit(world: World, form: Form) -> None:
    """It writes what it names near, and nothing, nor a word, of the same thing far."""
    visitor = sign_in(world, world.cast.actor(*form.by))
    world.save()
    wrote = {}
    for unit in (form.near, form.far):
        # The form's own address is a good one; what it carries may be far.
        ids = {n: world.ids[n][form.near] for n in id_names(world.app, form.endpoint)}
        if form.endpoint == "units.move":
            ids = {"unit_id": _unit_id(world, "a1")}
        carried = form.carried(world, unit)
        case = Case(form.endpoint, "POST", "any", unit, dict(ids), carried)
        with world.untouched() as trace:
            response = visit(world, visitor, case)
        assert response.status_code < 500
        assert leaks_in(world, visitor.actor, form.endpoint, response) == []
        wrote[unit] = trace.wrote
    assert wrote == {form.near: True, form.far: False}


def test_nobody_acts_in_the_post_of_another(
    world: World, readers: dict[str, list[Visitor]]
) -> None:
    """A post is taken up by whoever holds it, and by nobody else."""
    form: dict[str, object] = {"post_id": world.ids["post_id"]["a1"]}
    case = Case("account.switch_post", "POST", "absent", "a1", {}, form)
    with world.untouched() as trace:
        assert visit(world, readers["a1"][0], case).status_code == 404
    assert not trace.wrote


def test_a_moved_unit_leaves_nothing_with_its_former_superior(world: World) -> None:
    """Every table that names the unit's place follows it, down to the last row."""
    ids, old = world.cast.unit_ids, world.cast.paths["a1"]
    owned = [(m, m.unit_path) for m in InUnit.__subclasses__()]  # type: ignore[attr-defined]
    with world.untouched(), world.app.app_context():
        there = {m.__name__: _count(path.startswith(old)) for m, path in owned}
        version = db.session.get_one(Unit, ids["a1"]).version
        units.move_unit(
            ids["a1"],
            new_parent_id=ids["upper_b"],
            version=version,
            by=world.cast.actor("f85", Role.ADMINISTRATOR),
        )
        new = f"{world.cast.paths['upper_b']}{ids['a1']}."
        left = {m.__name__: _count(path.startswith(old)) for m, path in owned}
        moved = {m.__name__: _count(path.startswith(new)) for m, path in owned}
    assert all(there.values())
    assert set(left.values()) == {0}
    assert moved == there


def test_a_number_that_somebody_elsewhere_bears_names_nobody(
    world: World, readers: dict[str, list[Visitor]]
) -> None:
    """The form says that the number is taken, not by whom."""
    reader = readers["a1"][0]
    (typed, _other) = world.canaries["s1"].citizen_ids
    form = {"citizen_id": typed, "unit": "a1", "full_name": "Lê Văn Nhờ"}
    for endpoint in ("members.check", "members.create"):
        case = Case(endpoint, "POST", "any", "s1", {}, form)
        with world.untouched():
            response = visit(world, reader, case)
        assert response.status_code in {200, 422}
        leaks = leaks_in(world, reader.actor, endpoint, response)
        assert [leak for leak in leaks if typed not in leak] == []


@pytest.mark.parametrize("endpoint", sorted(SHOWS_NUMBERS))
def test_whoever_reads_a_full_number_leaves_a_record(
    world: World, readers: dict[str, list[Visitor]], endpoint: str
) -> None:
    """One row of the record for each reading, each file handed out."""
    method = next(m for e, m in RIGHTS if e == endpoint)
    reader = next(
        one
        for one in readers["f85"]
        if one.actor and one.actor.may(_right(endpoint, method))
    )
    ids: dict[str, object] = {
        name: world.ids[name]["a1"] for name in id_names(world.app, endpoint)
    }
    before = _records(world)
    with world.untouched():
        response = visit(world, reader, Case(endpoint, method, "given", "a1", ids))
        assert response.status_code == 200
        response.close()
        assert _records(world) == before + 1


def test_a_revealed_number_is_masked_again_on_the_next_page(
    world: World, readers: dict[str, list[Visitor]]
) -> None:
    """What was looked at once is not shown for good."""
    reader = readers["a1"][0]
    ids: dict[str, object] = {"member_id": world.ids["member_id"]["a1"]}
    number = world.canaries["a1"].citizen_ids[0]
    with world.untouched():
        shown = visit(world, reader, Case("members.reveal", "POST", "any", "", ids))
        assert number in text_of(shown)
        again = visit(world, reader, Case("members.show", "GET", "any", "", ids))
        assert number not in text_of(again)


def _pages(reader: Visitor) -> list[str]:
    return [
        endpoint
        for (endpoint, method), right in RIGHTS.items()
        if method == "GET"
        and isinstance(right, Action)
        and reader.actor
        and reader.actor.may(right)
    ]


def _right(endpoint: str, method: str) -> Action:
    right = RIGHTS[endpoint, method]
    assert isinstance(right, Action)
    return right


def _is_below(world: World, unit: str, above: str) -> bool:
    paths = world.cast.paths
    return unit != above and paths[unit].startswith(paths[above])


def _leaks(
    world: World,
    reader: Visitor,
    case: Case,
    *,
    block: bool = False,
) -> list[str]:
    with world.untouched():
        response = visit(world, reader, case, block=block)
        response.close()
    found = leaks_in(world, reader.actor, case.endpoint, response)
    if response.status_code >= 500:
        found.append(f"answers {response.status_code}")
    return [f"{reader.name}: {case}: {fault}" for fault in found]


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(condition)) or 0


def _records(world: World) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.count(AuditEntry.id))) or 0
