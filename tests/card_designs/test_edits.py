"""Operations change what they say, touch no other byte, and can be taken back."""

import difflib
import random

import pytest

from card_designs.boxes import ElementBox, element_boxes
from card_designs.edits import EditRefused, apply
from card_designs.svg_guard import guard_svg
from card_designs.svg_source import scan
from tests.card_designs.attacks import drawn
from tests.card_designs.designs_at_hand import BUILT_IN_SIDES, FOREIGN, foreign, side_of

CLOSE_MM = 0.006
"""Numbers are written with four decimals of the element's own unit."""


def source_of(name: str) -> bytes:
    """Give a source as it was written, foreign ones too where the guard takes them."""
    if name.endswith("windows"):
        text = side_of(name.removesuffix(" windows"))
        return text.replace(b"\n", b"\r\n").replace(b"  ", b"\t").replace(b'"', b"'")
    return side_of(name) if "/" in name else foreign(name)


SOURCES = [
    *BUILT_IN_SIDES,
    "standard/front windows",
    *(name for name in FOREIGN if not guard_svg(foreign(name), file=name)),
]
TURNED = ("standard/front", "inkscape_px.svg", "points_bleed.svg", "bleed_shifted.svg")


def boxes_of(source: bytes) -> dict[str, ElementBox]:
    return {box.at: box for box in element_boxes(source)}


def some_of(source: bytes) -> list[ElementBox]:
    """Give one element of each kind, and one more in a group."""
    chosen: dict[tuple[str, bool], ElementBox] = {}
    for box in element_boxes(source):
        if box.width_mm + box.height_mm > 0:
            chosen.setdefault((box.tag, "/" in box.at), box)
    return list(chosen.values())


def changed_lines(before: bytes, after: bytes) -> set[int]:
    """Number the lines of ``before`` that are no longer there as they were."""
    matcher = difflib.SequenceMatcher(
        None, before.split(b"\n"), after.split(b"\n"), autojunk=False
    )
    return {
        line + 1
        for tag, start, end, _, _ in matcher.get_opcodes()
        if tag != "equal"
        for line in range(start, max(end, start + 1))
    }


def lines_of(source: bytes, at: str) -> set[int]:
    node = scan(source).find(at)
    first = source.count(b"\n", 0, node.start) + 1
    return set(range(first, source.count(b"\n", 0, node.end) + 2))


def done(source: bytes, **operation) -> bytes:
    """Apply an operation and hold its inverse against the bytes before."""
    edited = apply(source, operation)
    assert apply(edited.source, edited.inverse).source == source
    for at in edited.at:
        assert scan(edited.source).find(at) is not None
    return edited.source


@pytest.mark.parametrize("name", SOURCES)
def test_a_move_changes_only_the_lines_of_the_element_and_moves_it_just_so(name):
    source = source_of(name)
    for box in some_of(source):
        moved = done(source, op="move", at=[box.at], dx=1.5, dy=-0.7)
        assert changed_lines(source, moved) <= lines_of(source, box.at)
        now = boxes_of(moved)[box.at]
        assert now.x_mm == pytest.approx(box.x_mm + 1.5, abs=CLOSE_MM), box
        assert now.y_mm == pytest.approx(box.y_mm - 0.7, abs=CLOSE_MM), box
        assert now.width_mm == pytest.approx(box.width_mm, abs=CLOSE_MM)
        back = done(moved, op="move", at=box.at, dx=-1.5, dy=0.7)
        assert boxes_of(back)[box.at].x_mm == pytest.approx(box.x_mm, abs=CLOSE_MM)


@pytest.mark.parametrize("name", SOURCES)
def test_what_changes_nothing_leaves_every_byte(name):
    source = source_of(name)
    assert apply(source, {"op": "replace", "svg": source.decode()}).source == source
    for box in some_of(source):
        node = scan(source).find(box.at)
        names = node.attributes.keys() & {"fill", "r", "x", "transform"}
        own = {name: node.get(name) for name in names}
        if own:
            assert done(source, op="set", at=box.at, attributes=own) == source
        assert done(source, op="move", at=[box.at], dx=0, dy=0.0) == source
        assert done(source, op="turn", at=box.at, quarters=4) == source
        index = node.index
        assert done(source, op="reorder", at=box.at, index=index) == source


