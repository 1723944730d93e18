"""The editor's boxes are where the engine and an independent renderer draw."""

import re
from collections import Counter
from copy import deepcopy
from io import BytesIO

import pytest
from lxml import etree
from PIL import Image
from resvg_py import svg_to_bytes

from card_designs.binding import SVG
from card_designs.boxes import ElementBox, element_boxes
from card_designs.fields import sample_card
from card_designs.fit import fit
from card_designs.fonts import font_path
from card_designs.layout import DRAWN, SLOT_MARK, compile_side
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM, Frame, Profile
from card_designs.reference import with_places
from card_designs.slots import TextSlot
from card_designs.static_art import as_picture, draw_static, white_surface
from card_designs.svg_style import declarations
from tests.card_designs.attacks import drawn
from tests.card_designs.cards import make_photo
from tests.card_designs.designs_at_hand import BUILT_IN_SIDES, FOREIGN, side_of

MARGIN_MM = 4.0
FRAME = Frame(
    Profile("wide", "", CARD_WIDTH_MM + 2 * MARGIN_MM, CARD_HEIGHT_MM + 2 * MARGIN_MM),
    203,
)
"""Eight pixels a millimetre, with room for what hangs over the edge."""

FONTS = [str(font_path(bold=False)), str(font_path(bold=True))]
AS_WRITTEN = "text,tspan{font-kerning:none}"
"""CairoSVG sets letters one by one, without kerning."""

CLOSE_MM = 0.2
SVG_SPACE = f'xmlns="{SVG[1:-1]}"'


def by_engine(svg: bytes) -> Image.Image:
    surface = white_surface(FRAME)
    draw_static(surface, svg, FRAME, scale=1.0)
    return as_picture(surface)


def by_resvg(svg: bytes) -> Image.Image:
    root = etree.fromstring(svg)
    root.set("viewBox", " ".join(map(str, FRAME.view_box)))
    root.set("width", str(FRAME.width_px))
    root.set("height", str(FRAME.height_px))
    content = svg_to_bytes(
        svg_string=etree.tostring(root).decode(),
        background="#ffffff",
        dpi=96,
        skip_system_fonts=True,
        font_files=FONTS,
        style_sheet=AS_WRITTEN,
    )
    return Image.open(BytesIO(content)).convert("RGB")


def filled(source: bytes) -> etree._Element:
    """Give a side with the sample card in it, as one plain SVG; addresses stay."""
    parser = etree.XMLParser(remove_comments=True)
    side = compile_side(etree.fromstring(source, parser), name="front")
    card = sample_card().with_photo(make_photo(size=(236, 354)))
    root = etree.fromstring(with_places(side, card, FRAME, overprint=False))
    for group in root.iterfind(f".//{SVG}g[@{SLOT_MARK}]"):
        slot = side.slots[int(group.get(SLOT_MARK))]
        if isinstance(slot, TextSlot):
            fitted = fit(slot.text(card), slot)
            for place, line in zip(group, fitted.lines, strict=True):
                place.text = line
    return root


def found_at(root: etree._Element, at: str) -> etree._Element:
    for step in at.split("/"):
        root = [child for child in root if isinstance(child.tag, str)][int(step)]
    return root


def alone(root: etree._Element, at: str) -> bytes:
    """Give the side with nothing but one element, and that in black."""
    root = deepcopy(root)
    wanted = found_at(root, at)
    for above in wanted.iterancestors():
        above.attrib.pop("clip-path", None)
    inside = set(wanted.iter())
    for element in list(root.iter(*DRAWN)):
        above = {each.tag for each in element.iterancestors()}
        if element not in inside and not above & OUT_OF_SIGHT:
            element.getparent().remove(element)
    for element in root.iter():
        blacken(element)
    return etree.tostring(root)


OUT_OF_SIGHT = {f"{SVG}{tag}" for tag in ("defs", "clipPath", "symbol", "text")}
DROPPED = ("opacity", "fill-opacity", "stroke-opacity", "stroke-linejoin")


def blacken(element: etree._Element) -> None:
    own = dict(declarations(element.get("style", "")))
    own = {str(k): str(v) for k, v in element.attrib.items()} | own
    element.attrib.pop("style", None)
    for name, value in own.items():
        if name in ("fill", "stroke") and value != "none":
            element.set(name, "#000000")
        elif name in DROPPED:
            element.attrib.pop(name, None)
        elif name != "style":
            element.set(name, value)
    if own.get("stroke", "none") != "none":
        # So that the stroke reaches as far at ends and corners as along its way.
        element.set("stroke-linejoin", "round")
        element.set("stroke-linecap", "round")


def ink_mm(picture: Image.Image) -> tuple[float, float, float, float] | None:
    dark = picture.convert("L").point(lambda shade: 255 if shade < 190 else 0)
    box = dark.getbbox()
    if box is None:
        return None
    left, top, right, bottom = (edge / FRAME.scale for edge in box)
    x, y = FRAME.left_mm, FRAME.top_mm
    return left - x, top - y, right - x, bottom - y


