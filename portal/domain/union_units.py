"""Levels of the union, which unit may stand under which, and the way up."""

from collections.abc import Iterable
from enum import StrEnum

from portal.domain.errors import Invalid


class UnionLevel(StrEnum):
    """The level of a unit, from the top down."""

    CONFEDERATION = "confederation"
    FEDERATION = "federation"
    UPPER = "upper"
    GRASSROOTS = "grassroots"
    SUB_UNION = "sub_union"
    DIVISION = "division"
    GROUP = "group"


UNION_LEVEL_LABELS = {
    UnionLevel.CONFEDERATION: "Tổng Liên đoàn",
    UnionLevel.FEDERATION: "LĐLĐ tỉnh, công đoàn ngành",
    UnionLevel.UPPER: "Công đoàn cấp trên trực tiếp cơ sở",
    UnionLevel.GRASSROOTS: "Công đoàn cơ sở",
    UnionLevel.SUB_UNION: "Công đoàn cơ sở thành viên",
    UnionLevel.DIVISION: "Công đoàn bộ phận",
    UnionLevel.GROUP: "Tổ công đoàn",
}

_L = UnionLevel

# Which parents a level may have. The upper level may be absent (P1 has none).
PARENT_LEVELS: dict[UnionLevel, frozenset[UnionLevel]] = {
    _L.CONFEDERATION: frozenset(),
    _L.FEDERATION: frozenset({_L.CONFEDERATION}),
    _L.UPPER: frozenset({_L.FEDERATION}),
    _L.GRASSROOTS: frozenset({_L.FEDERATION, _L.UPPER}),
    _L.SUB_UNION: frozenset({_L.GRASSROOTS}),
    _L.DIVISION: frozenset({_L.GRASSROOTS, _L.SUB_UNION}),
    _L.GROUP: frozenset({_L.GRASSROOTS, _L.SUB_UNION, _L.DIVISION}),
}

# The levels that a list passes on its way to a number.
APPROVAL_LEVELS = (_L.GRASSROOTS, _L.UPPER, _L.FEDERATION, _L.CONFEDERATION)

# An installation may begin at any of these.
TOP_LEVELS = (_L.CONFEDERATION, _L.FEDERATION, _L.UPPER, _L.GRASSROOTS)


def child_levels(parent: UnionLevel) -> tuple[UnionLevel, ...]:
    """List the levels that may stand directly under ``parent``, from the top."""
    return tuple(level for level in UnionLevel if parent in PARENT_LEVELS[level])


def check_parent(level: UnionLevel, parent: UnionLevel | None) -> None:
    """Raise Invalid where ``level`` may not stand under ``parent`` (None = top)."""
    if parent is None:
        if level not in TOP_LEVELS:
            raise Invalid(
                f"{UNION_LEVEL_LABELS[level]} không thể là đơn vị cao nhất."
                " Hãy chọn đơn vị cấp trên."
            )
        return
    if parent not in PARENT_LEVELS[level]:
        raise Invalid(
            f"{UNION_LEVEL_LABELS[level]} không thể trực thuộc"
            f" {UNION_LEVEL_LABELS[parent]}."
        )


def levels_acted_for(own: UnionLevel, *, is_top: bool) -> frozenset[UnionLevel]:
    """Give the approval levels that a unit acts for.

    The highest unit of an installation stands in for every level above it, so
    that a lone federation or grassroots union can finish its own lists. Sections
    below a grassroots union act for none.
    """
    if own not in APPROVAL_LEVELS:
        return frozenset()
    if not is_top:
        return frozenset({own})
    return frozenset(APPROVAL_LEVELS[APPROVAL_LEVELS.index(own) :])


def path_of(unit_id: int, *, parent_path: str = "") -> str:
    """Give the materialised path: ids, each followed by a dot, so 1.2. ≠ 1.20."""
    return f"{parent_path}{unit_id}."


def ancestor_ids(path: str) -> tuple[int, ...]:
    """Read the ids of a path from the top down, the unit itself last."""
    return tuple(int(part) for part in path.split(".") if part)


def ancestor_paths(path: str) -> tuple[str, ...]:
    """List the paths from the top down to ``path`` itself, which is the last."""
    found, so_far = [], ""
    for unit_id in ancestor_ids(path):
        so_far = path_of(unit_id, parent_path=so_far)
        found.append(so_far)
    return tuple(found)


def route_of(levels_from_top: Iterable[UnionLevel]) -> frozenset[UnionLevel]:
    """Give the approval levels on a request's way up; sections are no stations."""
    return frozenset(APPROVAL_LEVELS).intersection(levels_from_top)


def inherited(values_from_top: Iterable[str | None]) -> str | None:
    """Give the lowest value that is set along a path (the province code's rule)."""
    found: str | None = None
    for value in values_from_top:
        found = value if value is not None else found
    return found
