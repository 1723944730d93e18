"""A photo goes to the one person it can belong to, and the rules of its size."""

import unicodedata

import pytest

from portal.domain.photos import (
    CropBox,
    MatchRule,
    PhotoState,
    centred_box,
    effective_dpi,
    fitted_box,
    match_photos,
    parse_box,
    size_problems,
)
from portal.domain.roster_rows import CleanRow


def person(**values):
    return CleanRow("A", 1, values, {})


def matched(rows, files):
    return [
        (match.state.value, match.file) for match in match_photos(rows, files).matches
    ]


AN = person(
    full_name="Nguyễn Văn An",
    citizen_id="079090001234",
    member_number="085000012345",
    row_number="1",
)
BINH = person(
    full_name="Lê Thị Bình", citizen_id="079191001235", id_card_number="264123456"
)


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        ("anh/079090001234.jpg", MatchRule.CITIZEN_ID),
        ("Nguyen Van An - 079090001234.JPG", MatchRule.CITIZEN_ID),
        ("79090001234.png", MatchRule.CITIZEN_ID),
        ("085000012345.jpg", MatchRule.MEMBER_NUMBER),
        ("1.jpg", MatchRule.ROW_NUMBER),
        ("001.jpeg", MatchRule.ROW_NUMBER),
        ("STT 1.jpg", MatchRule.ROW_NUMBER),
        ("Nguyễn Văn An.jpg", MatchRule.FULL_NAME),
        (unicodedata.normalize("NFD", "Nguyễn Văn An.jpg"), MatchRule.FULL_NAME),
        ("NGUYEN VAN AN.heic", MatchRule.FULL_NAME),
        ("NguyenVanAn_1990.jpg", MatchRule.FULL_NAME),
        ("12. Nguyen Van An (2x3).png", MatchRule.FULL_NAME),
        ("ảnh Nguyễn Văn An.jpg", MatchRule.FULL_NAME),
    ],
)
def test_a_file_is_known_by_number_row_or_name(file, rule):
    matching = match_photos([AN, BINH], [file])
    assert matching.matches[0].state is PhotoState.MATCHED
    assert (matching.matches[0].file, matching.matches[0].by) == (file, rule)
    assert matching.matches[1].state is PhotoState.MISSING


def test_an_old_id_number_in_the_name_is_enough():
    assert matched([AN, BINH], ["264123456.jpg"])[1] == ("matched", "264123456.jpg")


@pytest.mark.parametrize(
    ("cell", "file"),
    [
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("img_1.JPG", "Zalo/IMG_1.jpg"),
        ("IMG_1", "IMG_1.jpg"),
        ("IMG_1.jpg", "IMG_1.png"),
        ("Zalo\\IMG_1.jpg", "zalo/IMG_1.jpg"),
        ("ảnh An.jpg", unicodedata.normalize("NFD", "ảnh An.jpg")),
        ("ảnh An.jpg", "anh an.jpg"),
    ],
)
def test_the_file_name_column_comes_first(cell, file):
    row = person(full_name="Lê An", citizen_id="079090001234", photo_file=cell)
    files = [file, "079090001234.jpg"]
    match = match_photos([row], files).matches[0]
    assert (match.file, match.by) == (file, MatchRule.FILE_NAME)


def test_a_named_file_that_is_not_there_leaves_the_surer_rules_only():
    row = person(full_name="Lê An", row_number="5", photo_file="IMG_9.jpg")
    assert matched([row], ["5.jpg"]) == [("missing", "")]
    assert matched([row], ["Lê An.jpg"]) == [("matched", "Lê An.jpg")]


@pytest.mark.parametrize(
    ("rows", "files"),
    [
        ([AN], ["079090001234.jpg", "079090001234 (1).jpg"]),
        ([AN], ["a/1.jpg", "b/1.jpg"]),
        ([AN, person(full_name="NGUYEN VAN AN")], ["nguyen van an.jpg"]),
        ([person(row_number="7"), person(row_number="7")], ["7.jpg"]),
        ([person(photo_file="a.jpg"), person(photo_file="A.JPG")], ["a.jpg"]),
        ([person(photo_file="a.jpg")], ["x/a.jpg", "y/a.jpg"]),
        (
            [person(citizen_id="085000012345"), person(member_number="085000012345")],
            ["085000012345.jpg"],
        ),
    ],
)
def test_two_that_fit_are_never_guessed_between(rows, files):
    matching = match_photos(rows, files)
    assert {match.state for match in matching.matches} == {PhotoState.AMBIGUOUS}
    assert all(match.candidates for match in matching.matches)
    assert matching.unmatched == ()


