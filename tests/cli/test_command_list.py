"""The README's list of commands, run in its own order on its own tree."""

import re
import shlex
from pathlib import Path

from portal.demo.package import write_package
from tests.cli.run import PROJECT, portal

HEADING = "## Lệnh cho người thích viết kịch bản"


def commands() -> list[list[str]]:
    """Read the words behind ``python app.py`` in the list's first block."""
    section = (PROJECT / "README.md").read_text(encoding="utf-8").split(HEADING)[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block
    lines = [shlex.split(line, comments=True) for line in block[1].splitlines()]
    return [words[2:] for words in lines]


def test_the_list_goes_from_an_empty_instance_to_printed_cards(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    write_package(tmp_path / "goi.zip", members=4, seed=3, unit_name="CĐCS Nhà máy A")
    said = ""
    for words in commands():
        if words[0] == "print-batch":
            lay_and_give_up_a_batch(folder)
        done = portal(*words, instance=folder)
        assert done.returncode == 0, (words, done.stderr)
        said += done.stdout
    assert "Duyệt và cấp mã số: 4." in said
    assert list((tmp_path / "in").glob("*.pdf"))
    taken = portal("print-batch", "--unit", "LD85", "--full", instance=folder)
    assert taken.returncode == 1
    again = re.search(r"batch-files --batch \d+ --out ./in", taken.stderr)
    assert again
    assert portal(*again[0].split(), instance=folder).returncode == 0


def lay_and_give_up_a_batch(folder: Path) -> None:
    """Draw for the wrong blanks, be told the way out, and take it."""
    drawn = portal("print-batch", "--unit", "LD85", "--full", instance=folder)
    assert "dựng 4 thẻ" in drawn.stdout
    assert not (folder.parent / "in").exists()
    refused = portal("print-batch", "--unit", "LD85", instance=folder)
    assert refused.returncode == 1
    way_out = re.search(r"give-up-batch --batch \d+", refused.stderr)
    assert way_out
    assert portal(*way_out[0].split(), instance=folder).returncode == 0


def test_nothing_is_approved_by_command_before_there_is_an_approver(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    words = ("--name", "LĐLĐ tỉnh", "--level", "federation")
    portal("add-unit", "--code", "LD85", *words, instance=folder)
    sheet = tmp_path / "so.csv"
    sheet.write_text("Số CCCD,Mã số đoàn viên\n", encoding="utf-8")
    for refused in (("approve", "--unit", "LD85"), ("import-numbers", str(sheet))):
        done = portal(*refused, instance=folder)
        assert done.returncode == 1
        assert "add-officer --unit LD85" in done.stderr
        assert "--role approver" in done.stderr
