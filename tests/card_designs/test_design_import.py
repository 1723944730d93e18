"""Drawings of other programs open as sides of ours, and look as they did."""

import re

import numpy as np
import pytest
from lxml import etree

from card_designs import check_design, load_design_files
from card_designs.boxes import element_boxes
from card_designs.design_import import import_svg
from card_designs.findings import Level
from card_designs.svg_guard import guard_svg
from tests.card_designs.attacks import ATTACKS, SVG, drawn
from tests.card_designs.designs_at_hand import FOREIGN, foreign
from tests.card_designs.test_boxes import FRAME, by_resvg

FACE = FRAME.box(0, 0, 85.6, 53.98)
NUMBER = "<text x='5' y='50' font-size='2'>{{ member_number }}</text>"


def imported(inside: str, **changes: str):
    content = drawn(inside).decode()
    for old, new in changes.items():
        content = content.replace(old, new)
    return import_svg(content.encode(), file="a.svg")


def first(svg: bytes, tag: str) -> etree._Element:
    return etree.fromstring(svg).find(f".//{{*}}{tag}")


@pytest.mark.parametrize("name", FOREIGN)
def test_a_drawing_becomes_a_side_that_the_engine_takes(name):
    result = import_svg(foreign(name), file=name)
    assert guard_svg(result.svg, file=name) == []
    assert all(each.level is Level.WARNING for each in result.findings)
    assert all(re.match(rf"{name}, dòng \d+$", each.where) for each in result.findings)
    files = {"design.toml": b"", "front.svg": result.svg}
    design = load_design_files(files, name="x")
    errors = [f for f in check_design(design) if f.level is Level.ERROR]
    assert errors == []
    bound = {slot.field for slot in design.side("front").slots}
    assert bound >= {"full_name", "member_number"}


@pytest.mark.parametrize("name", FOREIGN)
def test_the_picture_stays_where_it_was(name):
    """What is not text looks the same before and after, to another renderer."""
    before = shapes_only(foreign(name))
    after = shapes_only(import_svg(foreign(name), file=name).svg)
    one, other = (
        np.asarray(by_resvg(svg).crop(FACE), dtype=int) for svg in (before, after)
    )
    assert np.abs(one - other).mean() < 1
    assert len(np.unique(other.reshape(-1, 3), axis=0)) > 3


def shapes_only(svg: bytes) -> bytes:
    """Leave the shapes; a foreign page is brought to the card by its box alone."""
    root = etree.fromstring(svg)
    for element in list(root.iter("{*}text", "{*}image")):
        element.getparent().remove(element)
    for element in list(root.iter("{*}rect")):
        label = element.get("{http://www.inkscape.org/namespaces/inkscape}label", "")
        if element.get("data-field") or label.startswith("field:"):
            element.getparent().remove(element)
    if root.get("viewBox") == "0 0 85.6 53.98":
        return bytes(etree.tostring(root))
    return fitted(root)


def fitted(root: etree._Element) -> bytes:
    box = [float(part) for part in root.get("viewBox", "0 0 0 0").split()]
    if not box[2]:
        box = [0, 0, 85.6 * 96 / 25.4, 53.98 * 96 / 25.4]
    width = root.get("width", "")
    bled = {"89.6mm": 89.6, "254pt": 254 * 25.4 / 72}.get(width, 85.6)
    outer = etree.fromstring(f'{SVG} viewBox="0 0 85.6 53.98"/>')
    scale = bled / box[2]
    left = 85.6 / 2 - scale * (box[0] + box[2] / 2)
    top = 53.98 / 2 - scale * (box[1] + box[3] / 2)
    for name in ("viewBox", "width", "height", "x", "y"):
        root.attrib.pop(name, None)
    group = etree.SubElement(outer, "{http://www.w3.org/2000/svg}g")
    group.set("transform", f"translate({left} {top}) scale({scale})")
    root.tag = "{http://www.w3.org/2000/svg}g"
    for child in list(root.iter()):
        for key, value in list(child.attrib.items()):
            if value == "100%":
                child.set(key, str(box[2] if key == "width" else box[3]))
    group.append(root)
    return bytes(etree.tostring(outer))


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_no_attack_is_opened(name):
    result = import_svg(ATTACKS[name], file="a.svg")
    if name in ("doctype", "unknown namespace"):
        assert b"urn:x" not in result.svg
        assert b"DOCTYPE" not in result.svg
    else:
        assert result.svg == b""
        assert any(each.level is Level.ERROR for each in result.findings)


