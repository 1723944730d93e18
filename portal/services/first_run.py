"""The founding of an empty installation: its top unit and first administrator."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.access.policy import Role
from portal.config import COMMAND
from portal.db.models import Unit
from portal.db.queries import sign_in as sign_in_q
from portal.db.queries import units as units_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotFound, Problem
from portal.domain.text import clean
from portal.domain.union_units import UnionLevel
from portal.services import audit, officers, passwords, sign_in
from portal.services.units import UnitDraft, read_draft, write_unit

FOUNDING_LIFETIME = timedelta(days=2)

ALREADY_FOUNDED = (
    "Cổng này đã được thiết lập xong, có thể do người khác vừa làm trước bạn."
    " Hãy đăng nhập, hoặc nhờ người quản trị đầu tiên tạo tài khoản cho bạn."
)
CODE_GONE = (
    "Đường dẫn thiết lập này không đúng hoặc đã hết hạn."
    f" Hãy chạy lại “{COMMAND}” trên máy chủ để có đường dẫn mới."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What the first page asks: the top unit, and who administers it."""

    unit: UnitDraft
    level: UnionLevel
    full_name: str
    sign_in_name: str
    password: str


def is_empty() -> bool:
    """Say whether the installation has no unit yet."""
    return not units_q.any_unit()


def founding_link() -> str:
    """Make the one-time link of an empty installation: a path on this portal.

    Only the last one works. Gives "" once there is a unit.
    """
    with transaction() as session:
        if not is_empty():
            return ""
        token, _until = sign_in.add_code(
            session,
            officer_id=None,
            purpose="found",
            lifetime=FOUNDING_LIFETIME,
            by_officer_id=None,
        )
    return f"/bat-dau/{token}"


def check_link(token: str) -> None:
    """Raise Conflict where the portal is founded, NotFound for a dead link."""
    if not is_empty():
        raise Conflict(ALREADY_FOUNDED)
    code = sign_in_q.live_code(sign_in.token_hash(token), now=clock.now())
    if code is None or code.purpose != "found":
        raise NotFound(CODE_GONE)


def found(token: str, founding: Founding, *, visitor: sign_in.Visitor) -> str:
    """Write the top unit and its administrator, and sign them in.

    Of two founders at the same time one wins; the other gets Conflict. Raises
    Invalid with one Problem a field.
    """
    check_link(token)
    problems = problems_of(founding)
    if problems:
        raise Invalid("Thông tin chưa đúng.", problems)
    password_hash = passwords.hash_password(founding.password)
    with transaction() as session:
        check_link(token)
        sign_in_q.void_codes(session, None, at=clock.now())
        unit = write_unit(session, founding.unit, level=founding.level, parent=None)
        officer = officers.write_officer(
            session,
            full_name=clean(founding.full_name),
            sign_in_name=founding.sign_in_name,
            password_hash=password_hash,
        )
        post = officers.write_post(
            session,
            officer=officer,
            unit=unit,
            role=Role.ADMINISTRATOR,
            valid_from=clock.today(),
        )
        _record(session, unit, administrator=officer.full_name)
        return sign_in.add_session(session, post, visitor)


def found_by_command(draft: UnitDraft, *, level: UnionLevel) -> Unit:
    """Write the top unit from the server's command line; officers come after."""
    with transaction() as session:
        if not is_empty():
            raise Conflict(
                "Đơn vị cao nhất đã có. Đơn vị mới cần mã đơn vị cấp trên (--parent)."
            )
        unit = write_unit(session, draft, level=level, parent=None)
        _record(session, unit, administrator="")
    return unit


def problems_of(founding: Founding) -> tuple[Problem, ...]:
    """Name all that keeps the portal from being founded so; ``where`` is a field."""
    weak = passwords.weakness(
        founding.password,
        sign_in_name=founding.sign_in_name,
        full_name=founding.full_name,
    )
    return (
        *read_draft(founding.unit)[1],
        *officers.account_problems(
            full_name=clean(founding.full_name), sign_in_name=founding.sign_in_name
        ),
        *((Problem(weak, "password"),) if weak else ()),
    )


def _record(session: Any, unit: Unit, *, administrator: str) -> None:
    audit.record(
        session,
        "unit.found",
        by=None,
        subject="unit",
        subject_id=unit.id,
        unit_path=unit.path,
        detail={
            "name": unit.name,
            "code": unit.code,
            "administrator": administrator,
        },
    )
