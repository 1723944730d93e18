"""Print batches: drawn whole, refused with a reason, once each, never bank cards."""

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from card_designs import PROFILES
from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import (
    AuditEntry,
    CardRequest,
    Job,
    Member,
    Photo,
    PrintBatch,
    PrintCard,
    RequestEvent,
    Unit,
)
from portal.db.models.cards import BatchState, PrintCardState
from portal.db.queries import prints as prints_q
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.domain.renewal import Move, State
from portal.files.images import normalise_photo
from portal.services import jobs, print_designs, prints, stores, units
from portal.services.prints import PrintSettings
from portal.services.progress import Unwatched
from tests.cast import Cast
from tests.make import make_member, make_request

FULL = PrintSettings(overprint=False)


@pytest.fixture
def printer(cast: Cast) -> Actor:
    return cast.actor("f85", Role.PRINTER)


def make_ready(
    cast: Cast, unit: str = "a1", *, number: int, **values: object
) -> CardRequest:
    """Write an approved standard request of a member with a number and a photo."""
    fields = {"full_name": "Đặng Thị Ặng", **values}
    kind = fields.pop("kind", CardKind.STANDARD)
    member = make_member(
        unit_id=cast.unit_ids[unit],
        member_number=f"{number:012d}",
        vpoint_code=f"V{number}",
        **fields,
    )
    return make_request(
        member=member,
        announced_by=cast.unit_ids["tld"],
        state=State.APPROVED,
        kind=kind,
        unit_name_on_card="CĐCS May Ánh Dương",
        approved_at=datetime(2026, 3, 2, 20, 0, tzinfo=UTC),
    )


def stored_photo(shade: int = 160) -> int:
    """Keep a real picture and give the id of its row."""
    out = io.BytesIO()
    Image.new("RGB", (600, 900), (shade, 140, 120)).save(out, "JPEG")
    photo = normalise_photo(out.getvalue())
    store = stores.photos()
    with transaction() as session:
        row = Photo(
            original_hash=store.put(photo.original),
            card_hash=store.put(photo.card),
            print_hash=store.put(photo.print),
            width_px=600,
            height_px=900,
            crop=list(photo.crop),
            created_at=clock.now(),
        )
        session.add(row)
    return row.id


def state_of(request: CardRequest) -> State:
    db.session.rollback()
    return db.session.get_one(CardRequest, request.id, populate_existing=True).state


def drawn_batch(printer: Actor, settings: PrintSettings = FULL) -> PrintBatch:
    batch = prints.create_batch(None, settings=settings, by=printer)
    prints.render(batch.id, by=printer, progress=Unwatched())
    return prints_q.get_batch(batch.id, scope=printer.scope)


def file_bytes(batch: PrintBatch, suffix: str, by: Actor) -> bytes:
    name = next(file.name for file in batch.files if file.name.endswith(suffix))
    return prints.open_file(batch.id, name, by=by).read_bytes()


def test_a_batch_becomes_images_that_decode_to_the_numbers(
    cast: Cast, printer: Actor
) -> None:
    for number in (1, 2, 3):
        make_ready(cast, number=number, photo_id=stored_photo())

    batch = drawn_batch(printer)

    with zipfile.ZipFile(io.BytesIO(file_bytes(batch, ".zip", printer))) as archive:
        names = archive.namelist()
        decoded = set()
        for name in names:
            if name.endswith("_front.png"):
                picture = Image.open(io.BytesIO(archive.read(name)))
                decoded |= {code.text for code in zxingcpp.read_barcodes(picture)}
    assert all(name.isascii() for name in names)
    assert len([name for name in names if name.endswith(".png")]) == 6
    assert {f"{number:012d}" for number in (1, 2, 3)} <= decoded
    assert file_bytes(batch, ".pdf", printer).startswith(b"%PDF")


def test_no_name_in_the_list_of_images_is_a_formula(cast: Cast, printer: Actor) -> None:
    make_ready(cast, number=1, photo_id=stored_photo(), full_name="-Lê Thị Bình")
    batch = drawn_batch(printer)
    with zipfile.ZipFile(io.BytesIO(file_bytes(batch, ".zip", printer))) as archive:
        text = archive.read("danh-sach.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["full_name"] for line in lines} == {"'-Lê Thị Bình"}


def test_the_list_beside_the_cards_has_a_line_a_person_and_room_to_sign(
    cast: Cast, printer: Actor
) -> None:
    make_ready(cast, number=7, photo_id=stored_photo())
    batch = drawn_batch(printer)
    data = file_bytes(batch, ".xlsx", printer)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[3]] == [
        "STT",
        "Họ và tên",
        "Ngày sinh",
        "Đơn vị",
        "Mã số",
        "Ký nhận",
    ]
    row = sheet[4]
    assert row[0].value == 1
    assert (row[4].value, row[4].data_type) == ("000000000007", "s")
    assert sheet["A5"].value is None
    with zipfile.ZipFile(io.BytesIO(file_bytes(batch, ".zip", printer))) as archive:
        assert archive.read("danh-sach.csv").count(b"\n") == 1 + 2