@pytest.mark.parametrize("name", SOURCES)
def test_a_resize_gives_the_box_that_was_asked_for(name):
    source = source_of(name)
    for box in some_of(source):
        wide, high = box.width_mm * 1.25, box.height_mm * 1.25
        new = {"x": box.x_mm + 1, "y": box.y_mm - 1, "width": wide, "height": high}
        resized = done(source, op="resize", at=box.at, **new)
        assert changed_lines(source, resized) <= lines_of(source, box.at)
        now = boxes_of(resized)[box.at]
        # A bound text is fitted anew, to hundredths of a millimetre of its size.
        close = 0.35 if box.field and box.kind == "text" else 0.02
        if box.kind == "ellipse" and box.turn is None:
            close = 0.4
        told = (now.x_mm, now.y_mm, now.width_mm, now.height_mm)
        assert told == pytest.approx(tuple(new.values()), abs=close), box


@pytest.mark.parametrize("name", TURNED)
def test_four_quarter_turns_lead_back_and_one_swaps_the_sides(name):
    source = source_of(name)
    for box in some_of(source):
        once = done(source, op="turn", at=box.at, quarters=1)
        now = boxes_of(once)[box.at]
        swapped = box.height_mm, box.width_mm
        assert (now.width_mm, now.height_mm) == pytest.approx(swapped, abs=0.02), box
        middle = box.x_mm + box.width_mm / 2
        assert now.x_mm + now.width_mm / 2 == pytest.approx(middle, abs=0.02)
        assert changed_lines(source, once) <= lines_of(source, box.at)
        there = once
        for _ in range(3):
            there = done(there, op="turn", at=box.at, quarters=1)
        assert b"rotate(360" not in there
        assert boxes_of(there)[box.at].x_mm == pytest.approx(box.x_mm, abs=0.02)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["standard/front", "inkscape_px.svg"])
def test_a_long_way_of_operations_is_taken_back_to_the_first_byte(name, seed):
    rng = random.Random(seed)
    first = source = source_of(name)
    inverses = []
    while len(inverses) < 25:
        boxes = element_boxes(source)
        one, other = rng.sample(boxes, 2)
        operation = rng.choice(
            [
                {"op": "move", "at": [one.at, other.at], "dx": 0.1, "dy": 1},
                {"op": "duplicate", "at": [one.at], "dx": 2, "dy": 2},
                {"op": "delete", "at": [one.at]},
                {"op": "group", "at": [one.at, other.at]},
                {"op": "ungroup", "at": one.at},
                {"op": "reorder", "at": one.at, "index": rng.randint(0, 5)},
                {"op": "turn", "at": one.at, "quarters": 1},
                {"op": "align", "at": [one.at, other.at], "edge": "middle"},
                {"op": "insert", "into": "", "index": 3, "svg": '<g fill="#ễ"/>'},
                {"op": "set", "at": one.at, "attributes": {"data-name": "Ảnh ọ"}},
            ]
        )
        try:
            edited = apply(source, operation)
        except EditRefused:
            continue
        inverses.append(edited.inverse)
        source = edited.source
    for inverse in reversed(inverses):
        source = apply(source, inverse).source
    assert source == first


FRAME = drawn(
    '<rect x="10" y="10" width="20" height="8" fill="#fff"/>\n'
    "<rect x='40' y='14px' width='10' height=\"4\" style='fill:#000;  stroke: none'/>\n"
    '<circle cx="70" cy="30" r="5"/>\n'
    '<text x="10" y="40" font-size="3">Cũ &amp; mới</text>\n'
    '<text x="10" y="45"\n  font-size="3"/>\n'
    '<g id="nhom" data-locked="1"><rect width="5" height="5"/></g>\n'
    '<text x="1" y="9"><tspan x="1" y="9">a</tspan></text>\n'
    '<text x="1" y="9">a <tspan>b</tspan></text>'
)


def line(source: bytes, number: int) -> str:
    return source.decode().split("\n")[number - 1]