@pytest.mark.parametrize(
    ("words", "label", "field", "format_", "sample"),
    [
        ("{{ full_name }}", "", "full_name", None, "Nguyễn Thị Hồng Ánh"),
        ("{{Họ và tên}}", "", "full_name", None, "Nguyễn Thị Hồng Ánh"),
        ("{{ ho va ten }}", "", "full_name", None, "Nguyễn Thị Hồng Ánh"),
        ("Sinh: {{birth_date}}", "", "birth_date", "Sinh: {}", "Sinh: 02/09/1985"),
        ("0850", "field:member_number", "member_number", "{groups}", "085000012345"),
        ("x", "Field: Ngày cấp", "issue_date", None, "28/07/2026"),
    ],
)
def test_names_of_fields_become_bindings(words, label, field, format_, sample):
    text = f'<text x="5" y="20" font-size="3" i:label="{label}">{words}</text>'
    space = 'xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
    result = imported(f"<g {space}>{text}</g>")
    assert result.findings == []
    found = first(result.svg, "text")
    assert found.get("data-field") == field
    assert found.get("data-format") == format_
    assert found.text == sample
    assert found.get("data-panel") == "k"
    # From its place to the edge of the safe area.
    assert float(found.get("data-max-width")) == pytest.approx(85.6 - 3 - 5)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{{ salary }}", "salary"),
        ("{{ full_name }} {{ birth_date }}", "nhiều trường"),
        ("{{ photo }}", "field:photo"),
    ],
)
def test_what_cannot_be_bound_is_told_with_its_line(words, told):
    result = imported(f"<g/>\n<text x='1' y='9' font-size='3'>{words}</text>")
    (found,) = result.findings
    assert (found.level, found.where) == (Level.ERROR, "a.svg, dòng 3")
    assert told in found.message


def test_boxes_become_photo_bars_and_qr():
    space = 'xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
    result = imported(
        f'<g {space}><rect i:label="field:photo" x="1" y="2" width="20" height="30"/>'
        '<rect i:label="field:member_number" x="30" y="40" width="32" height="7"/>'
        '<rect i:label="field:verify_url" x="66" y="30" width="15" height="15"/></g>'
    )
    boxes = [box for box in element_boxes(result.svg) if box.field]
    assert [(box.kind, box.x_mm, box.width_mm) for box in boxes] == [
        ("photo", 1, 20),
        ("code", 30, 32),
        ("code", 66, 15),
    ]
    assert b'data-symbology="qr"' in result.svg
    assert b'data-symbology="code128"' in result.svg


@pytest.mark.parametrize(
    ("root", "told"),
    [
        ("", "kích thước"),
        ('width="100%" height="100%"', "kích thước"),
        ('width="210mm" height="297mm" viewBox="0 0 210 297"', "210 × 297 mm"),
        ('width="53.98mm" height="85.6mm" viewBox="0 0 53.98 85.6"', "hình dạng"),
        ('viewBox="0 0 100 100"', "100 × 100"),
        ('viewBox="0 0 0 100" width="0" height="1"', "kích thước"),
        ('viewBox="1 2 3"', "kích thước"),
    ],
)
def test_a_page_that_is_no_card_is_refused(root, told):
    result = import_svg(f"{SVG} {root}><g/></svg>".encode(), file="a.svg")
    assert result.svg == b""
    (found,) = result.findings
    assert found.level is Level.ERROR
    assert told in found.message


def test_what_cairosvg_does_not_draw_is_listed_by_line():
    result = imported(
        '<filter id="f"><feGaussianBlur stdDeviation="1"/></filter>\n'
        '<rect filter="url(#f)" width="9" height="9"/>\n'
        '<rect style="mix-blend-mode:multiply" width="9" height="9"/>'
    )
    lines = {each.where for each in result.findings}
    assert lines == {f"a.svg, dòng {n}" for n in (2, 3, 4)}
    assert {each.code for each in result.findings} == {"design-not-drawn"}


def test_classes_yield_to_styles_and_outdo_attributes():
    result = imported(
        "<style>.a,.b{fill:#111111;stroke:#222222}.b{fill:#333333}</style>"
        '<rect class="a b" fill="#444444" style="stroke:#555555" width="9" height="9"/>'
    )
    rect = first(result.svg, "rect")
    assert (rect.get("fill"), rect.get("stroke")) == ("#333333", None)
    assert rect.get("style") == "stroke:#555555"
    assert b"class" not in result.svg
