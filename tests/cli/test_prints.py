"""Cards and bank lists by commands: of the unit named, into a place that can be."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from portal.db.models import BankExport, CardRequest, Photo, PrintBatch, Unit
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.membership import MemberStatus, Sex
from portal.domain.renewal import State
from portal.factory import create_app
from portal.files.images import normalise_photo
from portal.services import stores
from tests.cli.run import portal
from tests.make import make_member, make_request

UNITS = (
    ("TLD", "confederation", None),
    ("F85", "federation", "TLD"),
    ("A1", "grassroots", "F85"),
    ("A2", "grassroots", "F85"),
)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Found two unions with approved cards, and the officers who hand them over."""
    folder = tmp_path_factory.mktemp("prints") / "instance"
    folder.mkdir()
    for code, level, parent in UNITS:
        words = ["add-unit", "--code", code, "--name", code, "--level", level]
        done = portal(
            *words, *(["--parent", parent] if parent else []), instance=folder
        )
        assert done.returncode == 0, done.stderr
    for role in ("printer", "approver"):
        words = ["add-officer", "--unit", "F85", "--name", f"Cán bộ {role}"]
        done = portal(*words, "--role", role, instance=folder)
        assert done.returncode == 0, done.stderr
    seed(folder)
    return folder


def seed(folder: Path) -> None:
    """Write a card of each union, one of somebody paused, one for the bank."""
    app = create_app({"PORTAL_INSTANCE": str(folder), "DATABASE_URL": ""})
    with app.app_context():
        ids = {unit.code: unit.id for unit in db.session.scalars(select(Unit))}
        photo = keep_photo()
        people = (
            ("A1", "Thẻ Của A", CardKind.STANDARD, MemberStatus.ACTIVE),
            ("A2", "Thẻ Của B", CardKind.STANDARD, MemberStatus.ACTIVE),
            ("A1", "Người Tạm Dừng", CardKind.STANDARD, MemberStatus.PAUSED),
            ("A1", "Thẻ Ngân Hàng", CardKind.LINKED, MemberStatus.ACTIVE),
        )
        for number, (unit, name, kind, status) in enumerate(people, start=1):
            member = make_member(
                unit_id=ids[unit],
                full_name=name,
                status=status,
                photo_id=photo,
                sex=Sex.FEMALE,
                phone="0901234567",
                permanent_address="12 Đường Biển",
                member_number=f"{number:012d}",
                vpoint_code=f"V{number}",
            )
            make_request(
                member=member,
                announced_by=ids["F85"],
                state=State.APPROVED,
                kind=kind,
                unit_name_on_card=unit,
                approved_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
        db.session.remove()
        db.engine.dispose()


def keep_photo() -> int:
    out = io.BytesIO()
    Image.new("RGB", (600, 900), (160, 140, 120)).save(out, "JPEG")
    cut = normalise_photo(out.getvalue())
    store = stores.photos()
    with transaction() as session:
        row = Photo(
            original_hash=store.put(cut.original),
            card_hash=store.put(cut.card),
            print_hash=store.put(cut.print),
            width_px=600,
            height_px=900,
            crop=list(cut.crop),
            created_at=clock.now(),
        )
        session.add(row)
    return row.id


def standing(folder: Path) -> tuple[list[State], int, int]:
    """Give the requests' states by id; count the batches and the bank's lists."""
    app = create_app({"PORTAL_INSTANCE": str(folder), "DATABASE_URL": ""})
    with app.app_context():
        states = db.session.scalars(select(CardRequest.state).order_by(CardRequest.id))
        found = (
            list(states),
            db.session.query(PrintBatch).count(),
            db.session.query(BankExport).count(),
        )
        db.session.remove()
        db.engine.dispose()
    return found


def test_a_place_that_cannot_be_written_stops_the_command_before_the_act(
    instance: Path,
) -> None:
    before = standing(instance)
    file = instance.parent / "a-file"
    file.touch()
    gone = instance.parent / "not-there" / "bank.xlsx"
    for words in (
        ("print-batch", "--unit", "A1", "--full", "--out", str(file / "in")),
        ("bank-export", "--unit", "F85", "--out", str(gone)),
    ):
        done = portal(*words, instance=instance)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "Không ghi được" in done.stderr
        assert "Chưa làm gì cả" in done.stderr
    assert standing(instance) == before


def test_only_the_named_unions_cards_are_printed(instance: Path) -> None:
    out = instance.parent / "in"
    words = ("print-batch", "--unit", "A1", "--full", "--out", str(out), "--json")
    done = portal(*words, instance=instance)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["drawn"] == 1
    assert [one["full_name"] for one in told["held"]] == ["Người Tạm Dừng"]
    states, batches, _lists = standing(instance)
    assert states == [State.PRINTED, *[State.APPROVED] * 3]
    assert batches == 1

    file = instance.parent / "a-file"
    file.touch()
    again = ("batch-files", "--batch", str(told["batch"]), "--out", str(file / "in"))
    refused = portal(*again, instance=instance)
    assert refused.returncode == 1
    assert "Chưa làm gì cả" in refused.stderr
