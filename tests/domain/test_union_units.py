"""Levels, parents, paths and what is inherited along them."""

import pytest

from portal.domain.errors import Invalid
from portal.domain.union_units import (
    APPROVAL_LEVELS,
    PARENT_LEVELS,
    TOP_LEVELS,
    UnionLevel,
    ancestor_ids,
    ancestor_paths,
    check_parent,
    child_levels,
    inherited,
    levels_acted_for,
    path_of,
    route_of,
)

L = UnionLevel


@pytest.mark.parametrize("level", list(L))
@pytest.mark.parametrize("parent", list(L))
def test_a_parent_is_one_that_the_table_names(level: L, parent: L) -> None:
    if parent in PARENT_LEVELS[level]:
        check_parent(level, parent)
        assert level in child_levels(parent)
    else:
        with pytest.raises(Invalid, match="không thể trực thuộc"):
            check_parent(level, parent)


@pytest.mark.parametrize("level", list(L))
def test_only_a_level_of_the_route_may_be_the_top(level: L) -> None:
    if level in TOP_LEVELS:
        check_parent(level, None)
    else:
        with pytest.raises(Invalid, match="cao nhất"):
            check_parent(level, None)


@pytest.mark.parametrize("level", APPROVAL_LEVELS)
def test_the_top_stands_in_for_every_level_above_it(level: L) -> None:
    assert levels_acted_for(level, is_top=False) == {level}
    assert levels_acted_for(level, is_top=True) == set(
        APPROVAL_LEVELS[APPROVAL_LEVELS.index(level) :]
    )


@pytest.mark.parametrize("level", [L.SUB_UNION, L.DIVISION, L.GROUP])
def test_sections_act_for_no_level(level: L) -> None:
    assert levels_acted_for(level, is_top=False) == frozenset()


def test_a_path_reads_back_as_its_ids_and_its_ancestors() -> None:
    path = path_of(20, parent_path=path_of(1))
    assert path == "1.20."
    assert ancestor_ids(path) == (1, 20)
    assert ancestor_paths(path) == ("1.", "1.20.")


def test_the_route_leaves_sections_out() -> None:
    levels = [L.CONFEDERATION, L.FEDERATION, L.GRASSROOTS, L.DIVISION]
    assert route_of(levels) == {L.CONFEDERATION, L.FEDERATION, L.GRASSROOTS}


@pytest.mark.parametrize(
    ("values", "found"),
    [([None, "85", None], "85"), (["79", "85"], "85"), ([None], None), ([], None)],
)
def test_the_lowest_value_set_is_inherited(
    values: list[str | None], found: str | None
) -> None:
    assert inherited(values) == found
