"""What the check of a design says, and that it says nothing of sound ones."""

import pytest

from card_designs import Level, load_design
from card_designs.design_checks import check_design

GOOD = """
<text data-field="full_name" x="10" y="15" font-size="3" data-fit="wrap"
 data-lines="3" data-max-width="60" data-max-height="9" data-min-size="1.5"/>
<text data-field="member_number" x="10" y="30" font-size="3" data-max-width="60"/>
"""
CODE = (
    '<rect data-field="member_number" data-symbology="code128" data-panel="k"'
    ' x="10" y="40" width="30.8" height="7"/>'
)
CLEAR = '[[clear]]\nname = "Chip"\nside = "front"\nx = 6\ny = 10\nwidth = 9\nheight = 9'


@pytest.fixture
def checked(tmp_path):
    """Make a design of one front side and give what the check finds."""

    def check(body, *, settings='title = "Thử"'):
        (tmp_path / "design.toml").write_text(settings, encoding="utf-8")
        (tmp_path / "front.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 85.6 53.98"'
            f' font-family="Be Vietnam Pro">\n{body}</svg>',
            encoding="utf-8",
        )
        return check_design(load_design(tmp_path))

    return check


@pytest.mark.parametrize("name", ["standard", "vietinbank_linked"])
def test_a_built_in_design_is_sound(name):
    assert check_design(load_design(name)) == []


def test_a_plain_design_is_sound(checked):
    assert checked(GOOD + CODE) == []


@pytest.mark.parametrize(
    ("body", "level", "code"),
    [
        (GOOD.replace('x="10" y="30"', 'x="1" y="30"'), "warning", "outside-safe-area"),
        (GOOD.replace('x="10" y="30"', 'x="75" y="30"'), "error", "off-the-card"),
        (GOOD.replace("1.5", "1.1"), "warning", "design-text-small"),
        (GOOD.replace('"60"', '"8"', 1), "warning", "design-too-narrow"),
        (GOOD.replace('y="30"', 'y="16"'), "warning", "design-overlap"),
        (GOOD + CODE.replace("30.8", "20"), "error", "design-code-small"),
        (GOOD + CODE.replace('"7"', '"3"'), "warning", "design-code-low"),
        (GOOD + CODE.replace(' data-panel="k"', ""), "warning", "design-code-panel"),
        (
            GOOD + '<image data-field="photo" x="60" y="20" width="10" height="15"/>',
            "warning",
            "design-photo-size",
        ),
        (f"<text>王</text>{GOOD}", "error", "design-glyph"),
        (
            GOOD.replace('x="10" y="30"', 'data-format="№王 {}" x="10" y="30"'),
            "error",
            "design-glyph",
        ),
        (f'<rect filter="url(#a)" width="9"/>{GOOD}', "warning", "design-not-drawn"),
        (
            f'<path style="mix-blend-mode:multiply" d="M0 0"/>{GOOD}',
            "warning",
            "design-not-drawn",
        ),
        (f'<rect fill="hsl(9 9% 9%)"/>{GOOD}', "warning", "design-not-drawn"),
        (
            '<g text-anchor="middle"><text>a<tspan>b</tspan><tspan>c</tspan></text></g>'
            + GOOD,
            "warning",
            "design-not-drawn",
        ),
        (GOOD.replace("full_name", "birth_date"), "error", "design-unbound"),
    ],
)
def test_each_problem_is_told_with_its_place(checked, body, level, code):
    found = checked(body)
    assert (level, code) in {(each.level, each.code) for each in found}
    assert all(each.where and each.message.endswith(".") for each in found)


def test_a_slot_in_a_bank_zone_is_an_error(checked):
    (found,) = checked(GOOD, settings=CLEAR)
    assert (found.level, found.code) == (Level.ERROR, "in-clear-zone")
    assert "Chip" in found.message


def test_a_line_number_is_that_of_the_file_even_below_comments(checked):
    body = f"{GOOD}<!-- two\nlines -->\n<rect filter='url(#a)' width='9'/>"
    (found,) = checked(body)
    assert found.where == "front.svg, dòng 8"


def test_a_linked_design_needs_the_province_above_the_number(checked):
    linked = 'card_kinds = ["linked"]'
    (absent,) = checked(GOOD, settings=linked)
    assert (absent.level, absent.code) == (Level.ERROR, "design-province")
    line = (
        '<text data-field="province_code" data-show-if="province_code" x="10" y="{}"'
        ' font-size="3" data-max-width="60"/>'
    )
    assert checked(GOOD + line.format(25), settings=linked) == []
    (below,) = checked(GOOD + line.format(36), settings=linked)
    assert (below.level, below.code) == (Level.WARNING, "design-province")


def test_errors_come_before_warnings(checked):
    body = GOOD.replace("1.5", "1.1") + "<text>王</text>"
    levels = [each.level for each in checked(body)]
    assert levels == [Level.ERROR, Level.WARNING]
