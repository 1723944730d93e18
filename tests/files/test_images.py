"""Photos: what is printed, what is refused and with which words."""

import io
import random
import zlib

import pytest
from PIL import Image

from portal.domain.errors import Invalid, TooLarge
from portal.files.images import inspect_photo, normalise_photo
from tests.files.made_files import picture

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)


def load(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("JPEG",))


def saved(image: Image.Image, kind: str = "PNG", **save: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def close(pixel: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


def flagged() -> Image.Image:
    """Return an upright 600 × 900 picture: red above, blue below."""
    image = Image.new("RGB", (600, 900), RED)
    image.paste(BLUE, (0, 450, 600, 900))
    return image


def said(data: bytes) -> str:
    """Return the refusal's words, the same from both functions."""
    verdict = inspect_photo(data, name="001.jpg")
    assert not verdict.ok
    with pytest.raises((Invalid, TooLarge)) as caught:
        normalise_photo(data, name="001.jpg")
    assert caught.value.text == str(verdict.problems[0])
    assert caught.value.text.startswith("001.jpg: ")
    return caught.value.text


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "HEIF"])
def test_each_known_format_becomes_the_sizes_of_the_card(kind: str):
    data = picture(kind=kind, size=(600, 900))
    assert inspect_photo(data, name="a").ok
    photo = normalise_photo(data)
    assert load(photo.card).size == (472, 708)
    assert load(photo.print).size == (236, 354)
    assert load(photo.original).size == (600, 900)


def test_a_good_photo_has_nothing_said_about_it():
    verdict = inspect_photo(picture(), name="001.jpg")
    assert (verdict.format, verdict.width_px, verdict.height_px) == ("JPEG", 472, 708)
    assert verdict.dpi == 599
    assert verdict.problems == verdict.warnings == verdict.repairs == ()


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photo_is_set_upright(turn: int):
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    marked = flagged()
    marked.paste(GREEN, (0, 0, 300, 450))
    stored = marked.transpose(back[turn]) if turn in back else marked
    exif = Image.Exif()
    exif[0x0112] = turn
    data = saved(stored, "JPEG", exif=exif, quality=95)
    verdict = inspect_photo(data, name="a")
    assert (verdict.width_px, verdict.height_px) == (600, 900)
    card = load(normalise_photo(data).card)
    assert close(card.getpixel((100, 100)), GREEN)
    assert close(card.getpixel((400, 100)), RED)
    assert close(card.getpixel((100, 600)), BLUE)


def test_place_and_camera_are_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(exif=exif, comment=b"PhoneMaker")
    assert b"PhoneMaker" in data
    photo = normalise_photo(data)
    for kept in (photo.card, photo.print, photo.original):
        assert b"PhoneMaker" not in kept
        assert b"Exif" not in kept
        assert not load(kept).getexif()


def test_a_see_through_picture_stands_on_white():
    data = picture(mode="RGBA", colour=(255, 0, 0, 0), kind="PNG")
    assert close(load(normalise_photo(data).card).getpixel((9, 9)), (255, 255, 255))


@pytest.mark.parametrize(
    ("mode", "colour", "kind"),
    [
        ("CMYK", (0, 0, 0, 128), "JPEG"),
        ("L", 127, "JPEG"),
        ("I;16", 127 * 257, "PNG"),
        ("LA", (127, 255), "PNG"),
        ("P", 0, "PNG"),
        ("1", 0, "PNG"),
    ],
)
def test_every_colour_mode_becomes_rgb(mode: str, colour: object, kind: str):
    data = picture(mode=mode, colour=colour, kind=kind)
    card = load(normalise_photo(data).card)
    grey = card.getpixel((9, 9))
    assert card.mode == "RGB"
    assert close(grey, (127, 127, 127)) or (mode in "P1" and close(grey, (0, 0, 0)))


def test_the_middle_is_cut_where_nothing_else_is_said():
    image = Image.new("RGB", (1200, 900), RED)
    image.paste(BLUE, (300, 0, 900, 900))
    photo = normalise_photo(saved(image))
    assert close(load(photo.card).getpixel((3, 350)), BLUE)
    assert close(load(photo.card).getpixel((468, 350)), BLUE)
    assert photo.crop == (0.25, 0, 0.5, 1)


def test_a_given_box_is_cut_and_trimmed_to_two_by_three():
    image = Image.new("RGB", (1000, 1000), RED)
    image.paste(BLUE, (0, 0, 500, 500))
    photo = normalise_photo(saved(image), crop=(0, 0, 0.5, 0.5))
    assert close(load(photo.card).getpixel((236, 700)), BLUE)
    left, top, width, height = photo.crop
    assert (top, height) == (0, 0.5)
    assert width / height == pytest.approx(2 / 3)
    assert left == pytest.approx((0.5 - 1 / 3) / 2)


