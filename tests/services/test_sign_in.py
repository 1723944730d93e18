"""The door: who gets in, who is kept out, and when a session dies."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from portal.access.policy import Role
from portal.db.models import AuditEntry, Officer, SignInAttempt, SignInSession
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.errors import Invalid, NotFound
from portal.services import officers, passwords, posts, sign_in, sign_in_lock
from tests.cast import Cast
from tests.make import make_officer, make_session

PASSWORD = "con mèo trèo cây cau"
HERE = sign_in.Visitor(address="10.0.0.1", device="Chrome trên máy tính Windows")
ELSEWHERE = sign_in.Visitor(address="10.0.0.2", device="Safari trên iPhone")


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def lan(cast: Cast, password_hash: str) -> Officer:
    """An officer with a password."""
    post = make_officer(name="lan", unit_id=cast.unit_ids["a1"], role=Role.DATA_ENTRY)
    with transaction() as session:
        officer = session.get_one(Officer, post.officer_id)
        officer.password_hash = password_hash
    return officer


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass."""

    def later(step: timedelta) -> None:
        moment = datetime.now(clock.VIETNAM) + step
        monkeypatch.setattr(clock, "now", lambda: moment)

    return later


def knock(name: str, password: str, visitor: sign_in.Visitor = HERE) -> sign_in.Opening:
    return sign_in.open_session(name, password, visitor=visitor)


def test_the_right_password_opens_a_session_that_is_recorded(lan: Officer) -> None:
    opening = knock("lan", PASSWORD)
    found = sign_in.find_session(opening.token)
    assert found is not None
    assert found.actor.officer_id == lan.id
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.officer_id) == ("sign_in.open", lan.id)


@pytest.mark.parametrize("typed", ["LAN", " Lan ", "lân"])
def test_a_name_is_known_however_the_phone_writes_it(lan: Officer, typed: str) -> None:
    assert knock(typed, PASSWORD).token


def test_a_password_typed_in_pieces_is_the_same_password(lan: Officer) -> None:
    decomposed = "con me\u0300o tre\u0300o ca\u0302y cau"
    assert knock("lan", decomposed).token


def test_known_unknown_and_passwordless_names_take_one_hash_and_one_sentence(
    lan: Officer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bool] = []
    matches = passwords.matches

    def counted(password: str, stored: str | None) -> bool:
        compared.append(stored is not None)
        return matches(password, stored)

    monkeypatch.setattr(passwords, "matches", counted)
    texts = {
        knock(name, "sai mật khẩu rồi").refusal
        for name in ("lan", "nobody", "data_entry.a1")
    }
    assert texts == {"Tên đăng nhập hoặc mật khẩu không đúng."}
    assert compared == [True, False, False]


