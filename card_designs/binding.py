"""Read one bound element of an SVG as a slot, or say why that cannot be."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from card_designs.affine import UPRIGHT, Affine, read_transform
from card_designs.card_data import clean_text
from card_designs.fields import CARD_FIELDS, FieldKind
from card_designs.fonts import BOLD, FAMILY
from card_designs.slots import CodeSlot, Condition, PhotoSlot, Slot, TextSlot

SVG = "{http://www.w3.org/2000/svg}"
_INHERITED = (
    "font-family",
    "font-size",
    "font-weight",
    "fill",
    "text-anchor",
    "letter-spacing",
    "visibility",
    "font-style",
    "fill-opacity",
    "stroke",
    "dominant-baseline",
)
_GROUPWISE = ("opacity", "clip-path", "mask", "filter", "clip")
"""Work on the element as a whole, with all that is in it."""

_LETTERWISE = ("dx", "dy", "rotate", "textLength")

_HARMLESS = {
    "opacity": ("1",),
    "fill-opacity": ("1",),
    "stroke": ("none",),
    "font-style": ("normal",),
    "clip-path": ("none",),
    "mask": ("none",),
    "filter": ("none",),
    "clip": ("auto",),
}
_CONDITION = re.compile(r"([a-z_]+)(?:(!?=)([\w-]*))?")


_Shared = dict[str, Any]
"""What every slot has: field, line, condition, panel."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What an element inherits: style, and the way from its units to millimetres.

    ``beyond`` names the properties that only CairoSVG itself can draw.
    """

    style: dict[str, str]
    matrix: Affine = UPRIGHT
    beyond: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        """Millimetres per unit of the element."""
        return self.matrix.scale


class BindingBroken(Exception):
    """This binding cannot be kept; the text says why."""


def bound_slot(element: etree._Element, placed: Placed) -> Slot:
    """Read an element that carries ``data-field``; raises BindingBroken."""
    field = element.get("data-field", "")
    if field not in CARD_FIELDS:
        raise BindingBroken(f"Không có trường “{field}” trong danh mục trường của thẻ.")
    if not placed.matrix.is_even:
        raise BindingBroken(
            "Ô dữ liệu chỉ xoay và phóng to, thu nhỏ đều hai chiều, không lật."
        )
    shared: _Shared = {
        "field": field,
        "line": element.sourceline or 0,
        "condition": _condition(element),
        "panel": element.get("data-panel", ""),
        "turn": placed.matrix.turn or 0,
    }
    if CARD_FIELDS[field].kind is FieldKind.IMAGE:
        return _photo_slot(element, placed, shared)
    if element.get("data-symbology") is not None:
        return _code_slot(element, placed, shared)
    if element.tag != f"{SVG}text":
        raise BindingBroken(f"Trường “{field}” phải nằm trong phần tử text.")
    return _text_slot(element, placed, shared)


def _text_slot(element: etree._Element, placed: Placed, shared: _Shared) -> TextSlot:
    style, scale = placed.style, placed.scale
    if not is_bundled(style.get("font-family", "")):
        raise BindingBroken(font_message(style))
    size = _positive(style.get("font-size"), "font-size")
    wraps = element.get("data-fit") == "wrap"
    lines = int(_positive(element.get("data-lines", "2"), "data-lines")) if wraps else 1
    line_height = _positive(element.get("data-line-height", "1.2"), "data-line-height")
    height = element.get("data-max-height", str(lines * line_height * size))
    least = element.get("data-min-size", str(size))
    spacing = style.get("letter-spacing", "0")
    x_mm, y_mm = _place(element, placed)
    return TextSlot(
        **shared,
        x_mm=x_mm,
        y_mm=y_mm,
        size_mm=size * scale,
        min_size_mm=_positive(least, "data-min-size") * scale,
        max_width_mm=_positive(element.get("data-max-width"), "data-max-width") * scale,
        max_height_mm=_positive(height, "data-max-height") * scale,
        lines=lines,
        line_height=line_height,
        grow=_choice(element.get("data-grow", "down"), ("down", "middle", "up")),
        bold=is_bold(style.get("font-weight", "")),
        colour=_ink(style.get("fill", "#000000"), panel=shared["panel"]),
        anchor=_choice(style.get("text-anchor", "start"), ("start", "middle", "end")),
        letter_spacing_mm=_length(spacing, "letter-spacing") * scale,
        upper=element.get("data-transform") == "upper",
        format=clean_text(element.get("data-format", "")),
    )


def _photo_slot(element: etree._Element, placed: Placed, shared: _Shared) -> PhotoSlot:
    x_mm, y_mm, width, height = _box(element, placed)
    wide, high = (height, width) if shared["turn"] % 2 else (width, height)
    if abs(wide / high - 2 / 3) > 0.01:
        raise BindingBroken(
            f"Ô ảnh {wide:g} × {high:g} mm không đúng tỉ lệ 2:3 (ví dụ 20 × 30 mm)."
        )
    return PhotoSlot(
        **shared,
        x_mm=x_mm,
        y_mm=y_mm,
        width_mm=width,
        height_mm=height,
    )


def _code_slot(element: etree._Element, placed: Placed, shared: _Shared) -> CodeSlot:
    symbology = element.get("data-symbology", "")
    if symbology not in ("code128", "qr"):
        raise BindingBroken(
            f"Không vẽ được loại mã “{symbology}”; dùng code128 hoặc qr."
        )
    if placed.matrix.turn is None:
        raise BindingBroken("Ô mã chỉ xoay theo góc 90°, để máy quét đọc được.")
    x_mm, y_mm, width, height = _box(element, placed)
    return CodeSlot(
        **shared,
        x_mm=x_mm,
        y_mm=y_mm,
        width_mm=width,
        height_mm=height,
        symbology=symbology,
    )


def _condition(element: etree._Element) -> Condition | None:
    text = element.get("data-show-if")
    if text is None:
        return None
    match = _CONDITION.fullmatch(text.strip())
    if match is None or match[1] not in CARD_FIELDS:
        raise BindingBroken(f"Không hiểu điều kiện data-show-if “{text}”.")
    return Condition(match[1], match[2] or "", match[3] or "")


def placed_at(element: etree._Element, above: Placed, style: dict[str, str]) -> Placed:
    """Add the element's own transform and effects to what it inherits."""
    transform = element.get("transform", "")
    try:
        matrix = above.matrix.after(read_transform(transform))
    except ValueError:
        raise BindingBroken(
            f"Phép biến đổi “{transform}” chưa dùng được cho ô dữ liệu;"
            " chỉ dùng translate, scale, rotate và matrix."
        ) from None
    own = declared(element)
    beyond = [name for name in _GROUPWISE if _matters(name, own.get(name))]
    return Placed(style, matrix, (*above.beyond, *beyond))