def test_a_batch_names_its_design_and_printer_as_people_do() -> None:
    batch = PrintBatch(design="standard", profile="cr80")
    assert print_designs.labels_of(batch) == (
        "Thẻ thông thường",
        PROFILES["cr80"].label,
    )
    gone = PrintBatch(design="mẫu-đã-bỏ", profile="máy-đã-bỏ")
    assert print_designs.labels_of(gone) == ("mẫu-đã-bỏ", "máy-đã-bỏ")


def test_a_drawn_request_is_printed_and_its_history_says_so(
    cast: Cast, printer: Actor
) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())

    drawn_batch(printer)

    assert state_of(request) is State.PRINTED
    moves = db.session.scalars(
        select(RequestEvent.move).where(RequestEvent.request_id == request.id)
    )
    assert list(moves) == [Move.PUT_IN_BATCH, Move.PRINT]


def test_a_card_without_photo_stays_behind_with_its_reason(
    cast: Cast, printer: Actor
) -> None:
    good = make_ready(cast, number=1, photo_id=stored_photo())
    bad = make_ready(cast, number=2)

    batch = drawn_batch(printer)

    refused = prints_q.cards_of(batch.id, state=PrintCardState.REFUSED)
    assert [card.request_id for card in refused] == [bad.id]
    assert "ảnh" in refused[0].reason
    assert state_of(good) is State.PRINTED
    assert state_of(bad) is State.APPROVED


def test_a_refused_card_goes_into_the_next_batch_once_mended(
    cast: Cast, printer: Actor
) -> None:
    request = make_ready(cast, number=1)
    assert drawn_batch(printer).state is BatchState.FAILED
    photo_id = stored_photo()
    with transaction() as session:
        session.get_one(Member, request.member_id).photo_id = photo_id

    assert drawn_batch(printer).state is BatchState.RENDERED
    assert state_of(request) is State.PRINTED


def test_a_card_of_one_batch_is_in_no_other(cast: Cast, printer: Actor) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    prints.create_batch(None, settings=FULL, by=printer)

    with pytest.raises(Conflict, match="lô khác"):
        prints.create_batch([request.id], settings=FULL, by=printer)
    with pytest.raises(Invalid, match="Chưa có thẻ nào chờ in"):
        prints.create_batch(None, settings=FULL, by=printer)


def test_a_linked_request_is_never_an_office_print_job(
    cast: Cast, printer: Actor
) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo(), kind=CardKind.LINKED)

    with pytest.raises(Invalid):
        prints.create_batch(None, settings=FULL, by=printer)
    assert state_of(request) is State.APPROVED


def test_a_batch_holds_only_cards_of_the_printers_scope(cast: Cast) -> None:
    own = make_ready(cast, "s1", number=1, photo_id=stored_photo())
    other = make_ready(cast, "a1", number=2, photo_id=stored_photo())

    by = cast.actor("sector", Role.PRINTER)
    batch = prints.create_batch(None, settings=FULL, by=by)

    cards = prints_q.cards_of(batch.id)
    assert [card.request_id for card in cards] == [own.id]
    assert state_of(other) is State.APPROVED
    with pytest.raises(NotFound):
        prints_q.get_batch(batch.id, scope=cast.actor("f85", Role.PRINTER).scope)


def test_an_approver_may_not_print(cast: Cast) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())

    with pytest.raises(NotAllowed):
        prints.create_batch(None, settings=FULL, by=cast.actor("f85", Role.APPROVER))


def test_a_download_is_recorded_each_time(cast: Cast, printer: Actor) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)

    file_bytes(batch, ".pdf", printer)
    file_bytes(batch, ".pdf", printer)

    noted = db.session.scalar(
        select(func.count()).where(AuditEntry.action == "print.download")
    )
    assert noted == 2


def test_the_card_bears_the_date_of_approval_in_vietnam(
    cast: Cast, printer: Actor
) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())

    batch = prints.create_batch(None, settings=FULL, by=printer)

    # 20:00 UTC on the second is three in the morning of the third.
    assert prints_q.cards_of(batch.id)[0].card["issue_date"] == "03/03/2026"
    assert prints_q.cards_of(batch.id)[0].card["province_code"] == "85"


