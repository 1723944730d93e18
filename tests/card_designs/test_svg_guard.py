"""The guard refuses every attack fast with a sentence and a line; good files pass."""

import random
import re
import time
from pathlib import Path

import pytest

from card_designs.design import BUILT_IN, design_folder
from card_designs.findings import Level
from card_designs.svg_guard import clean_svg, guard_svg
from card_designs.svg_source import scan
from tests.card_designs.attacks import ATTACKS, HEAD, drawn, embedded, png_claiming

DRAWINGS = Path(__file__).parents[1] / "data" / "designs"


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_fast_by_line_with_a_whole_sentence(name):
    begun = time.process_time()
    found = guard_svg(ATTACKS[name], file="front.svg")
    assert time.process_time() - begun < 1
    assert found
    assert len(found) <= 50
    for each in found:
        assert each.level is Level.ERROR
        assert re.fullmatch(r"front\.svg, dòng \d+", each.where)
        assert re.match("[A-ZĐ]", each.message)
        assert each.message.endswith(".")


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_cleaning_mends_no_attack_in_silence(name):
    content, found = clean_svg(ATTACKS[name], file="front.svg")
    if not any(each.level is Level.ERROR for each in found):
        assert name in ("doctype", "unknown namespace")
        assert guard_svg(content, file="front.svg") == []
    else:
        assert content == ATTACKS[name]


@pytest.mark.parametrize("design", BUILT_IN)
@pytest.mark.parametrize("side", ["front", "back"])
def test_built_in_designs_pass_and_are_cleaned_of_comments_only(design, side):
    content = (design_folder(design) / f"{side}.svg").read_bytes()
    assert guard_svg(content, file="a.svg") == []
    cleaned, found = clean_svg(content, file="a.svg")
    assert found == []
    assert cleaned == re.sub(rb"<!--.*?-->", b"", content, flags=re.DOTALL)


@pytest.mark.parametrize("path", sorted(DRAWINGS.glob("*.svg")), ids=lambda p: p.name)
def test_files_of_drawing_programs_lose_only_the_programs_notes(path):
    cleaned, found = clean_svg(path.read_bytes(), file=path.name)
    assert found == []
    assert guard_svg(cleaned, file=path.name) == []
    assert b"sodipodi:namedview" not in cleaned
    assert b"<metadata" not in cleaned
    drawn_before = [n.tag for n in scan(path.read_bytes()).root.walk() if is_drawn(n)]
    drawn_after = [n.tag for n in scan(cleaned).root.walk() if is_drawn(n)]
    assert drawn_after == drawn_before


def is_drawn(node) -> bool:
    return node.tag in ("g", "path", "rect", "circle", "text", "tspan", "image", "use")


def test_the_line_told_is_the_line_of_the_element():
    content = drawn('<g>\n<rect\n  x="1"\n  onclick="a()"/></g>')
    (found,) = guard_svg(content, file="back.svg")
    assert found.where == "back.svg, dòng 3"
    assert "onclick" in found.message


def test_everything_that_is_wrong_is_told_at_once():
    content = drawn('<script/>\n<rect x="NaN"/>\n<use href="a.svg#b"/>')
    lines = [each.where for each in guard_svg(content, file="f.svg")]
    assert lines == ["f.svg, dòng 2", "f.svg, dòng 3", "f.svg, dòng 4"]


@pytest.mark.parametrize(
    "inside",
    [
        '<style>.a,.b{fill:#fff}/* x */.c{stroke:url(#p)}</style><g class="a c"/>',
        "<style type='text/css'><![CDATA[.st0{fill:none;stroke:#000}]]></style>",
        "<rect style=\"fill:url(&quot;#p&quot;);font-family:'Be; x'\"/>",
        f'<image href="{embedded(png_claiming(2_000, 1_000))}"/>',
        '<image href="pictures/logo 1.png"/>',
        '<g aria-hidden="true" role="img" data-field="photo"/>',
        '<text xml:space="preserve">a &amp; b &#7877;</text>',
        '<g opacity=".5" transform="matrix(1,0,0,1,-2.5e-2,3)"/>',
    ],
)
def test_what_designs_need_is_let_in(inside):
    assert guard_svg(drawn(inside), file="a.svg") == []


def test_any_bytes_at_all_get_an_answer_and_no_exception():
    rng = random.Random(4)
    whole = (design_folder("standard") / "front.svg").read_bytes()
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            place = rng.randrange(len(broken))
            broken[place : place + rng.randint(0, 5)] = rng.randbytes(rng.randint(0, 4))
        guard_svg(bytes(broken), file="a.svg")
        clean_svg(bytes(broken), file="a.svg")
    for _ in range(50):
        guard_svg(rng.randbytes(200), file="a.svg")
        guard_svg(HEAD.encode() + rng.randbytes(50), file="a.svg")


def test_a_bare_doctype_and_its_kind_are_cut_out_where_comments_hold_the_same_words():
    doctype = b'<!-- <!DOCTYPE a [ ]> -->\n<!DOCTYPE svg SYSTEM "a>b">\n'
    cleaned, found = clean_svg(doctype + drawn("<g/>"), file="a.svg")
    assert found == []
    assert cleaned == b"\n\n" + drawn("<g/>")
