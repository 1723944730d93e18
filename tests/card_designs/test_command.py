"""The command ``python -m card_designs render``."""

import csv
import subprocess
import sys
from hashlib import sha256

import pytest

from card_designs.__main__ import main
from tests.card_designs.cards import make_photo, open_png

HEAD = (
    "member_number,full_name,birth_date,unit_name,card_kind,province_code,"
    "vpoint_code,issue_date,photo"
)
GOOD = "08500000000{},Nguyễn Thị Ánh,02/09/1985,CĐCS A,standard,85,VP1,28/07/2026,a.jpg"


@pytest.fixture
def run(tmp_path):
    """Write rows and a photo, run the command on them, give exit code and folder."""
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(make_photo())

    def run(*rows, head=HEAD, options=(), coding="utf-8"):
        data = tmp_path / "cards.csv"
        data.write_bytes("\n".join((head, *rows, "")).encode(coding))
        files = ("--data", data, "--photos", photos, "--out", out)
        arguments = ("render", "--design", "standard", *files, *options)
        return main([str(argument) for argument in arguments]), out

    return run


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_drawn_ends_with_0_and_a_manifest_of_whole_files(run):
    code, out = run(GOOD.format(1), GOOD.format(2), options=("--format", "both"))
    assert code == 0
    manifest = table(out / "manifest.csv")
    assert list(manifest[0]) == ["file", "member_number", "side", "sha256"]
    assert {(row["member_number"], row["side"]) for row in manifest} == {
        (f"08500000000{number}", side)
        for number in (1, 2)
        for side in ("front", "back")
    }
    for row in manifest:
        content = (out / row["file"]).read_bytes()
        assert sha256(content).hexdigest() == row["sha256"]
        assert row["file"].isascii()
    assert {path.name for path in out.iterdir()} == {
        *(row["file"] for row in manifest),
        "manifest.csv",
        "refused.csv",
    }
    assert table(out / "refused.csv") == []


def test_refused_rows_end_with_3_and_close_the_account(run):
    rows = [
        GOOD.format(1),
        GOOD.format(2).replace("085", "85", 1),
        GOOD.format(3).replace("a.jpg", "none.jpg"),
        GOOD.format(4).replace("a.jpg", ""),
        GOOD.format(1),
        GOOD.format(6).replace("Nguyễn Thị Ánh", "王小明"),
    ]
    code, out = run(*rows, options=("--format", "both"))
    assert code == 3
    drawn = {row["member_number"] for row in table(out / "manifest.csv")}
    refused = table(out / "refused.csv")
    assert list(refused[0]) == ["row", "reason"]
    assert drawn == {"085000000001"}
    assert [row["row"] for row in refused] == ["3", "4", "5", "6", "7"]
    assert len(drawn) + len(refused) == len(rows)
    for row, word in zip(
        refused, ("12 chữ số", "none.jpg", "ảnh", "dòng 2", "王"), strict=True
    ):
        assert word in row["reason"]


def test_an_unquoted_comma_refuses_its_row_instead_of_shifting_it(run):
    code, out = run(GOOD.format(1).replace("CĐCS A", "CĐCS A, huyện B"))
    assert code == 3
    assert "thừa 1 ô" in table(out / "refused.csv")[0]["reason"]


def test_a_run_of_refusals_only_leaves_no_pdf(run):
    code, out = run(GOOD.format("x"), options=("--format", "pdf"))
    assert code == 3
    assert {path.name for path in out.iterdir()} == {"manifest.csv", "refused.csv"}


def test_a_proven_card_with_a_warning_needs_a_say_so(run, tmp_path):
    (tmp_path / "photos" / "wide.jpg").write_bytes(make_photo(size=(480, 640)))
    row = GOOD.format(1).replace("a.jpg", "wide.jpg")
    code, out = run(row, options=("--prove",))
    (refused,) = table(out / "refused.csv")
    assert code == 3
    assert "2:3" in refused["reason"]
    assert "--accept-warnings" in refused["reason"]
    code, out = run(row, options=("--prove", "--accept-warnings"))
    assert (code, table(out / "refused.csv")) == (0, [])


