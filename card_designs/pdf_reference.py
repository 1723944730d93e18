"""Sides that only CairoSVG can draw, as pictures for a PDF page."""

import zlib
from functools import lru_cache

from card_designs.card_data import CardData
from card_designs.design import Design
from card_designs.profiles import NATIVE_DPI, Frame, Profile, millimetres
from card_designs.render import draw_pixels

_DPI = 600


def reference_picture(
    design: Design, side: str, card: CardData, frame: Frame, *, overprint: bool
) -> tuple[str, bytes]:
    """Draw a side at 600 dpi: entries of its image object, and its deflated pixels.

    It covers the very pixels of ``frame``, which is at 300 dpi. Raises CardRefused.
    """
    fine = _doubled(frame)
    picture = draw_pixels(design, side, card, frame=fine, overprint=overprint)
    entries = (
        f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
        "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode"
    )
    return entries, zlib.compress(picture.tobytes(), 1)


@lru_cache(maxsize=8)
def _doubled(frame: Frame) -> Frame:
    """Give the same area at twice the resolution, each pixel parted into four."""
    width = millimetres(frame.width_px, NATIVE_DPI)
    height = millimetres(frame.height_px, NATIVE_DPI)
    return Frame(Profile(f"{frame.profile.name}-pdf", "", width, height), _DPI)
