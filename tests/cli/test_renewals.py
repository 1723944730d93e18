"""The renewal by commands: each level in the name of its own officer."""

import json
from pathlib import Path

import pytest

from portal.cli.renewals import approval_line
from portal.db.models import Unit
from portal.db.session import db
from portal.factory import create_app
from portal.services.approvals import Plan
from portal.services.numbers import Range
from tests.cli.run import portal
from tests.make import make_member, make_photo

UNITS = (
    ("TLD", "confederation", None),
    ("F85", "federation", "TLD"),
    ("UA", "upper", "F85"),
    ("A1", "grassroots", "UA"),
)
OFFICERS = (("TLD", "approver"), ("F85", "approver"), ("UA", "approver"))


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Found a union of four levels with officers and members by commands."""
    folder = tmp_path_factory.mktemp("renewal") / "instance"
    folder.mkdir()
    for code, level, parent in UNITS:
        words = ["add-unit", "--code", code, "--name", code, "--level", level]
        done = portal(
            *words, *(["--parent", parent] if parent else []), instance=folder
        )
        assert done.returncode == 0, done.stderr
    for code, role in (*OFFICERS, ("A1", "data_entry")):
        words = ["add-officer", "--unit", code, "--name", f"Cán bộ {code}"]
        done = portal(*words, "--role", role, instance=folder)
        assert done.returncode == 0, done.stderr
    seed(folder)
    return folder


def seed(folder: Path) -> None:
    """Write three members who are eligible and one who lacks a photo."""
    app = create_app({"PORTAL_INSTANCE": str(folder), "DATABASE_URL": ""})
    with app.app_context():
        unit = db.session.query(Unit).filter_by(code="A1").one().id
        for number in range(3):
            name = f"Trần Thị {number}"
            make_member(unit_id=unit, full_name=name, photo_id=make_photo().id)
        make_member(unit_id=unit, full_name="Không Có Ảnh")
        db.session.remove()
        db.engine.dispose()


def test_a_list_goes_all_the_way_by_commands(instance: Path) -> None:
    def run(*words: str) -> dict:
        done = portal(*words, "--json", instance=instance)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    early = portal("submit", "--unit", "A1", instance=instance)
    assert early.returncode == 1
    assert "campaign" in early.stderr
    assert run("campaign", "--unit", "F85", "--name", "Đợt 1")["unit"] == "F85"
    sent = run("submit", "--unit", "A1")
    assert sent["done"] == 3
    assert [row["full_name"] for row in sent["refused"]] == ["Không Có Ảnh"]
    skipped = portal("approve", "--unit", "A1", instance=instance)
    assert skipped.returncode == 1
    assert "forward" in skipped.stderr
    assert run("forward", "--unit", "A1")["done"] == 3
    assert run("register", "--unit", "A1")["done"] == 3
    planned = run("approve", "--unit", "A1", "--dry-run")
    assert (planned["done"], planned["would_approve"]) == (0, 3)
    waiting = portal(
        *("approve", "--unit", "A1", "--dry-run"),
        instance=instance,
        PORTAL_ALLOTS_NUMBERS="0",
    )
    assert "Duyệt 3; chờ mã số của TLĐ. Ở lại: 0." in waiting.stdout
    approved = run("approve", "--unit", "A1")
    assert (approved["done"], approved["first"], approved["last"]) == (
        3,
        "000000000001",
        "000000000003",
    )


@pytest.mark.parametrize(
    ("unit", "name", "said"),
    [
        ("F85", "ĐỢT MỘT", "đang mở một đợt tên “Đợt Một”"),
        ("UA", "Đợt khác", "UA không mở đợt đổi thẻ được"),
    ],
)
def test_a_campaign_that_would_split_the_lists_is_refused(
    instance: Path, unit: str, name: str, said: str
) -> None:
    portal("campaign", "--unit", "F85", "--name", "Đợt Một", instance=instance)
    done = portal("campaign", "--unit", unit, "--name", name, instance=instance)
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    ("kept", "awaiting", "said"),
    [
        (0, 39, "Duyệt 39; chờ mã số của TLĐ"),
        (9, 30, "Duyệt 39, trong đó 30 chờ mã số của TLĐ"),
        (39, 0, "Duyệt và cấp mã số: 39"),
    ],
)
def test_an_approval_is_told_alike_before_and_after(
    kept: int, awaiting: int, said: str
) -> None:
    plan = Plan(
        request_ids=tuple(range(39)),
        new_numbers=Range(0),
        keep_number=kept,
        await_number=awaiting,
        held=(),
    )
    assert approval_line(39, plan, planned=False) == said
    assert approval_line(39, plan, planned=True).endswith(f"chưa ghi gì. {said}")


def test_an_unknown_unit_is_said(instance: Path) -> None:
    done = portal("forward", "--unit", "NOWHERE", instance=instance)
    assert done.returncode == 1
    assert "NOWHERE" in done.stderr


def test_an_empty_bank_list_is_refused_with_a_sentence(instance: Path) -> None:
    out = instance / "bank.xlsx"
    done = portal("bank-export", "--unit", "A1", "--out", str(out), instance=instance)
    assert done.returncode == 1
    assert "thẻ liên kết" in done.stderr
    assert not out.exists()
