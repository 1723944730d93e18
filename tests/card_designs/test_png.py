"""PNGs strung together from bands are whole PNGs, with isal and without."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image, ImageChops, PngImagePlugin

from card_designs import load_design
from card_designs.png import assemble, encode_png, squeeze
from card_designs.profiles import PROFILES, Frame
from card_designs.render import draw_pixels, draw_png
from tests.card_designs.cards import make_card, open_png

CARD = make_card()


def gradient(width: int, height: int) -> Image.Image:
    across = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, across.transpose(0), across.rotate(180)))


def strict(content: bytes) -> Image.Image:
    """Open a PNG so that a wrong checksum anywhere is an error."""
    assert not PngImagePlugin.ImageFile.LOAD_TRUNCATED_IMAGES
    with Image.open(BytesIO(content)) as picture:
        picture.verify()
    return open_png(content)


@pytest.mark.parametrize("heights", [(1,), (40,), (16, 16, 8), (1, 1, 38), (39, 1)])
def test_bands_of_any_height_make_the_same_picture(heights):
    whole = gradient(53, sum(heights))
    bands, top = [], 0
    for height in heights:
        rows = whole.crop((0, top, 53, top + height))
        top += height
        bands.append(squeeze(rows, last=top == whole.height))
    drawn = strict(assemble(whole.size, bands, dpi=300))
    assert ImageChops.difference(drawn, whole).getbbox() is None


def test_without_isal_the_picture_is_the_same():
    program = (
        "import sys; from card_designs import png; png.forget_isal();"
        "from tests.card_designs.test_png import *;"
        "sys.stdout.buffer.write(draw_png(load_design('standard'), 'front', CARD))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert run.returncode == 0, run.stderr
    plain = strict(run.stdout)
    fast = strict(draw_png(load_design("standard"), "front", CARD))
    assert ImageChops.difference(plain, fast).getbbox() is None


@pytest.mark.parametrize("side", ["front", "back"])
def test_a_card_in_bands_is_the_card_in_one_piece(side):
    design, frame = load_design("vietinbank_linked"), Frame(PROFILES["cr80"], 300)
    picture = draw_pixels(design, side, CARD, frame=frame, overprint=False)
    banded = strict(draw_png(design, side, CARD))
    whole = strict(encode_png(picture, dpi=300))
    assert ImageChops.difference(banded, picture).getbbox() is None
    assert ImageChops.difference(whole, picture).getbbox() is None
