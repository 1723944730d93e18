"""The renewal by commands: each level in the name of its own officer."""

import json
from pathlib import Path

import pytest

from portal.db.models import Unit
from portal.db.session import db
from portal.factory import create_app
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
    run("campaign", "--unit", "F85", "--name", "Đợt 1")
    sent = run("submit", "--unit", "A1")
    assert sent["done"] == 3
    assert [row["full_name"] for row in sent["refused"]] == ["Không Có Ảnh"]
    skipped = portal("approve", "--unit", "A1", instance=instance)
    assert skipped.returncode == 1
    assert "forward" in skipped.stderr
    assert run("forward", "--unit", "A1")["done"] == 3
    assert run("register", "--unit", "A1")["done"] == 3
    assert run("approve", "--unit", "A1", "--dry-run")["done"] == 0
    approved = run("approve", "--unit", "A1")
    assert (approved["done"], approved["first"], approved["last"]) == (
        3,
        "000000000001",
        "000000000003",
    )


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
