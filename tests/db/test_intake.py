"""Imports are read within a scope, and members outside it only as taken numbers."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.access.scope import Scope
from portal.db.models import ImportPhoto, ImportRow, Member, Photo, RosterImport
from portal.db.models.intake import RowState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_photos, intake_rows
from portal.db.queries.intake_lookup import look_up
from portal.db.queries.intake_rows import RowFilter
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.errors import NotFound
from portal.domain.likeness import traits_of
from tests.cast import Cast, build_cast
from tests.make import make_member, make_photo


@pytest.fixture
def cast(app: object) -> Cast:
    """Give the fixed tree inside the context that stands already."""
    return build_cast()


@pytest.fixture
def brought(cast: Cast) -> RosterImport:
    """Give an import of a1 with two rows, the first with a photo."""
    photo = make_photo()
    with transaction() as session:
        found = RosterImport(
            unit_id=cast.unit_ids["a1"],
            unit_path=cast.paths["a1"],
            file_name="a.zip",
            file_hash="0" * 64,
            created_at=clock.now(),
            created_by_id=cast.actor("a1").officer_id,
        )
        session.add(found)
        session.flush()
        for at, state in enumerate((RowState.NEW, RowState.ERROR)):
            session.add(
                ImportRow(
                    import_id=found.id,
                    position=at,
                    sheet="Trang 1",
                    row_number=at + 5,
                    state=state,
                    raw={},
                    values={},
                    photo_id=photo.id if at == 0 else None,
                )
            )
        session.add(ImportPhoto(import_id=found.id, name="thua.jpg", problems=["?"]))
    return found


READERS: dict[str, Callable[..., Any]] = {
    "get": intake_q.get,
    "row": lambda import_id, *, scope: intake_rows.find(
        import_id, db.session.query(ImportRow.id).first()[0], scope=scope
    ),
    "image": lambda import_id, *, scope: intake_photos.find(
        import_id, db.session.query(ImportPhoto.id).first()[0], scope=scope
    ),
    "picture": lambda import_id, *, scope: intake_photos.picture(
        import_id, db.session.query(ImportRow.photo_id).first()[0], scope=scope
    ),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("unit", "sees"),
    [("a1", True), ("upper_a", True), ("a2", False), ("a1_division", False)],
)
def test_an_import_is_found_from_its_unit_and_above(
    cast: Cast, brought: RosterImport, reader: str, unit: str, sees: bool
):
    scope = Scope(cast.paths[unit])
    if sees:
        assert READERS[reader](brought.id, scope=scope) is not None
        return
    with pytest.raises(NotFound):
        READERS[reader](brought.id, scope=scope)


@pytest.mark.parametrize(("unit", "count"), [("a1", 2), ("f85", 2), ("a2", 0)])
def test_rows_are_read_within_the_scope(
    cast: Cast, brought: RosterImport, unit: str, count: int
):
    scope = Scope(cast.paths[unit])
    assert len(intake_q.rows(brought.id, scope=scope)) == count
    assert len(intake_q.latest(scope=scope)) == bool(count)
    assert len(intake_photos.loose(brought.id, scope=scope)) == bool(count)
    assert intake_photos.count_loose(brought.id, scope=scope) == bool(count)
    for only, most in ((RowFilter.ALL, 2), (RowFilter.BAD, 1), (RowFilter.DOUBTFUL, 0)):
        seen = intake_rows.page(brought.id, scope=scope, only=only)
        assert len(seen) == min(count, most)
        assert intake_rows.count(brought.id, scope=scope, only=only) == len(seen)


def test_rows_are_counted_by_every_state(brought: RosterImport):
    counts = intake_q.count_states(db.session(), brought.id)
    assert {state.value: count for state, count in counts.items()} == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "duplicate": 0,
        "error": 1,
    }


def test_clearing_keeps_photos_that_members_have(cast: Cast, brought: RosterImport):
    kept = make_photo()
    make_member(unit_id=cast.unit_ids["a1"], photo_id=kept.id)
    with transaction() as session:
        row = session.query(ImportRow).order_by(ImportRow.position.desc()).first()
        row.photo_id = kept.id
    with transaction() as session:
        intake_q.clear(session, brought.id)
    assert [photo.id for photo in db.session.query(Photo)] == [kept.id]
    assert db.session.query(ImportRow).count() == 0


def test_a_lookup_gives_members_inside_and_bare_numbers_outside(cast: Cast):
    inside = make_member(unit_id=cast.unit_ids["a1"], full_name="Hoàng Yến")
    outside = make_member(unit_id=cast.unit_ids["a2"], full_name="Hoàng Yến")
    numbers = [("citizen_id", m.citizen_id) for m in (inside, outside)]
    world = look_up(
        numbers=numbers,
        people=[traits_of({"full_name": "Hoàng Yến", "birth_date": date(1990, 2, 3)})],
        scope=Scope(cast.paths["a1"]),
    )
    assert [m.id for m in world.holders[numbers[0]]] == [inside.id]
    assert world.taken_elsewhere == {numbers[1]}
    asked = traits_of({"full_name": "Hoàng Yến"})
    assert [known.member_id for known in world.neighbours(asked)] == [inside.id]
    (stranger,) = world.strangers["hoangyen"]
    assert stranger.numbers["citizen_id"] == outside.citizen_id


def test_a_lookup_of_thousands_of_numbers_finds_each(cast: Cast):
    first = make_member(unit_id=cast.unit_ids["a1"])
    last = make_member(unit_id=cast.unit_ids["a1"], citizen_id="999999999999")
    wanted = [first.citizen_id, last.citizen_id]
    wanted += [f"{n:012d}" for n in range(1, 2_000)]
    world = look_up(
        numbers=[("citizen_id", number) for number in wanted],
        scope=Scope(cast.paths["a1"]),
    )
    assert {m.id for found in world.holders.values() for m in found} == {
        first.id,
        last.id,
    }
    assert db.session.query(Member).count() == 2
