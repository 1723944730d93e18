"""Fixed art is drawn once per content and kept on disk, or drawn again."""

import pytest
from PIL import Image

from card_designs import art_cache
from card_designs.profiles import PROFILES, Frame

FRAME = Frame(PROFILES["cr80"], 300)


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Count how often art is really drawn, with a cache folder of the test's own."""
    monkeypatch.setenv("CARD_DESIGNS_CACHE", str(tmp_path / "kept"))
    calls = []

    def draw(svg, frame):
        calls.append(svg)
        return Image.new("RGB", (frame.width_px, frame.height_px), (len(calls), 2, 3))

    return draw, calls, tmp_path / "kept"


def test_the_same_art_is_drawn_once(drawn):
    draw, calls, _ = drawn
    one = art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    two = art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    assert calls == [b"<svg/>"]
    assert one.tobytes() == two.tobytes()


def test_another_byte_size_or_mode_is_other_art(drawn):
    draw, calls, _ = drawn
    art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    art_cache.kept(b"<svg />", FRAME, "RGB", draw)
    art_cache.kept(b"<svg/>", Frame(PROFILES["evolis"], 300), "RGB", draw)
    art_cache.kept(b"<svg/>", Frame(PROFILES["cr80"], 600), "RGB", draw)
    assert len(calls) == 4


@pytest.mark.parametrize(
    "content", [b"", b"not deflated", b"x\x01\x01\x00\x00\xff\xff"]
)
def test_a_broken_file_is_drawn_again(drawn, content):
    draw, calls, folder = drawn
    art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    (file,) = folder.iterdir()
    file.write_bytes(content)
    art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    assert len(calls) == 2


def test_a_folder_that_cannot_be_made_only_costs_time(drawn, monkeypatch, tmp_path):
    draw, calls, _ = drawn
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CARD_DESIGNS_CACHE", str(tmp_path / "file" / "below"))
    for _ in range(2):
        assert art_cache.kept(b"<svg/>", FRAME, "RGB", draw).mode == "RGB"
    assert len(calls) == 2


def test_an_empty_setting_keeps_nothing(drawn, monkeypatch):
    draw, calls, folder = drawn
    monkeypatch.setenv("CARD_DESIGNS_CACHE", "")
    for _ in range(2):
        art_cache.kept(b"<svg/>", FRAME, "RGB", draw)
    assert len(calls) == 2
    assert not folder.exists()


def test_old_art_makes_room_for_new(drawn):
    draw, _, folder = drawn
    for number in range(70):
        art_cache.kept(b"%d" % number, FRAME, "RGB", draw)
    assert len(list(folder.iterdir())) == 64
