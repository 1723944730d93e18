"""TLĐ's numbers taken over from its answer sheet; every row accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import Member
from portal.db.queries import numbers as numbers_q
from portal.db.queries import renewals as renewals_q
from portal.db.queries.renewals import RequestLine
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Invalid, NotAllowed, Problem
from portal.domain.membership import obstacles_to_card
from portal.domain.number_sheets import (
    IDENTITY,
    NUMBER,
    VPOINT,
    ResultRow,
    read_results,
)
from portal.domain.renewal import Move
from portal.domain.union_units import UnionLevel
from portal.files.workbook import read_sheets
from portal.files.zip_guard import MB, megabytes
from portal.services import approvals, audit
from portal.services.numbers import allots_numbers, replace_number
from portal.services.renewals import judge

# TLĐ's answer for a whole federation is a few megabytes.
MOST_BYTES = 30 * MB
_PART = 500
_OWN_WORK = "Chính bạn đã gửi, chuyển hoặc trình đề nghị này."
_RECEIVERS = frozenset({UnionLevel.FEDERATION, UnionLevel.CONFEDERATION})


@dataclass(frozen=True, slots=True)
class NumberImport:
    """What became of each row: rows_in = numbered + same + refused."""

    rows_in: int
    numbered: int
    same: int
    approved: int
    refused: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """A row, its member, and the request that waits for this number."""

    row: ResultRow
    member: Member
    line: RequestLine | None


def read_upload(stream: BinaryIO, filename: str, *, by: Actor) -> bytes:
    """Read an answer sheet that is being sent to us, never more than MOST_BYTES.

    Raises NotAllowed or Invalid, before a byte is read, where this officer or this
    installation takes no sheet; Invalid for a larger one.
    """
    _refuse_where_none_is_taken(by)
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid(
            f"Tệp {filename} nặng hơn {megabytes(MOST_BYTES)}. Chỉ giữ các cột"
            " giấy tờ và mã số, hoặc chia thành nhiều tệp, rồi gửi lại."
        )
    return data


def import_results(data: bytes, filename: str, *, by: Actor) -> NumberImport:
    """Write TLĐ's numbers and approve the requests that wait for them.

    A number goes to a request that has come up to TLĐ, or in the place of a
    provisional one, which stays reserved; a different lasting number is never
    overwritten; the same sheet twice changes nothing. The number approves, so four
    eyes hold here as well: whoever sent, forwarded or registered a request does not
    take in its number. Raises Invalid where this
    installation allots numbers itself, Invalid or TooLarge for a file that cannot
    be read.
    """
    _refuse_where_none_is_taken(by)
    rows = read_results(read_sheets(data, filename))
    refused = [row for row in rows if row.problems]
    sound = [row for row in rows if not row.problems]
    numbered = approved = 0
    for start in range(0, len(sound), _PART):
        part = _import_part(sound[start : start + _PART], by=by)
        numbered += part.numbered
        approved += part.approved
        refused += part.refused
    return NumberImport(
        rows_in=len(rows),
        numbered=numbered,
        same=len(rows) - numbered - len(refused),
        approved=approved,
        refused=tuple(sorted(refused, key=lambda row: (row.sheet, row.row))),
    )


def _refuse_where_none_is_taken(by: Actor) -> None:
    by.require(Action.NUMBER_IMPORT)
    if not by.levels & _RECEIVERS:
        raise NotAllowed(
            "Mã số của Tổng Liên đoàn do liên đoàn lao động tỉnh, công đoàn ngành"
            " hoặc Tổng Liên đoàn nhập."
        )
    if allots_numbers():
        raise Invalid(
            "Nơi này tự cấp mã số khi duyệt, nên không nhận mã số từ tệp. Để có mã số,"
            " trình danh sách lên cấp duyệt."
        )


def _import_part(rows: Sequence[ResultRow], *, by: Actor) -> NumberImport:
    with transaction() as session:
        matches, refused = _match(rows, by=by)
        changed = [match for match in matches if _changes(match)]
        kept = []
        for match in changed:
            row, member, line = match.row, match.member, match.line
            kept += replace_number(
                member, row.number, line.id if line else None, source="imported"
            )
            member.vpoint_code = row.vpoint_code or member.vpoint_code
        session.flush()
        numbers_q.reserve(session, kept, at=clock.now())
        waiting = renewals_q.lines_by_id(
            [one.line.id for one in matches if one.line is not None], scope=by.scope
        )
        ready = [line for line, _to in judge(waiting, Move.RECEIVE_NUMBER, by=by)[0]]
        approvals.settle(session, ready, Move.RECEIVE_NUMBER, by=by)
        moved = {line.member_id for line in ready}
        if changed:
            audit.record(
                session,
                "number.import",
                by=by,
                subject="unit",
                subject_id=by.unit_id,
                unit_path=by.unit_path,
                detail={
                    "numbers": {str(m.member.id): m.row.number for m in changed},
                },
            )
    touched = moved | {match.member.id for match in changed}
    return NumberImport(len(rows), len(touched), 0, len(ready), tuple(refused))


def _changes(match: _Match) -> bool:
    member, row = match.member, match.row
    return (
        member.member_number != row.number
        or member.number_is_provisional
        or bool(row.vpoint_code and member.vpoint_code != row.vpoint_code)
    )


def _match(
    rows: Sequence[ResultRow], *, by: Actor
) -> tuple[list[_Match], list[ResultRow]]:
    people = numbers_q.members_by_citizen_id(
        [row.citizen_id for row in rows], scope=by.scope
    )
    former = numbers_q.members_by_old_number(
        [row.old_number for row in rows], scope=by.scope
    )
    found = [
        (row, people.get(row.citizen_id) or former.get(row.old_number)) for row in rows
    ]
    waiting = numbers_q.waiting_requests(
        [member.id for _row, member in found if member], scope=by.scope
    )
    lines = {
        line.member_id: line for line in renewals_q.lines_by_id(waiting, scope=by.scope)
    }
    barred = _barred(list(lines.values()), by=by)
    holding = _Holding.of(rows)
    seen: set[int] = set()
    matches, refused = [], []
    for row, member in found:
        problem = _objection(row, member, holding, seen)
        if member is None or problem:
            refused.append(replace(row, problems=(problem,) if problem else ()))
            continue
        seen.add(member.id)
        match = _Match(row, member, lines.get(member.id))
        problems = _obstacles(match, barred)
        if problems:
            refused.append(replace(row, problems=problems))
        else:
            matches.append(match)
    return matches, refused


def _barred(lines: Sequence[RequestLine], *, by: Actor) -> dict[int, Problem]:
    """Give per request why this officer may not approve it by its number."""
    _allowed, errors = judge(lines, Move.RECEIVE_NUMBER, by=by)
    barred = {line_id: Problem(error.text, NUMBER) for line_id, error in errors.items()}
    own = renewals_q.movers_before_approval(
        [line.id for line in lines], officer_id=by.officer_id
    )
    for line_id in own:
        barred[line_id] = Problem(
            _OWN_WORK, NUMBER, "Nhờ một người duyệt khác nhập mã số."
        )
    return barred


def _obstacles(match: _Match, barred: Mapping[int, Problem]) -> tuple[Problem, ...]:
    """Name what keeps this person from a number, as at any other approval.

    What the bank lacks does not: this number is given already, and the page of
    linked cards tells it.
    """
    if match.line is not None:
        bar = barred.get(match.line.id)
        return (bar,) if bar else obstacles_to_card(match.line.candidate)
    if match.member.number_is_provisional or match.member.member_number is not None:
        return ()
    return (
        Problem(
            "Người này không có đề nghị nào đang chờ mã số.",
            NUMBER,
            "Đưa vào danh sách, gửi và trình lên Tổng Liên đoàn trước.",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Holding:
    """Whose the numbers and codes of these rows are already: member ids."""

    numbers: dict[str, int]
    reserved: dict[str, int | None]
    codes: dict[str, int]

    @classmethod
    def of(cls, rows: Sequence[ResultRow]) -> "_Holding":
        numbers = [row.number for row in rows]
        return cls(
            numbers_q.holders(numbers),
            numbers_q.reserved(numbers),
            numbers_q.vpoint_holders([row.vpoint_code for row in rows]),
        )


def _objection(
    row: ResultRow, member: Member | None, holding: _Holding, seen: set[int]
) -> Problem | None:
    if member is None:
        return Problem(
            "Không có đoàn viên nào như vậy trong đơn vị bạn và các đơn vị trực thuộc.",
            IDENTITY,
            "Kiểm tra số giấy tờ, hoặc nhập đoàn viên trước.",
        )
    if member.id in seen:
        return Problem(
            "Đoàn viên này có ở nhiều dòng của tệp.", IDENTITY, "Giữ lại một dòng đúng."
        )
    held = (
        holding.numbers.get(row.number, member.id) != member.id
        or holding.reserved.get(row.number, member.id) != member.id
    )
    if held:
        return Problem(
            "Mã số này đã cấp cho người khác.", NUMBER, "Hỏi lại Tổng Liên đoàn."
        )
    lasting = None if member.number_is_provisional else member.member_number
    if lasting not in (None, row.number):
        return Problem(
            f"Đoàn viên đã có mã số {lasting}, không ghi đè.",
            NUMBER,
            "Hỏi lại Tổng Liên đoàn số nào đúng.",
        )
    if holding.codes.get(row.vpoint_code, member.id) != member.id:
        return Problem(
            "Mã Vpoint này là của người khác.", VPOINT, "Hỏi lại Tổng Liên đoàn."
        )
    return None
