"""How a name is usually written, as a question and never as a change."""

import pytest

from portal.domain.person_names import case_suggestion


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("phan thị MẬN", "Phan Thị Mận"),
        ("PHAN THỊ MẬN", "Phan Thị Mận"),
        ("Đỗ văn ứng", "Đỗ Văn Ứng"),
        ("Phan Thị Mận", ""),
        ("H'Hen Niê", ""),
        ("h’hen niê", ""),
        ("Y Moan", ""),
        ("y moan", ""),
        ("Mận", ""),
        ("Jean-Luc Đỗ", ""),
        ("Владимир Đỗ", ""),
    ],
)
def test_only_plain_names_in_odd_letters_are_asked_about(
    typed: str, asked: str
) -> None:
    assert case_suggestion(typed) == asked
