"""Text is cleaned for keeping, folded for finding, raised for print."""

import unicodedata

import pytest

from portal.domain.text import (
    clean,
    clean_lines,
    fold,
    header_key,
    is_long_search,
    search_text,
    search_words,
    upper,
)

HOSTILE = [
    "",
    " ",
    "\x00",
    "\u202egnuh",
    "\u00ad",
    "=cmd|' /C calc'!A0",
    "<img hx-get=/x onerror=alert(1)>",
    "😀👩‍👩‍👧‍👦",
    "\ud800",
    "ễ" * 10_000,
    "a\u0301" * 5_000,
    "\ufdfa" * 100,
    "İıſßﬁ",
    "{{ 7*7 }}",
    "'; DROP TABLE members; --",
    "\u0300\u0301\u0323",
]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn   Văn\tAn\n", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn Đặng Thuỳ"), "Nguyễn Đặng Thuỳ"),
        ("Nguyễn\u00a0Văn\u200bAn", "Nguyễn VănAn"),
        ("\ufeffLê\u202e Hoa\u2066", "Lê Hoa"),
        ("Lê\x00 \x07 Hoa", "Lê Hoa"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Y Moan", "Y Moan"),
        ("NGUYỄN văn An", "NGUYỄN văn An"),
        ("hoà", "hoà"),
        ("Ðặng", "Đặng"),
    ],
)
def test_cleaning_keeps_what_was_typed_and_nothing_unseen(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_cleaned_text_is_one_line_that_can_be_stored(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_folding_never_fails_and_is_settled_after_once(text):
    assert fold(fold(text)) == fold(text)
    search_words(text)
    upper(clean(text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Hoà", "dang thi hoa"),
        ("ĐẶNG THỊ HÒA", "dang thi hoa"),
        ("ưƯơƠâÂăĂêÊôÔ", "uuooaaaaeeoo"),
        ("H’Hen Niê", "h'hen nie"),
        ("Ｎａｍ", "nam"),
    ],
)
def test_folding_takes_accents_and_case_away(text, folded):
    assert fold(text) == folded


def test_every_accented_vietnamese_letter_folds_to_ascii():
    marked = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
    assert fold(marked).isascii()
    assert fold(marked) == fold(marked.upper())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("an van nguyen", True),
        ("NGUYỄN an", True),
        ("0912345678", True),
        ("hhen", True),
        ("h'hen", True),
        ("nguyen binh", False),
    ],
)
def test_words_are_found_in_any_order_without_accents(query, found):
    stored = search_text("Nguyễn Văn An", "H’Hen", None, "0912345678")
    assert all(word in stored for word in search_words(query)) is found


@pytest.mark.parametrize(
    ("query", "is_long"),
    [
        ("nguyen van an", False),
        (" ".join("abcdefghij"), False),
        (" ".join("abcdefghijk"), True),
        ("an " * 30, False),
        ("an " * 34, True),
        ("a" * 101, True),
    ],
)
def test_a_search_goes_by_ten_words_of_a_hundred_letters(query, is_long):
    assert is_long_search(query) is is_long
    assert len(search_words(query)) <= 10


def test_a_header_is_reduced_to_its_words():
    assert header_key(" Họ và  tên (*):") == "ho va ten"


def test_capitals_know_every_vietnamese_letter():
    assert upper("nguyễn thị đặng thuỳ ưu") == "NGUYỄN THỊ ĐẶNG THUỲ ƯU"
    assert upper(unicodedata.normalize("NFD", "ễ")) == "Ễ"


def test_notes_keep_their_lines():
    assert clean_lines(" một  dòng \r\n hai\x00 ") == "một dòng\nhai"