@pytest.mark.parametrize(
    "crop", [(-0.1, 0, 0.5, 0.5), (0.6, 0, 0.5, 0.5), (0, 0, 0, 1), (0, 0, 9, 9)]
)
def test_a_box_outside_the_picture_is_refused(crop):
    with pytest.raises(Invalid, match="Khung cắt nằm ngoài ảnh"):
        normalise_photo(picture(), crop=crop)


def test_a_box_too_small_to_print_is_refused():
    with pytest.raises(Invalid, match="quá nhỏ để in"):
        normalise_photo(picture(size=(600, 900)), crop=(0, 0, 0.2, 0.2))


@pytest.mark.parametrize("size", [(235, 353), (600, 340), (100, 2000)])
def test_a_photo_too_small_to_print_is_refused(size: tuple[int, int]):
    assert "quá nhỏ để in: phần cắt 2:3 chỉ có" in said(picture(size=size))


def test_a_photo_of_exactly_the_least_size_is_taken():
    verdict = inspect_photo(picture(size=(236, 354)), name="a")
    assert verdict.ok
    assert verdict.dpi == 300
    assert load(normalise_photo(picture(size=(236, 354))).card).size == (472, 708)


def test_a_photo_of_another_ratio_wants_a_look():
    verdict = inspect_photo(picture(size=(900, 900)), name="a.jpg")
    assert verdict.ok
    assert "khác xa tỷ lệ 2:3" in str(verdict.warnings[0])
    assert not inspect_photo(picture(size=(900, 1200)), name="a.jpg").warnings


@pytest.mark.parametrize(
    ("colour", "word"), [((5, 5, 5), "rất tối"), ((252, 252, 252), "rất sáng")]
)
def test_a_dark_or_glaring_photo_wants_a_look(colour, word):
    verdict = inspect_photo(picture(colour=colour), name="a.jpg")
    assert word in str(verdict.warnings[0])


def test_a_photo_above_one_megabyte_is_shrunk_and_said():
    noise = Image.frombytes("RGB", (1500, 2000), random.Random(1).randbytes(9_000_000))
    data = saved(noise, "JPEG", quality=90)
    assert len(data) > 2**20
    verdict = inspect_photo(data, name="a.jpg")
    assert verdict.ok
    assert "được thu nhỏ xuống dưới 1 MB" in verdict.repairs[0]
    photo = normalise_photo(data)
    assert max(len(photo.card), len(photo.print), len(photo.original)) <= 2**20


def test_a_large_photo_is_kept_within_two_thousand_pixels():
    photo = normalise_photo(picture(size=(3000, 4500)))
    assert max(load(photo.original).size) <= 2000
    assert photo.dpi == round(3000 * 25.4 / 20)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_a_hundred_megapixels_is_refused_before_it_is_decoded():
    data = bytearray(picture(kind="PNG", size=(8, 8)))
    size = (10_000).to_bytes(4)
    data[16:24] = size + size
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    assert "quá lớn, trên 25 triệu điểm ảnh" in said(bytes(data))


def test_a_picture_of_thirty_megapixels_is_refused():
    data = picture(kind="PNG", mode="1", colour=1, size=(6000, 5000))
    assert "quá lớn, trên 25 triệu điểm ảnh" in said(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "HEIF"])
def test_a_cut_off_picture_is_refused(kind: str):
    data = saved(Image.effect_noise((472, 708), 60).convert("RGB"), kind)
    assert "chưa trọn" in said(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "là tệp rỗng"),
        (b"PK\x03\x04 not a picture", "không phải là ảnh"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "là hình vẽ SVG"),
        (picture(kind="GIF", mode="L", colour=9), "định dạng ảnh mà cổng không nhận"),
        (picture(kind="TIFF"), "định dạng ảnh mà cổng không nhận"),
    ],
    ids=["empty", "zip", "svg", "gif", "tiff"],
)
def test_what_is_no_photo_is_refused(data: bytes, words: str):
    assert words in said(data)


def test_a_picture_under_a_wrong_ending_is_read_by_its_bytes():
    assert inspect_photo(picture(kind="PNG"), name="001.jpg").format == "PNG"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_camera_data_does_not_cost_the_photo():
    data = picture(exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff broken")
    assert inspect_photo(data, name="a").ok
    assert load(normalise_photo(data).card).size == (472, 708)