def test_a_member_changed_after_the_batch_is_printed_as_it_was(
    cast: Cast, printer: Actor
) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    batch = prints.create_batch(None, settings=FULL, by=printer)
    with transaction() as session:
        session.get_one(Member, request.member_id).full_name = "Tên Khác"

    prints.render(batch.id, by=printer, progress=Unwatched())

    assert prints_q.cards_of(batch.id)[0].card["full_name"] == "Đặng Thị Ặng"


def test_drawing_twice_changes_nothing(cast: Cast, printer: Actor) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)
    before = [(file.name, file.content_hash) for file in batch.files]

    prints.render(batch.id, by=printer, progress=Unwatched())

    again = prints_q.get_batch(batch.id, scope=printer.scope)
    assert [(file.name, file.content_hash) for file in again.files] == before


@pytest.mark.parametrize(
    "settings",
    [
        PrintSettings(profile="không có"),
        PrintSettings(dpi=72),
        PrintSettings(sides=()),
        PrintSettings(sides=("front", "edge")),
    ],
)
def test_settings_that_no_printer_takes_are_refused(
    cast: Cast, printer: Actor, settings: PrintSettings
) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())

    with pytest.raises(Invalid):
        prints.create_batch(None, settings=settings, by=printer)


def test_a_photo_gone_from_the_disk_holds_back_its_own_card_only(
    cast: Cast, printer: Actor
) -> None:
    good = make_ready(cast, number=1, photo_id=stored_photo())
    bad = make_ready(cast, number=2, photo_id=stored_photo(90))
    member = db.session.get_one(Member, bad.member_id)
    stores.photos().delete(db.session.get_one(Photo, member.photo_id).print_hash)

    batch = drawn_batch(printer)

    refused = prints_q.cards_of(batch.id, state=PrintCardState.REFUSED)
    assert [card.reason for card in refused] == [
        "Tệp ảnh không còn trên máy chủ. Tải lại ảnh của đoàn viên này."
    ]
    assert state_of(good) is State.PRINTED
    assert state_of(bad) is State.APPROVED


def test_a_batch_whose_design_has_changed_lets_its_cards_go(
    cast: Cast, printer: Actor
) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    batch = prints.create_batch(None, settings=FULL, by=printer)
    with transaction() as session:
        session.get_one(PrintBatch, batch.id).design_hash = "another"

    prints.render(batch.id, by=printer, progress=Unwatched())

    closed = prints_q.get_batch(batch.id, scope=printer.scope)
    assert closed.state is BatchState.FAILED
    assert state_of(request) is State.APPROVED
    assert drawn_batch(printer).state is BatchState.RENDERED


def test_a_batch_that_stands_still_can_be_given_up(cast: Cast, printer: Actor) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    batch = prints.create_batch(None, settings=FULL, by=printer)
    with pytest.raises(Conflict, match="đang được dựng"):
        prints.give_up(batch.id, by=printer)
    job_id = db.session.scalar(select(Job.id).where(Job.subject_id == batch.id))
    jobs.cancel(job_id, by=printer)

    prints.give_up(batch.id, by=printer)

    assert state_of(request) is State.APPROVED
    with pytest.raises(Conflict, match="không bỏ được"):
        prints.give_up(batch.id, by=printer)
    assert drawn_batch(printer).state is BatchState.RENDERED


def test_a_drawn_batch_is_given_up_only_until_a_file_is_taken(
    cast: Cast, printer: Actor
) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    first = drawn_batch(printer)
    gone = first.files[0].name
    prints.give_up(first.id, by=printer)
    assert state_of(request) is State.APPROVED
    with pytest.raises(Invalid):
        prints.open_file(first.id, gone, by=printer)

    second = drawn_batch(printer)
    file_bytes(second, ".pdf", printer)

    with pytest.raises(Conflict, match="đã được tải"):
        prints.give_up(second.id, by=printer)
    assert state_of(request) is State.PRINTED


def test_a_unit_with_cards_in_an_undrawn_batch_stays_where_it_is(
    cast: Cast, printer: Actor
) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())
    prints.create_batch(None, settings=FULL, by=printer)
    unit = db.session.get_one(Unit, cast.unit_ids["a1"])

    with pytest.raises(Conflict, match="lô in"):
        units.move_unit(
            unit.id,
            new_parent_id=cast.unit_ids["upper_b"],
            version=unit.version,
            by=cast.actor("tld", Role.ADMINISTRATOR),
        )


@pytest.mark.parametrize("number", ["990000000001", "999999999999", "000000000099"])
def test_a_number_that_begins_with_99_is_whole_in_its_bar_code(
    cast: Cast, printer: Actor, number: str
) -> None:
    make_ready(cast, number=int(number), photo_id=stored_photo())

    batch = drawn_batch(printer)

    (card,) = prints_q.cards_of(batch.id, state=PrintCardState.DRAWN)
    picture = Image.open(stores.exports().path(card.images["front"]))
    assert number in {code.text for code in zxingcpp.read_barcodes(picture)}