def what_is_beyond(element: etree._Element, placed: Placed) -> tuple[str, ...]:
    """Name what about a slot the fast way of drawing cannot do; mostly nothing."""
    found = list(placed.beyond)
    if placed.matrix.turn is None:
        found.append("rotate")
    if element.tag == f"{SVG}text":
        found += [name for name in _LETTERWISE if element.get(name) is not None]
        found += [
            name
            for name in ("font-style", "fill-opacity", "stroke", "dominant-baseline")
            if _matters(name, placed.style.get(name))
        ]
        if placed.style.get("fill", "").startswith("url("):
            found.append("fill")
    return tuple(dict.fromkeys(found))


def is_hidden(element: etree._Element, style: dict[str, str]) -> bool:
    """Say whether the element is not drawn at all."""
    if declared(element).get("display") == "none":
        return True
    return style.get("visibility") == "hidden" and not len(element)


def _matters(name: str, value: str | None) -> bool:
    return value is not None and value not in _HARMLESS.get(name, ())


def declared(element: etree._Element) -> dict[str, str]:
    """Read an element's own properties, as attributes or inside ``style``."""
    own = {str(key): str(value) for key, value in element.attrib.items()}
    for part in element.get("style", "").split(";"):
        key, _, value = part.partition(":")
        if key.strip():
            own[key.strip()] = value.strip()
    return own


