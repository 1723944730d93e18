"""Judge rows against the members there are: new, changed, same, duplicate."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.access.scope import Scope
from portal.db.models import Member
from portal.db.models.intake import RowState
from portal.db.queries import intake_lookup
from portal.db.queries.intake_lookup import IDENTITY_COLUMNS, World
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.renewal import State, person_is_fixed
from portal.domain.text import fold
from portal.services.intake.row_values import differences
from portal.services.members import PERSON

Values = Mapping[str, Any]


@dataclass(slots=True)
class Verdict:
    """What accepting a row would do now, and the member it would do it to."""

    state: RowState
    member: Member | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def world_of(rows: Iterable[Values], *, scope: Scope) -> World:
    """Look up whom the rows may mean, in a few queries for all of them.

    ``scope`` is the importing unit's own subtree, whoever works on the import: all
    who may see it may see what it says about members.
    """
    kept = list(rows)
    return intake_lookup.look_up(
        numbers=[number for values in kept for number in _numbers(values)],
        names=[fold(values["full_name"]) for values in kept if "full_name" in values],
        scope=scope,
    )


def judge(values: Values, world: World, *, ours: Collection[int] = ()) -> Verdict:
    """Judge one readable row (values of ``from_json``).

    ``ours`` are members that this very import has written already: they are no
    namesakes of its other rows.
    """
    numbers = list(_numbers(values))
    taken = [number for number in numbers if number in world.taken_elsewhere]
    if taken:
        return Verdict(RowState.DUPLICATE, problems=[_elsewhere(taken[0][0])])
    holders = {m.id: m for number in numbers for m in world.holders.get(number, ())}
    if len(holders) > 1:
        return Verdict(RowState.ERROR, problems=[_several(list(holders.values()))])
    if holders:
        member = next(iter(holders.values()))
        changes = differences(member, values)
        if member.id in world.fixed and any(name in changes for name in PERSON):
            problems = [_fixed(changes, world.fixed[member.id])]
            return Verdict(RowState.ERROR, member, problems=problems)
        state = RowState.CHANGED if changes else RowState.SAME
        doubts = _number_doubts(values, member)
        return Verdict(state, member, changes, warnings=doubts)
    return _among_namesakes(values, world, ours)


def _among_namesakes(values: Values, world: World, ours: Collection[int]) -> Verdict:
    """Judge a row whose numbers nobody has: it may still be somebody known."""
    birth = values.get("birth_date")
    key = fold(values.get("full_name", "")), birth.date if birth else None
    alike = [m for m in world.namesakes.get(key, ()) if m.id not in ours]  # type: ignore[arg-type]
    warnings = _number_doubts(values, None)
    for member in alike:
        if not _papers_differ(values, member):
            problem = (
                f"Có thể là {member.full_name}, sinh cùng ngày, đã có trong đơn vị với"
                " loại giấy tờ khác. Nếu là một người, ghi thêm số giấy tờ này vào hồ"
                " sơ có sẵn; nếu là hai người, ghi số CCCD của cả hai."
            )
            return Verdict(RowState.DUPLICATE, problems=[problem], warnings=warnings)
    if alike:
        warnings.append(
            "Cùng họ tên và ngày sinh với một đoàn viên đã có trong đơn vị, khác số"
            " giấy tờ. Xem có phải một người không."
        )
    return Verdict(RowState.NEW, warnings=warnings)


def _papers_differ(values: Values, member: Member) -> bool:
    """Say whether both state a number of one kind: then they are two people."""
    return any(values.get(name) and getattr(member, name) for name in IDENTITY_COLUMNS)


def _number_doubts(values: Values, member: Member | None) -> list[str]:
    """Say that a list never sets the member number."""
    number = values.get("member_number")
    if not number or (member is not None and member.member_number == number):
        return []
    return [
        f"Mã số đoàn viên {number} trong danh sách không được ghi vào sổ: mã số chỉ"
        " được cấp khi duyệt."
    ]


def _numbers(values: Values) -> Iterable[tuple[str, str]]:
    return ((name, values[name]) for name in IDENTITY_COLUMNS if values.get(name))


def _elsewhere(name: str) -> str:
    label = FIELDS_BY_NAME[name].label
    return (
        f"{label} này đã là đoàn viên ở đơn vị khác. Nếu người này chuyển về, hãy làm"
        " thủ tục chuyển sinh hoạt; nếu không, xem lại số."
    )


def _fixed(changes: Mapping[str, Any], state: State) -> str:
    labels = [FIELDS_BY_NAME[name].label for name in PERSON if name in changes]
    return str(replace(person_is_fixed(state), where=", ".join(labels)))


def _several(members: Sequence[Member]) -> str:
    names = " và ".join(member.full_name for member in members[:2])
    return (
        f"Các số giấy tờ của dòng này thuộc về hai đoàn viên khác nhau ({names})."
        " Xem lại số CCCD, CMND, hộ chiếu."
    )
