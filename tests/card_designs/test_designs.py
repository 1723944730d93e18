"""Designs: the two built in are sound, and what is wrong with others is said."""

from pathlib import Path

import pytest

import card_designs
from card_designs import DesignBroken, check_card, load_design
from card_designs.fit import fit, width_mm
from card_designs.fonts import metrics
from card_designs.slots import TextSlot
from tests.card_designs.cards import LONG_UNIT, make_card

DESIGNS = [load_design("standard"), load_design("vietinbank_linked")]
NAME = (
    '<text data-field="full_name" x="5" y="9" font-size="3" data-max-width="60">'
    "A</text>"
)
NUMBER = (
    '<text data-field="member_number" x="5" y="20" font-size="3" data-max-width="60"/>'
)


@pytest.fixture
def design(tmp_path):
    """Make a design of one front side out of some SVG."""

    def make(body, *, size="0 0 85.6 53.98", settings='title = "Thử"'):
        (tmp_path / "design.toml").write_text(settings, encoding="utf-8")
        (tmp_path / "front.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}"'
            f' font-family="Be Vietnam Pro">{body}</svg>',
            encoding="utf-8",
        )
        return load_design(tmp_path)

    return make


def boxes(design):
    """Give what each slot can cover: side, field, left, top, right, bottom in mm."""
    card = make_card(unit_name=LONG_UNIT[:-2])
    for side in design.sides.values():
        for slot in side.slots:
            if isinstance(slot, TextSlot):
                yield side.name, slot.field, *text_box(slot, card)
            else:
                right, bottom = slot.x_mm + slot.width_mm, slot.y_mm + slot.height_mm
                yield side.name, slot.field, slot.x_mm, slot.y_mm, right, bottom


def text_box(slot, card):
    fitted = fit(slot.text(card), slot)
    wide = max(width_mm(line, slot, fitted.size_mm) for line in fitted.lines)
    left = slot.x_mm - {"start": 0, "middle": 0.5, "end": 1}[slot.anchor] * wide
    further = (len(fitted.lines) - 1) * slot.line_height * fitted.size_mm
    up = {"down": 0, "middle": further / 2, "up": further}[slot.grow]
    first = slot.y_mm - up
    # Capitals with a mark reach 0.95 of the size above the line, tails 0.2 below it.
    bottom = first + further + 0.2 * fitted.size_mm
    return left, first - 0.95 * fitted.size_mm, left + wide, bottom


@pytest.mark.parametrize("design", DESIGNS)
def test_a_built_in_design_has_nothing_to_mend(design):
    assert design.findings == ()
    assert set(design.sides) == {"front", "back"}


@pytest.mark.parametrize("design", DESIGNS)
def test_text_and_codes_keep_three_mm_from_the_edge(design):
    for _, field, left, top, right, bottom in boxes(design):
        if field == "photo":
            continue
        # The quiet zone of a bar code is blank: it may reach beyond.
        assert left >= (2 if field == "member_number" else 3), field
        assert top >= 3, field
        assert round(right, 6) <= 82.6, field
        assert bottom <= 53.98 - 3, field


@pytest.mark.parametrize("design", DESIGNS)
def test_the_photo_is_20_by_30_mm(design):
    (photo,) = [
        slot
        for side in design.sides.values()
        for slot in side.slots
        if slot.field == "photo"
    ]
    assert (photo.width_mm, photo.height_mm) == (20, 30)


def test_the_linked_design_keeps_the_banks_zones_clear():
    design = DESIGNS[1]
    assert len(design.clear_zones) == 5
    for zone in design.clear_zones:
        for side, field, left, top, right, bottom in boxes(design):
            apart = (
                side != zone.side
                or right <= zone.x_mm
                or left >= zone.x_mm + zone.width_mm
                or bottom <= zone.y_mm
                or top >= zone.y_mm + zone.height_mm
            )
            assert apart, (zone.name, field)


def test_the_bold_font_is_wider_than_the_regular():
    assert metrics(bold=True).width("Đoàn viên") > metrics(bold=False).width(
        "Đoàn viên"
    )


