"""What commands refuse is told in the words of the command line."""

import re
from pathlib import Path

import pytest

from tests.cli.run import portal

UNIT = ("add-unit", "--code", "TLD", "--name", "Tổng Liên đoàn thử")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("add-unit", "--code", "a b", "--name", "Tên"), "--code"),
        (("add-unit", "--code", "AB", "--name", " "), "--name"),
        ((*UNIT, "--province-code", "01"), "--province-code"),
    ],
)
def test_a_refused_unit_is_told_by_the_option(
    tmp_path: Path, words: tuple[str, ...], option: str
) -> None:
    done = portal(*words, "--level", "confederation", instance=tmp_path)
    assert done.returncode == 1
    assert f"\n  - {option}: " in done.stderr


def test_a_refused_officer_is_told_by_the_option(tmp_path: Path) -> None:
    done = portal(*UNIT, "--level", "confederation", instance=tmp_path)
    assert done.returncode == 0, done.stderr
    words = ("add-officer", "--unit", "TLD", "--name", " ", "--role", "approver")
    done = portal(*words, instance=tmp_path)
    assert done.returncode == 1
    assert "\n  - --name: " in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add-unit",), "Thiếu tuỳ chọn --code."),
        ((*UNIT, "--level", "x"), "Tuỳ chọn --level: giá trị không đúng. Chọn một"),
        ((*UNIT, "--levle", "x"), "Có phải bạn muốn: --level"),
        (("add-unti",), "Không có lệnh “add-unti”. Có phải bạn muốn: add-unit"),
        (("add-unit", "--code"), "Tuỳ chọn --code cần có giá trị theo sau."),
        (("serve", "--port", "x"), "Tuỳ chọn --port: cần một số nguyên từ"),
        (("--port", "8001", "doctor"), "sau tên lệnh"),
        (("serve", "x"), "Thừa từ trong lệnh: x."),
        (("--nothing",), "Không có tuỳ chọn --nothing."),
        (("demo", "--members", "0"), "cần một số nguyên từ 1 đến 5000."),
        (("import-package",), "Thiếu tham số FILE."),
        (("import-package", "no.zip"), "không có tệp hay thư mục này."),
        (("import-package", "."), "đây là thư mục"),
    ],
)
def test_wrong_use_is_told_in_vietnamese(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = portal(*words, instance=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Xem cách dùng: .venv/bin/python app.py" in done.stderr
    assert not re.search("error|usage|invalid|missing", done.stderr, re.IGNORECASE)
    assert not list(tmp_path.iterdir())


def test_the_help_of_a_command_is_no_wrong_use(tmp_path: Path) -> None:
    done = portal("add-unit", "--help", instance=tmp_path)
    assert done.returncode == 0
    assert "--code" in done.stdout
