"""Turn a photo's bytes into the pixels of its slot."""

from io import BytesIO

from PIL import Image, ImageOps
from PIL.ExifTags import Base

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 25_000_000
FLOOR = 26
"""Printers send dots of R = G = B up to about 25 to the black resin panel (K)."""

LIFTED = [round(FLOOR + value * (255 - FLOOR) / 255) for value in range(256)] * 3
"""The table that lifts all channels; evenly, so that dark hair keeps its strands."""

_TURNED = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""


class PhotoBroken(Exception):
    """This is not a picture that can be printed; the text says why."""


def photo_pixels(photo: bytes, size: tuple[int, int]) -> Image.Image:
    """Decode ``photo`` as RGB, turned upright and cropped to cover ``size`` pixels.

    Its channels come out as ``FLOOR`` to 255: dark hair is no black for the K panel.
    Raises PhotoBroken for anything that is not a whole JPEG, PNG or WebP picture.
    """
    return _cover(_opaque(_decoded(photo, size)), size).point(LIFTED)


def print_jpeg(photo: bytes, size: tuple[int, int]) -> bytes:
    """Give ``photo`` as an RGB JPEG for a slot of at most ``size`` pixels.

    One that already has the slot's shape and no more than its size passes through
    untouched. Raises PhotoBroken as ``photo_pixels`` does.
    """
    picture = _decoded(photo, size)
    with Image.open(BytesIO(photo), formats=FORMATS) as header:
        if (
            header.format == "JPEG"
            and header.mode == "RGB"
            and header.getexif().get(Base.Orientation, 1) == 1
            and header.width <= size[0]
            and abs(header.width * size[1] - header.height * size[0]) <= size[1]
        ):
            return photo
    file = BytesIO()
    smaller = min(picture.width / size[0], picture.height / size[1], 1.0)
    fitting = max(round(size[0] * smaller), 1), max(round(size[1] * smaller), 1)
    _cover(_opaque(picture), fitting).save(file, "JPEG", quality=92)
    return file.getvalue()


def _decoded(photo: bytes, size: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(BytesIO(photo), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PhotoBroken("Ảnh quá lớn, trên 25 triệu điểm ảnh.")
            lying = picture.getexif().get(Base.Orientation, 1) in _TURNED
            # A JPEG is decoded at the smallest eighth that still covers the slot.
            picture.draft("RGB", size[::-1] if lying else size)
            picture.load()
            ImageOps.exif_transpose(picture, in_place=True)
            return picture
    except PhotoBroken:
        raise
    # Pillow's decoders raise much more than OSError on broken files.
    except Exception as problem:
        raise PhotoBroken(
            "Tệp ảnh hỏng hoặc không phải ảnh JPEG, PNG, WebP."
        ) from problem


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # 16-bit grey would be clipped to white.
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _cover(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Crop the middle to the shape of ``size``, then bring it to that size."""
    if picture.size == size:
        return picture
    width, height = picture.size
    scale = min(width / size[0], height / size[1])
    # Never below nought, where dividing and multiplying again strays.
    cut_x = max((width - size[0] * scale) / 2, 0.0)
    cut_y = max((height - size[1] * scale) / 2, 0.0)
    box = (cut_x, cut_y, width - cut_x, height - cut_y)
    # Shrinking, Hamming is as sharp as bicubic in two thirds of the time.
    how = Image.Resampling.HAMMING if scale >= 1 else Image.Resampling.BICUBIC
    return picture.resize(size, how, box=box, reducing_gap=2.0)
