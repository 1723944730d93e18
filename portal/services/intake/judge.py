"""Judge rows against the members there are: new, changed, same, duplicate."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.access.scope import Scope
from portal.db.models import Member
from portal.db.models.intake import RowState
from portal.db.queries import intake_lookup
from portal.db.queries.intake_lookup import IDENTITY_COLUMNS, Known, World
from portal.domain.likeness import (
    Likeness,
    Traits,
    likeness,
    papers_differ,
    traits_of,
)
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.renewal import State, person_is_fixed
from portal.domain.roster_duplicates import are_different
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
    # Members of the unit who may be this person, by id.
    alike: dict[int, Likeness] = field(default_factory=dict)


def world_of(rows: Iterable[Values], *, scope: Scope) -> World:
    """Look up whom the rows may mean, in a few queries for all of them.

    ``scope`` is the importing unit's own subtree, whoever works on the import: all
    who may see it may see what it says about members.
    """
    kept = list(rows)
    return intake_lookup.look_up(
        numbers=[number for values in kept for number in _numbers(values)],
        people=[traits_of(values) for values in kept],
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
    verdict = Verdict(RowState.NEW, warnings=_number_doubts(values, None))
    me = traits_of(values)
    for known in world.neighbours(me):
        how = None if known.member_id in ours else likeness(me, known.traits)
        if how is None or are_different(me, known.traits, world.different):
            continue
        verdict.alike[known.member_id] = how
        if papers_differ(me, known.traits):
            verdict.warnings.append(_ALIKE[how].format(name=known.full_name))
        else:
            # Told apart by nothing: somebody has to say who it is.
            verdict.state = RowState.DUPLICATE
            verdict.problems.append(_HELD[how].format(name=known.full_name))
    if not verdict.alike and _is_known_elsewhere(me, world):
        verdict.warnings.append(_STRANGER)
    return verdict


def alike_to(values: Values, world: World) -> list[Known]:
    """Give the members of whom nothing in the row tells whether it is they."""
    me = traits_of(values)
    return [
        known
        for known in world.neighbours(me)
        if likeness(me, known.traits) in _ALIKE and not papers_differ(me, known.traits)
    ]


_ALIKE = {
    Likeness.NAMESAKE: (
        "Cùng họ tên và ngày sinh với {name} đã có trong đơn vị, khác số giấy tờ."
        " Xem có phải một người không."
    ),
    Likeness.NEAR: (
        "Họ tên gần giống {name} đã có trong đơn vị, cùng ngày sinh hoặc số điện"
        " thoại, số giấy tờ chỉ lệch một chữ số. Xem có phải một người không."
    ),
}
_HELD = {
    Likeness.NAMESAKE: (
        "Có thể là {name}, sinh cùng ngày, đã có trong đơn vị với loại giấy tờ khác."
        " Nếu là một người, ghi thêm số giấy tờ này vào hồ sơ có sẵn; nếu là hai"
        " người, ghi số CCCD của cả hai."
    ),
    Likeness.NEAR: (
        "Có thể là {name} đã có trong đơn vị: họ tên gần giống, cùng ngày sinh hoặc"
        " số điện thoại. Nếu là một người, sửa cho khớp hồ sơ có sẵn; nếu là hai"
        " người, ghi số CCCD của cả hai."
    ),
}
_STRANGER = (
    "Có người cùng họ tên và ngày sinh đã là đoàn viên ở đơn vị khác. Nếu là một người,"
    " hãy làm thủ tục chuyển sinh hoạt thay vì thêm mới."
)


def _is_known_elsewhere(me: Traits, world: World) -> bool:
    return any(
        likeness(me, stranger) is Likeness.NAMESAKE and not papers_differ(me, stranger)
        for stranger in world.strangers.get(me.name, ())
    )


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