def edges(box: ElementBox) -> tuple[float, float, float, float]:
    """Give the edges of what is seen, as far as the frame shows it."""
    out = box.outset_mm
    most_x, most_y = CARD_WIDTH_MM + FRAME.left_mm, CARD_HEIGHT_MM + FRAME.top_mm
    return (
        max(box.x_mm - out, -FRAME.left_mm),
        max(box.y_mm - out, -FRAME.top_mm),
        min(box.x_mm + box.width_mm + out, most_x),
        min(box.y_mm + box.height_mm + out, most_y),
    )


@pytest.mark.parametrize("name", [*BUILT_IN_SIDES, *FOREIGN])
def test_boxes_agree_with_the_engine_and_with_resvg(name):
    source = side_of(name)
    root = filled(source)
    checked = 0
    for box in some(element_boxes(source)):
        svg = alone(root, box.at)
        for draw in (by_engine, by_resvg):
            ink = ink_mm(draw(svg))
            assert ink is not None, (box.at, draw.__name__)
            apart = [a - b for a, b in zip(ink, edges(box), strict=True)]
            if box.kind == "code":
                # Bars keep a quiet zone within their box.
                assert min(apart[0], apart[1], -apart[2], -apart[3]) > -CLOSE_MM
            else:
                assert max(map(abs, apart)) < CLOSE_MM, (box, draw.__name__, ink)
        checked += 1
    assert checked >= 5


def some(boxes: list[ElementBox]) -> list[ElementBox]:
    """Leave out groups, what is hidden, and the fourth and further of a kind."""
    met: Counter[tuple[str, str]] = Counter()
    chosen = []
    for box in boxes:
        kind = box.at.rpartition("/")[0], box.tag
        if box.kind == "group" or box.hidden or (met[kind] > 2 and not box.field):
            continue
        met[kind] += 1
        chosen.append(box)
    return chosen


@pytest.mark.parametrize("name", [*BUILT_IN_SIDES, *FOREIGN])
def test_a_group_is_as_large_as_its_members_together(name):
    boxes = {box.at: box for box in element_boxes(side_of(name))}
    for at, box in boxes.items():
        inside = [
            each
            for each in boxes.values()
            if each.at.startswith(f"{at}/") and (not each.hidden or box.hidden)
        ]
        if box.kind != "group" or not inside:
            continue
        parts = [each for each in inside if each.kind != "group"]
        left, top = min(e.x_mm for e in parts), min(e.y_mm for e in parts)
        right = max(e.x_mm + e.width_mm for e in parts)
        bottom = max(e.y_mm + e.height_mm for e in parts)
        assert (box.x_mm, box.y_mm) == pytest.approx((left, top), abs=0.01)
        size = right - left, bottom - top
        assert (box.width_mm, box.height_mm) == pytest.approx(size, abs=0.01)


def test_a_box_tells_kind_label_field_lock_layer_and_line():
    source = drawn(
        '<g data-name="Khung" data-locked="1">\n'
        '<rect x="1" y="2" width="3" height="4" stroke="#000" stroke-width=".4"/></g>\n'
        '<text x="5" y="9" font-size="3" font-family="Be Vietnam Pro">Xin  chào'
        "</text>\n"
        '<text data-field="full_name" x="5" y="20" font-size="3" data-max-width="40"\n'
        '  font-family="Be Vietnam Pro"/>\n'
        '<rect data-field="verify_url" data-symbology="qr" x="60" y="30" width="15"'
        ' height="15"/><image data-field="photo" x="1" y="1" width="20" height="30"/>'
        '<circle data-layer="variable" cx="9" cy="9" r="2" display="none"/>'
    )
    boxes = {box.at: box for box in element_boxes(source)}
    assert [box.kind for box in boxes.values()] == [
        *("group", "rect", "text", "text", "code", "photo", "ellipse"),
    ]
    group, frame, words, name, code, photo, dot = boxes.values()
    assert (group.label, group.locked, frame.locked, words.locked) == (
        *("Khung", True, True),
        False,
    )
    assert (frame.x_mm, frame.y_mm, frame.width_mm, frame.height_mm) == (1, 2, 3, 4)
    assert frame.outset_mm == 0.2
    assert words.label == "Xin chào"
    assert (name.label, name.field, name.layer) == (
        *("Họ và tên", "full_name"),
        "variable",
    )
    assert (name.line, name.last_line) == (5, 6)
    assert code.label == "Mã: Địa chỉ kiểm tra thẻ"
    assert (photo.turn, dot.hidden, dot.layer) == (0, True, "variable")
    assert (frame.layer, frame.hidden) == ("static", False)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_place_is_told_in_quarters_and_by_its_upright_box(quarters):
    inside = (
        f'<g transform="rotate({90 * quarters} 40 25)">'
        '<rect x="30" y="20" width="20" height="8"/></g>'
    )
    box = element_boxes(drawn(inside))[1]
    assert box.turn == quarters
    wide, high = (8, 20) if quarters % 2 else (20, 8)
    assert (box.width_mm, box.height_mm) == (wide, high)


def test_an_odd_angle_is_told_as_none():
    (box,) = element_boxes(drawn('<rect width="9" height="9" transform="rotate(30)"/>'))
    assert box.turn is None


def test_addresses_count_elements_and_not_comments():
    source = re.sub(rb"<g>", b"<!-- a --><?b?><g>", drawn("<g><g/><g/></g>"))
    assert [box.at for box in element_boxes(source)] == ["0", "0/0", "0/1"]