def test_a_killed_worker_loses_no_card(app: Flask, cast: Cast, printer: Actor) -> None:
    photo_id = stored_photo()
    requests = [make_ready(cast, number=n, photo_id=photo_id) for n in range(1, 71)]
    batch = prints.create_batch(None, settings=FULL, by=printer)
    job_id = db.session.scalar(select(Job.id).where(Job.subject_id == batch.id))
    db.session.rollback()

    for drawn in (1, 30):
        _kill_once(app, job_id, batch.id, drawn=drawn)
    _run_job(app, job_id).wait()

    db.session.rollback()
    cards = prints_q.cards_of(batch.id)
    assert [card.state for card in cards] == [PrintCardState.DRAWN] * 70
    assert {state_of(request) for request in requests} == {State.PRINTED}
    events = db.session.scalar(
        select(func.count()).where(RequestEvent.move == Move.PRINT)
    )
    assert events == 70
    assert len(prints_q.get_batch(batch.id, scope=printer.scope).files) == 3


_CHILD = """
import json, sys
from portal.factory import create_app
from portal.jobs.runner import run_job
app = create_app(json.loads(sys.argv[1]))
with app.app_context():
    run_job(int(sys.argv[2]))
"""


def _run_job(app: Flask, job_id: int) -> subprocess.Popen[bytes]:
    settings = {name: app.config[name] for name in ("PORTAL_INSTANCE", "DATABASE_URL")}
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, json.dumps(settings), str(job_id)],
        cwd=Path(__file__).parents[2],
    )


def _kill_once(app: Flask, job_id: int, batch_id: int, *, drawn: int) -> None:
    process = _run_job(app, job_id)
    for _ in range(600):
        db.session.rollback()
        count = db.session.scalar(
            select(func.count()).where(
                PrintCard.batch_id == batch_id,
                PrintCard.state == PrintCardState.DRAWN,
            )
        )
        if count >= drawn or process.poll() is not None:
            break
        time.sleep(0.02)
    process.kill()
    process.wait()


def small_photo() -> int:
    """Keep a photo of 229 dpi on the card: the gate doubts it, and lets it through."""
    out = io.BytesIO()
    Image.new("RGB", (180, 270), (160, 140, 120)).save(out, "JPEG")
    digest = stores.photos().put(out.getvalue())
    with transaction() as session:
        row = Photo(
            original_hash=digest,
            card_hash=digest,
            print_hash=digest,
            width_px=180,
            height_px=270,
            crop=[0, 0, 1, 1],
            created_at=clock.now(),
        )
        session.add(row)
    return row.id


def test_a_card_with_a_warning_waits_for_a_say_so(cast: Cast, printer: Actor) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())
    doubtful = make_ready(cast, number=2, photo_id=small_photo())
    batch = drawn_batch(printer)

    (card,) = prints.waiting_for_a_say_so(batch)
    assert card.request_id == doubtful.id
    assert "229 dpi" in card.warnings
    with pytest.raises(Conflict, match="cảnh báo"):
        file_bytes(batch, ".pdf", printer)
    assert prints_q.get_batch(batch.id, scope=printer.scope).state is (
        BatchState.RENDERED
    )

    prints.accept_warnings(batch.id, by=printer)
    batch = prints_q.get_batch(batch.id, scope=printer.scope)
    assert prints.waiting_for_a_say_so(batch) == []
    assert file_bytes(batch, ".pdf", printer).startswith(b"%PDF")
    said = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "print.say_so")
    ).one()
    assert said.detail["cards"] == ["000000000002"]


def test_nobody_says_so_before_the_cards_are_drawn_or_without_the_right(
    cast: Cast, printer: Actor
) -> None:
    make_ready(cast, number=1, photo_id=small_photo())
    batch = prints.create_batch(None, settings=FULL, by=printer)
    with pytest.raises(Conflict):
        prints.accept_warnings(batch.id, by=printer)
    with pytest.raises(NotAllowed):
        prints.accept_warnings(batch.id, by=cast.actor("f85", Role.READ_ONLY))
    with pytest.raises(NotFound):
        prints.accept_warnings(batch.id, by=cast.actor("sector", Role.PRINTER))


def test_a_batch_without_warnings_needs_no_say_so(cast: Cast, printer: Actor) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)
    assert prints.waiting_for_a_say_so(batch) == []
    prints.accept_warnings(batch.id, by=printer)
    assert (
        prints_q.get_batch(batch.id, scope=printer.scope).warnings_accepted_at is None
    )
