"""The commands check, gate and fonts."""

import json

import pytest

from card_designs.__main__ import main
from tests.card_designs.cards import make_photo

HEAD = "member_number,full_name,birth_date,unit_name,issue_date,photo"
GOOD = "08500000000{},Nguyễn Thị Ánh,02/09/1985,CĐCS A,28/07/2026,a.jpg"
KEYS = {"level", "code", "where", "message"}


@pytest.fixture
def gate(tmp_path, capsys):
    """Write rows and a photo, run the gate on them; give exit code and what it says."""
    (tmp_path / "a.jpg").write_bytes(make_photo())

    def run(*rows, options=()):
        data = tmp_path / "cards.csv"
        data.write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")
        files = ("--data", str(data), "--photos", str(tmp_path))
        code = main(["gate", "--design", "standard", *files, *options])
        return code, capsys.readouterr()

    return run


def test_whole_cards_pass_the_gate(gate):
    code, said = gate(GOOD.format(1), GOOD.format(2))
    assert (code, said.out) == (0, "Danh sách thẻ không có lỗi.\n")


def test_the_gate_names_each_row_and_reason(gate):
    rows = GOOD.format(1), GOOD.format(1), GOOD.format(3).replace("Nguyễn", "ʼ")
    code, said = gate(*rows)
    assert code == 3
    told = said.out.splitlines()
    assert told[0].startswith("Dòng 3, 085000000001: LỖI")
    assert "dòng 2" in told[0]
    assert "U+02BC" in told[1]
    assert told[-1] == "Danh sách thẻ: 2 lỗi, 0 cảnh báo."


def test_the_gate_gives_json_of_every_finding(gate):
    code, said = gate(GOOD.format("x"), GOOD.format(2), options=("--json",))
    (found,) = json.loads(said.out)
    assert code == 3
    assert set(found) == KEYS | {"row", "member_number"}
    assert (found["row"], found["code"]) == (2, "number-invalid")


def test_json_of_a_clean_list_is_empty(gate):
    assert json.loads(gate(GOOD.format(1), options=("--json",))[1].out) == []


def test_a_list_without_rows_is_wrong_use(gate):
    code, said = gate()
    assert code == 2
    assert "không có dòng" in said.err


def test_a_sound_design_passes_its_check(capsys):
    assert main(["check", "standard"]) == 0
    assert capsys.readouterr().out == "Mẫu thẻ không có lỗi.\n"


def test_a_design_to_mend_ends_with_3_and_its_lines(tmp_path, capsys):
    (tmp_path / "design.toml").write_text("")
    (tmp_path / "front.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 85.6 53.98">\n'
        '<text font-family="Arial">A</text></svg>'
    )
    assert main(["check", str(tmp_path), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert all(set(each) == KEYS for each in found)
    assert {"design-font", "design-unbound"} <= {each["code"] for each in found}
    assert "front.svg, dòng 2" in {each["where"] for each in found}


def test_a_design_that_is_not_there_is_wrong_use(capsys):
    assert main(["check", "gold"]) == 2
    assert "gold" in capsys.readouterr().err


def test_fonts_say_which_letters_they_lack(capsys):
    assert main(["fonts", "--text", "Y Moan Ênuôl"]) == 0
    assert "đủ chữ tiếng Việt" in capsys.readouterr().out
    assert main(["fonts", "--text", "H\u02bcBĕ"]) == 3
    assert "U+02BC" in capsys.readouterr().out
