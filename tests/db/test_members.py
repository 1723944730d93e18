"""The list of members: order, search, filters, pages, scope."""

import pytest

from portal.access.scope import Scope
from portal.db.queries import members as members_q
from portal.db.queries.member_search import search_terms
from portal.db.queries.members import Only
from portal.domain.membership import DuesStanding, MemberStatus
from tests.cast import Cast
from tests.make import make_member, make_photo


@pytest.fixture(params=["few", "many"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read through the units' index, and as a wide scope does."""
    if request.param == "many":
        monkeypatch.setattr(members_q, "_FEW", 0)
    return str(request.param)


def names(scope: Scope, query: str = "", only: Only = Only.ALL) -> list[str]:
    found = members_q.page(scope=scope, terms=search_terms(query), only=only)
    return [row.full_name for row in found.rows]


@pytest.mark.usefixtures("size")
def test_members_stand_in_the_order_of_given_names(cast: Cast) -> None:
    for name in ("Lê Văn Đạt", "Trần Ân", "Nguyễn An", "Phạm Ánh", "Lê Dũng"):
        make_member(unit_id=cast.unit_ids["a1"], full_name=name)
    assert names(Scope(cast.paths["tld"])) == [
        "Nguyễn An",
        "Phạm Ánh",
        "Trần Ân",
        "Lê Dũng",
        "Lê Văn Đạt",
    ]


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(
    "query",
    [
        "nguyen thi hoa",
        "hoà nguyễn",
        "HÒA",
        "thi ng",
        "0850 0001 2345",
        "085000012345",
        "058190123456",
        "0912 345 678",
        "0912.345.678",
    ],
)
def test_a_member_is_found_however_one_types(cast: Cast, query: str) -> None:
    make_member(
        unit_id=cast.unit_ids["a1"],
        full_name="Nguyễn Thị Hoà",
        member_number="085000012345",
        citizen_id="058190123456",
        phone="0912345678",
    )
    make_member(unit_id=cast.unit_ids["a1"], full_name="Trần Khoa Anh")
    assert names(Scope(cast.paths["tld"]), query) == ["Nguyễn Thị Hoà"]


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("058190123456", True),
        ("058 190 123 456", True),
        ("058••••••456", True),
        ("058", True),
        ("456", True),
        ("0581", False),
        ("0581901", False),
        ("190123", False),
        ("3456", False),
        ("05819012345", False),
        ("264123456", True),
        ("264•••456", True),
        ("2641", False),
        ("26412345", False),
        ("C1234567", True),
        ("c1234567", True),
        ("c123", False),
        ("1234567", False),
    ],
)
def test_an_identity_number_is_found_whole_or_by_what_its_mask_shows(
    cast: Cast, query: str, found: bool
) -> None:
    make_member(
        unit_id=cast.unit_ids["a1"],
        full_name="Lê An",
        citizen_id="058190123456",
        id_card_number="264123456",
        passport_number="C1234567",
    )
    assert bool(names(Scope(cast.paths["tld"]), query)) is found
    assert names(Scope(cast.paths["b1"]), query) == []


@pytest.mark.parametrize("query", ["la " * 900, " ".join(map(str, range(900)))])
def test_a_long_search_goes_by_its_first_words(cast: Cast, query: str) -> None:
    assert len(search_terms(query)) <= 10
    assert names(Scope(cast.paths["tld"]), query) == []


def test_letters_are_found_where_a_word_begins(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["a1"], full_name="Trần Khoa")
    assert names(Scope(cast.paths["tld"]), "hoa") == []


@pytest.mark.parametrize("query", ["%", "_", "100%", "' OR 1=1 --", "\\"])
def test_signs_of_sql_are_nothing_special(cast: Cast, query: str) -> None:
    make_member(unit_id=cast.unit_ids["a1"], full_name="Trần Khoa")
    assert names(Scope(cast.paths["b1"]), query) == []


@pytest.mark.usefixtures("size")
def test_only_members_of_the_scope_are_listed(cast: Cast) -> None:
    for unit in ("a1", "a1_division", "a2", "b1", "s1"):
        make_member(unit_id=cast.unit_ids[unit], full_name=f"Lê {unit}")
    assert len(names(Scope(cast.paths["a1"]))) == 2
    assert len(names(Scope(cast.paths["upper_a"]))) == 3
    assert len(names(Scope(cast.paths["f85"]), "le")) == 4


@pytest.mark.usefixtures("size")
def test_pages_lead_forth_and_back_without_loss_or_doubling(cast: Cast) -> None:
    for serial in range(120):
        make_member(unit_id=cast.unit_ids["a1"], full_name=f"Lê An {serial % 3}")
    scope = Scope(cast.paths["tld"])
    first = members_q.page(scope=scope)
    second = members_q.page(scope=scope, after=first.after)
    third = members_q.page(scope=scope, after=second.after)
    assert (first.before, third.after) == (None, None)
    seen = [row.id for page in (first, second, third) for row in page.rows]
    assert len(seen) == len(set(seen)) == 120
    back = members_q.page(scope=scope, before=third.before)
    assert [row.id for row in back.rows] == [row.id for row in second.rows]
    start = members_q.page(scope=scope, before=back.before)
    assert [row.id for row in start.rows] == [row.id for row in first.rows]
    assert start.before is None


def test_a_cursor_out_of_scope_begins_at_the_first_page(cast: Cast) -> None:
    outside = make_member(unit_id=cast.unit_ids["b1"]).id
    inside = make_member(unit_id=cast.unit_ids["a1"]).id
    found = members_q.page(scope=Scope(cast.paths["a1"]), after=outside)
    assert [row.id for row in found.rows] == [inside]


@pytest.mark.usefixtures("size")
def test_counts_are_the_lengths_of_the_filtered_lists(cast: Cast) -> None:
    home = cast.unit_ids["a1"]
    make_member(unit_id=home, photo_id=make_photo().id, member_number="000000000001")
    make_member(unit_id=home, status=MemberStatus.PAUSED)
    make_member(unit_id=home, status=MemberStatus.LEFT)
    make_member(unit_id=home, dues_standing=DuesStanding.ARREARS)
    make_member(unit_id=home, dues_standing=DuesStanding.UNKNOWN)
    make_member(unit_id=cast.unit_ids["b1"])
    scope = Scope(cast.paths["a1"])
    counts = members_q.counts(scope=scope)
    assert counts == {only: len(names(scope, only=only)) for only in Only}
    assert counts[Only.ALL] == 5
    assert counts[Only.NO_PHOTO] == 3


def test_a_search_is_counted_on_its_first_page_only(cast: Cast) -> None:
    for _ in range(60):
        make_member(unit_id=cast.unit_ids["a1"])
    scope = Scope(cast.paths["tld"])
    first = members_q.page(scope=scope, terms=("nguyen",))
    assert first.total == 60
    assert (
        members_q.page(scope=scope, terms=("nguyen",), after=first.after).total is None
    )


def test_the_holder_of_a_number_outside_the_scope_has_no_name(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["b1"], passport_number="C1234567")
    holder = members_q.holder_of(
        "passport_number", "C1234567", scope=Scope(cast.paths["a1"])
    )
    assert holder is not None
    assert (holder.member_id, holder.full_name) == (None, "")
