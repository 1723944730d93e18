"""Bar codes and QR codes as modules on whole device pixels."""

from dataclasses import dataclass
from functools import lru_cache

from barcode.codex import Code128
from barcode.errors import BarcodeError
from PIL import Image

from card_designs.profiles import NATIVE_DPI, Frame, millimetres, pixels
from card_designs.qr import qr_bits
from card_designs.slots import CodeSlot

QUIET_MODULES = {"code128": 10, "qr": 4}
"""Blank modules on each side (ISO/IEC 15417, ISO/IEC 18004)."""

MIN_MODULE_MM = 0.19
"""Below that, phones and worn readers begin to fail: 3 pixels at 300 dpi."""

_PAIR_99 = 99
"""Of a code that begins in set C, always two digits: it is in that set already."""

_TURNS = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"""Pillow turns against the clock."""


@dataclass(frozen=True, slots=True)
class Modules:
    """A code: ``packed`` holds its rows, a bit a module, dark ones set.

    Each row is filled up to whole bytes. A bar code has one row.
    """

    columns: int
    count: int
    packed: bytes
    quiet: int

    @property
    def width(self) -> int:
        """Modules across, quiet zones included."""
        return self.columns + 2 * self.quiet

    @property
    def is_square(self) -> bool:
        return self.count > 1

    @property
    def rows(self) -> tuple[tuple[bool, ...], ...]:
        """The modules one by one, dark ones True."""
        stride = -(-self.columns // 8)
        rows = (
            self.packed[start : start + stride]
            for start in range(0, len(self.packed), stride)
        )
        return tuple(
            tuple(
                bool(row[x // 8] >> (7 - x % 8) & 1)  # first module in the highest bit
                for x in range(self.columns)
            )
            for row in rows
        )

    def turned(self, turn: int) -> "Modules":
        """Give the code after quarter turns clockwise."""
        if not turn:
            return self
        picture = Image.frombytes("1", (self.columns, self.count), self.packed)
        picture = picture.transpose(_TURNS[turn])
        return Modules(*picture.size, picture.tobytes(), self.quiet)


@dataclass(frozen=True, slots=True)
class PlacedCode:
    """A code on the pixel grid, turned as its slot is.

    ``box`` (left, top, right, bottom) is painted white; the dark modules start at
    ``left_px, top_px``. A module is ``module_px`` wide where it matters; as drawn it
    covers ``across_px`` by ``down_px``: the bars of a bar code fill its box.
    """

    modules: Modules
    box: tuple[int, int, int, int]
    left_px: int
    top_px: int
    module_px: int
    across_px: int
    down_px: int

    @property
    def dark_area(self) -> tuple[int, int, int, int]:
        """The box from the first to the last module: left, top, right, bottom."""
        return (
            self.left_px,
            self.top_px,
            self.left_px + self.modules.columns * self.across_px,
            self.top_px + self.modules.count * self.down_px,
        )

    def picture(self) -> Image.Image:
        """Draw the whole box, black (0) on white (255), nothing between, mode L."""
        left, top, right, bottom = self.box
        area = self.dark_area
        modules = self.modules
        size = modules.columns, modules.count
        dark = Image.frombytes("1", size, modules.packed, "raw", "1;I")
        box = Image.new("L", (right - left, bottom - top), 255)
        drawn = dark.convert("L").resize((area[2] - area[0], area[3] - area[1]), 0)
        box.paste(drawn, (area[0] - left, area[1] - top))
        return box

    def dark_boxes(self) -> list[tuple[int, int, int, int]]:
        """Give the dark runs of each row as boxes: left, top, right, bottom."""
        boxes = []
        for index, row in enumerate(self.modules.rows):
            top = self.top_px + index * self.down_px
            start = None
            for column, dark in enumerate((*row, False)):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    left = self.left_px + start * self.across_px
                    right = self.left_px + column * self.across_px
                    boxes.append((left, top, right, top + self.down_px))
                    start = None
        return boxes


def encode(text: str, symbology: str) -> Modules | None:
    """Turn ``text`` into modules; None where the code cannot hold it."""
    return _code128(text) if symbology == "code128" else _qr(text)


def place(modules: Modules, slot: CodeSlot, frame: Frame) -> PlacedCode | None:
    """Put a code into its slot; None where a module would be too small to read.

    The module is sized on the 300 dpi grid, so that 600 dpi and PDF agree with it.
    """
    module = module_px(modules, slot, frame.dpi)
    if module is None:
        return None
    box = frame.box(slot.x_mm, slot.y_mm, slot.width_mm, slot.height_mm)
    width, height = box[2] - box[0], box[3] - box[1]
    across = down = module
    if not modules.is_square:
        across, down = (width, module) if slot.turn % 2 else (module, height)
    turned = modules.turned(slot.turn)
    left = box[0] + (width - turned.columns * across) // 2
    top = box[1] + (height - turned.count * down) // 2
    return PlacedCode(turned, box, left, top, module, across, down)


def module_px(modules: Modules, slot: CodeSlot, dpi: int) -> int | None:
    """Give the width of a module in pixels; None where it would be too small."""
    native = _module_px(modules, slot, NATIVE_DPI)
    if millimetres(native, NATIVE_DPI) < MIN_MODULE_MM:
        return None
    if dpi % NATIVE_DPI == 0:
        return native * dpi // NATIVE_DPI
    return max(_module_px(modules, slot, dpi), 1)


def _module_px(modules: Modules, slot: CodeSlot, dpi: int) -> int:
    room = slot.height_mm if slot.turn % 2 else slot.width_mm
    if modules.is_square:
        room = min(slot.width_mm, slot.height_mm)
    return int(pixels(room, dpi) + 0.5) // modules.width


@lru_cache(maxsize=256)
def _code128(text: str) -> Modules | None:
    """Encode digits in pairs (set C): 12 digits make 101 modules."""
    try:
        bars = _Code128(text).build()[0]
    except BarcodeError:
        return None
    stride = -(-len(bars) // 8)
    packed = int(bars.ljust(stride * 8, "0"), 2).to_bytes(stride)
    return Modules(len(bars), 1, packed, QUIET_MODULES["code128"])


class _Code128(Code128):  # type: ignore[misc]
    """python-barcode's, but it keeps a pair of digits 99 that the code begins with.

    In version 0.16 it takes the pair for a switch to the set it is in, and drops it
    (python-barcode issue 251): 995663741683 would read 5663741683.
    """

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        if encoded[1] == _PAIR_99:
            return encoded
        optimized: list[int] = super()._try_to_optimize(encoded)
        return optimized


@lru_cache(maxsize=256)
def _qr(text: str) -> Modules | None:
    found = qr_bits(text.encode("utf-8"))
    if found is None:
        return None
    size, packed = found
    return Modules(size, size, packed, QUIET_MODULES["qr"])
