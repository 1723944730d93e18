"""The naive way, for comparison: fill the SVG as text and let CairoSVG do all of it.

What a program does that knows no better: values put into the XML, the photo as base64,
the codes as the SVG that python-barcode and qrcode give, ``svg2png`` for every side.
"""

import re
from base64 import b64encode
from html import escape
from io import BytesIO
from pathlib import Path

from barcode.codex import Code128
from barcode.writer import SVGWriter
from cairosvg import svg2pdf, svg2png
from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode

from card_designs.card_data import CardData
from card_designs.fields import CARD_FIELDS
from card_designs.profiles import Frame

_BOUND = re.compile(r"<(text|image|rect)\b([^>]*\bdata-field=[^>]*?)(/>|>[^<]*</text>)")
_OWN = re.compile(r'([\w-]+)="([^"]*)"')
_LETTERS_PER_MM = 0.55
"""A letter's mean width, in sizes; the naive way does not measure."""


def naive_png(svg: str, card: CardData, frame: Frame) -> bytes:
    """Draw one side with ``svg2png``."""
    filled = naive_svg(svg, card)
    return bytes(
        svg2png(
            bytestring=filled.encode(),
            output_width=frame.width_px,
            output_height=frame.height_px,
        )
    )


def naive_pdf(svg: str, card: CardData) -> bytes:
    """Draw one side as a PDF of one page with ``svg2pdf``."""
    return bytes(svg2pdf(bytestring=naive_svg(svg, card).encode()))


def naive_sides(folder: Path) -> dict[str, str]:
    """Read the SVG files of a design folder as text."""
    return {
        side: (folder / f"{side}.svg").read_text(encoding="utf-8")
        for side in ("front", "back")
    }


def naive_svg(svg: str, card: CardData) -> str:
    """Fill the SVG as text."""
    return _BOUND.sub(lambda match: _element(match, card), svg)


def _element(match: re.Match[str], card: CardData) -> str:
    tag, own = match[1], dict(_OWN.findall(match[2]))
    field = own["data-field"]
    if field == "photo":
        coded = b64encode(card.photo or b"").decode("ascii")
        return (
            f'<image {_box(own)} preserveAspectRatio="xMidYMid slice"'
            f' href="data:image/jpeg;base64,{coded}"/>'
        )
    value = CARD_FIELDS[field].read(card)
    if not value:
        return ""
    if tag == "rect":
        inner = _code128(value) if own["data-symbology"] == "code128" else _qr(value)
        return inner.replace("<svg ", f"<svg {_box(own)} ", 1)
    return _lines(own, _formatted(own, value))


def _lines(own: dict[str, str], text: str) -> str:
    kept = " ".join(
        f'{key}="{value}"'
        for key, value in own.items()
        if not key.startswith("data-") and key not in ("x", "y")
    )
    size = float(own["font-size"])
    room = max(int(float(own["data-max-width"]) / size / _LETTERS_PER_MM), 1)
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    y = float(own["y"])
    return "".join(
        f'<text x="{own["x"]}" y="{y + index * size * 1.2}" {kept}>'
        f"{escape(each)}</text>"
        for index, each in enumerate([*lines, line])
    )


def _formatted(own: dict[str, str], value: str) -> str:
    groups = " ".join(value[i : i + 4] for i in range(0, len(value), 4))
    text = own.get("data-format", "{}")
    return text.replace("{groups}", groups).replace("{}", value)


def _box(own: dict[str, str]) -> str:
    return " ".join(f'{key}="{own[key]}"' for key in ("x", "y", "width", "height"))


def _code128(value: str) -> str:
    file = BytesIO()
    Code128(value, writer=SVGWriter()).write(
        file, options={"write_text": False, "quiet_zone": 2.54}
    )
    return _as_part(file.getvalue().decode())


def _qr(value: str) -> str:
    code = QRCode()
    code.add_data(value)
    file = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(file)
    return _as_part(file.getvalue().decode())


def _as_part(svg: str) -> str:
    """Strip what only a file of its own has, and let it fill its box."""
    svg = svg[svg.index("<svg") :]
    head, rest = svg.split(">", 1)
    own = dict(_OWN.findall(head))
    in_units = {key: float(own[key].removesuffix("mm")) for key in ("width", "height")}
    box = own.get("viewBox") or f"0 0 {in_units['width']} {in_units['height']}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"'
        f' preserveAspectRatio="none">{rest}'
    )