@pytest.mark.parametrize(
    ("body", "code", "line_said"),
    [
        (NUMBER, "design-unbound", "full_name"),
        (NAME + NUMBER + "<text>{{full_name}}</text>", "design-unbound", "dòng 1"),
        (
            NAME + NUMBER + '<text data-field="nickname" x="1" y="1"/>',
            "design-binding",
            "dòng 1",
        ),
        (
            NAME.replace("data-max-width", "data-width") + NUMBER,
            "design-binding",
            "dòng 1",
        ),
        (
            '<g font-family="Arial"><text>A</text></g>' + NAME + NUMBER,
            "design-font",
            "dòng 1",
        ),
        (
            NAME + NUMBER + '<image data-field="photo" width="20" height="20"/>',
            "design-binding",
            "dòng 1",
        ),
        (
            f'<g transform="skewX(30)">{NAME}</g>' + NUMBER,
            "design-transform",
            "dòng 1",
        ),
        (
            NAME
            + NUMBER
            + '<rect data-field="member_number" data-symbology="ean13" width="30"'
            ' height="9"/>',
            "design-binding",
            "dòng 1",
        ),
        (
            NAME.replace("x=", 'fill="#333333" data-panel="k" x=') + NUMBER,
            "design-binding",
            "dòng 1",
        ),
        (f"<defs>{NAME}</defs>" + NUMBER, "design-binding", "dòng 1"),
        (
            NAME.replace("x=", 'data-line-height="0" x=') + NUMBER,
            "design-binding",
            "dòng 1",
        ),
        (
            NAME.replace("x=", 'data-show-if="full_name > 3" x=') + NUMBER,
            "design-binding",
            "dòng 1",
        ),
    ],
)
def test_what_is_wrong_with_a_design_refuses_every_card(design, body, code, line_said):
    loaded = design(body)
    assert code in {finding.code for finding in loaded.findings}
    assert any(line_said in finding.where for finding in loaded.findings)
    assert set(loaded.findings) <= set(check_card(loaded, make_card()))


@pytest.mark.parametrize(
    ("body", "how", "word"),
    [
        ("<text>", {}, "front.svg"),
        ("", {"size": "0 0 324 204"}, "milimét"),
        ("", {"settings": "title ="}, "design.toml"),
        ('<image href="../secret.png"/>', {}, "secret.png"),
        ('<image href="https://a.example/b.png"/>', {}, "b.png"),
    ],
)
def test_a_design_that_cannot_be_read_is_told_in_a_sentence(design, body, how, word):
    with pytest.raises(DesignBroken, match=word):
        design(body, **how)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_zone_that_is_nowhere_is_told(tmp_path, number):
    """Nothing would ever be found inside it: the bank's place stood open."""
    zone = f'[[clear]]\nname = "Chip"\nside = "front"\nx = {number}\ny = 1\n'
    front = Path(card_designs.__path__[0]) / "standard" / "front.svg"
    (tmp_path / "front.svg").write_bytes(front.read_bytes())
    (tmp_path / "design.toml").write_text(f"{zone}width = 9\nheight = 9")
    with pytest.raises(DesignBroken, match=r"\[\[clear\]\]"):
        load_design(tmp_path)


def test_an_unknown_name_lists_the_designs_there_are():
    with pytest.raises(DesignBroken, match="standard, vietinbank_linked"):
        load_design("gold")


def test_groups_move_and_scale_their_slots_and_pass_on_their_style(design):
    inner = NAME.replace(' font-size="3"', ' style="fill:#010203"')
    loaded = design(
        '<g transform="translate(10 5) scale(2)" font-size="2px" font-weight="700">'
        f"{inner}</g>{NUMBER}"
    )
    assert loaded.findings == ()
    slot = loaded.sides["front"].slots[0]
    assert (slot.x_mm, slot.y_mm, slot.size_mm, slot.max_width_mm) == (20, 23, 4, 120)
    assert slot.bold
    assert slot.colour == (1 / 255, 2 / 255, 3 / 255)


def test_a_design_read_again_is_the_same_until_a_byte_changes(design):
    assert load_design("standard") == DESIGNS[0]
    assert hash(load_design("standard")) == hash(DESIGNS[0])
    before = design(NAME + NUMBER)
    assert design(NAME + NUMBER) == before
    assert design(NUMBER + NAME) != before
