"""The lock on the door: how often a password may be guessed, and from where."""

from datetime import datetime, timedelta

from portal.db.models import SignInAttempt
from portal.db.queries import sign_in as sign_in_q
from portal.db.session import transaction
from portal.domain import clock

# An account is locked for the address that guesses, so that nobody can shut its
# owner out from afar.
WRONG_TRIES = 5
# Whoever guesses from many addresses is stopped here: the account is then locked
# for every address but those its owner has come in from before.
WRONG_TRIES_ANYWHERE = 20
# A whole office shares one address, and several of it mistype on a Monday.
WRONG_TRIES_PER_ADDRESS = 20
WRONG_TRIES_WITHIN = timedelta(minutes=15)
_ATTEMPTS_KEPT = timedelta(days=90)


def note_try(name: str, address: str) -> tuple[int, str]:
    """Write the try down; a sentence where it is locked out.

    Locked are: this account for this address, this address for every account, and
    this account for all addresses that its owner never came in from.
    """
    now = clock.now()
    since = now - WRONG_TRIES_WITHIN
    with transaction() as session:
        tries = sign_in_q.attempts_by_name(name, since=since)
        # A try without an address is still being compared: it counts for everybody.
        here = [at for at, its in tries if its in {"", address}]
        anywhere = [at for at, _its in tries]
        by_address = sign_in_q.attempts_by_address(address, since=since)
        known = sign_in_q.came_in_from(
            name, address=address, since=now - _ATTEMPTS_KEPT
        )
        for earlier, most in (
            (here, WRONG_TRIES),
            ([] if known else anywhere, WRONG_TRIES_ANYWHERE),
            (by_address, WRONG_TRIES_PER_ADDRESS),
        ):
            if len(earlier) >= most:
                end = earlier[-most] + WRONG_TRIES_WITHIN
                return 0, _locked_until(end, most)
        sign_in_q.drop_attempts_before(session, now - _ATTEMPTS_KEPT)
        # The address is blamed once the try proves wrong: a whole office that
        # comes in at eight o'clock shares one address.
        attempt = SignInAttempt(sign_in_name=name, address="", at=now)
        session.add(attempt)
        session.flush()
        return attempt.id, ""


def blame_address(attempt_id: int, address: str) -> None:
    """Write down where a try came from that has proved wrong."""
    with transaction() as session:
        attempt = session.get(SignInAttempt, attempt_id)
        if attempt is not None:  # the owner may have come in meanwhile
            attempt.address = address


def _locked_until(moment: datetime, tries: int) -> str:
    at = moment.astimezone(clock.VIETNAM) + timedelta(minutes=1)
    return (
        f"Đã nhập sai {tries} lần. Vì an toàn, hãy chờ đến {at:%H:%M} rồi thử"
        " lại. Nếu quên mật khẩu, nhờ người quản trị của đơn vị bạn lập phiếu đăng"
        " nhập mới."
    )
