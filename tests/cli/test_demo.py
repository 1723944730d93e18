"""The demo: the whole road on made-up data, and out again without a trace."""

import json
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.cli.run import portal


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """Run the demo once: its instance folder and what it said."""
    instance = tmp_path_factory.mktemp("demo") / "instance"
    instance.mkdir()
    done = portal("demo", "--no-serve", "--members", "40", "--json", instance=instance)
    assert done.returncode == 0, done.stderr
    return instance, json.loads(done.stdout)


def test_every_row_of_every_list_is_accounted_for(demo: tuple[Path, dict]) -> None:
    _instance, report = demo

    for one in report["imports"]:
        states = ("new", "changed", "same", "duplicate", "error")
        assert one["rows_in"] == sum(one[state] for state in states)
    assert sum(one["new"] for one in report["imports"]) == 40


def test_every_approved_member_is_printed_or_goes_to_the_bank(
    demo: tuple[Path, dict],
) -> None:
    _instance, report = demo

    assert report["approved"] > 30
    assert report["printed"] + report["sent_to_bank"] == report["approved"]
    assert (
        int(report["last_number"]) - int(report["first_number"]) + 1
        == (report["approved"])
    )


def test_both_kinds_of_card_decode_to_their_numbers(demo: tuple[Path, dict]) -> None:
    instance, _report = demo
    files = instance / "demo-files"
    fronts = sorted((files / "anh-xem-thu").glob("*_front.png"))
    backs = sorted((files / "the-lien-ket-ban-thu").glob("*_back.png"))
    assert fronts
    assert backs

    for path in [*fronts, *backs]:
        number = next(
            part for part in path.stem.split("_") if part.isdigit() and len(part) == 12
        )
        with Image.open(path) as picture:
            texts = {code.text for code in zxingcpp.read_barcodes(picture)}
        assert number in texts


def test_what_was_refused_says_why(demo: tuple[Path, dict]) -> None:
    _instance, report = demo

    assert report["refused"]
    assert all(one["reason"] for one in report["refused"])


def test_a_second_demo_takes_the_place_of_the_first_and_leaves_when_asked(
    tmp_path: Path,
) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    for _ in range(2):
        done = portal(
            "demo", "--no-serve", "--members", "3", "--json", instance=instance
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["approved"] == 3

    removed = portal("demo", "--remove", instance=instance)

    assert removed.returncode == 0, removed.stderr
    left = {path.name for path in instance.iterdir()}
    assert left <= {"secret_key", "portal.sqlite3", "portal.sqlite3-shm"} | {
        "portal.sqlite3-wal",
        "serving.lock",
    }
    again = portal("demo", "--remove", instance=instance)
    assert again.returncode == 1
    assert "không xoá gì" in again.stderr


def test_the_demo_never_writes_into_a_real_installation(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    added = portal(
        *("add-unit", "--code", "X", "--name", "CĐCS Thật"),
        *("--level", "grassroots"),
        instance=instance,
    )
    assert added.returncode == 0, added.stderr

    done = portal("demo", "--no-serve", instance=instance)

    assert done.returncode == 1
    assert "dữ liệu thật" in done.stderr
