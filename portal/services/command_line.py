"""In whose name the server's commands act."""

from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action, roles_with
from portal.access.scope import Scope
from portal.config import COMMAND
from portal.db.models import Officer, Post, Unit
from portal.db.queries import officers as officers_q
from portal.db.queries import rosters as rosters_q
from portal.db.queries import sign_in as sign_in_q
from portal.db.queries import units as units_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.union_units import ancestor_paths
from portal.services.officers import write_officer, write_post

NAME = "Dòng lệnh máy chủ"

# Numbers are given in a person's name: the account that stands for nobody gives none.
_IN_A_PERSONS_NAME = frozenset({Action.NUMBER_IMPORT, Action.REQUEST_APPROVE})


def actor_for(
    unit_code: str, action: Action, *, as_name: str | None = None
) -> Actor | None:
    """Give the officer who acts at a unit; None where no unit has the code.

    The one named ``as_name`` (by sign-in name or full name); else whoever holds
    the right there or nearest above; else the installation's own account, with a
    post at exactly that unit. Raises NotFound where nobody bears the name, NotAllowed
    where the named one has no right and where nobody has one that only a person may
    use.
    """
    unit = units_q.by_code(unit_code)
    if unit is None:
        return None
    holder = officers_q.nearest_holder(
        unit.path, roles=roles_with(action), on=clock.today(), name=as_name or ""
    )
    if holder is not None:
        return officers_q.actor_of(holder)
    if as_name and not officers_q.named(as_name, scope=_whole_tree(unit)):
        raise NotFound(f"Không có tài khoản nào mang tên “{as_name}”.")
    if as_name:
        raise NotAllowed(
            f"“{as_name}” không có nhiệm vụ nào được làm việc này ở {unit.name}."
        )
    if action in _IN_A_PERSONS_NAME:
        raise NotAllowed(
            f"Chưa có cán bộ nào được làm việc này ở {unit.name} hay cấp trên. Tạo bằng"
            f' lệnh: {COMMAND} add-officer --unit {unit.code} --name "Họ và tên"'
            f" --role {roles_with(action)[0].value}"
        )
    return _own_actor(unit, action)


def ruler_of_accounts(*, as_name: str | None = None) -> Actor:
    """Give who rules every account from the server: the one named, else its own.

    Not the first administrator: whoever lost their own slip is given a new one here.
    """
    top = units_q.by_code(rosters_q.top_code())
    if top is None:
        raise NotFound("Cổng này chưa có đơn vị nào. Thêm bằng lệnh add-unit.")
    if as_name:
        named = actor_for(top.code, Action.OFFICER_MANAGE, as_name=as_name)
        if named is not None:
            return named
    return _own_actor(top, Action.OFFICER_MANAGE)


def _whole_tree(unit: Unit) -> Scope:
    return Scope(ancestor_paths(unit.path)[0])


def _own_actor(unit: Unit, action: Action) -> Actor:
    with transaction() as session:
        officer = sign_in_q.officer_by_name(officers_q.COMMAND_LINE) or write_officer(
            session, full_name=NAME, sign_in_name=officers_q.COMMAND_LINE
        )
        return officers_q.actor_of(_post(session, officer, unit, action))


def _post(session: Any, officer: Officer, unit: Unit, action: Action) -> Post:
    role = roles_with(action)[0]
    held = officers_q.same_post(
        officer.id, unit_id=unit.id, role=role, on=clock.today()
    )
    return held or write_post(
        session, officer=officer, unit=unit, role=role, valid_from=clock.today()
    )