def test_an_unknown_name_costs_a_real_comparison(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified: list[str] = []

    class Hasher:
        def hash(self, _password: str) -> str:
            return "decoy"

        def verify(self, stored: str, _password: str) -> bool:
            verified.append(stored)
            return True

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    passwords._decoy.cache_clear()
    try:
        assert not passwords.matches("any", None)
        assert passwords.matches("any", "kept")
        assert verified == ["decoy", "kept"]
    finally:
        passwords._decoy.cache_clear()


def test_the_portal_hashes_with_argon2id_of_at_least_46_mib(
    real_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", real_hasher)
    stored = passwords.hash_password(PASSWORD)
    kind, _version, costs = stored.split("$")[1:4]
    memory_kib = int(costs.split(",")[0].removeprefix("m="))
    assert kind == "argon2id"
    assert memory_kib >= 46 * 1024
    assert passwords.matches(PASSWORD, stored)
    assert not passwords.matches(f"{PASSWORD}.", stored)


def test_five_wrong_tries_lock_the_account_for_that_address(lan: Officer) -> None:
    for _ in range(sign_in_lock.WRONG_TRIES):
        assert not knock("lan", "sai mật khẩu rồi").locked
    opening = knock("lan", PASSWORD)
    assert opening.locked
    assert not opening.token
    assert "nhập sai 5 lần" in opening.refusal
    assert knock("lan", PASSWORD, ELSEWHERE).token


def guess_from_many_addresses() -> sign_in.Opening:
    """Guess until the account is locked everywhere; give the refusal after it."""
    for serial in range(sign_in_lock.WRONG_TRIES_ANYWHERE):
        opening = knock("lan", "sai mật khẩu rồi", stranger(serial))
        assert not opening.locked
    return knock("lan", PASSWORD, stranger(99))


def stranger(serial: int) -> sign_in.Visitor:
    return sign_in.Visitor(address=f"192.0.2.{serial}", device="x")


def test_many_addresses_do_not_guess_for_ever(
    lan: Officer, at: Callable[[timedelta], None]
) -> None:
    opening = guess_from_many_addresses()
    assert opening.locked
    assert "nhập sai 20 lần" in opening.refusal
    at(sign_in_lock.WRONG_TRIES_WITHIN + timedelta(seconds=1))
    assert knock("lan", PASSWORD, stranger(99)).token


def test_nobody_shuts_the_owner_out_from_where_they_have_come_in_before(
    lan: Officer,
) -> None:
    assert knock("lan", PASSWORD).token
    assert guess_from_many_addresses().locked
    assert knock("lan", PASSWORD).token
    assert knock("lan", PASSWORD, stranger(99)).locked
    for _ in range(sign_in_lock.WRONG_TRIES):
        assert not knock("lan", "sai mật khẩu rồi").locked
    assert knock("lan", PASSWORD).locked


def test_wrong_tries_of_many_names_lock_the_address_they_come_from(
    lan: Officer,
) -> None:
    for serial in range(sign_in_lock.WRONG_TRIES_PER_ADDRESS):
        knock(f"nobody{serial}", "sai mật khẩu rồi")
    assert knock("lan", PASSWORD).locked
    assert knock("lan", PASSWORD, ELSEWHERE).token


def test_an_unknown_name_is_locked_like_a_known_one(cast: Cast) -> None:
    for _ in range(sign_in_lock.WRONG_TRIES):
        knock("nobody", "sai mật khẩu rồi")
    assert knock("nobody", "sai mật khẩu rồi").locked


def test_the_lock_opens_after_a_quarter_of_an_hour(
    lan: Officer, at: Callable[[timedelta], None]
) -> None:
    for _ in range(sign_in_lock.WRONG_TRIES):
        knock("lan", "sai mật khẩu rồi")
    at(sign_in_lock.WRONG_TRIES_WITHIN + timedelta(seconds=1))
    assert knock("lan", PASSWORD).token


def test_coming_in_strikes_out_the_wrong_tries(lan: Officer) -> None:
    for _ in range(sign_in_lock.WRONG_TRIES - 1):
        knock("lan", "sai mật khẩu rồi")
    assert knock("lan", PASSWORD).token
    assert db.session.scalar(select(func.count(SignInAttempt.id))) == 0


def test_a_try_is_counted_before_it_is_compared(
    lan: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []

    def look(_password: str, _stored: str | None) -> bool:
        counts.append(db.session.scalar(select(func.count(SignInAttempt.id))) or 0)
        return False

    monkeypatch.setattr(passwords, "matches", look)
    knock("lan", "sai mật khẩu rồi")
    knock("lan", "sai mật khẩu rồi")
    assert counts == [1, 2]


def test_a_suspended_officer_with_the_right_password_stays_out(lan: Officer) -> None:
    with transaction() as session:
        session.get_one(Officer, lan.id).suspended_at = clock.now()
    opening = knock("lan", PASSWORD)
    assert not opening.token
    assert "tạm dừng" in opening.refusal


def test_signing_out_kills_every_copy_of_the_secret(lan: Officer) -> None:
    token = knock("lan", PASSWORD).token
    sign_in.end_session(token)
    assert sign_in.find_session(token) is None


@pytest.mark.parametrize(
    ("passed", "lives"),
    [
        (sign_in.IDLE_LIMIT - timedelta(minutes=1), True),
        (sign_in.IDLE_LIMIT + timedelta(minutes=1), False),
    ],
)
def test_a_session_dies_when_nobody_uses_it(
    lan: Officer, at: Callable[[timedelta], None], passed: timedelta, lives: bool
) -> None:
    token = knock("lan", PASSWORD).token
    at(passed)
    assert (sign_in.find_session(token) is not None) is lives


def test_a_session_dies_of_age_even_in_use(
    lan: Officer, at: Callable[[timedelta], None]
) -> None:
    token = knock("lan", PASSWORD).token
    step = timedelta(hours=7)
    for number in range(1, int(sign_in.ABSOLUTE_LIMIT / step)):
        at(step * number)
        assert sign_in.find_session(token) is not None
    at(sign_in.ABSOLUTE_LIMIT + timedelta(minutes=1))
    assert sign_in.find_session(token) is None


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(
    lan: Officer,
) -> None:
    here, there = knock("lan", PASSWORD).token, knock("lan", PASSWORD, ELSEWHERE).token
    found = sign_in.find_session(here)
    assert found is not None
    opening = sign_in.change_password(
        found.session_id,
        current=PASSWORD,
        new="bốn con ngựa ô",
        by=found.actor,
        visitor=HERE,
    )
    assert sign_in.find_session(there) is None
    assert sign_in.find_session(here) is None
    assert sign_in.find_session(opening.token) is not None
    assert not knock("lan", PASSWORD).token
    assert knock("lan", "bốn con ngựa ô").token


def test_a_wrong_present_password_changes_nothing_and_counts_as_a_try(
    lan: Officer,
) -> None:
    found = sign_in.find_session(knock("lan", PASSWORD).token)
    assert found is not None
    for tries in range(sign_in_lock.WRONG_TRIES + 1):
        opening = sign_in.change_password(
            found.session_id,
            current="không phải nó",
            new="bốn con ngựa ô",
            by=found.actor,
            visitor=HERE,
        )
        assert opening.locked is (tries == sign_in_lock.WRONG_TRIES)


def test_nobody_ends_or_moves_the_session_of_another(cast: Cast) -> None:
    mine, other = cast.actor("a1"), cast.actor("a2")
    make_session(other, token="theirs")
    row_id = db.session.scalars(select(SignInSession.id)).one()
    with pytest.raises(NotFound):
        sign_in.end_own_session(row_id, by=mine)
    with pytest.raises(NotFound):
        sign_in.switch_post(row_id, mine.post_id, by=mine)
    assert sign_in.find_session("theirs") is not None


def test_one_acts_in_one_post_at_a_time_and_changes_it(cast: Cast) -> None:
    admin, entry = cast.actor("a1", Role.ADMINISTRATOR), cast.actor("a1")
    second = posts.add_post(
        entry.officer_id,
        officers.PostDraft(
            unit_id=entry.unit_id, role=Role.PRINTER, valid_from=clock.today()
        ),
        by=admin,
    )
    make_session(entry, token="secret")
    found = sign_in.find_session("secret")
    assert found is not None
    assert found.actor.role is Role.DATA_ENTRY
    sign_in.switch_post(found.session_id, second.id, by=entry)
    changed = sign_in.find_session("secret")
    assert changed is not None
    assert changed.actor.role is Role.PRINTER


def test_nobody_switches_into_the_post_of_another(cast: Cast) -> None:
    entry, other = cast.actor("a1"), cast.actor("tld", Role.APPROVER)
    make_session(entry, token="secret")
    found = sign_in.find_session("secret")
    assert found is not None
    with pytest.raises(NotFound):
        sign_in.switch_post(found.session_id, other.post_id, by=entry)


def slip_for(cast: Cast, code: str = "a1") -> str:
    target = cast.actor(code)
    slip = officers.make_slip(
        target.officer_id, by=cast.actor("upper_a", Role.ADMINISTRATOR)
    )
    return slip.path.removeprefix("/lan-dau/")


def test_a_slip_gives_its_holder_a_password_and_a_session(cast: Cast) -> None:
    token = slip_for(cast)
    assert sign_in.first_use(token).sign_in_name == "data_entry.a1"
    opened = sign_in.choose_password(token, PASSWORD, visitor=HERE)
    assert sign_in.find_session(opened) is not None
    assert knock("data_entry.a1", PASSWORD).token


def test_a_slip_works_once(cast: Cast) -> None:
    token = slip_for(cast)
    sign_in.choose_password(token, PASSWORD, visitor=HERE)
    with pytest.raises(NotFound):
        sign_in.choose_password(token, "bốn con ngựa ô", visitor=HERE)


def test_a_new_slip_kills_the_one_before(cast: Cast) -> None:
    before, _after = slip_for(cast), slip_for(cast)
    with pytest.raises(NotFound):
        sign_in.first_use(before)


def further_post(cast: Cast, officer_id: int, code: str) -> posts.Post:
    return posts.add_post(
        officer_id,
        officers.PostDraft(
            unit_id=cast.unit_ids[code],
            role=Role.APPROVER,
            valid_from=clock.today(),
        ),
        by=cast.actor("f85", Role.ADMINISTRATOR),
    )


def test_an_open_slip_does_not_follow_its_holder_to_a_higher_post(cast: Cast) -> None:
    """Whoever made it could else come in as an approver of the federation."""
    token = slip_for(cast)
    further_post(cast, cast.actor("a1").officer_id, "f85")
    with pytest.raises(NotFound):
        sign_in.choose_password(token, PASSWORD, visitor=HERE)


def test_a_slip_made_by_whoever_rules_the_new_post_too_still_works(cast: Cast) -> None:
    token = slip_for(cast)
    further_post(cast, cast.actor("a1").officer_id, "a2")
    assert sign_in.choose_password(token, PASSWORD, visitor=HERE)


@pytest.mark.parametrize("way", ["resume", "change"])
def test_an_open_slip_dies_when_a_higher_post_comes_back(cast: Cast, way: str) -> None:
    officer_id, ruler = (
        cast.actor("a1").officer_id,
        cast.actor("f85", Role.ADMINISTRATOR),
    )
    post = further_post(cast, officer_id, "f85")
    span = {"role": Role.APPROVER, "valid_from": date(2020, 1, 1)}
    posts.change_post(post.id, **span, valid_to=date(2020, 2, 1), by=ruler)
    if way == "resume":
        posts.suspend_post(post.id, by=ruler)
    token = slip_for(cast)
    if way == "resume":
        posts.resume_post(post.id, by=ruler)
    else:
        posts.change_post(post.id, **span, valid_to=None, by=ruler)
    with pytest.raises(NotFound):
        sign_in.choose_password(token, PASSWORD, visitor=HERE)


def test_a_slip_expires(cast: Cast, at: Callable[[timedelta], None]) -> None:
    token = slip_for(cast)
    at(officers.FIRST_LIFETIME + timedelta(minutes=1))
    with pytest.raises(NotFound):
        sign_in.first_use(token)


def test_a_slip_of_a_suspended_officer_opens_nothing(cast: Cast) -> None:
    token = slip_for(cast)
    officers.suspend(
        cast.actor("a1").officer_id, by=cast.actor("a1", Role.ADMINISTRATOR)
    )
    with pytest.raises(NotFound):
        sign_in.choose_password(token, PASSWORD, visitor=HERE)


@pytest.mark.parametrize(
    "weak", ["ngắn", "1234567890", "0912345678", "aaaaaaaaaa", "congdoan2024"]
)
def test_an_easy_password_is_refused_and_the_slip_still_works(
    cast: Cast, weak: str
) -> None:
    token = slip_for(cast)
    with pytest.raises(Invalid):
        sign_in.choose_password(token, weak, visitor=HERE)
    assert sign_in.first_use(token)


def test_no_secret_is_kept_in_the_clear(cast: Cast) -> None:
    token = slip_for(cast)
    opened = sign_in.choose_password(token, PASSWORD, visitor=HERE)
    rows = db.session.connection().exec_driver_sql(
        "SELECT token_hash FROM one_time_code UNION SELECT token_hash"
        " FROM sign_in_session UNION SELECT password_hash FROM officer"
    )
    kept = " ".join(str(row[0]) for row in rows)
    assert token not in kept
    assert opened not in kept
    assert PASSWORD not in kept
