"""Linked cards go to the bank as a list, once, with what the bank needs."""

import io

import openpyxl
import pytest

from portal.access.policy import Role
from portal.db.models import AuditEntry, BankExport, CardRequest, Member
from portal.db.queries import bank as bank_q
from portal.db.session import db, transaction
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.membership import MemberStatus
from portal.domain.renewal import Move, State
from portal.services import bank, desk, renewals, rosters
from tests.cast import Cast
from tests.road import announce, approved, eligible, states_of, submitted


def linked(cast: Cast, count: int = 1, **fields: object) -> list[int]:
    eligible(cast, count, **{"card_kind": CardKind.LINKED, **fields})
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
    [request] = linked(cast)
    with transaction() as session:
        member_id = session.get_one(CardRequest, request).member_id
        session.query(Member).filter_by(id=member_id).update(fields)
    seen = bank.waiting(by=cast.actor("f85", Role.APPROVER))
    assert seen.ready == ()
    assert [problem.where for problem in seen.lacking[0][1]] == [name]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"phone": ""}, "Số điện thoại"),
        ({"permanent_address": ""}, "Địa chỉ"),
        ({"birth_year_only": True}, "Ngày sinh"),
    ],
)
def test_what_the_bank_needs_is_asked_for_before_the_list_is_sent(
    cast: Cast, fields: dict, name: str
) -> None:
    """A standard card needs none of it."""
    linked_one = eligible(cast, 1, **{"card_kind": CardKind.LINKED, **fields})[0]
    standard = eligible(cast, 1, **fields)[0]
    campaign = announce(cast)
    by = cast.actor("a1")
    seen = rosters.view(campaign.id, cast.unit_ids["a1"], by=by)
    assert [line.member_id for line in seen.eligible] == [standard.id]
    assert [one.where for one in seen.problems[linked_one.id]] == [name]
    told = rosters.declare(
        campaign.id, cast.unit_ids["a1"], member_ids=[linked_one.id], by=by
    )
    assert name in told.refused[0].reason


def test_a_list_whose_phone_was_emptied_meanwhile_does_not_get_a_number(
    cast: Cast,
) -> None:
    [member] = eligible(cast, 1, card_kind=CardKind.LINKED)
    campaign = announce(cast)
    ids = submitted(cast, campaign)
    with transaction() as session:
        session.get_one(Member, member.id).phone = ""
    by = cast.actor("upper_a", Role.APPROVER)
    outcome = renewals.forward_chosen(ids, move=Move.FORWARD, by=by)
    assert outcome.done == ()
    assert "Số điện thoại" in outcome.refused[0].reason
    with transaction() as session:
        session.get_one(Member, member.id).phone = "0901234567"
    assert renewals.forward_chosen(ids, move=Move.FORWARD, by=by).done


@pytest.mark.parametrize("status", [MemberStatus.PAUSED, MemberStatus.LEFT])
def test_who_has_paused_or_left_is_held_and_asked_nothing(
    cast: Cast, status: MemberStatus
) -> None:
    ids = linked(cast, 2)
    with transaction() as session:
        member_id = session.get_one(CardRequest, ids[0]).member_id
        member = session.get_one(Member, member_id)
        member.status, member.phone = status, ""
    by = cast.actor("f85", Role.APPROVER)
    seen = bank.waiting(by=by)
    assert ([one.request_id for one in seen.held], seen.lacking) == ([ids[0]], ())
    assert bank_q.lacking_by_roster([State.APPROVED], scope=by.scope) == []
    [task] = [one for one in desk.tasks(by=by) if one.endpoint == "bank.index"]
    assert task.count == 1
    assert bank.export(consent_confirmed=True, by=by).rows == 1
    assert states_of(ids) == ["approved", "sent_to_bank"]


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
    ids, by = linked(cast), cast.actor(unit, Role.APPROVER)
    assert not bank.may_export(by)
    assert bank.may_export(cast.actor("f85", Role.APPROVER))
    with pytest.raises(NotAllowed, match="công đoàn ngành xuất"):
        bank.export(consent_confirmed=True, by=by)
    assert states_of(ids) == ["approved"]
    assert db.session.query(BankExport).count() == 0


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