@pytest.mark.parametrize(
    ("at", "attributes", "number", "wanted"),
    [
        ("0", {"fill": "#123456"}, 2, 'height="8" fill="#123456"/>'),
        ("0", {"fill": None}, 2, 'width="20" height="8"/>'),
        ("0", {"width": 21.5}, 2, 'width="21.5" height="8"'),
        ("0", {"data-name": 'A "B" <C>'}, 2, 'data-name="A &quot;B&quot; &lt;C&gt;"/>'),
        ("1", {"fill": "#123456"}, 3, "style='fill:#123456;  stroke: none'/>"),
        ("1", {"stroke": "#fff"}, 3, "style='fill:#000;  stroke: #fff'/>"),
        ("1", {"fill": None}, 3, "style='  stroke: none'/>"),
        ("1", {"opacity": "0.5"}, 3, "stroke: none' opacity='0.5'/>"),
        ("4", {"text-anchor": "end"}, 7, '  font-size="3"'),
        ("4", {"text-anchor": "end"}, 8, '  text-anchor="end"/>'),
    ],
)
def test_set_writes_where_the_attribute_or_style_stands(at, attributes, number, wanted):
    changed = done(FRAME, op="set", at=at, attributes=attributes)
    assert line(changed, number).endswith(wanted) or wanted in line(changed, number)


def test_both_declarations_gone_take_the_style_with_them():
    values = {"fill": None, "stroke": None}
    changed = done(FRAME, op="set", at="1", attributes=values)
    assert line(changed, 3).endswith('height="4"/>')


def test_a_px_suffix_and_quotes_stay_as_the_program_wrote_them():
    changed = done(FRAME, op="move", at=["1"], dx=0.1, dy=0.1)
    assert line(changed, 3).startswith("<rect x='40.1' y='14.1px' width='10'")


@pytest.mark.parametrize(
    ("at", "number", "wanted"),
    [
        ("3", 5, 'font-size="3">Một &lt;hai&gt; &amp; “ba”</text>'),
        ("4", 7, 'font-size="3">Một &lt;hai&gt; &amp; “ba”</text>'),
        ("6", 9, '<tspan x="1" y="9">Một &lt;hai&gt; &amp; “ba”</tspan></text>'),
        ("7/0", 10, "a <tspan>Một &lt;hai&gt; &amp; “ba”</tspan></text>"),
    ],
)
def test_text_is_written_where_the_words_stand(at, number, wanted):
    changed = done(FRAME, op="text", at=at, text="Một <hai> &  “ba”\n")
    assert line(changed, number).endswith(wanted)


def test_align_and_distribute_go_by_the_boxes():
    aligned = done(FRAME, op="align", at=["0", "1", "2"], edge="right")
    assert {b.x_mm + b.width_mm for b in element_boxes(aligned)[:3]} == {75.0}
    alone = done(FRAME, op="align", at=["0"], edge="center")
    assert element_boxes(alone)[0].x_mm == pytest.approx((85.6 - 20) / 2)
    spread = done(FRAME, op="distribute", at=["2", "0", "1"], axis="x")
    _, second, third = element_boxes(spread)[:3]
    gaps = second.x_mm - 30, third.x_mm - second.x_mm - 10
    assert gaps == (pytest.approx(gaps[1]), pytest.approx(12.5))


def test_grouping_and_ungrouping_leaves_the_picture_as_it_was():
    source = side_of("standard/front")
    grouped = apply(source, {"op": "group", "at": ["12", "14"]})
    (at,) = grouped.at
    moved = done(grouped.source, op="move", at=[at], dx=3, dy=2)
    loose = apply(moved, {"op": "ungroup", "at": at})
    for one, other in zip(["12", "14"], loose.at, strict=True):
        before = boxes_of(source)[one]
        # What lay between the two is before both of them now.
        after = boxes_of(loose.source)[other]
        assert after.x_mm == pytest.approx(before.x_mm + 3, abs=CLOSE_MM)
        assert after.y_mm == pytest.approx(before.y_mm + 2, abs=CLOSE_MM)