def own_style(element: etree._Element) -> dict[str, str]:
    """Read the inherited properties, as attributes or inside ``style``."""
    own = declared(element)
    return {key: own[key] for key in _INHERITED if key in own}


def _place(element: etree._Element, placed: Placed) -> tuple[float, float]:
    return placed.matrix.at(*own_place(element))


def own_place(element: etree._Element) -> tuple[float, float]:
    """Read an element's x and y in its own units."""
    return _length(element.get("x", "0"), "x"), _length(element.get("y", "0"), "y")


def _box(element: etree._Element, placed: Placed) -> tuple[float, float, float, float]:
    """Give the upright box in millimetres: left, top, width, height.

    One at an odd angle is given as if it stood upright about its own middle.
    """
    x, y = own_place(element)
    wide = _positive(element.get("width"), "width")
    high = _positive(element.get("height"), "height")
    width, height = wide * placed.scale, high * placed.scale
    if not placed.matrix.turn and placed.matrix.turn is not None:
        return *placed.matrix.at(x, y), width, height
    if (placed.matrix.turn or 0) % 2:
        width, height = height, width
    middle_x, middle_y = placed.matrix.at(x + wide / 2, y + high / 2)
    # Halves of sums stray in the last digit, which may tip a pixel over.
    left, top = round(middle_x - width / 2, 9), round(middle_y - height / 2, 9)
    return left, top, width, height


def _length(text: str | None, name: str) -> float:
    """Read a length in the design's unit, the millimetre; Inkscape adds px to it."""
    try:
        return float((text or "").removesuffix("px"))
    except ValueError:
        raise BindingBroken(f"Thiếu hoặc sai giá trị {name} (tính bằng mm).") from None


def _positive(text: str | None, name: str) -> float:
    length = _length(text, name)
    if length <= 0:
        raise BindingBroken(f"Giá trị {name} phải lớn hơn 0.")
    return length


def _choice(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise BindingBroken(
            f"Giá trị “{text}” phải là một trong: {', '.join(allowed)}."
        )
    return text


def _ink(text: str, *, panel: str) -> tuple[float, float, float]:
    # A gradient is drawn by CairoSVG itself; what its letters bear here is not used.
    colour = (0.5, 0.5, 0.5) if text.startswith("url(") else _colour(text)
    # Card printers send exact black to the K panel and dye for all else (DOMAIN 4).
    if panel == "k" and any(colour):
        raise BindingBroken(
            f"Chữ in bằng mực đen K phải là #000000, không phải {text}."
        )
    return colour


def _colour(text: str) -> tuple[float, float, float]:
    if text == "black":
        return 0.0, 0.0, 0.0
    if text == "white":
        return 1.0, 1.0, 1.0
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        text = "#" + "".join(letter * 2 for letter in text[1:])
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise BindingBroken(f"Màu chữ “{text}” phải viết dạng #rrggbb.")
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def is_bundled(family: str) -> bool:
    return family.split(",")[0].strip(" '\"") == FAMILY


def is_bold(weight: str) -> bool:
    """Say whether letters of this weight are drawn in the bold font."""
    # CairoSVG draws 550 and above as bold.
    return weight == "bold" or (weight.isdigit() and int(weight) >= BOLD - 150)


def font_message(style: dict[str, str]) -> str:
    family = style.get("font-family", "")
    found = f"Phông “{family}” không có sẵn" if family else "Chữ chưa chọn phông"
    return f"{found}; hãy dùng {FAMILY}."
