"""TCVN3 and VNI are told from Unicode, and Unicode is never touched."""

import unicodedata

import pytest

from portal.domain.legacy_encoding import (
    LEGACY,
    TextEncoding,
    decode,
    guess_encoding,
    to_unicode,
    weigh,
)
from portal.domain.package_data import read_table
from portal.domain.syllables import is_syllable

NAMES = [
    "Nguyễn Văn Hùng",
    "Trần Thị Ngọc Hân",
    "Lê Hoàng Phương Uyên",
    "Phạm Quốc Khánh",
    "Vũ Đức Thịnh",
    "Đặng Thùy Dương",
    "Bùi Xuân Trường",
    "Hoàng Gia Huy",
    "Đỗ Quyên",
    "Phan Thị Yến",
    "Huỳnh Nhật Khuyên",
    "Ngô Quỳnh Giang",
    "Lý Thường Kiệt",
    "Mai Chí Thọ",
    "Tô Hoài",
    "Hà",
    "Trịnh Nguyệt",
    "Tạ Uyển",
    "Đoàn Khuê",
    "Giàng A Sếnh",
    "Niê Thuỳ",
    "Huỳnh Ngọc Sỹ",
]


def typed_in(encoding, text):
    """Write Unicode text as the fonts of an encoding want it."""
    if encoding is TextEncoding.TCVN3:
        pairs = [
            (row["unicode_nfc"], chr(int(row["cp1252_codepoint"][2:], 16)))
            for row in read_table("tcvn3.csv")
        ]
    else:
        pairs = [
            (row["unicode_nfc"], row["vni_sequence"])
            for row in read_table("vni.csv")
            if row["vni_sequence"].islower() or row["vni_sequence"].isupper()
        ]
    table = dict(pairs)
    return "".join(table.get(char, char) for char in text)


@pytest.mark.parametrize("encoding", LEGACY)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_as_it_was_meant(encoding, name):
    assert to_unicode(typed_in(encoding, name), encoding) == name


@pytest.mark.parametrize("encoding", LEGACY)
def test_a_legacy_column_is_recognised(encoding):
    column = [typed_in(encoding, name) for name in NAMES]
    assert guess_encoding(column) is encoding


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng"),
        ("Ph\u00ad¬ng", "Phương"),
        ("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng"),
        ("Ñaëng Thò Phöông", "Đặng Thị Phương"),
    ],
)
def test_even_one_cell_gives_itself_away(seen, meant):
    assert to_unicode(seen, guess_encoding([seen])) == meant


def test_a_font_of_capitals_is_raised():
    assert decode("NGUYÔN V¨N HïNG", TextEncoding.TCVN3) == "NGUYỄN VĂN HÙNG"
    assert decode("Hµ", TextEncoding.TCVN3) == "Hà"


@pytest.mark.parametrize(
    "column",
    [
        NAMES,
        ["Hà", "Hoàng", "Toàn", "Hoài", "Bá", "Loan Hoà", "Là", "Tân", "Sôn"],
        ["François Müller", "José", "René", "Zoë", "Bjørn", "Noël"],
        ["An", "Nam", "Kinh"],
        [],
        ["", " ", "12/3/1990", "=1+1", "😀", "\ud800", "ÿþ", "\u00ad"],
    ],
)
def test_unicode_text_is_left_alone(column):
    encoding = guess_encoding(column)
    assert encoding is TextEncoding.UNICODE
    assert [to_unicode(text, encoding) for text in column] == list(column)


@pytest.mark.parametrize("encoding", LEGACY)
def test_unicode_cells_in_a_legacy_column_stay(encoding):
    for name in ["Nguyễn Văn Hùng", "Đỗ An", unicodedata.normalize("NFD", "Lê Tú")]:
        assert to_unicode(name, encoding) == name


def test_decomposed_text_is_named_for_what_it_is():
    column = [unicodedata.normalize("NFD", name) for name in NAMES]
    assert guess_encoding(column) is TextEncoding.NFD


def test_stray_legacy_cells_are_rescued_only_where_that_mends_them():
    unicode = TextEncoding.UNICODE
    assert to_unicode("N÷", unicode, rescue=TextEncoding.TCVN3) == "Nữ"
    assert to_unicode("Hoàng", unicode, rescue=TextEncoding.VNI) == "Hoàng"
    assert to_unicode("François", unicode, rescue=TextEncoding.TCVN3) == "François"


def test_the_sheet_decides_where_a_column_says_nothing():
    assert guess_encoding(["Sôn"], hint=TextEncoding.VNI) is TextEncoding.VNI
    assert guess_encoding(["Nữ", "Sôn"], hint=TextEncoding.VNI) is TextEncoding.UNICODE


def test_evidence_of_columns_adds_up():
    first, second = weigh(["NguyÔn"]), weigh(["Lª V¨n", "Phạm"])
    assert (first + second).tcvn3 == 2
    assert (first + second).unicode == 1


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "quyết",
        "khuỷu",
        "thuở",
        "giếng",
        "gì",
        "Niê",
        "oằn",
        "yểu",
        "ngoằn",
        "quốc",
    ],
)
def test_syllables_are_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Huøng", "nguyÔn", "cảt", "áá", "xyz", "", "José"])
def test_what_is_no_syllable_is_known_too(word):
    assert not is_syllable(word)
