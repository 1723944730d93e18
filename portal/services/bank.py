"""Linked cards: the list for VietinBank, handed over once and kept as it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import BankExport
from portal.db.queries import bank as bank_q
from portal.db.queries.bank import BankLine
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.bank_needs import bank_lacks
from portal.domain.errors import Conflict, Invalid, NotAllowed, Problem
from portal.domain.membership import MEMBER_STATUS_LABELS, SEX_LABELS, MemberStatus
from portal.domain.renewal import MOVES, Move, State
from portal.files.workbook import write_table
from portal.services import audit, stores
from portal.services.renewals import move_requests

TITLE = "DANH SÁCH ĐỀ NGHỊ PHÁT HÀNH THẺ LIÊN KẾT"
HEADERS = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Ngày cấp",
    "Nơi cấp",
    "Số điện thoại",
    "Địa chỉ",
    "Đơn vị công đoàn",
    "Mã số đoàn viên",
    "Mã số theo tỉnh",
    "Mã Vpoint",
    "Số TK VietinBank",
    "Chi nhánh nhận thẻ",
)

# What the officer vouches for; the record of each list keeps these words. The
# bank's purpose needs a consent of its own (Law 91/2025/QH15).
CONSENT = (
    "Từng đoàn viên trong danh sách đã đồng ý bằng văn bản cho chuyển dữ liệu"
    " của mình sang VietinBank để phát hành thẻ liên kết."
)


@dataclass(frozen=True, slots=True)
class BankList:
    """The requests that can go to the bank, and those that lack something.

    ``held`` are of members who have paused or left: no card is asked for.
    """

    ready: tuple[BankLine, ...]
    lacking: tuple[tuple[BankLine, tuple[Problem, ...]], ...]
    held: tuple[BankLine, ...] = ()


def waiting(*, by: Actor, under: str | None = None) -> BankList:
    """Part the approved linked requests of the officer's scope."""
    by.require(Action.BANK_EXPORT)
    lines = bank_q.waiting(scope=by.scope, under=under)
    judged = [
        (line, problems_of(line))
        for line in lines
        if line.status is MemberStatus.ACTIVE
    ]
    return BankList(
        ready=tuple(line for line, problems in judged if not problems),
        lacking=tuple((line, problems) for line, problems in judged if problems),
        held=tuple(line for line in lines if line.status is not MemberStatus.ACTIVE),
    )


def problems_of(line: BankLine) -> tuple[Problem, ...]:
    """Name what the bank would send the row back for; account and branch may lack."""
    found = list(bank_lacks(line))
    if not line.member_number:
        found.append(
            Problem("Chưa có.", "Mã số đoàn viên", "Nhập mã số do Tổng Liên đoàn cấp.")
        )
    return tuple(found)


def reason_to_hold(line: BankLine) -> str:
    """Say why no card is asked for a member who is not active."""
    return f"Đoàn viên {MEMBER_STATUS_LABELS[line.status].lower()}: chưa gửi ngân hàng."


def may_export(by: Actor) -> bool:
    """Say whether the officer's unit hands lists to the bank."""
    step = MOVES[State.APPROVED, Move.SEND_TO_BANK]
    return by.may(Action.BANK_EXPORT) and bool(step.by & by.levels)


def export(
    *, consent_confirmed: bool, by: Actor, under: str | None = None
) -> BankExport:
    """Write the list of everyone ready and mark their requests as sent.

    The file is on the disk before the transaction names it, so a list that is
    marked as sent always exists. Raises Invalid without the officer's word on the
    consents or with nobody ready, Conflict where a row changed meanwhile.
    """
    by.require(Action.BANK_EXPORT)
    if not may_export(by):
        raise NotAllowed(
            "Danh sách gửi ngân hàng do liên đoàn lao động tỉnh, công đoàn ngành xuất."
        )
    if not consent_confirmed:
        raise Invalid("Hãy xác nhận các đoàn viên đã đồng ý trước khi xuất danh sách.")
    ready = waiting(by=by, under=under).ready
    if not ready:
        raise Invalid("Chưa có đề nghị thẻ liên kết nào đủ thông tin để gửi ngân hàng.")
    data = write_table(TITLE, HEADERS, _rows(ready))
    digest = stores.exports().put(data)
    with transaction() as session:
        if waiting(by=by, under=under).ready != ready:
            raise Conflict(
                "Danh sách vừa thay đổi trong lúc xuất. Chưa gửi gì;"
                " hãy xem lại rồi xuất lần nữa."
            )
        exported = BankExport(
            unit_id=by.unit_id,
            unit_path=by.unit_path,
            file_name="",
            content_hash=digest,
            rows=len(ready),
            created_at=clock.now(),
            created_by_id=by.officer_id,
        )
        session.add(exported)
        session.flush()
        exported.file_name = f"the-lien-ket-{clock.today():%Y%m%d}-{exported.id}.xlsx"
        outcome = move_requests(
            session,
            [line.request_id for line in ready],
            Move.SEND_TO_BANK,
            by=by,
            values={"bank_export_id": exported.id},
        )
        if outcome.refused:
            raise Conflict(outcome.refused[0].reason)
        _record(session, "bank.export", exported, by=by, consent=CONSENT)
    return exported


def download(export_id: int, *, by: Actor) -> tuple[BankExport, bytes]:
    """Give a list's file again, and record who took it."""
    by.require(Action.BANK_EXPORT)
    data = stores.exports().read(
        bank_q.get_export(export_id, scope=by.scope).content_hash
    )
    with transaction() as session:
        exported = bank_q.get_export(export_id, scope=by.scope)
        _record(session, "bank.download", exported, by=by)
    return exported, data


def _rows(lines: Sequence[BankLine]) -> list[tuple[object, ...]]:
    codes = bank_q.province_codes({line.unit_path for line in lines})
    return [
        (
            number,
            line.full_name,
            line.birth_date,
            SEX_LABELS[line.sex] if line.sex else "",
            line.citizen_id,
            line.id_issued_on,
            line.id_issued_at,
            line.phone,
            line.address,
            line.unit_name,
            line.member_number,
            codes[line.unit_path],
            line.vpoint_code,
            line.bank_account,
            line.bank_branch,
        )
        for number, line in enumerate(lines, start=1)
    ]


def _record(
    session: object, action: str, exported: BankExport, *, by: Actor, consent: str = ""
) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="bank_export",
        subject_id=exported.id,
        unit_path=exported.unit_path,
        detail={
            "rows": exported.rows,
            "sha256": exported.content_hash,
            "fields": list(HEADERS),
            **({"consent": consent} if consent else {}),
        },
    )
