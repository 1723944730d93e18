"""A test page on A4: both sides at true size, a ruler, colours, and the codes read."""

from dataclasses import dataclass, field
from io import BytesIO

import cairocffi
from PIL import Image

from card_designs.card_data import CardData
from card_designs.design import Design
from card_designs.fields import CARD_FIELDS
from card_designs.fonts import FAMILY
from card_designs.geometry import SIDE_LABELS
from card_designs.lettering import text_context
from card_designs.profiles import (
    MM_PER_INCH,
    NATIVE_DPI,
    POINTS_PER_INCH,
    PROFILES,
    Frame,
    millimetres,
)
from card_designs.read_back import read_codes
from card_designs.render import draw_pixels

PAGE_MM = (210.0, 297.0)
_LEFT_MM = 20.0
_SIDE_TOPS_MM = {"front": 72.0, "back": 142.0}
_RULER_MM = 100
_MARK_MM, _CLEAR_MM = 4.0, 1.5
_BLACK, _GREY = (0.0, 0.0, 0.0), (0.45, 0.45, 0.45)
_PATCHES = {
    "Lục lam": (0.0, 1.0, 1.0),
    "Đỏ tía": (1.0, 0.0, 1.0),
    "Vàng": (1.0, 1.0, 0.0),
    "Đen": (0.0, 0.0, 0.0),
    "Đỏ": (1.0, 0.0, 0.0),
    "Lục": (0.0, 0.6, 0.0),
    "Lam": (0.0, 0.0, 1.0),
    "75 %": (0.25, 0.25, 0.25),
    "50 %": (0.5, 0.5, 0.5),
    "25 %": (0.75, 0.75, 0.75),
}


def draw_test_page(design: Design, card: CardData, *, overprint: bool = False) -> bytes:
    """Draw the page as PDF. Raises CardRefused where the gate refuses the card.

    The pictures are those that the printer gets, pixel by pixel at 300 dpi; codes are
    read from them, and what they say stands beside.
    """
    file = BytesIO()
    size = [_points(length) for length in PAGE_MM]
    surface = cairocffi.PDFSurface(file, *size)
    page = _Page(text_context(surface))
    page.context.scale(_points(1), _points(1))
    page.head(design)
    page.ruler(_LEFT_MM, 45.0)
    for side in design.sides:
        page.side(design, side, card, overprint=overprint)
    page.patches(_LEFT_MM, 212.0)
    page.codes(design, card)
    surface.finish()
    return file.getvalue()


def _points(length_mm: float) -> float:
    return length_mm / MM_PER_INCH * POINTS_PER_INCH