def test_options_reach_the_picture(run):
    options = ("--dpi", "600", "--profile", "evolis", "--sides", "front", "--overprint")
    code, out = run(GOOD.format(1), options=options)
    assert code == 0
    picture = open_png((out / "085000000001-front.png").read_bytes())
    assert picture.size == (2032, 1296)
    assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert not (out / "085000000001-back.png").exists()


@pytest.mark.parametrize(
    ("rows", "how", "word"),
    [
        ((), {}, "không có dòng"),
        ((GOOD.format(1),), {"head": HEAD.replace("full_name", "name")}, "full_name"),
        ((GOOD.format(1),), {"head": HEAD.replace("card_kind", "photo")}, "lặp"),
        ((GOOD.format(1),), {"coding": "utf-16"}, "UTF-8"),
        ((GOOD.format(1), GOOD.format(2) + ',"x'), {}, "hỏng"),
        ((GOOD.format(1) + '"x',), {"options": ("--design", "none")}, "none"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(run, capsys, rows, how, word):
    code, out = run(*rows, **how)
    assert code == 2
    assert word in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--dpi", "72"), "--dpi không nhận “72”. Chọn một trong: 300, 600."),
        (("--dpi", "x"), "--dpi cần một số nguyên, không phải “x”."),
        (("--profile", "a4"), "--profile không nhận “a4”. Chọn một trong: "),
        (("--sides", "left"), "--sides: chọn front, back hoặc front,back."),
        (("--what",), "Không có tuỳ chọn hay tham số: --what."),
        (("--dpi",), "--dpi cần có giá trị theo sau."),
        (("--prove=1",), "--prove không nhận giá trị."),
        (("--p", "1"), "--p có thể là: --photos, --profile, --panel, --prove."),
    ],
)
def test_an_unknown_option_ends_with_2_and_a_sentence(run, capsys, option, said):
    with pytest.raises(SystemExit) as stop:
        run(GOOD.format(1), options=option)
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert f"Lỗi: {said}" in err
    assert "Xem cách dùng: python -m card_designs" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Thiếu LỆNH."),
        (["fields", "x"], "Không có tuỳ chọn hay tham số: x."),
        (["draw"], "LỆNH không nhận “draw”. Chọn một trong: "),
        (["render", "--design", "x"], "Thiếu --data, --photos, --out."),
    ],
)
def test_a_command_that_means_nothing_ends_with_2_and_a_sentence(capsys, words, said):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert f"Lỗi: {said}" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_ends_with_2(run, tmp_path, capsys):
    (tmp_path / "out").write_text("a file stands here")
    code, _ = run(GOOD.format(1))
    assert code == 2
    assert "không ghi được" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_full_disk_ends_with_2_and_no_half_file(run, tmp_path, kind):
    run(GOOD.format(1))
    out = tmp_path / "full"
    program = (
        "import resource, sys; from card_designs.__main__ import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "sys.exit(main(sys.argv[1:]))"
    )
    data = ("--data", tmp_path / "cards.csv", "--photos", tmp_path / "photos")
    options = ("--design", "standard", *data, "--out", out, "--format", kind)
    ended = subprocess.run(
        [sys.executable, "-c", program, "render", *options],
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 2
    assert "không ghi được" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(out.iterdir()) == []


def test_excels_csv_with_semicolons_and_a_byte_order_mark_is_read(run):
    head, row = HEAD.replace(",", ";"), GOOD.format(1).replace(",", ";")
    code, _ = run(row, head=head, coding="utf-8-sig")
    assert code == 0


def test_empty_cells_behind_the_last_column_do_no_harm(run):
    code, _ = run(GOOD.format(1) + ",,")
    assert code == 0


def test_a_photo_outside_the_folder_is_never_read(run, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(make_photo())
    code, out = run(GOOD.format(1).replace("a.jpg", "../secret.jpg"))
    assert code == 3
    assert "../secret.jpg" in table(out / "refused.csv")[0]["reason"]


def test_the_module_runs_as_a_command():
    run = subprocess.run(
        [sys.executable, "-m", "card_designs", "fields"],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert "member_number\tMã số đoàn viên" in run.stdout
