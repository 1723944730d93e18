"""Scope in Python and scope in SQL say the same."""

import pytest
from sqlalchemy import select

from portal.access.scope import Scope
from portal.db.models import Unit
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.union_units import UnionLevel
from tests.cast import Cast
from tests.make import make_unit


def test_sql_and_python_agree_for_every_pair_of_units(cast: Cast) -> None:
    for root in cast.paths.values():
        scope = Scope(root)
        found = set(
            db.session.scalars(select(Unit.path).where(within(scope, Unit.path)))
        )
        assert found == {path for path in cast.paths.values() if scope.covers(path)}


def test_unit_1_does_not_cover_unit_10(cast: Cast) -> None:
    for number in range(15):
        make_unit(
            code=f"more{number}",
            level=UnionLevel.GRASSROOTS,
            parent_id=cast.unit_ids["upper_a"],
        )
    everything = list(db.session.scalars(select(Unit.path)))
    for root in everything:
        found = set(
            db.session.scalars(select(Unit.path).where(within(Scope(root), Unit.path)))
        )
        assert found == {path for path in everything if Scope(root).covers(path)}


@pytest.mark.parametrize("root", ["", ".", "1", "1.2"])
def test_a_root_that_is_no_path_is_refused(root: str) -> None:
    with pytest.raises(ValueError, match="path"):
        Scope(root)
