"""The union tree: adding, renaming, moving; and what is refused."""

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.models import AuditEntry, Member, Post, Unit
from portal.db.queries import units as units_q
from portal.db.session import db
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.union_units import UnionLevel
from portal.services import units
from portal.services.units import UnitDraft
from tests.cast import Cast
from tests.make import make_member

ADMIN = Role.ADMINISTRATOR


def draft(**fields: str | None) -> UnitDraft:
    values: dict[str, str | None] = {"code": "new-1", "name": "CĐCS Mới", **fields}
    return UnitDraft(**values)  # type: ignore[arg-type]


def add(
    cast: Cast, what: UnitDraft, *, under: str = "upper_a", by: str = "f85"
) -> Unit:
    return units.add_unit(
        what,
        level=UnionLevel.GRASSROOTS,
        parent_id=cast.unit_ids[under],
        by=cast.actor(by, ADMIN),
    )


def move(cast: Cast, code: str, *, under: str, by: str = "f85") -> Unit:
    unit = db.session.get_one(Unit, cast.unit_ids[code])
    return units.move_unit(
        unit.id,
        new_parent_id=cast.unit_ids[under],
        version=unit.version,
        by=cast.actor(by, ADMIN),
    )


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action)))


def test_a_new_unit_stands_below_its_parent_and_is_recorded(cast: Cast) -> None:
    unit = add(cast, draft())
    assert unit.path == f"{cast.paths['upper_a']}{unit.id}."
    assert actions() == ["unit.add"]


def test_a_unit_outside_the_subtree_takes_no_children(cast: Cast) -> None:
    with pytest.raises(NotFound):
        add(cast, draft(), under="upper_b", by="upper_a")
    assert actions() == []


def test_a_post_without_the_right_adds_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        units.add_unit(
            draft(),
            level=UnionLevel.GRASSROOTS,
            parent_id=cast.unit_ids["upper_a"],
            by=cast.actor("f85", Role.DATA_ENTRY),
        )


def test_a_level_that_may_not_stand_there_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="không thể trực thuộc"):
        add(cast, draft(), under="tld", by="tld")


def test_all_that_is_wrong_is_told_at_once_by_field(cast: Cast) -> None:
    bad = draft(code="A 1", name=" ", province_code="00", phone="12", email="x@")
    with pytest.raises(Invalid) as refused:
        add(cast, bad)
    assert {problem.where for problem in refused.value.problems} == {
        "code",
        "name",
        "province_code",
        "phone",
        "email",
    }


def test_a_new_code_is_kept_in_capitals(cast: Cast) -> None:
    assert add(cast, draft(code=" cs-01 ")).code == "CS-01"


def test_a_code_is_taken_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        add(cast, draft(code="S1"))
    assert "CĐCS Mỏ Đá Xanh" not in str(refused.value.problems)


def test_a_renamed_unit_is_found_by_its_new_name(cast: Cast) -> None:
    admin = cast.actor("upper_a", ADMIN)
    units.edit_unit(
        cast.unit_ids["a1"], draft(code="a1", name="CĐCS Sợi Vàng"), version=2, by=admin
    )
    assert [unit.code for unit in units.search("soi vang", by=admin)] == ["a1"]
    changes = db.session.scalars(select(AuditEntry)).one().detail["changes"]
    assert changes["name"] == ["CĐCS May Ánh Dương", "CĐCS Sợi Vàng"]


def test_a_stale_form_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Conflict):
        units.edit_unit(
            cast.unit_ids["a1"],
            draft(code="a1"),
            version=1,
            by=cast.actor("upper_a", ADMIN),
        )
    assert actions() == []


