"""Names sort as in a Vietnamese dictionary, by a key of plain ASCII."""

import random
from pathlib import Path

from portal.domain.collation import name_sort_key

ORACLE = Path(__file__).parents[1] / "data" / "vi_syllables_icu_order.txt"


def icu_syllables():
    lines = ORACLE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_syllables_sort_as_the_icu_collator_sorts_them():
    syllables = icu_syllables()
    shuffled = random.Random(1).sample(syllables, len(syllables))
    assert sorted(shuffled, key=name_sort_key) == syllables


def test_middle_names_sort_as_the_icu_collator_sorts_them():
    syllables = icu_syllables()
    names = [f"Lê {syllable} An" for syllable in syllables]
    shuffled = random.Random(2).sample(names, len(names))
    assert sorted(shuffled, key=name_sort_key) == names


def test_the_given_name_counts_first_then_surname_then_middle_names():
    names = [
        "Vũ Thị An",
        "Lê Văn Ân",
        "Bùi Thị Bình",
        "Đỗ Bình",
        "Đỗ Văn Bình",
        "Nguyễn An Bình",
        "H'Hen Niê",
        "Nguyễn Văn Ơn",
    ]
    shuffled = random.Random(3).sample(names, len(names))
    assert sorted(shuffled, key=name_sort_key) == names


def test_spellings_of_one_name_share_a_key():
    assert name_sort_key("Lê Thị HOÀ") == name_sort_key("lê  thị hòa")
    assert name_sort_key("H’Hen Niê") == name_sort_key("H'Hen Niê")


def test_a_note_in_brackets_counts_last():
    names = ["Lê An", "Lê An (A)", "Lê An (B)", "Lê Bình"]
    assert sorted(set(names), key=name_sort_key) == names


def test_keys_are_small_ascii_letters_and_digits_whatever_the_name():
    for name in ["", "😀", "Иван", "A1", "\ud800", "\u0301", "ế" * 9999, "(())", "ß"]:
        key = name_sort_key(name)
        assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())
