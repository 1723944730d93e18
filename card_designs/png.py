"""Write pictures as PNG from bands of rows, each squeezed on its own.

A PNG is one deflate stream; bands that end in a full flush can be strung together in
any mix. So the bands of the fixed art are squeezed once per design, and a card pays
only for the rows that its slots touch.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops

from card_designs.profiles import MM_PER_INCH

if TYPE_CHECKING:
    from isal import isal_zlib
else:
    try:
        from isal import isal_zlib
    except ImportError:  # There is no wheel for every machine.
        isal_zlib = None

_NONE, _UP = 0, 2
_TRUE_COLOUR = 2
_LEVEL = 1
"""Files live for one print run: speed before size."""

_RAW = -15
_ADLER = 65521
_STREAM_HEAD = b"\x78\x01"
_STREAM_END = b"\x03\x00"
"""An empty last block."""


_Content = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Band:
    """Some rows, squeezed: the deflate blocks, and what they add to the checksum."""

    blocks: bytes
    adler: int
    length: int


def encode_png(picture: Image.Image, *, dpi: int) -> bytes:
    """Encode an RGB picture as an opaque 8-bit PNG that states its resolution."""
    return assemble(picture.size, [squeeze(picture, last=True)], dpi=dpi)


def squeeze(rows: Image.Image, *, last: bool) -> Band:
    """Squeeze full-width rows of an RGB picture; ``last``: no row follows them.

    A band begins behind the filter byte of its first row and ends with the filter
    byte of the row after it: just so Pillow lays rows out with one byte between.
    """
    return _squeeze_fast(rows, last) if _isal else _squeeze_plain(rows, last)


def forget_isal() -> None:
    """Do without isal from now on in this process, as where there is no wheel of it."""
    global _isal, _crc32, _adler32
    _isal, _crc32, _adler32 = False, zlib.crc32, zlib.adler32


def assemble(size: tuple[int, int], bands: Iterable[Band], *, dpi: int) -> bytes:
    """String the bands of a picture together, from the top down, as a PNG."""
    parts = [_STREAM_HEAD, _FIRST.blocks]
    adler = _FIRST.adler
    for band in bands:
        parts.append(band.blocks)
        adler = _joined(adler, band)
    parts += (_STREAM_END, struct.pack(">I", adler))
    per_metre = round(dpi / MM_PER_INCH * 1000)
    head = struct.pack(">IIBBBBB", *size, 8, _TRUE_COLOUR, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", head),
            _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"IDAT", b"".join(parts)),
            _chunk(b"IEND", b""),
        )
    )


def _squeeze_fast(rows: Image.Image, last: bool) -> Band:
    """Leave the rows unfiltered: isal is faster than any filter that would help it."""
    content: _Content = memoryview(_laid_out(rows))
    if last:
        content = content[:-1]
    return _band(content, isal_zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW))


def _squeeze_plain(rows: Image.Image, last: bool) -> Band:
    """Store each row as its difference to the one above, which zlib finds easier."""
    width, height = rows.size
    above = Image.new("RGB", rows.size)
    above.paste(rows, (0, 1))
    content = bytearray(_laid_out(ImageChops.subtract_modulo(rows, above)))
    stride = width * 3 + 1
    content[stride - 1 :: stride] = bytes((_UP,)) * height
    # The first row of a band, whatever stands above it, is stored as it is.
    content[-1:] = b"" if last else bytes((_NONE,))
    return _band(content, zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, 9, zlib.Z_RLE))


def _laid_out(rows: Image.Image) -> bytes:
    """Give rows of RGB with a zero byte, the filter "none", behind each."""
    return bytes(rows.tobytes("raw", "RGB", rows.width * 3 + 1))


def _band(content: "bytes | bytearray | memoryview", squeezer: Any) -> Band:
    blocks = squeezer.compress(content) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return Band(blocks, _adler32(content), len(content))


def _joined(adler: int, band: Band) -> int:
    """Give the checksum of what was summed before with a band behind it."""
    low, high = adler & 0xFFFF, adler >> 16
    more_low, more_high = band.adler & 0xFFFF, band.adler >> 16
    high = (high + more_high + (low - 1) * band.length) % _ADLER
    return high << 16 | (low + more_low - 1) % _ADLER


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = _crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


_isal = isal_zlib is not None
_crc32 = isal_zlib.crc32 if isal_zlib else zlib.crc32
_adler32 = isal_zlib.adler32 if isal_zlib else zlib.adler32
_FIRST = _band(bytes((_NONE,)), zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW))
"""The filter byte of the first row."""
