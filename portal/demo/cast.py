"""The made-up union of the demo: its units and officers, written by the services."""

import secrets
from dataclasses import dataclass

from portal.access.actor import Actor
from portal.access.policy import ROLE_LABELS, Role
from portal.db.models import Unit
from portal.db.queries import officers as officers_q
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.union_units import UnionLevel
from portal.services import first_run, officers, units
from portal.services.officers import OfficerDraft, PostDraft
from portal.services.sign_in import Visitor, find_session
from portal.services.units import UnitDraft

_L = UnionLevel

# code, name, level, code of the unit above, province code. No real union.
UNITS: tuple[tuple[str, str, UnionLevel, str, str | None], ...] = (
    ("85", "LĐLĐ tỉnh Duyên Hải", _L.FEDERATION, "TLD", "85"),
    ("85-VP", "CĐCS Cơ quan LĐLĐ tỉnh Duyên Hải", _L.GRASSROOTS, "85", None),
    ("85-AB", "Công đoàn huyện An Bình", _L.UPPER, "85", None),
    ("85-AB-01", "CĐCS Công ty May Ánh Dương", _L.GRASSROOTS, "85-AB", None),
    ("85-AB-02", "CĐCS Trường THCS Hoa Mai", _L.GRASSROOTS, "85-AB", None),
    ("85-BS", "Công đoàn huyện Bắc Sơn", _L.UPPER, "85", None),
    ("85-BS-01", "CĐCS Hợp tác xã Muối Cát Trắng", _L.GRASSROOTS, "85-BS", None),
    ("NL", "Công đoàn ngành Năng Lượng", _L.FEDERATION, "TLD", None),
    ("NL-01", "CĐCS Mỏ Đá Xanh", _L.GRASSROOTS, "NL", None),
)

# unit, role, name. Each step of the road has a person of its own.
OFFICERS: tuple[tuple[str, Role, str], ...] = (
    ("TLD", Role.ADMINISTRATOR, "Trần Mẫu Quản Trị"),
    ("TLD", Role.APPROVER, "Lê Mẫu Phê Duyệt"),
    ("85", Role.APPROVER, "Phạm Mẫu Liên Đoàn"),
    ("85", Role.PRINTER, "Võ Mẫu In Thẻ"),
    ("85-AB", Role.APPROVER, "Đỗ Mẫu Cấp Trên"),
    ("85-BS", Role.APPROVER, "Bùi Mẫu Cấp Trên"),
    ("85-AB-01", Role.DATA_ENTRY, "Ngô Mẫu Cơ Sở"),
    ("85-AB-02", Role.DATA_ENTRY, "Hồ Mẫu Trường Học"),
    ("85-BS-01", Role.DATA_ENTRY, "Đặng Mẫu Cơ Sở"),
    ("85-VP", Role.DATA_ENTRY, "Mai Mẫu Văn Phòng"),
    ("NL", Role.APPROVER, "Dương Mẫu Ngành"),
    ("NL", Role.PRINTER, "Lý Mẫu In Thẻ"),
    ("NL-01", Role.DATA_ENTRY, "Cao Mẫu Mỏ Đá"),
)


@dataclass(frozen=True, slots=True)
class Package:
    """One list that a grassroots union sends: share of the members, kind of card."""

    unit: str
    share: float
    kind: CardKind


PACKAGES = (
    Package("85-AB-01", 0.50, CardKind.STANDARD),
    Package("NL-01", 0.30, CardKind.STANDARD),
    Package("85-VP", 0.20, CardKind.LINKED),
)


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A first sign-in: who it is for, and the path on this portal."""

    unit: str
    role: str
    name: str
    sign_in_name: str
    path: str


@dataclass(frozen=True, slots=True)
class Union:
    """The union as written: units by code, officers by unit and role, links."""

    units: dict[str, Unit]
    actors: dict[tuple[str, Role], Actor]
    links: tuple[SignInLink, ...]

    def actor(self, unit: str, role: Role) -> Actor:
        """Give the officer of a unit in a role."""
        return self.actors[unit, role]


def build_union() -> Union:
    """Found the installation and write its units and officers."""
    founder = _found()
    known = {"TLD": founder.unit_id}
    written = {}
    for code, name, level, above, province in UNITS:
        draft = UnitDraft(code=code, name=name, province_code=province)
        unit = units.add_unit(draft, level=level, parent_id=known[above], by=founder)
        known[code] = unit.id
        written[code] = unit
    actors, links = {}, []
    for code, role, name in OFFICERS:
        officer = officers.create_officer(
            OfficerDraft(full_name=name),
            PostDraft(unit_id=known[code], role=role, valid_from=clock.today()),
            by=founder,
        )
        post = officers_q.live_posts(officer.id, on=clock.today())[0]
        actors[code, role] = officers_q.actor_of(post)
        slip = officers.make_slip(officer.id, by=founder)
        links.append(
            SignInLink(
                unit=slip.unit_name,
                role=ROLE_LABELS[role],
                name=name,
                sign_in_name=slip.sign_in_name,
                path=slip.path,
            )
        )
    return Union(written, actors, tuple(links))


def _found() -> Actor:
    token = first_run.founding_link().rpartition("/")[2]
    founding = first_run.Founding(
        unit=UnitDraft(code="TLD", name="Tổng Liên đoàn (dữ liệu mẫu)"),
        level=UnionLevel.CONFEDERATION,
        full_name="Người Lập Mẫu",
        sign_in_name="nguoi.lap.mau",
        # Nobody signs in as the founder: the links are for the others.
        password=secrets.token_urlsafe(24),
    )
    session_token = first_run.found(
        token, founding, visitor=Visitor(address="", device="demo")
    )
    return _actor_of_session(session_token)


def _actor_of_session(token: str) -> Actor:
    found = find_session(token)
    if found is None:  # the session was opened a moment ago
        msg = "the founder's session is gone"
        raise RuntimeError(msg)
    return found.actor
