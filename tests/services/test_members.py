"""Members: written, doubted, refused, revealed; with their record."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.access.policy import Role
from portal.db.models import Campaign, CardRequest, Member, Roster
from portal.db.queries import audit as audit_q
from portal.db.queries import members as members_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.dates import PartialDate
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.renewal import PERSON_FIXED_STATES, UNFINISHED_STATES, State
from portal.services import member_entry, member_units, members, photos, units
from portal.services.member_entry import Draft, doubts_key
from portal.services.member_history import history
from tests.cast import Cast
from tests.make import make_member, make_photo


def draft_of(cast: Cast, unit: str = "a1", **changed: Any) -> Draft:
    values: dict[str, Any] = {
        "full_name": "Trần Thị Hoà",
        "birth_date": PartialDate(date(1988, 5, 6)),
        "sex": "female",
        "citizen_id": "058188000123",
        "card_kind": "standard",
    }
    return Draft(values=values | changed, unit_id=cast.unit_ids[unit])


def records_of(cast: Cast, member_id: int) -> list[Any]:
    scope = cast.actor("tld").scope
    return audit_q.of_subject("member", member_id, scope=scope)


def test_a_member_is_added_at_the_chosen_unit(cast: Cast) -> None:
    outcome = member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1"))
    member = members.find(outcome.member_id or 0, by=cast.actor("a1"))
    assert member.unit_path == cast.paths["a1"]
    assert member.search_text.startswith("tran thi hoa")


def test_the_record_of_a_new_member_holds_no_full_identity_number(cast: Cast) -> None:
    outcome = member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1"))
    (entry,) = records_of(cast, outcome.member_id or 0)
    assert entry.action == "member.create"
    assert "058188000123" not in str(entry.detail)
    assert entry.detail["changes"]["citizen_id"] == ["", "058••••••123"]


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.APPROVER, Role.PRINTER])
def test_a_role_without_the_right_adds_nobody(cast: Cast, role: Role) -> None:
    with pytest.raises(NotAllowed):
        member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1", role))


def test_nobody_is_added_outside_the_scope(cast: Cast) -> None:
    with pytest.raises(NotFound):
        member_entry.add(draft_of(cast, "a2"), confirmed="", by=cast.actor("a1"))


def test_a_unit_above_the_grassroots_has_no_members_of_its_own(cast: Cast) -> None:
    outcome = member_entry.add(
        draft_of(cast, "upper_a"), confirmed="", by=cast.actor("f85")
    )
    assert "không có đoàn viên trực tiếp" in outcome.problems["unit"][0].text


def test_an_identity_number_within_the_scope_names_its_holder(cast: Cast) -> None:
    other = make_member(unit_id=cast.unit_ids["a1"], citizen_id="058188000123")
    other_id = other.id
    outcome = member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1"))
    assert outcome.member_id is None
    assert outcome.holders["citizen_id"].member_id == other_id


def test_an_identity_number_outside_the_scope_names_nobody(cast: Cast) -> None:
    make_member(
        unit_id=cast.unit_ids["b1"], citizen_id="058188000123", full_name="Lý Kín"
    )
    outcome = member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1"))
    holder = outcome.holders["citizen_id"]
    assert (holder.member_id, holder.full_name, holder.unit_name) == (None, "", "")


def test_an_old_identity_card_counts_as_well(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["a1"], id_card_number="264123456")
    draft = draft_of(cast, citizen_id="", id_card_number="264123456")
    outcome = member_entry.add(draft, confirmed="", by=cast.actor("a1"))
    assert "id_card_number" in outcome.holders


def test_a_person_without_any_paper_is_refused(cast: Cast) -> None:
    draft = draft_of(cast, citizen_id="")
    outcome = member_entry.add(draft, confirmed="", by=cast.actor("a1"))
    assert "citizen_id" in outcome.problems


def test_a_number_of_the_other_sex_is_taken_once_confirmed(cast: Cast) -> None:
    draft = draft_of(cast, sex="male")
    by = cast.actor("a1")
    asked = member_entry.add(draft, confirmed="", by=by)
    assert asked.member_id is None
    assert "Số CCCD là của nữ, ở đây ghi nam." in [d.text for d in asked.doubts]
    taken = member_entry.add(draft, confirmed=doubts_key(asked.doubts), by=by)
    assert taken.member_id is not None


def test_a_confirmation_of_other_doubts_does_not_count(cast: Cast) -> None:
    by = cast.actor("a1")
    asked = member_entry.add(draft_of(cast, sex="male"), confirmed="", by=by)
    year = PartialDate(date(1990, 1, 1))
    other = member_entry.add(
        draft_of(cast, sex="male", birth_date=year),
        confirmed=doubts_key(asked.doubts),
        by=by,
    )
    assert other.member_id is None


def test_the_same_name_and_birth_date_are_told_in_scope_only(cast: Cast) -> None:
    born = date(1988, 5, 6)
    for unit in ("a1", "b1"):
        make_member(
            unit_id=cast.unit_ids[unit], full_name="TRẦN THỊ HÒA", birth_date=born
        )
    outcome = member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1"))
    assert [doubt.text for doubt in outcome.doubts] == [
        "TRẦN THỊ HÒA, sinh 06/05/1988, đã có ở CĐCS May Ánh Dương."
    ]


def test_an_edit_records_old_and_new(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"], phone="0912345678")
    by = cast.actor("a1")
    draft = Draft(values={"phone": "0987654321", "full_name": "Nguyễn Văn An"})
    outcome = member_entry.edit(member.id, draft, version=1, confirmed="", by=by)
    assert outcome.changes == {"phone": ["0912345678", "0987654321"]}
    (entry,) = history(member.id, by=by)
    (line,) = entry.lines
    assert (line.label, line.old, line.new) == (
        "Số điện thoại",
        "0912345678",
        "0987654321",
    )
    assert entry.who == by.name


def test_an_edit_that_changes_nothing_leaves_no_record(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    draft = Draft(values={"full_name": "Nguyễn Văn An"})
    outcome = member_entry.edit(
        member.id, draft, version=1, confirmed="", by=cast.actor("a1")
    )
    assert outcome.changes == {}
    assert records_of(cast, member.id) == []
    assert members.find(member.id, by=cast.actor("a1")).version == 1


def test_a_member_of_another_unit_cannot_be_edited(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["b1"])
    with pytest.raises(NotFound):
        member_entry.edit(
            member.id, Draft(values={}), version=1, confirmed="", by=cast.actor("a1")
        )


def test_a_stale_form_tells_what_others_wrote_and_writes_nothing(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"], phone="0912345678")
    first, second = cast.actor("a1"), cast.actor("upper_a")
    theirs = {"phone": "0900000001", "email": "moi@congty.vn"}
    member_entry.edit(member.id, Draft(theirs), version=1, confirmed="", by=second)
    mine = Draft({"phone": "0900000002", "email": "", "occupation": "Thợ may"})
    outcome = member_entry.edit(member.id, mine, version=1, confirmed="", by=first)
    stale = outcome.stale
    assert stale is not None
    assert stale.entries[0].who == second.name
    (clash,) = stale.clashes
    assert (clash.label, clash.theirs, clash.mine) == (
        "Số điện thoại",
        "0900000001",
        "0900000002",
    )
    assert stale.take_over == {"email": "moi@congty.vn"}
    assert members.find(member.id, by=first).occupation == ""


def test_a_photo_that_came_meanwhile_does_not_stop_an_edit(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    photo = make_photo()
    with transaction() as session:
        shown = session.get_one(Member, member.id)
        photos.give_photo(session, shown, session.merge(photo), by=cast.actor("a1"))
    outcome = member_entry.edit(
        member.id,
        Draft({"phone": "0900000002"}),
        version=1,
        confirmed="",
        by=cast.actor("a1"),
    )
    assert outcome.member_id == member.id


def test_a_change_that_nobody_recorded_is_asked_about(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"], phone="0912345678")
    by = cast.actor("a1")
    with transaction() as session:
        session.get_one(Member, member.id).phone = "0900000001"
    mine = Draft({"phone": "0900000002", "occupation": ""})
    stale = member_entry.edit(member.id, mine, version=1, confirmed="", by=by).stale
    assert stale is not None
    assert (stale.entries, stale.version) == ((), 2)
    (clash,) = stale.clashes
    assert (clash.theirs, clash.mine) == ("0900000001", "0900000002")
    assert members.find(member.id, by=by).phone == "0900000001"


def test_the_history_of_a_member_goes_along_with_the_moved_unit(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"], phone="0912345678")
    theirs = Draft({"phone": "0900000001"})
    first = cast.actor("a1")
    member_entry.edit(member.id, theirs, version=1, confirmed="", by=first)
    units.move_unit(
        cast.unit_ids["a1"],
        new_parent_id=cast.unit_ids["upper_b"],
        version=members.find(member.id, by=first).unit.version,
        by=cast.actor("f85", Role.ADMINISTRATOR),
    )
    there, left = cast.actor("upper_b"), cast.actor("upper_a")
    assert [entry.who for entry in history(member.id, by=there)] == [first.name]
    assert history(member.id, by=left) == []
    mine = Draft({"phone": "0900000002"})
    stale = member_entry.edit(member.id, mine, version=1, confirmed="", by=there).stale
    assert stale is not None
    assert [entry.who for entry in stale.entries] == [first.name]
    assert members.find(member.id, by=there).phone == "0900000001"


def test_a_member_may_move_within_the_scope(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    by = cast.actor("upper_a")
    draft = Draft({}, unit_id=cast.unit_ids["a2"])
    outcome = member_entry.edit(member.id, draft, version=1, confirmed="", by=by)
    assert outcome.changes["unit"] == ["CĐCS May Ánh Dương", "CĐCS Muối Cà Ná"]
    assert members.find(member.id, by=by).unit_path == cast.paths["a2"]


@pytest.mark.parametrize("state", sorted(UNFINISHED_STATES))
def test_a_member_on_a_roster_stays_at_the_unit(cast: Cast, state: State) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    put_on_roster(cast, member.id, state)
    draft = Draft({}, unit_id=cast.unit_ids["a2"])
    outcome = member_entry.edit(
        member.id, draft, version=1, confirmed="", by=cast.actor("upper_a")
    )
    assert "danh sách đề nghị" in outcome.problems["unit"][0].text


def put_on_roster(cast: Cast, member_id: int, state: State) -> None:
    home = {"unit_id": cast.unit_ids["a1"], "unit_path": cast.paths["a1"]}
    top = {"unit_id": cast.unit_ids["tld"], "unit_path": cast.paths["tld"]}
    with transaction() as session:
        campaign = Campaign(
            name="Đợt 1", card_kinds=["standard"], opened_at=clock.now(), **top
        )
        session.add(campaign)
        session.flush()
        roster = Roster(campaign_id=campaign.id, created_at=clock.now(), **home)
        session.add(roster)
        session.flush()
        session.add(
            CardRequest(
                campaign_id=campaign.id,
                roster_id=roster.id,
                member_id=member_id,
                kind=CardKind.STANDARD,
                state=state,
                created_at=clock.now(),
                **home,
            )
        )


PERSON_CHANGED: dict[str, Any] = {
    "full_name": "Người Khác Hẳn",
    "birth_date": PartialDate(date(1970, 1, 2)),
    "sex": "female",
    "citizen_id": "058070000001",
    "id_card_number": "264000001",
    "passport_number": "B1234567",
}


@pytest.mark.parametrize("state", sorted(PERSON_FIXED_STATES))
def test_who_is_being_looked_at_or_approved_stays_the_same_person(
    cast: Cast, state: State
) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    put_on_roster(cast, member.id, state)
    version, by = member.version, cast.actor("a1")
    draft = Draft({**PERSON_CHANGED, "phone": "0912345678"})
    outcome = member_entry.edit(member.id, draft, version=version, confirmed="", by=by)
    assert outcome.member_id is None
    assert set(outcome.problems) == set(PERSON_CHANGED)
    assert "trả lại đề nghị" in outcome.problems["full_name"][0].fix
    fresh = members.find(member.id, by=by)
    assert (fresh.full_name, fresh.phone) == ("Nguyễn Văn An", "")


@pytest.mark.parametrize("state", sorted(PERSON_FIXED_STATES))
def test_phone_and_address_stay_editable_on_the_way(cast: Cast, state: State) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    put_on_roster(cast, member.id, state)
    same = {name: members.shown_value(member, name) for name in members.PERSON}
    same["birth_date"] = PartialDate(member.birth_date)
    draft = Draft({**same, "phone": "0912345678"})
    outcome = member_entry.edit(
        member.id, draft, version=member.version, confirmed="", by=cast.actor("a1")
    )
    assert set(outcome.changes) == {"phone"}


@pytest.mark.parametrize("state", sorted(set(State) - PERSON_FIXED_STATES))
def test_a_person_is_mended_before_sending_and_after_a_return(
    cast: Cast, state: State
) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    put_on_roster(cast, member.id, state)
    draft = Draft({"full_name": "Nguyễn Văn Ân"})
    outcome = member_entry.edit(
        member.id, draft, version=member.version, confirmed="", by=cast.actor("a1")
    )
    assert set(outcome.changes) == {"full_name"}


def test_a_refused_edit_writes_nothing(cast: Cast) -> None:
    make_member(unit_id=cast.unit_ids["a1"], citizen_id="058188000123")
    member = make_member(unit_id=cast.unit_ids["a1"], phone="0912345678")
    draft = Draft({"phone": "0900000009", "citizen_id": "058188000123"})
    by = cast.actor("a1")
    outcome = member_entry.edit(member.id, draft, version=1, confirmed="", by=by)
    assert "citizen_id" in outcome.holders
    assert members.find(member.id, by=by).phone == "0912345678"
    assert records_of(cast, member.id) == []


def test_an_error_takes_member_and_record_back_together(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_q, "hash_of", lambda _entry: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        member_entry.add(draft_of(cast), confirmed="", by=cast.actor("a1"))
    assert members_q.page(scope=cast.actor("tld").scope).rows == ()


def test_a_reveal_is_recorded_with_the_fields_seen(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"], ethnicity="Raglai")
    by = cast.actor("a1")
    members.reveal(member.id, "sensitive", by=by)
    (entry,) = records_of(cast, member.id)
    assert entry.action == "member.reveal"
    assert entry.detail == {"fields": ["ethnicity"]}


def test_a_reader_reveals_nothing(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"])
    with pytest.raises(NotAllowed):
        members.reveal(member.id, "identity", by=cast.actor("a1", Role.READ_ONLY))


def test_sensitive_values_are_kept_out_of_the_record(cast: Cast) -> None:
    draft = draft_of(cast, religion="Phật giáo", bank_account="101012345678")
    outcome = member_entry.add(draft, confirmed="", by=cast.actor("a1"))
    (entry,) = records_of(cast, outcome.member_id or 0)
    assert "Phật" not in str(entry.detail)
    assert "101012345678" not in str(entry.detail)


def test_a_year_of_birth_is_kept_as_a_year() -> None:
    member = Member(full_name="", birth_date=None)
    changes = members.apply_values(
        member, {"birth_date": PartialDate(date(1975, 1, 1), year_only=True)}
    )
    assert member.birth_year_only
    assert changes == {"birth_date": ["", "1975"]}


def test_a_list_cannot_write_a_member_number() -> None:
    member = Member(full_name="")
    members.apply_values(member, {"member_number": "085000000001", "row_number": "1"})
    assert member.member_number is None


def test_a_field_without_entry_stays_and_an_empty_one_is_emptied() -> None:
    member = Member(full_name="An", phone="0912345678", email="a@b.vn")
    changes = members.apply_values(member, {"email": ""})
    assert (member.phone, member.email) == ("0912345678", "")
    assert changes == {"email": ["a@b.vn", ""]}


def test_a_unit_is_meant_by_code_or_by_words_of_its_name(cast: Cast) -> None:
    by = cast.actor("f85")
    assert member_units.resolve("a1 – gì cũng được", by=by) == cast.unit_ids["a1"]
    assert member_units.resolve("hoa mai truong", by=by) == cast.unit_ids["b1"]


def test_words_of_several_units_are_asked_about(cast: Cast) -> None:
    found = member_units.resolve("cdcs", by=cast.actor("f85"))
    assert "Có nhiều đơn vị khớp" in str(found)
    assert "Mỏ Đá Xanh" not in str(found)


def test_saving_with_the_new_version_writes_over(cast: Cast) -> None:
    member = make_member(unit_id=cast.unit_ids["a1"], phone="0912345678")
    by = cast.actor("a1")
    draft = Draft({"phone": "0900000001"})
    member_entry.edit(member.id, draft, version=1, confirmed="", by=by)
    mine = replace(draft, values={"phone": "0900000002"})
    stale = member_entry.edit(member.id, mine, version=1, confirmed="", by=by).stale
    assert stale is not None
    member_entry.edit(member.id, mine, version=stale.version, confirmed="", by=by)
    assert members.find(member.id, by=by).phone == "0900000002"
