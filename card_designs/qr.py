"""QR codes fast: the library's own, and sums of them once a run has many.

Version, level and mask fixed, every module of a QR code is a sum modulo 2 of the
text's bits: message bits go in as they are, the error correction is linear, and the
mask is added to all alike. So a code is the code of another text of the same length,
plus what the library answers to each single bit that differs.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

# The search for the best of eight masks takes most of the library's time; any is
# readable.
_MASK = 4

_DIGITS = b"01" + bytes(254)
"""A table: how light and dark modules are spelled as digits of a number."""

_SMALL_RUN = 64
"""So many codes of one length are made one by one before a table pays."""


def qr_bits(text: bytes) -> tuple[int, bytes] | None:
    """Encode ``text``: modules on a side, and the rows a bit a module, dark ones set.

    Each row is filled up to whole bytes. None where no QR code can hold it.
    """
    table = _table(len(text))
    if table.made < _SMALL_RUN:
        table.made += 1
        return _encoded(text)
    if table.base is None:
        found = _encoded(text)
        if found is None:
            return None
        table.base, table.size, table.stride = text, found[0], len(found[1])
        table.code = int.from_bytes(found[1])
    return table.size, table.sum(text).to_bytes(table.stride)


@dataclass(slots=True)
class _Table:
    """What each bit of a text of one length adds to the code of ``base``."""

    made: int = 0
    base: bytes | None = None
    size: int = 0
    stride: int = 0
    code: int = 0
    columns: dict[int, int] = field(default_factory=dict)

    def sum(self, text: bytes) -> int:
        base = int.from_bytes(self.base or b"")
        apart, code = base ^ int.from_bytes(text), self.code
        while apart:
            bit = apart & -apart
            column = self.columns.get(bit)
            if column is None:
                column = self.columns[bit] = self._column(base ^ bit, len(text))
            code ^= column
            apart ^= bit
        return code

    def _column(self, text: int, length: int) -> int:
        found = _encoded(text.to_bytes(length), version=(self.size - 17) // 4)
        if found is None:
            raise AssertionError("a text of the same length fitted before")
        return int.from_bytes(found[1]) ^ self.code


@lru_cache(maxsize=16)
def _table(length: int) -> _Table:
    return _Table()


def _encoded(text: bytes, version: int | None = None) -> tuple[int, bytes] | None:
    """Ask the library; without a ``version`` it takes the smallest that will do."""
    code = QRCode(
        version=version,
        error_correction=ERROR_CORRECT_M,
        border=0,
        mask_pattern=_MASK,
    )
    code.add_data(QRData(text, mode=MODE_8BIT_BYTE, check_data=False))
    try:
        code.make(fit=version is None)
    except (DataOverflowError, ValueError):
        return None
    rows = code.get_matrix()
    stride = -(-len(rows) // 8)
    filled = bytes(stride * 8 - len(rows))
    bits = b"".join(bytes(row) + filled for row in rows).translate(_DIGITS)
    return len(rows), int(bits, 2).to_bytes(stride * len(rows))
