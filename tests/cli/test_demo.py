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


def test_what_was_refused_names_the_file_of_its_row(demo: tuple[Path, dict]) -> None:
    _instance, report = demo

    rows = [one for one in report["refused"] if one["step"] == "nhập danh sách"]
    files = {one["what"].partition(",")[0] for one in rows}
    assert {"goi-85-AB-01.zip", "goi-NL-01.zip"} <= files


def test_the_packages_are_listed_with_what_came_of_them(
    demo: tuple[Path, dict],
) -> None:
    _instance, report = demo

    names = {Path(path).name for path in report["files"]}
    assert {one["file"] for one in report["imports"]} <= names
    assert all(Path(path).is_file() for path in report["files"])


def test_each_link_tells_the_name_to_sign_in_with(demo: tuple[Path, dict]) -> None:
    _instance, report = demo

    names = [link["sign_in_name"] for link in report["sign_in_links"]]
    assert len(set(names)) == len(names) > 10


def test_a_finished_demo_is_rebuilt_and_removed_only_when_asked(
    tmp_path: Path,
) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    words = ("demo", "--no-serve", "--members", "3", "--json")
    assert portal(*words, instance=instance).returncode == 0
    mark = instance / "demo-files" / "made-by-hand"
    mark.touch()

    kept = portal(*words, instance=instance)

    assert kept.returncode == 1
    assert "--again" in kept.stderr
    assert mark.exists()
    done = portal(*words, "--again", instance=instance)
    assert json.loads(done.stdout)["approved"] == 3
    assert not mark.exists()

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
