"""Letters through cairo: the bundled font, standing as it says, at any resolution."""

from functools import lru_cache
from threading import Lock

import cairocffi
from PIL import Image

from card_designs.fit import Fitted, placed_lines, width_mm
from card_designs.fonts import FAMILY, metrics, only_bundled_fonts
from card_designs.profiles import Frame
from card_designs.slots import TextSlot

_WAKING = Lock()
_SAMPLE = "Đoàn viên ễặựẵ 0123456789"
_QUARTER = 1.5707963267948966

_ABOVE, _BELOW, _ASIDE = 1.3, 0.6, 0.4
"""No letter reaches further from its baseline or its line's ends, in sizes."""


def letter_mask(
    slot: TextSlot, fitted: Fitted, frame: Frame
) -> tuple[tuple[int, int], Image.Image] | None:
    """Draw a slot's lines as coverage on the pixel grid: place and L picture.

    The picture is trimmed to its ink; None where there is none, as with a lone blank.
    """
    left, top, right, bottom = _room(slot, fitted, frame)
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_A8, right - left, bottom - top)
    context = text_context(surface)
    context.translate(-left, -top)
    context.scale(frame.scale, frame.scale)
    context.translate(frame.left_mm, frame.top_mm)
    draw_lines(context, slot, fitted)
    surface.flush()
    size = right - left, bottom - top
    mask = Image.frombuffer(
        "L", size, bytes(surface.get_data()), "raw", "L", surface.get_stride(), 1
    )
    ink = mask.getbbox()
    return ((left + ink[0], top + ink[1]), mask.crop(ink)) if ink else None


def draw_lines(context: cairocffi.Context, slot: TextSlot, fitted: Fitted) -> None:
    """Draw a slot's lines on a context that counts in millimetres of the face."""
    _select_font(context, bold=slot.bold)
    context.set_font_size(fitted.size_mm)
    context.set_source_rgb(*slot.colour)
    context.translate(slot.x_mm, slot.y_mm)
    context.rotate(slot.turn * _QUARTER)
    spacing = slot.letter_spacing_mm * fitted.size_mm / slot.size_mm
    known = _advances(slot.bold, fitted.size_mm, tuple(context.get_matrix())[:4])
    for line, x_mm, y_mm in placed_lines(slot, fitted):
        _draw_line(context, line, x_mm - slot.x_mm, y_mm - slot.y_mm, spacing, known)


def _draw_line(
    context: cairocffi.Context,
    line: str,
    right_mm: float,
    down_mm: float,
    spacing_mm: float,
    advances: dict[str, float],
) -> None:
    """Draw letter by letter, just as CairoSVG does: cairo rounds each one's place."""
    # Past cairocffi's methods, which take twice as long as cairo itself.
    pointer, cairo = context._pointer, cairocffi.cairo
    move_to, show_text = cairo.cairo_move_to, cairo.cairo_show_text
    for letter in line:
        if letter != " ":
            move_to(pointer, right_mm, down_mm)
            show_text(pointer, letter.encode())
        advance = advances.get(letter)
        if advance is None:
            advance = advances[letter] = context.text_extents(letter)[4]
        right_mm += advance + spacing_mm
    context.new_path()  # Raises what went wrong with any of the letters.


@lru_cache(maxsize=64)
def _advances(bold: bool, size_mm: float, scale: tuple[float, ...]) -> dict[str, float]:
    """Keep what cairo says of letters at one size; asking takes as long as drawing."""
    return {}


def _room(slot: TextSlot, fitted: Fitted, frame: Frame) -> tuple[int, int, int, int]:
    """Give a box that holds all ink: left, top, right, bottom in whole pixels."""
    size = fitted.size_mm
    lines = placed_lines(slot, fitted)
    left = min(x_mm for _, x_mm, _ in lines) - slot.x_mm - _ASIDE * size
    right = max(x_mm + width_mm(line, slot, size) for line, x_mm, _ in lines)
    right += _ASIDE * size - slot.x_mm
    top = lines[0][2] - slot.y_mm - _ABOVE * size
    bottom = lines[-1][2] - slot.y_mm + _BELOW * size
    corners = [slot.place(left, top), slot.place(right, bottom)]
    xs, ys = zip(*corners, strict=True)
    return (
        int(frame.x(min(xs)) // 1),
        int(frame.y(min(ys)) // 1),
        int(frame.x(max(xs)) // 1) + 1,
        int(frame.y(max(ys)) // 1) + 1,
    )


def text_context(surface: cairocffi.Surface) -> cairocffi.Context:
    """Give a context whose letters stand as the font says, at any resolution."""
    wake_fonts()
    context = cairocffi.Context(surface)
    context.set_font_options(_steady())
    return context


def steady_letters(context: cairocffi.Context) -> None:
    """Turn off all rounding of letters: cairo moves them by up to half a pixel each."""
    context.set_font_options(_steady())


def _select_font(context: cairocffi.Context, *, bold: bool) -> None:
    weight = cairocffi.FONT_WEIGHT_BOLD if bold else cairocffi.FONT_WEIGHT_NORMAL
    context.select_font_face(FAMILY, cairocffi.FONT_SLANT_NORMAL, weight)


@lru_cache
def _steady() -> cairocffi.FontOptions:
    return cairocffi.FontOptions(
        hint_metrics=cairocffi.HINT_METRICS_OFF,
        hint_style=cairocffi.HINT_STYLE_NONE,
        antialias=cairocffi.ANTIALIAS_GRAY,
    )


def wake_fonts() -> None:
    """Make sure that this process draws with the bundled font, whatever it ran before.

    Must come before cairo draws its first letter; once is enough.
    """
    with _WAKING:
        _wake_fonts()


@lru_cache
def _wake_fonts() -> None:
    with only_bundled_fonts():
        context = cairocffi.Context(cairocffi.ImageSurface(cairocffi.FORMAT_A8, 1, 1))
        steady_letters(context)
        context.set_font_size(100)
        for bold in (False, True):
            weight = (
                cairocffi.FONT_WEIGHT_BOLD if bold else cairocffi.FONT_WEIGHT_NORMAL
            )
            context.select_font_face(FAMILY, cairocffi.FONT_SLANT_NORMAL, weight)
            drawn = context.text_extents(_SAMPLE)[4]
            meant = metrics(bold=bold).width(_SAMPLE) * 100
            if abs(drawn - meant) > meant / 500:
                # Something in this process woke fontconfig before us.
                raise RuntimeError(
                    f"Không nạp được phông {FAMILY} kèm theo; chữ trên thẻ sẽ sai."
                    " Hãy chạy lại trong một tiến trình mới."
                )