def test_ungrouping_hands_the_looks_down():
    source = drawn(
        '<g fill="#b00020" style="font-size:3px" transform="scale(2)">\n'
        '<rect width="1" height="1"/>\n<rect fill="#000" width="1" height="1"/></g>'
    )
    edited = apply(source, {"op": "ungroup", "at": "0"})
    assert edited.at == ["0", "1"]
    assert line(edited.source, 2) == (
        '<rect width="1" height="1" fill="#b00020" font-size="3px"'
        ' transform="scale(2)"/>'
    )
    assert line(edited.source, 3) == (
        '<rect fill="#000" width="1" height="1" font-size="3px" transform="scale(2)"/>'
    )


def test_copies_get_ids_of_their_own_and_refer_to_those():
    source = drawn('<g id="a"><rect id="b" width="1" height="1"/><use href="#b"/></g>')
    edited = apply(source, {"op": "duplicate", "at": ["0"], "dx": 1, "dy": 0})
    assert edited.at == ["1"]
    assert (
        b'<g id="a-2" transform="translate(1 0)"><rect id="b-2" width="1" height="1"/>'
        b'<use href="#b-2"/></g>'
    ) in edited.source


def test_elements_are_put_in_on_lines_of_their_own_with_the_indent_around():
    source = drawn("<g>\r\n\t\t<rect/>\r\n\t</g>")
    added = apply(source, {"op": "insert", "into": "0", "svg": "<g/><path/>"})
    assert added.at == ["0/1", "0/2"]
    assert b"\t\t<rect/>\r\n\t\t<g/><path/>\r\n\t</g>" in added.source
    opened = apply(drawn("<g />"), {"op": "insert", "into": "0", "svg": "<rect/>"})
    assert b"<g ><rect/></g>" in opened.source
    gone = done(added.source, op="delete", at=["0/0"])
    assert b"<g>\r\n\t\t<g/><path/>\r\n\t</g>" in gone


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({}, "thao tác"),
        ({"op": "explode"}, "explode"),
        ({"op": "move"}, "Chưa chọn"),
        ({"op": "move", "at": []}, "Chưa chọn"),
        ({"op": "move", "at": ["0", 7]}, "7"),
        ({"op": "move", "at": ["99"]}, "99"),
        ({"op": "move", "at": ["0/0"]}, "0/0"),
        ({"op": "move", "at": ["-1"]}, "-1"),
        ({"op": "move", "at": ["0"], "dx": "1"}, "dx"),
        ({"op": "move", "at": ["0"], "dx": True}, "dx"),
        ({"op": "move", "at": ["0"], "dx": float("nan")}, "dx"),
        ({"op": "move", "at": ["0"], "dy": 1e9}, "dy"),
        ({"op": "move", "at": ["5"], "dx": 1}, "khoá"),
        ({"op": "move", "at": ["5/0"], "dx": 1}, "khoá"),
        ({"op": "move", "at": [""], "dx": 1}, "không nằm trên mặt thẻ"),
        ({"op": "delete", "at": ["5"]}, "khoá"),
        ({"op": "delete", "at": [""]}, "gốc"),
        ({"op": "duplicate", "at": [""]}, "gốc"),
        ({"op": "reorder", "at": "", "index": 0}, "gốc"),
        ({"op": "reorder", "at": "0", "index": 99}, "99"),
        ({"op": "reorder", "at": "0"}, "index"),
        ({"op": "group", "at": ["0", "7/0"]}, "cùng một nhóm"),
        ({"op": "ungroup", "at": "0"}, "Dòng 2"),
        ({"op": "turn", "at": "0", "quarters": 1.5}, "quarters"),
        ({"op": "align", "at": ["0"], "edge": "up"}, "edge"),
        ({"op": "distribute", "at": ["0", "1"], "axis": "x"}, "ba phần tử"),
        ({"op": "resize", "at": "0", "x": 1, "y": 1, "width": -5, "height": 1}, "rộng"),
        ({"op": "resize", "at": "0", "x": 1, "y": 1, "width": 5}, "height"),
        ({"op": "set", "at": "0", "attributes": {}}, "attributes"),
        ({"op": "set", "at": "0", "attributes": {"onclick": "a()"}}, "onclick"),
        ({"op": "set", "at": "0", "attributes": {"id": "b"}}, "id"),
        ({"op": "set", "at": "0", "attributes": {"style": "x:y"}}, "style"),
        ({"op": "set", "at": "", "attributes": {"viewBox": "0 0 9 9"}}, "viewBox"),
        ({"op": "set", "at": "0", "attributes": {"x": "NaN"}}, "Dòng 2"),
        ({"op": "set", "at": "0", "attributes": {"x": ["1"]}}, "chữ hoặc số"),
        ({"op": "set", "at": "1", "attributes": {"fill": "a;b:c"}}, "fill"),
        ({"op": "set", "at": "0", "attributes": {"fill": "url(//a#b)"}}, "Dòng 2"),
        ({"op": "set", "at": "0", "attributes": {"data-name": "\x01"}}, "điều khiển"),
        ({"op": "text", "at": "0", "text": "a"}, "Dòng 2"),
        ({"op": "text", "at": "7", "text": "a"}, "nhiều đoạn"),
        ({"op": "text", "at": "3", "text": None}, "text"),
        ({"op": "text", "at": "3", "text": "\ud800"}, "điều khiển"),
        ({"op": "text", "at": "3", "text": "a" * 5_000}, "dài hơn"),
        ({"op": "insert", "into": "0", "svg": "<rect/>"}, "rect"),
        ({"op": "insert", "into": "", "svg": "chữ"}, "không có phần tử"),
        ({"op": "insert", "into": "", "svg": "<rect>"}, "Phần thêm vào"),
        ({"op": "insert", "into": "", "svg": "</g><g>"}, "Phần thêm vào"),
        ({"op": "insert", "into": "", "svg": "<script/>"}, "script"),
        ({"op": "insert", "into": "", "svg": "<!DOCTYPE a><g/>"}, "Phần thêm vào"),
        ({"op": "insert", "into": "", "svg": '<g id="nhom"/>'}, "nhom"),
        ({"op": "insert", "into": "", "index": 77, "svg": "<g/>"}, "77"),
        ({"op": "replace", "svg": "<svg/>"}, "Dòng 1"),
        ({"op": "replace"}, "svg"),
        ({"op": "replace", "svg": "\ud800"}, "ký tự"),
        ({"op": "splice", "start": 0, "end": 10**9, "text": ""}, "ngoài"),
        ({"op": "splice", "start": 5, "end": 2, "text": ""}, "ngoài"),
        ({"op": "splice", "start": 0, "end": 5, "text": ""}, "Dòng 1"),
        ({"op": "splice", "start": 0, "end": 0, "text": "\ud800"}, "ký tự"),
    ],
)
def test_a_wrong_operation_is_refused_in_a_sentence(operation, told):
    with pytest.raises(EditRefused) as refused:
        apply(FRAME, operation)
    assert told in refused.value.sentence
    assert refused.value.sentence.endswith(".")
    assert refused.value.line is None or refused.value.line >= 1


