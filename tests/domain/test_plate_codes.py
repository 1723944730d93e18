"""Plate codes are a pick list of their own, apart from the CCCD codes."""

from portal.domain.plate_codes import is_plate_code, plate_code_choices, plate_codes


def test_a_merged_province_is_shown_with_its_present_name():
    labels = dict(plate_code_choices())
    assert labels["85"] == "85 – Ninh Thuận (nay thuộc Khánh Hòa)"
    assert labels["79"] == "79 – Khánh Hòa"


def test_codes_are_unique_texts_in_order():
    codes = [plate.code for plate in plate_codes()]
    assert codes == sorted(set(codes))


def test_only_codes_of_the_list_are_taken():
    assert is_plate_code("85")
    assert not is_plate_code("079")
    assert not is_plate_code("")
