"""The union tree: add, rename, move; one place that keeps every path right."""

import re
from dataclasses import dataclass
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import Post, Unit
from portal.db.queries import prints as prints_q
from portal.db.queries import units as units_q
from portal.db.queries.units import Headcount
from portal.db.session import check_version, transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, Problem
from portal.domain.identity import Reading, read_email, read_phone
from portal.domain.plate_codes import is_plate_code
from portal.domain.text import clean, search_text
from portal.domain.union_units import PARENT_LEVELS, UnionLevel, check_parent, path_of
from portal.services import audit
from portal.services.moved_lists import leave_behind

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,31}")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """What people state about a unit."""

    code: str
    name: str
    province_code: str | None = None
    address: str = ""
    phone: str = ""
    email: str = ""
    contact_name: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree that a PC shows, with the units below it where open."""

    unit: Unit
    below: tuple["Branch", ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage:
    """Everything that the page of one unit shows."""

    unit: Unit
    above: list[Unit]
    children: list[Unit]
    heads: dict[str, Headcount]
    officers: list[Post]
    province_code: str | None
    inherited_code: str | None
    tree: Branch


# More siblings than a side column can show; the list in the middle has them all.
_TREE_WIDTH = 60


def page_of(unit_id: int, *, by: Actor) -> UnitPage:
    """Gather the page of a unit of the subtree; NotFound for any other."""
    by.require(Action.UNIT_VIEW)
    unit = units_q.get(unit_id, scope=by.scope)
    above = units_q.ancestors_of(unit.path, scope=by.scope)
    children = units_q.children_of(unit.id, scope=by.scope)
    paths = [unit.path, *(child.path for child in children)]
    return UnitPage(
        unit=unit,
        above=above,
        children=children,
        heads=units_q.headcounts(paths, scope=Scope(unit.path)),
        officers=units_q.officers_at(unit.id, scope=by.scope, on=clock.today()),
        province_code=units_q.province_code_for(unit.path),
        inherited_code=units_q.province_code_for(_path_above(unit.path)),
        tree=_branch(above, by),
    )


def search(text: str, *, by: Actor) -> list[Unit]:
    """Find units of the subtree by name or code, with or without accents."""
    by.require(Action.UNIT_VIEW)
    return units_q.search(text, scope=by.scope) if text.strip() else []


def get(unit_id: int, *, by: Actor) -> Unit:
    """Give a unit of the subtree; NotFound for any other."""
    by.require(Action.UNIT_VIEW)
    return units_q.get(unit_id, scope=by.scope)


def find_by_code(code: str, *, by: Actor) -> Unit | None:
    """Find a unit of the subtree by its code; None for any other."""
    by.require(Action.UNIT_VIEW)
    unit = units_q.by_code(code)
    return unit if unit is not None and by.scope.covers(unit.path) else None


def nearby(*, by: Actor, limit: int = 300) -> list[Unit]:
    """List units of the subtree to choose from, the highest first."""
    by.require(Action.UNIT_VIEW)
    return units_q.in_tree_order(scope=by.scope, limit=limit)


def new_parents(unit: Unit, *, text: str, by: Actor) -> list[Unit]:
    """List the units that a unit may be moved under, by name."""
    by.require(Action.UNIT_MANAGE)
    found = units_q.of_levels(PARENT_LEVELS[unit.level], scope=by.scope, text=text)
    own = Scope(unit.path)
    return [
        parent
        for parent in found
        if parent.id != unit.parent_id and not own.covers(parent.path)
    ]


def add_unit(draft: UnitDraft, *, level: UnionLevel, parent_id: int, by: Actor) -> Unit:
    """Add a unit below one of the officer's subtree.

    Raises NotFound for a parent outside it, Invalid with one Problem a field.
    """
    by.require(Action.UNIT_MANAGE)
    with transaction() as session:
        parent = units_q.get(parent_id, scope=by.scope)
        unit = write_unit(session, draft, level=level, parent=parent)
        _record(session, "unit.add", unit, by, {"name": unit.name, "code": unit.code})
    return unit


def edit_unit(unit_id: int, draft: UnitDraft, *, version: int, by: Actor) -> Unit:
    """Rename a unit, or change its code, province code and contact.

    Cards that are already numbered keep the name they bear.
    """
    by.require(Action.UNIT_MANAGE)
    with transaction() as session:
        unit = units_q.get(unit_id, scope=by.scope)
        check_version(shown=version, current=unit.version)
        draft = _checked(draft, own_id=unit.id)
        changes = _differences(unit, draft)
        if changes:
            _fill(unit, draft)
            session.flush()
            _record(session, "unit.edit", unit, by, {"changes": changes})
    return unit


def move_unit(unit_id: int, *, new_parent_id: int, version: int, by: Actor) -> Unit:
    """Put a unit, with all below it, under another parent of the same subtree.

    Members, requests, posts and everything else of the moved units go along. A
    request that nobody above holds leaves a campaign that is not for its new place;
    one under way goes on, by those who stand above it now.
    """
    by.require(Action.UNIT_MANAGE)
    with transaction() as session:
        unit = units_q.get(unit_id, scope=by.scope)
        parent = units_q.get(new_parent_id, scope=by.scope)
        check_version(shown=version, current=unit.version)
        _check_move(unit, parent, by)
        if prints_q.being_printed(scope=Scope(unit.path)):
            raise Conflict(
                "Đơn vị này có thẻ đang trong lô in. Chờ lô in dựng xong rồi chuyển."
            )
        old_path, old_parent_id = unit.path, unit.parent_id
        new_path = path_of(unit.id, parent_path=parent.path)
        unit.parent_id = parent.id
        session.flush()
        moved = units_q.move_subtree(session, old_path=old_path, new_path=new_path)
        session.refresh(unit)
        left_out = leave_behind(session, unit, by=by)
        detail = {
            "from": old_parent_id,
            "to": parent.id,
            "from_path": old_path,
            "to_path": new_path,
            "units": moved,
            "left_out": left_out,
        }
        _record(session, "unit.move", unit, by, detail)
    return unit


def write_unit(
    session: Any, draft: UnitDraft, *, level: UnionLevel, parent: Unit | None
) -> Unit:
    """Check and write a unit inside the caller's transaction (None = the top)."""
    check_parent(level, parent.level if parent else None)
    unit = Unit(
        level=level,
        parent_id=parent.id if parent else None,
        path="new",
        valid_from=clock.today(),
    )
    _fill(unit, _checked(draft, own_id=None))
    session.add(unit)
    session.flush()
    unit.path = path_of(unit.id, parent_path=parent.path if parent else "")
    session.flush()
    return unit


def read_draft(
    draft: UnitDraft, *, own_id: int | None = None
) -> tuple[UnitDraft, tuple[Problem, ...]]:
    """Clean what was stated, and name all that is wrong with it."""
    phone, email, unreadable = read_contact(draft.phone, draft.email)
    cleaned = UnitDraft(
        # One way of writing: a new unit's code is in capitals, an old one stays.
        code=draft.code.strip() if own_id else draft.code.strip().upper(),
        name=clean(draft.name),
        province_code=draft.province_code or None,
        address=clean(draft.address),
        phone=phone,
        email=email,
        contact_name=clean(draft.contact_name),
    )
    problems = (
        *_code_problems(cleaned.code, own_id),
        *_name_problems(cleaned.name),
        *_province_problems(cleaned.province_code),
        *unreadable,
    )
    return cleaned, problems


def read_contact(phone: str, email: str) -> tuple[str, str, tuple[Problem, ...]]:
    """Read an optional phone and e-mail; problems name the form's fields."""
    read = {
        "phone": read_phone(phone) if phone.strip() else Reading(),
        "email": read_email(email) if email.strip() else Reading(),
    }
    problems = tuple(
        Problem(reading.problem.text, field, reading.problem.fix)
        for field, reading in read.items()
        if reading.problem
    )
    return read["phone"].value, read["email"].value, problems


def _path_above(path: str) -> str:
    """Give the path of the unit above; empty for the top."""
    return path[: path[:-1].rfind(".") + 1]


def _branch(path: list[Unit], by: Actor) -> Branch:
    unit, rest = path[0], path[1:]
    siblings = units_q.children_of(unit.id, scope=by.scope)
    following = rest[0].id if rest else None
    shown = [
        child
        for place, child in enumerate(siblings)
        if place < _TREE_WIDTH or child.id == following
    ]
    below = tuple(
        _branch(rest, by) if child.id == following else Branch(child) for child in shown
    )
    return Branch(unit, below, hidden=len(siblings) - len(shown))


def _check_move(unit: Unit, parent: Unit, by: Actor) -> None:
    if unit.path == by.unit_path:
        raise Invalid(
            "Không thể tự chuyển đơn vị của mình. Việc này do cấp trên thực hiện."
        )
    if Scope(unit.path).covers(parent.path):
        raise Invalid(
            "Không thể chuyển một đơn vị vào chính nó hay đơn vị bên dưới nó."
        )
    if unit.parent_id == parent.id:
        raise Invalid(f"{unit.name} đang trực thuộc {parent.name} rồi.")
    check_parent(unit.level, parent.level)


def _checked(draft: UnitDraft, *, own_id: int | None) -> UnitDraft:
    cleaned, problems = read_draft(draft, own_id=own_id)
    if problems:
        raise Invalid("Thông tin đơn vị chưa đúng.", problems)
    return cleaned


def _code_problems(code: str, own_id: int | None) -> list[Problem]:
    if not _CODE.fullmatch(code):
        return [
            Problem(
                "Mã đơn vị gồm 1–32 chữ cái không dấu, chữ số hoặc dấu . _ / -.",
                "code",
                "Ví dụ: CDCS-012.",
            )
        ]
    holder = units_q.by_code(code)
    if holder is not None and holder.id != own_id:
        return [
            Problem(
                f"Mã “{code}” đã có đơn vị khác dùng.",
                "code",
                "Hãy chọn mã khác.",
            )
        ]
    return []


def _name_problems(name: str) -> list[Problem]:
    if not name:
        return [Problem("Chưa có tên đơn vị.", "name", "Nhập tên đầy đủ.")]
    if len(name) > _LONGEST_NAME:
        text = f"Tên đơn vị dài quá {_LONGEST_NAME} ký tự."
        return [Problem(text, "name", "Hãy rút gọn tên.")]
    return []


def _province_problems(code: str | None) -> list[Problem]:
    if code is None or is_plate_code(code):
        return []
    return [
        Problem(
            f"“{code}” không phải mã biển số của tỉnh, thành phố nào.",
            "province_code",
            "Chọn mã trong danh sách, ví dụ 85.",
        )
    ]


def _fill(unit: Unit, draft: UnitDraft) -> None:
    for field in draft.__slots__:
        setattr(unit, field, getattr(draft, field))
    unit.search_text = search_text(draft.name, draft.code)


def _differences(unit: Unit, draft: UnitDraft) -> dict[str, list[str | None]]:
    return {
        field: [getattr(unit, field), getattr(draft, field)]
        for field in draft.__slots__
        if getattr(unit, field) != getattr(draft, field)
    }


def _record(
    session: Any, action: str, unit: Unit, by: Actor, detail: dict[str, Any]
) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="unit",
        subject_id=unit.id,
        unit_path=unit.path,
        detail=detail,
    )