def test_a_group_with_slots_is_not_stretched_unevenly():
    name = (
        '<g><text data-field="full_name" x="9" y="9" font-size="3"'
        ' data-max-width="40" font-family="Be Vietnam Pro"/>'
        '<path d="M9 9h20v9z"/></g>'
    )
    box = element_boxes(drawn(name))[0]
    size = {"width": box.width_mm * 2, "height": box.height_mm}
    operation = {"op": "resize", "at": "0", "x": box.x_mm, "y": box.y_mm, **size}
    with pytest.raises(EditRefused, match="đều hai chiều"):
        apply(drawn(name), operation)


def test_what_stands_by_its_transform_alone_is_moved_by_that():
    words = '<text transform="matrix(1 0 0 1 48.5 22.5)" font-size="3">A</text>'
    changed = done(drawn(words), op="move", at=["0"], dx=1.5, dy=-0.5)
    assert b'transform="matrix(1 0 0 1 50 22)" font-size' in changed


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "move", "at": ["9" * 5000], "dx": 1, "dy": 1},
        {"op": "move", "at": ["3"], "dx": 10**400, "dy": 0},
        {"op": "set", "at": "3", "attributes": {"x": 10**400}},
        {"op": "set", "at": "3", "attributes": {"data-name": "\ud800"}},
    ],
)
def test_what_nobody_types_is_refused_in_a_sentence(operation):
    with pytest.raises(EditRefused, match=r"\.$"):
        apply(drawn('<rect width="9" height="9"/>' * 4), operation)
