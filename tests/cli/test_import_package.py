"""The command import-package: what it prints, and how it ends."""

import json
import subprocess
from pathlib import Path

import pytest

from portal.db.migrate import upgrade
from portal.db.session import db
from portal.demo.package import write_package
from portal.factory import create_app
from tests import packages
from tests.cast import build_cast
from tests.cli.run import portal
from tests.packages import person, workbook, write

KEYS = ["rows_in", "new", "changed", "same", "duplicate", "error", "photos", "rows"]
ROW_KEYS = [
    "sheet",
    "row",
    "state",
    "full_name",
    "birth_date",
    "citizen_id",
    "photo",
    "repairs",
    "problems",
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an installation as commands find it: migrated, with units."""
    folder = tmp_path_factory.mktemp("installation")
    app = create_app({"PORTAL_INSTANCE": str(folder)})
    with app.app_context():
        upgrade()
        build_cast()
        db.session.remove()
        db.engine.dispose()
    return folder


def run(installation: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Import a package into the installation."""
    return portal("import-package", *words, instance=installation)


def test_a_package_is_reported_row_by_row_and_accepted(
    tmp_path: Path, installation: Path
):
    path = tmp_path / "goi.zip"
    truth = write_package(path, members=10, seed=2, unit_name="CĐCS May Ánh Dương")
    done = run(installation, str(path), "--unit", "a1", "--accept", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(told) == [*KEYS, "accepted"]
    assert told["rows_in"] == truth.rows_in == sum(told[key] for key in KEYS[1:6])
    assert told["accepted"] == {"new": 10, "changed": 0, "refused": 0}
    first = told["rows"][0]
    assert list(first) == ROW_KEYS
    assert first["full_name"] == truth.people[0].full_name
    assert first["birth_date"] == truth.people[0].birth_date.isoformat()
    # Like every command, it takes the unit's code in capitals or without.
    again = json.loads(run(installation, str(path), "--unit", "A1", "--json").stdout)
    assert (again["same"], again["new"]) == (10, 0)


def test_the_counts_are_told_in_words_too(tmp_path: Path, installation: Path):
    path = write(tmp_path / "a.xlsx", workbook([person(1), person(2)]))
    done = run(installation, str(path), "--unit", "a1")
    assert done.returncode == 0
    assert "2 dòng = 2 mới" in done.stdout
    assert "Chưa ghi gì vào sổ đoàn viên" in done.stdout
    assert "--accept" in done.stdout


def test_a_package_refused_whole_ends_with_1_and_its_sentences(
    tmp_path: Path, installation: Path
):
    path = write(tmp_path / "a.zip", packages.encrypted(workbook([person(1)])))
    done = run(installation, str(path), "--unit", "a1", "--json")
    assert done.returncode == 1
    assert "mật khẩu" in " ".join(json.loads(done.stdout)["problems"])
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["khong-co.zip", "--unit", "a1"], 2, "khong-co.zip"),
        (["{file}"], 2, "--unit"),
        (["{file}", "--unit", "xx"], 1, "xx"),
        (["{file}", "--unit", "f85"], 1, "không trực tiếp quản lý"),
        (["{file}", "--unit", "a1", "--as", "data_entry a2"], 1, "data_entry a2"),
        (["{file}", "--unit", "a1", "--as", "nope"], 1, "Không có tài khoản"),
    ],
)
def test_wrong_use_is_told_apart_from_a_refusal(
    tmp_path: Path, installation: Path, words: list[str], code: int, sentence: str
):
    path = write(tmp_path / "a.xlsx", workbook([person(1)]))
    done = run(installation, *(word.format(file=path) for word in words))
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
