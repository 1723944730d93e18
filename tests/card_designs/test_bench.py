"""The benchmark measures every row and proves what it drew."""

import json
import sys
from pathlib import Path

import card_designs
from card_designs.__main__ import main
from card_designs.bench_data import make_cards, write_photos
from card_designs.bench_naive import naive_sides, naive_svg
from card_designs.bench_peers import measure_peers
from tests.card_designs.cards import make_card

_KEEPS = """
import sys
open(sys.argv[sys.argv.index("-o") + 1], "wb").write(sys.stdin.buffer.read())
"""


def test_the_benchmark_has_every_row_and_finds_nothing_wrong(capsys):
    code = main(["bench", "--cards", "4", "--json", "--check"])
    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert report["wrong"] == []
    lines = {line["name"]: line for line in report["lines"]}
    for part in (
        "png 300, phone photos",
        "png 300, print-size photos",
        "png 300, 1 MB photos",
        "png 300, print-size photos, stdlib zlib",
        "png 600, print-size photos",
        "share of the floor, prepared photos",
        "step: letters",
        "step: paste, filter, deflate",
        "gate with read-back",
        "warm preview of a side",
        "pdf of 4 cards",
        "pdf size",
        "first card, cold (wall)",
    ):
        assert part in lines, part
    for line in lines.values():
        assert {"ms_per_card", "naive_ms_per_card", "ratio", "peak_mb"} <= set(line)
    # Not how fast: only that the naive way was not measured as ours.
    assert lines["png 300, phone photos"]["ratio"] > 2


def test_only_the_programs_that_are_there_are_measured(tmp_path, monkeypatch):
    there, work = tmp_path / "bin", tmp_path / "work"
    there.mkdir()
    work.mkdir()
    program = there / "rsvg-convert"
    # Keeps what it is given, so that its size shows what it was given.
    program.write_text(f"#!{sys.executable}\n" + _KEEPS)
    program.chmod(0o755)
    write_photos(work)
    monkeypatch.setenv("PATH", str(there))
    (peer,) = measure_peers(work, "vietinbank_linked", 300)
    assert peer.name == "rsvg-convert"
    assert peer.ms_per_card > 0
    # Both sides of a card, with the photo inside.
    assert peer.bytes_per_card > 300_000
    assert not list(work.glob("rsvg*"))


def test_made_up_data_is_the_same_every_time(tmp_path):
    assert make_cards(5) == make_cards(5)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for name in "ab":
        write_photos(tmp_path / name)
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in "ab"
    )
    assert one == two
    assert 200_000 < len(one["phone-0.jpg"]) < 350_000
    assert 800_000 < len(one["big-0.jpg"]) < 1_200_000


def test_the_naive_way_fills_every_place():
    card = make_card(full_name="Nguyễn <b> & Ánh")
    folder = Path(card_designs.__path__[0]) / "vietinbank_linked"
    for side, svg in naive_sides(folder).items():
        filled = naive_svg(svg, card)
        assert "data-field" not in filled
        assert ("&lt;b&gt; &amp;" in filled) == (side == "front")
