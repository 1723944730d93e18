"""Photos in a PDF: JPEG bytes pass through untouched wherever they can."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from card_designs.photo import FLOOR, print_jpeg

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_LIFT = f"{FLOOR / 255:.4f} 1 " * 3
"""What the channels 0 to 255 of a photo become: nothing in it is black for K."""

_START_OF_SCAN = 0xDA
_EXIF = 0xE1
_FRAMES = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive: what every PDF reader decodes."""


@dataclass(frozen=True, slots=True)
class JpegPhoto:
    """A photo as it goes into a PDF: three channels, upright, at most print size."""

    content: bytes
    width_px: int
    height_px: int

    def entries(self) -> str:
        """Give its image object's entries; readers lift it as ``photo_pixels`` does."""
        return (
            f"/Type/XObject/Subtype/Image/Width {self.width_px}"
            f"/Height {self.height_px}/ColorSpace/DeviceRGB/BitsPerComponent 8"
            f"/Decode[{_LIFT}]/Filter/DCTDecode"
        )


def pdf_photo(photo: bytes, size: tuple[int, int]) -> JpegPhoto:
    """Bring ``photo`` to the shape of a slot of at most ``size`` pixels.

    One that has it already is not even decoded. Raises PhotoBroken for what is no
    whole picture.
    """
    found = jpeg_size(photo)
    if found and found[0] <= size[0] and _same_shape(found, size):
        return JpegPhoto(photo, *found)
    content = print_jpeg(photo, size)
    with Image.open(BytesIO(content)) as header:
        return JpegPhoto(content, *header.size)


def jpeg_size(photo: bytes) -> tuple[int, int] | None:
    """Read width and height of a whole RGB JPEG that needs no turning, else None."""
    if not (photo.startswith(_SOI) and photo.rstrip(b"\0").endswith(_EOI)):
        return None
    size, place = None, 2
    while photo[place : place + 1] == b"\xff" and place + 10 <= len(photo):
        marker = photo[place + 1]
        if marker == _START_OF_SCAN:
            return size
        if marker == _EXIF:
            # It may ask for turning; and who knows where the picture was taken.
            return None
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            depth, channels = photo[place + 4], photo[place + 9]
            if marker not in _FRAMES or (depth, channels) != (8, 3):
                return None
            height = int.from_bytes(photo[place + 5 : place + 7])
            size = int.from_bytes(photo[place + 7 : place + 9]), height
        place += 2 + int.from_bytes(photo[place + 2 : place + 4])
    return None


def _same_shape(found: tuple[int, int], size: tuple[int, int]) -> bool:
    """Say whether cropping would take less than a pixel."""
    return abs(found[0] * size[1] - found[1] * size[0]) <= size[1]
