"""Linked cards go to the bank as a list, once, with what the bank needs."""

import io

import openpyxl
import pytest

from portal.access.policy import Role
from portal.db.models import AuditEntry, BankExport, CardRequest, Member
from portal.db.session import db, transaction
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.renewal import Move
from portal.services import bank, renewals
from tests.cast import Cast
from tests.road import announce, approved, eligible, states_of

FULL = {
    "card_kind": CardKind.LINKED,
    "phone": "0901234567",
    "permanent_address": "12 Đường Biển",
}


def linked(cast: Cast, count: int = 1, **fields: object) -> list[int]:
    eligible(cast, count, **{**FULL, **fields})
    return approved(cast, announce(cast))


def test_the_list_holds_what_the_bank_needs(cast: Cast) -> None:
    [request] = linked(cast, bank_account="=1+1", full_name="Đặng Thị Ễ")
    by = cast.actor("f85", Role.APPROVER)
    exported = bank.export(consent_confirmed=True, by=by)
    _, data = bank.download(exported.id, by=by)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    headers = [cell.value for cell in sheet[3]]
    row = dict(zip(headers, [cell.value for cell in sheet[4]], strict=True))
    assert row["Họ và tên"] == "Đặng Thị Ễ"
    assert row["Mã số đoàn viên"] == "000000000001"
    assert row["Mã số theo tỉnh"] == "85"
    assert row["Đơn vị công đoàn"] == "CĐCS May Ánh Dương"
    assert sheet[4][headers.index("Số TK VietinBank")].data_type == "s"
    assert states_of([request]) == ["sent_to_bank"]
    assert db.session.get_one(CardRequest, request).bank_export_id == exported.id


def test_a_standard_card_is_not_the_banks(cast: Cast) -> None:
    eligible(cast, 1)
    approved(cast, announce(cast))
    with pytest.raises(Invalid, match="Chưa có đề nghị"):
        bank.export(consent_confirmed=True, by=cast.actor("f85", Role.APPROVER))


def test_a_linked_card_is_no_office_print(cast: Cast) -> None:
    ids = linked(cast)
    by = cast.actor("f85", Role.PRINTER)
    with pytest.raises(Conflict, match="ngân hàng in"), transaction() as session:
        renewals.move_requests(session, ids, Move.PUT_IN_BATCH, by=by)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"phone": ""}, "Số điện thoại"),
        ({"permanent_address": ""}, "Địa chỉ"),
        ({"sex": None}, "Giới tính"),
        ({"birth_year_only": True}, "Ngày sinh"),
        ({"citizen_id": "", "id_card_number": "264123456"}, "Số CCCD"),
    ],
)
def test_a_row_that_the_bank_would_send_back_waits(
    cast: Cast, fields: dict, name: str
) -> None:
    linked(cast, **fields)
    seen = bank.waiting(by=cast.actor("f85", Role.APPROVER))
    assert seen.ready == ()
    assert [problem.where for problem in seen.lacking[0][1]] == [name]


def test_without_the_word_on_consents_nothing_goes(cast: Cast) -> None:
    ids = linked(cast)
    with pytest.raises(Invalid, match="đồng ý"):
        bank.export(consent_confirmed=False, by=cast.actor("f85", Role.APPROVER))
    assert states_of(ids) == ["approved"]


def test_the_same_request_goes_once(cast: Cast) -> None:
    linked(cast)
    by = cast.actor("f85", Role.APPROVER)
    bank.export(consent_confirmed=True, by=by)
    with pytest.raises(Invalid):
        bank.export(consent_confirmed=True, by=by)
    assert db.session.query(BankExport).count() == 1


def test_a_row_changed_while_the_file_was_written_stops_the_export(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = linked(cast)
    write = bank.write_table

    def changed_meanwhile(*args: object) -> bytes:
        with transaction() as session:
            session.query(Member).filter_by(
                card_kind=CardKind.LINKED
            ).one().phone = "09"
        return write(*args)

    monkeypatch.setattr(bank, "write_table", changed_meanwhile)
    with pytest.raises(Conflict, match="vừa thay đổi"):
        bank.export(consent_confirmed=True, by=cast.actor("f85", Role.APPROVER))
    assert states_of(ids) == ["approved"]
    assert db.session.query(BankExport).count() == 0


def test_each_download_is_recorded_with_the_fields(cast: Cast) -> None:
    linked(cast)
    by = cast.actor("f85", Role.APPROVER)
    exported = bank.export(consent_confirmed=True, by=by)
    bank.download(exported.id, by=by)
    entries = db.session.query(AuditEntry).filter_by(subject="bank_export").all()
    assert [entry.action for entry in entries] == ["bank.export", "bank.download"]
    assert "Số CCCD" in entries[1].detail["fields"]
    assert entries[0].detail["consent"] == bank.CONSENT


@pytest.mark.parametrize("unit", ["a1", "upper_a", "tld"])
def test_only_the_federation_hands_lists_over(cast: Cast, unit: str) -> None:
    linked(cast)
    with pytest.raises(NotAllowed):
        bank.export(consent_confirmed=True, by=cast.actor(unit, Role.APPROVER))


def test_another_federation_sees_neither_rows_nor_lists(cast: Cast) -> None:
    linked(cast)
    stranger = cast.actor("sector", Role.APPROVER)
    assert bank.waiting(by=stranger) == bank.BankList((), ())
    exported = bank.export(consent_confirmed=True, by=cast.actor("f85", Role.APPROVER))
    with pytest.raises(NotFound):
        bank.download(exported.id, by=stranger)


def test_a_printer_hands_nothing_to_the_bank(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        bank.waiting(by=cast.actor("f85", Role.PRINTER))