def test_a_move_takes_everything_of_the_subtree_along(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1_division"])
    unit = move(cast, "a1", under="upper_b")
    new = f"{cast.paths['upper_b']}{unit.id}."
    below = f"{new}{cast.unit_ids['a1_division']}."
    assert unit.path == new
    assert db.session.get_one(Unit, cast.unit_ids["a1_division"]).path == below
    assert db.session.get_one(Member, member.id).unit_path == below
    posts = db.session.scalars(select(Post).where(Post.unit_id == unit.id))
    assert {post.unit_path for post in posts} == {new}


def test_no_row_of_any_table_keeps_the_old_path(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["a1"])
    move(cast, "a1", under="upper_b")
    old = Scope(cast.paths["a1"])
    for table in db.metadata.sorted_tables:
        if table.name == "audit_entry":
            continue
        for column in table.c:
            if column.name in {"path", "unit_path"}:
                paths = db.session.scalars(select(column))
                assert not [path for path in paths if old.covers(path)], table.name


def test_every_row_still_says_the_path_of_its_unit(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["a1_division"])
    move(cast, "upper_a", under="sector", by="tld")
    for table in db.metadata.sorted_tables:
        if {"unit_id", "unit_path"} <= set(table.c.keys()):
            rows = db.session.execute(
                select(table.c.unit_path, Unit.path).join(
                    Unit, Unit.id == table.c.unit_id
                )
            )
            assert all(kept == real for kept, real in rows), table.name


def test_the_new_superior_sees_the_members_and_the_old_one_no_longer(
    cast: Cast,
) -> None:
    make_member(unit_id=cast.unit_ids["a1"])
    move(cast, "a1", under="upper_b")

    def seen(code: str) -> int:
        path = cast.paths[code]
        return units_q.headcounts([path], scope=Scope(path))[path].members

    assert (seen("upper_a"), seen("upper_b")) == (0, 1)


@pytest.mark.parametrize(
    ("code", "under", "by", "refusal"),
    [
        ("a1", "upper_b", "upper_a", NotFound),
        ("b1", "upper_a", "upper_a", NotFound),
        ("upper_a", "upper_b", "upper_a", NotFound),
        ("f85", "sector", "f85", NotFound),
        ("upper_a", "a1", "f85", Invalid),
        ("a1", "a1", "f85", Invalid),
        ("a1", "upper_a", "f85", Invalid),
        ("a1", "tld", "tld", Invalid),
        ("a1_division", "upper_b", "f85", Invalid),
    ],
)
def test_a_move_is_refused_whole(
    cast: Cast, code: str, under: str, by: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        move(cast, code, under=under, by=by)
    assert db.session.get_one(Unit, cast.unit_ids[code]).path == cast.paths[code]
    assert actions() == []


@pytest.mark.parametrize(
    ("code", "expected"), [("tld", None), ("f85", "85"), ("a1", "85"), ("s1", None)]
)
def test_the_province_code_is_inherited_downwards(
    cast: Cast, code: str, expected: str | None
) -> None:
    assert units_q.province_code_for(cast.paths[code]) == expected


def test_a_lower_province_code_wins(cast: Cast) -> None:
    unit = add(cast, draft(province_code="79"))
    assert units_q.province_code_for(unit.path) == "79"


def test_a_code_outside_the_subtree_is_not_found(cast: Cast) -> None:
    assert units.find_by_code("B1", by=cast.actor("upper_a", ADMIN)) is None
    assert units.find_by_code("A1", by=cast.actor("upper_a", ADMIN)) is not None


def test_search_stays_within_the_subtree(cast: Cast) -> None:
    found = units.search("cđcs", by=cast.actor("upper_a", Role.READ_ONLY))
    assert {unit.code for unit in found} == {"a1", "a2"}


def test_the_page_begins_at_the_officers_own_unit(cast: Cast) -> None:
    page = units.page_of(cast.unit_ids["a1"], by=cast.actor("upper_a", Role.READ_ONLY))
    assert [unit.code for unit in page.above] == ["upper_a", "a1"]
    assert page.tree.unit.code == "upper_a"
    assert [branch.unit.code for branch in page.tree.below] == ["a1", "a2"]
