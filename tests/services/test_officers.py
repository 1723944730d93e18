"""Accounts and posts: who may make, rule and end them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.access.policy import Role
from portal.db.models import AuditEntry, Officer, Post
from portal.db.queries import officers as officers_q
from portal.db.session import db
from portal.domain import clock
from portal.domain.errors import Invalid, NotAllowed, NotFound
from portal.services import officer_pages, officers, posts, sign_in
from portal.services.officers import OfficerDraft, PostDraft
from tests.cast import Cast
from tests.make import make_session

ADMIN = Role.ADMINISTRATOR


def post_at(cast: Cast, code: str, role: Role = Role.DATA_ENTRY) -> PostDraft:
    return PostDraft(unit_id=cast.unit_ids[code], role=role, valid_from=clock.today())


def create(
    cast: Cast, name: str = "Lê Thị Mẫu", *, at: str = "a1", by: str = "upper_a"
) -> Officer:
    return officers.create_officer(
        OfficerDraft(full_name=name), post_at(cast, at), by=cast.actor(by, ADMIN)
    )


def count(model: type[Officer] | type[Post]) -> int:
    return db.session.scalar(select(func.count(model.id))) or 0


def test_the_level_above_makes_an_account_without_a_password(cast: Cast) -> None:
    officer = create(cast)
    assert officer.sign_in_name == "mau.lt"
    assert officer.password_hash is None
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id) == ("officer.add", officer.id)


def test_officers_are_listed_by_their_given_names(cast: Cast) -> None:
    for name in ("Trần Văn Bé", "Lê Thị Ánh", "Ẩn Văn Đạt"):
        create(cast, name)
    page = officer_pages.list_page(
        officer_pages.Wanted(text="", unit_id=cast.unit_ids["a1"]),
        by=cast.actor("upper_a", ADMIN),
    )
    ours = [one.full_name for one, _posts in page.rows if " a1" not in one.full_name]
    assert ours == ["Lê Thị Ánh", "Trần Văn Bé", "Ẩn Văn Đạt"]


def test_namesakes_get_names_of_their_own(cast: Cast) -> None:
    assert create(cast).sign_in_name == "mau.lt"
    assert create(cast, at="a2").sign_in_name == "mau.lt2"


def test_the_same_person_is_not_made_twice_at_a_unit(cast: Cast) -> None:
    create(cast)
    with pytest.raises(Invalid, match="đã có tài khoản"):
        create(cast)


@pytest.mark.parametrize("at", ["tld", "f85", "upper_b", "b1", "s1"])
def test_nobody_makes_an_account_outside_their_subtree(cast: Cast, at: str) -> None:
    before = count(Officer)
    with pytest.raises(NotFound):
        create(cast, at=at)
    assert count(Officer) == before


@pytest.mark.parametrize("at", ["tld", "f85", "upper_b", "b1"])
def test_nobody_raises_themselves_by_a_post_higher_up(cast: Cast, at: str) -> None:
    admin = cast.actor("upper_a", ADMIN)
    with pytest.raises(NotFound):
        posts.add_post(admin.officer_id, post_at(cast, at), by=admin)


@pytest.mark.parametrize("role", [role for role in Role if role is not ADMIN])
def test_only_administrators_rule_accounts(cast: Cast, role: Role) -> None:
    by = cast.actor("upper_a", role)
    target = cast.actor("a1").officer_id
    with pytest.raises(NotAllowed):
        officers.create_officer(
            OfficerDraft(full_name="Lê Thị Mẫu"), post_at(cast, "a1"), by=by
        )
    with pytest.raises(NotAllowed):
        officers.make_slip(target, by=by)
    with pytest.raises(NotAllowed):
        officers.suspend(target, by=by)


def test_one_officer_may_hold_several_posts(cast: Cast) -> None:
    entry, admin = cast.actor("a1"), cast.actor("a1", ADMIN)
    posts.add_post(entry.officer_id, post_at(cast, "a1", Role.APPROVER), by=admin)
    posts.add_post(entry.officer_id, post_at(cast, "a1", Role.PRINTER), by=admin)
    roles = {post.role for post in sign_in.own_posts(by=entry)}
    assert roles == {Role.DATA_ENTRY, Role.APPROVER, Role.PRINTER}


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_themselves_a_post(cast: Cast, role: Role) -> None:
    admin = cast.actor("upper_a", ADMIN)
    before = count(Post)
    for at in ("upper_a", "a1"):
        with pytest.raises(NotAllowed, match="tạo tài khoản cho một cán bộ khác"):
            posts.add_post(admin.officer_id, post_at(cast, at, role), by=admin)
    assert count(Post) == before
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


def test_nobody_changes_or_resumes_their_own_post(cast: Cast) -> None:
    """Not the post they act in, nor another one that they were given."""
    admin, other = cast.actor("a1", ADMIN), cast.actor("upper_a", ADMIN)
    second = posts.add_post(
        admin.officer_id, post_at(cast, "a1", Role.READ_ONLY), by=other
    )
    posts.suspend_post(second.id, by=other)
    for post_id in (admin.post_id, second.id):
        with pytest.raises(NotAllowed, match="quản trị viên khác"):
            posts.change_post(
                post_id,
                role=Role.APPROVER,
                valid_from=clock.today(),
                valid_to=None,
                by=admin,
            )
        with pytest.raises(NotAllowed, match="quản trị viên khác"):
            posts.resume_post(post_id, by=admin)
        with pytest.raises(NotAllowed, match="quản trị viên khác"):
            posts.suspend_post(post_id, by=admin)
    assert posts.resume_post(second.id, by=other).role is Role.READ_ONLY


def test_the_same_post_is_not_given_twice(cast: Cast) -> None:
    entry, admin = cast.actor("a1"), cast.actor("a1", ADMIN)
    with pytest.raises(Invalid, match="đã có nhiệm vụ"):
        posts.add_post(entry.officer_id, post_at(cast, "a1"), by=admin)


def test_an_account_with_a_post_higher_up_is_not_the_lower_ones_to_rule(
    cast: Cast,
) -> None:
    """Whoever resets an account can become its owner."""
    high = cast.actor("tld", Role.APPROVER)
    posts.add_post(high.officer_id, post_at(cast, "a1"), by=cast.actor("tld", ADMIN))
    low = cast.actor("a1", ADMIN)
    for act in (officers.make_slip, officers.suspend, officers.resume):
        with pytest.raises(NotAllowed, match="ở đơn vị khác"):
            act(high.officer_id, by=low)
    with pytest.raises(NotAllowed):
        officers.edit_officer(high.officer_id, OfficerDraft(full_name="X Y"), by=low)


@pytest.mark.parametrize("act", [officers.make_slip, officers.suspend, officers.resume])
def test_an_officer_of_another_unit_does_not_exist(
    cast: Cast, act: Callable[..., object]
) -> None:
    with pytest.raises(NotFound):
        act(cast.actor("b1").officer_id, by=cast.actor("upper_a", ADMIN))


def test_a_post_of_another_unit_does_not_exist(cast: Cast) -> None:
    post_id, by = cast.actor("b1").post_id, cast.actor("upper_a", ADMIN)
    with pytest.raises(NotFound):
        posts.suspend_post(post_id, by=by)
    with pytest.raises(NotFound):
        posts.change_post(
            post_id, role=ADMIN, valid_from=clock.today(), valid_to=None, by=by
        )


def test_a_suspended_officer_is_out_at_the_next_request(cast: Cast) -> None:
    entry = cast.actor("a1")
    make_session(entry, token="secret")
    assert sign_in.find_session("secret") is not None
    officers.suspend(entry.officer_id, by=cast.actor("upper_a", ADMIN))
    assert sign_in.find_session("secret") is None


def test_a_resumed_officer_signs_in_anew(cast: Cast) -> None:
    entry, admin = cast.actor("a1"), cast.actor("upper_a", ADMIN)
    make_session(entry, token="secret")
    officers.suspend(entry.officer_id, by=admin)
    officers.resume(entry.officer_id, by=admin)
    assert sign_in.find_session("secret") is None


@pytest.mark.parametrize("code", ["a1", "upper_a"])
def test_no_level_below_resumes_whom_the_federation_suspended(
    cast: Cast, code: str
) -> None:
    entry, federation = cast.actor("a1"), cast.actor("f85", ADMIN)
    lower = cast.actor(code, ADMIN)
    officers.suspend(entry.officer_id, by=lower)
    officers.suspend(entry.officer_id, by=federation)
    officers.suspend(entry.officer_id, by=lower)
    with pytest.raises(NotAllowed, match="Cấp trên đã tạm dừng"):
        officers.resume(entry.officer_id, by=lower)
    officers.resume(entry.officer_id, by=cast.actor("tld", ADMIN))
    officers.suspend(entry.officer_id, by=lower)
    assert officers.resume(entry.officer_id, by=lower).suspended_at is None


def test_no_level_below_resumes_or_changes_a_post_that_the_federation_suspended(
    cast: Cast,
) -> None:
    entry, federation = cast.actor("a1"), cast.actor("f85", ADMIN)
    lower = cast.actor("a1", ADMIN)
    posts.suspend_post(entry.post_id, by=federation)
    with pytest.raises(NotAllowed, match="Cấp trên đã tạm dừng"):
        posts.resume_post(entry.post_id, by=lower)
    with pytest.raises(NotAllowed, match="Cấp trên đã tạm dừng"):
        posts.change_post(
            entry.post_id,
            role=Role.READ_ONLY,
            valid_from=clock.today(),
            valid_to=None,
            by=lower,
        )
    assert posts.resume_post(entry.post_id, by=federation).suspended_at is None


def test_a_suspended_post_does_not_act_until_it_is_resumed(cast: Cast) -> None:
    entry, admin = cast.actor("a1"), cast.actor("upper_a", ADMIN)
    posts.suspend_post(entry.post_id, by=admin)
    make_session(entry, token="secret")
    assert sign_in.find_session("secret") is None
    assert officers_q.live_posts(entry.officer_id, on=clock.today()) == []
    posts.resume_post(entry.post_id, by=admin)
    found = sign_in.find_session("secret")
    assert found is not None
    assert found.actor.post_id == entry.post_id


def test_a_new_role_ends_the_sessions(cast: Cast) -> None:
    entry = cast.actor("a1")
    make_session(entry, token="secret")
    posts.change_post(
        entry.post_id,
        role=Role.READ_ONLY,
        valid_from=clock.today(),
        valid_to=None,
        by=cast.actor("upper_a", ADMIN),
    )
    assert sign_in.find_session("secret") is None


def test_a_suspended_post_ends_the_sessions(cast: Cast) -> None:
    entry = cast.actor("a1")
    make_session(entry, token="secret")
    posts.suspend_post(entry.post_id, by=cast.actor("upper_a", ADMIN))
    assert sign_in.find_session("secret") is None


@pytest.mark.parametrize(
    ("begin", "end", "acts"),
    [
        (0, None, True),
        (0, 0, True),
        (-9, -1, False),
        (1, None, False),
    ],
)
def test_a_post_acts_from_its_first_day_to_its_last(
    cast: Cast, begin: int, end: int | None, acts: bool
) -> None:
    entry, today = cast.actor("a1"), clock.today()
    posts.change_post(
        entry.post_id,
        role=Role.DATA_ENTRY,
        valid_from=today + timedelta(days=begin),
        valid_to=None if end is None else today + timedelta(days=end),
        by=cast.actor("upper_a", ADMIN),
    )
    make_session(entry, token="secret")
    assert (sign_in.find_session("secret") is not None) is acts


def test_an_end_before_the_beginning_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="đứng trước"):
        posts.change_post(
            cast.actor("a1").post_id,
            role=Role.DATA_ENTRY,
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 1),
            by=cast.actor("upper_a", ADMIN),
        )


def test_nobody_locks_themselves_out_or_resets_themselves(cast: Cast) -> None:
    admin = cast.actor("a1", ADMIN)
    with pytest.raises(NotAllowed):
        officers.suspend(admin.officer_id, by=admin)
    with pytest.raises(NotAllowed):
        posts.suspend_post(admin.post_id, by=admin)
    with pytest.raises(NotAllowed):
        officers.make_slip(admin.officer_id, by=admin)


def test_the_record_of_a_slip_does_not_hold_its_secret(cast: Cast) -> None:
    slip = officers.make_slip(
        cast.actor("a1").officer_id, by=cast.actor("upper_a", ADMIN)
    )
    secret = slip.path.removeprefix("/lan-dau/")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "officer.slip"
    assert secret not in str(entry.detail)


def test_the_list_holds_the_subtree_and_nobody_else(cast: Cast) -> None:
    page = officer_pages.list_page(
        officer_pages.Wanted(), by=cast.actor("upper_a", ADMIN)
    )
    names = {officer.full_name for officer, _posts in page.rows}
    assert "data_entry a1" in names
    assert not [name for name in names if name.endswith((" b1", " f85", " tld"))]


def test_the_list_shows_only_the_posts_within_the_subtree(cast: Cast) -> None:
    high = cast.actor("tld", Role.APPROVER)
    posts.add_post(high.officer_id, post_at(cast, "a1"), by=cast.actor("tld", ADMIN))
    page = officer_pages.list_page(
        officer_pages.Wanted(text="approver tld"), by=cast.actor("upper_a", ADMIN)
    )
    [(_officer, shown)] = page.rows
    assert [post.unit.code for post in shown] == ["a1"]