@dataclass(slots=True)
class _Page:
    """A page that counts in millimetres from its top left corner."""

    context: cairocffi.Context
    pictures: dict[str, Image.Image] = field(default_factory=dict)

    def head(self, design: Design) -> None:
        self._words(_LEFT_MM, 22, f"Trang thử in: {design.title}", size=6, bold=True)
        self._words(
            _LEFT_MM,
            30,
            "In đúng tỉ lệ 100 %, không co cho vừa trang. Đo thước: từ 0 đến 100 phải"
            " đúng 100 mm.",
        )
        self._words(
            _LEFT_MM,
            35,
            "Đặt thẻ thật lên hình: bốn góc phải trùng bốn dấu cắt.",
        )

    def ruler(self, x: float, y: float) -> None:
        """Draw the ruler along, and half of it down the left edge of the page."""
        for at in range(_RULER_MM + 1):
            long = 5.0 if at % 10 == 0 else 3.5 if at % 5 == 0 else 2.0
            self._line(x + at, y, x + at, y + long, width=0.1)
            if at % 10 == 0:
                self._words(x + at, y + 8.5, str(at), size=2.6, share=0.5)
            if at <= _RULER_MM // 2:
                self._line(8, 72 + at, 8 + long, 72 + at, width=0.1)
        self._line(x, y, x + _RULER_MM, y, width=0.1)
        self._words(x + _RULER_MM + 4, y + 8.5, "mm", size=2.6)
        self._line(8, 72, 8, 72 + _RULER_MM // 2, width=0.1)

    def side(
        self, design: Design, side: str, card: CardData, *, overprint: bool
    ) -> None:
        """Put one side on the page, with a mark beyond each corner."""
        frame = Frame(PROFILES["cr80"], NATIVE_DPI)
        picture = draw_pixels(design, side, card, frame=frame, overprint=overprint)
        self.pictures[side] = picture
        x, y = _LEFT_MM, _SIDE_TOPS_MM[side]
        width = millimetres(picture.width, NATIVE_DPI)
        height = millimetres(picture.height, NATIVE_DPI)
        self._picture(picture, x, y)
        for corner_x, out_x in ((x, -1), (x + width, 1)):
            for corner_y, out_y in ((y, -1), (y + height, 1)):
                near, far = _CLEAR_MM, _CLEAR_MM + _MARK_MM
                self._line(
                    corner_x + out_x * near, corner_y, corner_x + out_x * far, corner_y
                )
                self._line(
                    corner_x, corner_y + out_y * near, corner_x, corner_y + out_y * far
                )
        self._words(x, y - 6.5, SIDE_LABELS[side].capitalize(), size=3, colour=_GREY)

    def patches(self, x: float, y: float) -> None:
        """Draw squares of pure colours, to see what the printer makes of them."""
        for index, (name, colour) in enumerate(_PATCHES.items()):
            left = x + index * 16
            self.context.set_source_rgb(*colour)
            self.context.rectangle(left, y, 12, 12)
            self.context.fill()
            self._words(left + 6, y + 16, name, size=2.4, share=0.5)

    def codes(self, design: Design, card: CardData) -> None:
        """Say what a reader makes of each code on the pictures above."""
        x, y = _LEFT_MM, 240.0
        self._words(x, y, "Mã đọc lại từ hình ở trên", size=3.6, bold=True)
        frame = Frame(PROFILES["cr80"], NATIVE_DPI)
        lines = []
        for side, picture in self.pictures.items():
            for slot, text in read_codes(design, side, card, picture, frame):
                label = f"{CARD_FIELDS[slot.field].label}, {SIDE_LABELS[side]}"
                wanted = CARD_FIELDS[slot.field].read(card)
                verdict = "đọc đúng" if text == wanted else "ĐỌC SAI"
                lines.append(f"{label}: {verdict if text else 'KHÔNG ĐỌC ĐƯỢC'}")
                lines.append(text or wanted)
        for index, line in enumerate(lines or ["Mẫu thẻ không có mã nào."]):
            self._words(x + 4 * (index % 2), y + 6 + 5 * index, line)

    def _picture(self, picture: Image.Image, x: float, y: float) -> None:
        surface = cairocffi.ImageSurface.create_for_data(
            bytearray(picture.tobytes("raw", "BGRX")),
            cairocffi.FORMAT_RGB24,
            picture.width,
            picture.height,
            picture.width * 4,
        )
        self.context.save()
        self.context.translate(x, y)
        scale = millimetres(1, NATIVE_DPI)
        self.context.scale(scale, scale)
        self.context.set_source_surface(surface)
        # Whole pixels stay whole: bars with soft edges would tell nothing.
        self.context.get_source().set_filter(cairocffi.FILTER_NEAREST)
        self.context.paint()
        self.context.restore()

    def _line(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.15
    ) -> None:
        self.context.set_source_rgb(*_BLACK)
        self.context.set_line_width(width)
        self.context.move_to(x1, y1)
        self.context.line_to(x2, y2)
        self.context.stroke()

    def _words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 3.2,
        bold: bool = False,
        share: float = 0.0,
        colour: tuple[float, float, float] = _BLACK,
    ) -> None:
        """Write a line whose start, or ``share`` of its width, stands at ``x``."""
        weight = cairocffi.FONT_WEIGHT_BOLD if bold else cairocffi.FONT_WEIGHT_NORMAL
        self.context.select_font_face(FAMILY, cairocffi.FONT_SLANT_NORMAL, weight)
        self.context.set_font_size(size)
        self.context.set_source_rgb(*colour)
        width = self.context.text_extents(text)[4] if share else 0.0
        self.context.move_to(x - share * width, y)
        self.context.show_text(text)
