"""Untrusted designs are drawn in a child that may hang or die; we may not."""

import os
import signal
import threading
import time
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from card_designs import CardRefused, DesignBroken, draw_png, load_design
from card_designs.design import design_folder, folder_files, load_design_files
from card_designs.fields import sample_card
from card_designs.findings import Level
from card_designs.sandbox import Sandbox, guard_files, load_guarded
from tests.card_designs.attacks import drawn, embedded, png_claiming
from tests.card_designs.cards import make_card
from tests.card_designs.rasters import pages

STANDARD = folder_files(design_folder("standard"))
TILE = b'<rect width="1" height="1" opacity=".5"/>'
TILED = b'<g opacity=".9"><rect width="85" height="53" fill="url(#p)"/></g>'
SLOW = STANDARD["front.svg"].replace(
    b"</svg>",
    b'<pattern id="p" width="0.01" height="0.01" patternUnits="userSpaceOnUse">'
    + TILE * 9
    + b"</pattern>"
    + TILED * 1500
    + b"</svg>",
)
"""Let in by the guard, and far too much for a card."""


@pytest.fixture(scope="module")
def sandbox():
    box = Sandbox(seconds=20)
    yield box
    box.close()


def with_front(front: bytes) -> dict[str, bytes]:
    return {**STANDARD, "front.svg": front}


def test_a_side_is_drawn_as_it_is_outside(sandbox):
    card = make_card()
    assert sandbox.draw(STANDARD, "front", card) == draw_png(
        load_design("standard"), "front", card
    )


def test_for_screens_every_four_pixels_become_one(sandbox):
    content = sandbox.draw(STANDARD, "back", make_card(), dpi=150)
    picture = Image.open(BytesIO(content))
    assert picture.size == (506, 319)
    assert zxingcpp.read_barcode(picture).text == make_card().verify_url


def test_a_design_is_told_with_boxes_zones_and_problems_by_element(sandbox):
    files = folder_files(design_folder("vietinbank_linked"))
    wrong = b'x="24.8" y="18.55"', b'x="1"\n y="18.55"'
    files["front.svg"] = files["front.svg"].replace(*wrong)
    told = sandbox.inspect(files)
    assert (told.title, told.card_kinds) == ("Thẻ liên kết VietinBank", ("linked",))
    assert told.digest == load_design_files(files, name="x").digest
    assert {side: len(boxes) for side, boxes in told.boxes.items()} == {
        "front": 34,
        "back": 23,
    }
    assert len(told.zones) == 5
    (problem,) = [p for p in told.problems if p.code == "in-clear-zone"]
    assert (problem.side, problem.level) == ("front", Level.ERROR)
    (box,) = [b for b in told.boxes["front"] if b.at == problem.at]
    assert box.field == "full_name"
    assert len(told.findings) == len(told.problems)


