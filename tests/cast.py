"""The fixed tree and its officers, small enough to keep in mind.

    tld (confederation)
    ├── f85 (federation, province code 85)
    │   ├── upper_a ── a1, a2 (grassroots); a1 ── a1_division
    │   └── upper_b ── b1 (grassroots)
    └── sector (federation, no province code)
        └── s1 (grassroots, no upper union)

Every unit has one officer of every role, and one who is suspended.
"""

from dataclasses import dataclass

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.queries.officers import actor_of
from portal.domain.union_units import UnionLevel
from tests.make import make_officer, make_unit

_L = UnionLevel
TREE: tuple[tuple[str, str, UnionLevel, str | None, str | None], ...] = (
    ("tld", "Tổng Liên đoàn Lao động", _L.CONFEDERATION, None, None),
    ("f85", "LĐLĐ tỉnh Duyên Hải", _L.FEDERATION, "tld", "85"),
    ("sector", "Công đoàn ngành Năng Lượng", _L.FEDERATION, "tld", None),
    ("upper_a", "CĐ huyện An Bình", _L.UPPER, "f85", None),
    ("upper_b", "CĐ huyện Bắc Sơn", _L.UPPER, "f85", None),
    ("a1", "CĐCS May Ánh Dương", _L.GRASSROOTS, "upper_a", None),
    ("a2", "CĐCS Muối Cà Ná", _L.GRASSROOTS, "upper_a", None),
    ("b1", "CĐCS Trường Hoa Mai", _L.GRASSROOTS, "upper_b", None),
    ("s1", "CĐCS Mỏ Đá Xanh", _L.GRASSROOTS, "sector", None),
    ("a1_division", "Tổ may 1", _L.DIVISION, "a1", None),
)


@dataclass(frozen=True)
class Cast:
    """Ids and paths of the units by code, and an actor for each (unit, role)."""

    unit_ids: dict[str, int]
    paths: dict[str, str]
    actors: dict[tuple[str, Role], Actor]
    suspended: dict[str, Actor]

    def actor(self, unit: str, role: Role = Role.DATA_ENTRY) -> Actor:
        """Give the officer of a unit in a role."""
        return self.actors[unit, role]


def build_cast() -> Cast:
    """Write the tree and its officers; needs an app context."""
    ids: dict[str, int] = {}
    paths: dict[str, str] = {}
    actors: dict[tuple[str, Role], Actor] = {}
    suspended: dict[str, Actor] = {}
    for code, name, level, parent, province in TREE:
        unit = make_unit(
            code=code,
            name=name,
            level=level,
            parent_id=ids[parent] if parent else None,
            province_code=province,
        )
        ids[code], paths[code] = unit.id, unit.path
        for role in Role:
            post = make_officer(name=f"{role.value} {code}", unit_id=unit.id, role=role)
            actors[code, role] = actor_of(post)
        post = make_officer(
            name=f"suspended {code}",
            unit_id=unit.id,
            role=Role.ADMINISTRATOR,
            suspended=True,
        )
        suspended[code] = actor_of(post)
    return Cast(ids, paths, actors, suspended)
