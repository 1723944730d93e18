"""Files made to hurt are refused with a sentence, or read without harm."""

import time

import pytest

from portal.domain.errors import Invalid, TooLarge
from portal.files.images import inspect_photo, normalise_photo
from tests.data.attacks import Attack, attacks, take
from tests.files.made_files import picture

ATTACKS = attacks()
# Each asks for a process of its own: some of each kind here, all of them by
# ``python -m tests.data.attacks``.
TRIED = ATTACKS[::7]


def test_there_are_two_hundred_of_them():
    assert len(ATTACKS) >= 200
    assert len({attack.data for attack in ATTACKS}) > 190


@pytest.mark.parametrize("attack", TRIED, ids=lambda attack: attack.name[:40])
def test_a_file_made_to_hurt_does_no_harm(attack: Attack):
    began = time.perf_counter()
    told = take(attack)
    assert time.perf_counter() - began < 15
    # A refusal is a sentence: it ends like one and says what to do.
    assert told == "" or (len(told) > 30 and told.rstrip().endswith((".", ".xlsx")))


KINDS = ("JPEG", "PNG", "WEBP", "BMP")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
def test_a_torn_picture_is_refused_with_a_sentence(kind: str, share: float):
    whole = picture(kind=kind, colour=(90, 140, 200), size=(500, 750))
    torn = whole[: int(len(whole) * share)]
    verdict = inspect_photo(torn, name="anh.jpg")
    for problem in verdict.problems:
        assert "anh.jpg" in str(problem)
    if not verdict.ok:
        with pytest.raises((Invalid, TooLarge), match=r"anh\.jpg"):
            normalise_photo(torn, name="anh.jpg")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_under_another_ending_is_known_by_its_bytes(kind: str):
    data = picture(kind=kind, size=(500, 750))
    verdict = inspect_photo(data, name="anh.heic")
    assert (verdict.ok, verdict.format) == (True, kind)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 x", b"PK\x03\x04" + bytes(99), b"GIF89a", b"<svg/>", b"", b"x"]
)
def test_what_is_no_photo_is_refused_by_name(data: bytes):
    (problem,) = inspect_photo(data, name="anh.jpg").problems
    assert problem.where == "anh.jpg"
    assert problem.fix