def test_a_test_page_holds_both_sides_at_true_size_and_the_codes(sandbox, tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(sandbox.test_page(STANDARD, make_card()))
    (page,) = pages(path, dpi=300)
    found = {code.text for code in zxingcpp.read_barcodes(page)}
    assert found == {make_card().member_number, make_card().verify_url}
    row = page.convert("L").crop((0, 532, page.width, 533)).tobytes()
    dark = [x for x, shade in enumerate(row) if shade < 128]
    assert (dark[-1] - dark[0]) / 300 * 25.4 == pytest.approx(100, abs=0.2)


def test_a_refused_card_comes_back_with_its_reasons(sandbox):
    with pytest.raises(CardRefused) as refused:
        sandbox.draw(STANDARD, "front", make_card(full_name="王", photo=None))
    assert {each.code for each in refused.value.findings} >= {"glyph-missing"}


@pytest.mark.parametrize(
    ("front", "told"),
    [
        (drawn("<script/>"), "front.svg, dòng 2"),
        (drawn('<image href="none.png"/>'), "none.png"),
        (b"<svg", "front.svg, dòng 1"),
        (drawn("").replace(b"0 0 85.6", b"0 0 85.7"), "viewBox"),
    ],
)
def test_a_design_that_cannot_be_is_refused_in_a_sentence(sandbox, front, told):
    for ask in (
        lambda: sandbox.draw(with_front(front), "front", make_card()),
        lambda: sandbox.inspect(with_front(front)),
    ):
        with pytest.raises(DesignBroken, match=told) as broken:
            ask()
        assert str(broken.value).endswith(".")


def test_settings_that_are_no_toml_are_refused(sandbox):
    for settings in (b"\xff", b"title =", b"a = " + b"[" * 100_000):
        with pytest.raises(DesignBroken, match=r"design\.toml"):
            sandbox.inspect({**STANDARD, "design.toml": settings})


def test_what_takes_too_long_is_ended_and_the_next_one_is_served():
    assert guard_files(with_front(SLOW)) == []
    box = Sandbox(seconds=3)
    try:
        begun = time.monotonic()
        with pytest.raises(DesignBroken, match="đơn giản hoá"):
            box.draw(with_front(SLOW), "front", make_card(), dpi=600)
        assert time.monotonic() - begun < 30
        box.draw(STANDARD, "back", make_card())
    finally:
        box.close()


def test_what_takes_too_much_memory_is_ended():
    image = b'<image href="big.png" width="9" height="9"/></svg>'
    files = with_front(STANDARD["front.svg"].replace(b"</svg>", image))
    file = BytesIO()
    Image.new("RGB", (4_000, 3_900)).save(file, "PNG")
    box = Sandbox(seconds=30, memory_mb=140)
    try:
        with pytest.raises(DesignBroken):
            box.draw({**files, "big.png": file.getvalue()}, "front", make_card())
        box.draw(STANDARD, "front", make_card())
    finally:
        box.close()


def test_a_killed_child_is_replaced_and_many_threads_are_served(sandbox):
    whole = sandbox.draw(STANDARD, "front", make_card())
    for child in children():
        os.kill(child, signal.SIGKILL)
    again: list[bytes] = []

    def draw() -> None:
        again.append(sandbox.draw(STANDARD, "front", make_card()))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert again == [whole] * 4


def children() -> list[int]:
    listed = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    with open(listed, encoding="ascii") as file:
        return [pid for pid in map(int, file.read().split()) if is_drawing(pid)]


def is_drawing(pid: int) -> bool:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return b"spawn_main" in file.read()


def test_an_interrupted_question_is_not_answered_to_the_next_who_asks(
    sandbox, monkeypatch
):
    """Ctrl-C while waiting, or no more processes: whatever ends a wait half way."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("card_designs.parallel.wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sandbox.draw(STANDARD, "front", make_card(full_name="Người trước"))
    told = sandbox.draw(STANDARD, "front", make_card())
    assert told == draw_png(load_design("standard"), "front", make_card())


def test_after_closing_nothing_is_drawn_and_no_child_is_left():
    box = Sandbox()
    box.inspect(STANDARD)
    before = set(children())
    box.close()
    box.close()
    assert len(before - set(children())) == 1
    with pytest.raises(DesignBroken, match="đóng"):
        box.inspect(STANDARD)


def test_a_folder_is_judged_as_a_whole():
    assert guard_files(STANDARD) == []
    assert guard_files({**STANDARD, "logo.png": png_claiming(10, 10)}) == []
    for name, content in (
        ("logo.png", b"GIF89a"),
        ("logo.png", png_claiming(9_000, 9_000)),
        ("logo.exe", b"MZ"),
        ("back.svg", drawn("<script/>")),
        ("back.svg", drawn(f'<image href="{embedded(b"x")}"/>')),
    ):
        (found,) = guard_files({**STANDARD, name: content})
        assert found.level is Level.ERROR
        assert name in found.where
    (found,) = guard_files({f"{n}.png": b"" for n in range(60)})
    assert found.code == "design-size"
    many = {f"{n}.png": png_claiming(3_000, 3_000) for n in range(3)}
    assert [f.where for f in guard_files({**STANDARD, **many})] == ["1.png", "2.png"]


def test_files_in_memory_are_the_design_of_their_folder():
    assert load_design_files(STANDARD, name="standard") == load_design("standard")
    assert load_guarded(STANDARD, name="standard") == load_design("standard")
    changed = {**STANDARD, "design.toml": STANDARD["design.toml"] + b"\n"}
    assert load_design_files(changed, name="standard") != load_design("standard")
    with pytest.raises(DesignBroken, match=r"design\.toml"):
        load_design_files({}, name="x")
    with pytest.raises(DesignBroken, match=r"front\.svg"):
        load_design_files({"design.toml": b""}, name="x")


def test_the_sample_card_fills_every_text_field():
    assert sample_card().full_name == "Nguyễn Thị Hồng Ánh"
    assert sample_card().photo is None
