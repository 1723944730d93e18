"""Text shrinks, wraps between words, or is reported."""

import pytest

from card_designs import load_design
from card_designs.fit import COMFORTABLE, fit, missing_glyphs, width_mm
from tests.card_designs.cards import LONG_NAME, LONG_UNIT


@pytest.fixture(scope="module")
def name_slot():
    slots = load_design("standard").sides["front"].slots
    return next(slot for slot in slots if slot.field == "full_name")


def test_a_short_name_keeps_its_size_on_one_line(name_slot):
    fitted = fit("H'Hen Niê", name_slot)
    assert fitted.size_mm == name_slot.size_mm
    assert fitted.lines == ("H'Hen Niê",)


def test_a_name_a_little_too_wide_shrinks_on_one_line(name_slot):
    fitted = fit("Nguyễn Phước Bảo Minh Ngọc", name_slot)
    assert len(fitted.lines) == 1
    assert COMFORTABLE * name_slot.size_mm <= fitted.size_mm < name_slot.size_mm


@pytest.mark.parametrize("text", [LONG_NAME, LONG_UNIT])
def test_a_royal_name_is_broken_between_words_only(name_slot, text):
    fitted = fit(text, name_slot)
    assert len(fitted.lines) > 1
    assert " ".join(fitted.lines) == text


def test_wrapped_lines_stay_inside_the_slot_and_above_the_least_size(name_slot):
    fitted = fit(LONG_NAME, name_slot)
    assert fitted.size_mm >= name_slot.min_size_mm
    for line in fitted.lines:
        assert width_mm(line, name_slot, fitted.size_mm) <= name_slot.max_width_mm
    height = len(fitted.lines) * name_slot.line_height * fitted.size_mm
    assert height <= name_slot.max_height_mm


@pytest.mark.parametrize("text", [LONG_NAME * 2, "Ư" * 60, "a " * 500 + "b"])
def test_what_cannot_be_readable_does_not_fit(name_slot, text):
    assert fit(text, name_slot) is None


@pytest.mark.parametrize("bold", [False, True])
def test_every_vietnamese_letter_has_a_glyph(bold):
    plain = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz0123456789'’-–.,()/&"
    tones = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    assert missing_glyphs(plain + tones + (plain + tones).upper(), bold=bold) == []


def test_foreign_letters_and_a_left_over_soft_hyphen_are_named_once():
    assert missing_glyphs("王An 王 Nguy\u00adn", bold=False) == ["王", "\u00ad"]
