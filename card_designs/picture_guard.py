"""Pictures inside designs: PNG and JPEG only, measured before anybody decodes them."""

import base64
import binascii
import re
import struct

MOST_PICTURE_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 16_000_000
"""In all pictures of one file: five times a side with bleed at 600 dpi."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_DATA = re.compile(r"data:image/(png|jpe?g);base64,")
_SIZES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)))
_SIZES |= frozenset(range(0xCD, 0xD0))
_MOST_MARKS = 10_000
_BARE = frozenset((0x01, *range(0xD0, 0xD9)))


def picture_problem(content: bytes, others: int = 0) -> tuple[int, str | None]:
    """Measure a picture file: its pixels, and why it cannot be part of a design.

    ``others`` is the number of pixels of the pictures before it.
    """
    if len(content) > MOST_PICTURE_BYTES:
        return 0, "Hình nặng hơn 4 MB; hãy thu nhỏ hình."
    size = picture_size(content)
    if size is None:
        return 0, "Hình không phải PNG hay JPEG đọc được; hãy lưu lại hình."
    pixels = size[0] * size[1]
    return pixels, _pixels_problem(pixels, others)


def data_picture_problem(href: str, others: int) -> tuple[int, int, str | None]:
    """Measure a ``data:`` picture: bytes, pixels, and why it cannot be taken."""
    head = _DATA.match(href)
    if head is None:
        return 0, 0, "Hình nhúng phải là PNG hoặc JPEG mã base64."
    try:
        coded = re.sub(r"\s+", "", href[head.end() :])
        content = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return 0, 0, "Hình nhúng viết sai mã base64; hãy nhúng lại hình."
    return len(content), *picture_problem(content, others)


def _pixels_problem(pixels: int, others: int) -> str | None:
    if pixels + others <= MOST_PIXELS:
        return None
    millions = f"{(pixels + others) / 1e6:.1f}".replace(".", ",")
    return f"Hình có {millions} triệu điểm ảnh, giới hạn là 16 triệu; hãy thu nhỏ hình."


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Read width and height from the head of a PNG or JPEG; None for all else."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) > 24:
        width, height = struct.unpack(">II", content[16:24])
        return (width, height) if width and height else None
    return _jpeg_size(content) if content.startswith(_JPEG) else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    place = 2
    for _ in range(_MOST_MARKS):
        if place + 9 >= len(content) or content[place] != 0xFF:
            return None
        mark = content[place + 1]
        if mark == 0xFF or mark in _BARE:
            place += 1 if mark == 0xFF else 2
            continue
        if mark in _SIZES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return (width, height) if width and height else None
        place += 2 + max(int.from_bytes(content[place + 2 : place + 4]), 2)
    return None