def test_accents_tell_two_namesakes_apart():
    rows = [person(full_name="Lê Văn Hùng"), person(full_name="Lê Văn Hưng")]
    files = ["Lê Văn Hưng.jpg", "Lê Văn Hùng.jpg"]
    assert matched(rows, files) == [("matched", files[1]), ("matched", files[0])]
    assert {state for state, _ in matched(rows, ["Le Van Hung.jpg"])} == {"ambiguous"}


def test_a_file_with_other_accents_is_another_person():
    assert matched([person(full_name="Lê Văn Hùng")], ["Lê Văn Hưng.jpg"]) == [
        ("missing", "")
    ]


def test_where_the_tone_stands_does_not_matter():
    row = person(full_name="Lê Thị Hoà")
    assert matched([row], ["Lê Thị Hòa.jpg"])[0][0] == "matched"


def test_a_namesake_with_a_photo_still_makes_the_name_uncertain():
    rows = [AN, person(full_name="Nguyễn Văn An")]
    files = ["079090001234.jpg", "Nguyễn Văn An.jpg"]
    matching = match_photos(rows, files)
    assert matching.matches[0].file == "079090001234.jpg"
    assert matching.matches[1].state is PhotoState.AMBIGUOUS


def test_files_of_nobody_are_listed():
    matching = match_photos([AN], ["1.jpg", "DSC_0042.jpg", "Trần Cường.jpg"])
    assert matching.unmatched == ("DSC_0042.jpg", "Trần Cường.jpg")
    assert matching.count(PhotoState.MATCHED) == 1


@pytest.mark.parametrize(
    "name",
    ["", ".jpg", "\x00", "\ud800.jpg", "😀.jpg", "/" * 999, "9" * 5000, "é" * 999],
)
def test_odd_file_names_match_nobody_and_are_listed(name):
    matching = match_photos([AN, person()], [name])
    assert matching.unmatched == (name,)


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ((236, 354), (0, 0, 236, 354)),
        ((600, 800), (33, 0, 567, 800)),
        ((400, 1000), (0, 200, 400, 800)),
    ],
)
def test_the_middle_box_is_as_large_as_two_to_three_allows(size, pixels):
    assert centred_box(*size).pixels(*size) == pixels


@pytest.mark.parametrize(
    "wished",
    [
        CropBox(-1, -1, 0.5, 0.5),
        CropBox(0.9, 0.9, 0.5, 0.1),
        CropBox(0, 0, 9, 9),
        CropBox(0.3, 0.3, 0, 0),
    ],
)
def test_a_wished_box_is_brought_into_the_picture(wished):
    box = fitted_box(wished, 900, 1200)
    left, top, right, bottom = box.pixels(900, 1200)
    assert 0 <= left < right <= 900
    assert 0 <= top < bottom <= 1200
    assert box.width * 900 / (box.height * 1200) == pytest.approx(2 / 3, abs=1e-6)


def test_a_box_travels_through_a_form():
    box = CropBox(0.1, 0.2, 0.5, 0.6)
    assert parse_box(str(box)) == box


@pytest.mark.parametrize(
    "text", ["", "1,2,3,4", "0,0,1", "a,b,c,d", "0,0,nan,1", "0,0,inf,1", "0,0,0,0"]
)
def test_a_box_outside_the_picture_is_none(text):
    assert parse_box(text) is None


@pytest.mark.parametrize(
    ("size", "good"),
    [((236, 354), True), ((235, 353), True), ((230, 354), False), ((1200, 300), False)],
)
def test_the_printed_part_has_at_least_the_plans_pixels(size, good):
    assert (size_problems(*size) == ()) is good


def test_dots_per_inch_are_those_on_the_card():
    assert effective_dpi(centred_box(236, 354), 236, 354) == 300
    assert effective_dpi(centred_box(472, 708), 472, 708) == 599
