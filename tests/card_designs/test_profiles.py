"""Sizes of printers and the pixel grid of a side."""

import pytest

from card_designs.profiles import PROFILES, Frame


@pytest.mark.parametrize(
    ("name", "dpi", "size"),
    [
        ("cr80", 300, (1011, 638)),
        ("cr80", 600, (2022, 1275)),
        ("cr80_inch", 300, (1013, 638)),
        ("evolis", 300, (1016, 648)),
        ("evolis", 600, (2032, 1296)),
        ("fargo_hdp", 300, (1035, 661)),
        ("retransfer", 300, (1036, 664)),
    ],
)
def test_a_profile_gives_the_makers_pixels(name, dpi, size):
    assert PROFILES[name].size_px(dpi) == size


def test_the_face_stands_in_the_middle_of_a_larger_picture():
    frame = Frame(PROFILES["retransfer"], 300)
    left, right = frame.x(0), frame.width_px - frame.x(85.6)
    top, bottom = frame.y(0), frame.height_px - frame.y(53.98)
    assert left == pytest.approx(right)
    assert top == pytest.approx(bottom)
    assert left > 12
