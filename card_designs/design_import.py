"""Open the SVG of a drawing program as a side of ours: millimetres, bindings, font."""

from dataclasses import dataclass

from lxml import etree

from card_designs.affine import UPRIGHT, Affine
from card_designs.binding import SVG
from card_designs.design_svg import svg_findings
from card_designs.findings import Finding, error
from card_designs.fonts import FAMILY
from card_designs.import_bindings import bind
from card_designs.import_styles import inline_classes, plain_lengths, use_bundled_font
from card_designs.outlines import length
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM
from card_designs.svg_allowed import PROPERTIES, SPACED_ATTRIBUTES
from card_designs.svg_guard import clean_svg, guard_svg, is_refused

_NEAR_MM = 1.5
_MOST_BLEED_MM = 8.0
_NEAR_SHAPE = 0.03
_PX_PER_MM = 96 / 25.4
_IN_PLACE = frozenset(
    f"{SVG}{tag}"
    for tag in (
        *("clipPath", "defs", "desc", "filter", "linearGradient", "marker", "mask"),
        *("pattern", "radialGradient", "symbol", "title"),
    )
)
_INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
_KEPT = frozenset((f"{{{_INKSCAPE}}}label", f"{{{_INKSCAPE}}}groupmode"))


@dataclass(frozen=True, slots=True)
class Imported:
    """A side made from a foreign SVG, empty where a finding is an error of the file.

    Findings count lines of the file as it came: warnings tell what was changed or will
    be printed otherwise, errors why nothing came of it.
    """

    svg: bytes
    findings: list[Finding]


class ImportBroken(Exception):
    """The file's page cannot become a card; a whole Vietnamese sentence."""


def import_svg(content: bytes, *, file: str) -> Imported:
    """Turn an SVG of Inkscape, Illustrator or the like into a side of a design.

    Its page is fitted to the card: any unit and view box of the card's shape, with or
    without bleed. CSS classes become attributes, other fonts ours, ``{{ field }}`` in
    texts and ``inkscape:label="field:…"`` bindings. Raises nothing.
    """
    _, found = clean_svg(content, file=file)
    if is_refused(found):
        return Imported(b"", found)
    root = etree.fromstring(content, _PARSER)
    try:
        matrix, view = face_matrix(root)
    except ImportBroken as problem:
        return Imported(
            b"", [*found, error("import-size", f"{file}, dòng 1", str(problem))]
        )
    _drop_notes(root)
    inline_classes(root)
    plain_lengths(root, view)
    _drop_page_clips(root, view)
    found += svg_findings(root, file=file)
    found += use_bundled_font(root, file=file)
    side = _as_side(root, matrix)
    found += bind(side, file=file)
    svg: bytes = etree.tostring(side)
    broken = guard_svg(svg, file=file)
    if broken:
        return Imported(b"", [*found, *broken])
    return Imported(svg + b"\n", found)


def face_matrix(root: etree._Element) -> tuple[Affine, tuple[float, float]]:
    """Give the way from the file's units to the face, and its view box's size.

    Raises ImportBroken where the page has no size or not the shape of a card.
    """
    width, height = _size_mm(root, "width"), _size_mm(root, "height")
    box = [length(part) for part in root.get("viewBox", "").replace(",", " ").split()]
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        if not width or not height:
            raise ImportBroken(
                "Tệp không ghi kích thước trang (width, height, viewBox); hãy đặt trang"
                " 85,6 × 53,98 mm rồi lưu lại."
            )
        box = [0.0, 0.0, width * _PX_PER_MM, height * _PX_PER_MM]
    x, y, wide, high = box
    scale = CARD_WIDTH_MM / wide
    if width and height and _has_bleed(width, height):
        scale = width / wide
    elif not _is_near(width, height) and not _is_card_shaped(wide, high):
        size = f"{_mm(width or wide)} × {_mm(height or high)}"
        unit = "mm" if width else "đơn vị"
        raise ImportBroken(
            f"Trang {size} {unit} không cùng hình dạng với thẻ; hãy đặt trang"
            " 85,6 × 53,98 mm (có thể thêm lề cắt) rồi lưu lại."
        )
    left = CARD_WIDTH_MM / 2 - scale * (x + wide / 2)
    top = CARD_HEIGHT_MM / 2 - scale * (y + high / 2)
    if abs(scale - 1) < 1e-6 and abs(left) < 1e-6 and abs(top) < 1e-6:
        return UPRIGHT, (wide, high)
    return Affine(scale, 0, 0, scale, left, top), (wide, high)


def _size_mm(root: etree._Element, name: str) -> float | None:
    text = root.get(name, "")
    if not text or text.strip().endswith("%"):
        return None
    return length(text) / _PX_PER_MM or None


def _is_near(width: float | None, height: float | None) -> bool:
    return (
        width is not None
        and height is not None
        and abs(width - CARD_WIDTH_MM) <= _NEAR_MM
        and abs(height - CARD_HEIGHT_MM) <= _NEAR_MM
    )


def _has_bleed(width: float, height: float) -> bool:
    """Whether a page is a card with the same margin all around."""
    across, down = width - CARD_WIDTH_MM, height - CARD_HEIGHT_MM
    return (
        _NEAR_MM < across <= 2 * _MOST_BLEED_MM
        and _NEAR_MM < down <= 2 * _MOST_BLEED_MM
        and abs(across - down) <= 1
    )


def _is_card_shaped(width: float, height: float) -> bool:
    shape = CARD_WIDTH_MM / CARD_HEIGHT_MM
    return abs(width / height / shape - 1) <= _NEAR_SHAPE


def _mm(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _drop_notes(root: etree._Element) -> None:
    """Take out what drawing programs note for themselves, but names of elements."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        tag = str(element.tag)
        if not tag.startswith(SVG) or tag == f"{SVG}metadata":
            _remove(element)
            continue
        for name in list(element.attrib):
            if str(name).startswith("{") and name not in SPACED_ATTRIBUTES | _KEPT:
                del element.attrib[name]


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _drop_page_clips(root: etree._Element, view: tuple[float, float]) -> None:
    """Take away clips to the whole page: slots in them would be drawn the slow way."""
    whole = {
        clip.get("id")
        for clip in root.iter(f"{SVG}clipPath")
        if len(clip) == 1
        and clip[0].tag == f"{SVG}rect"
        and not (clip.get("transform") or clip[0].get("transform"))
        and clip.get("clipPathUnits") != "objectBoundingBox"
        and length(clip[0].get("x", "")) <= 0
        and length(clip[0].get("y", "")) <= 0
        and length(clip[0].get("width", "")) >= view[0]
        and length(clip[0].get("height", "")) >= view[1]
    }
    for element in root.iter(f"{SVG}g"):
        name = element.get("clip-path", "")[5:-1]
        if name in whole and not element.get("transform"):
            del element.attrib["clip-path"]


def _as_side(root: etree._Element, matrix: Affine) -> etree._Element:
    """Put the drawing into a root of ours, scaled as one group if need be."""
    kept = {
        prefix: uri
        for prefix, uri in root.nsmap.items()
        if uri in (_INKSCAPE, "http://www.w3.org/1999/xlink")
    }
    side = etree.Element(f"{SVG}svg", nsmap={None: SVG[1:-1], **kept})
    side.set("width", f"{CARD_WIDTH_MM:g}mm")
    side.set("height", f"{CARD_HEIGHT_MM:g}mm")
    side.set("viewBox", f"0 0 {CARD_WIDTH_MM:g} {CARD_HEIGHT_MM:g}")
    side.set("font-family", FAMILY)
    side.text = root.text
    target = side
    looks = {k: v for k, v in root.attrib.items() if k in PROPERTIES or k == "style"}
    if matrix != UPRIGHT or looks:
        target = etree.Element(f"{SVG}g")
        if matrix != UPRIGHT:
            target.set("transform", _written(matrix))
        for name, value in looks.items():
            target.set(name, value)
    for child in list(root):
        (side if child.tag in _IN_PLACE else target).append(child)
    if target is not side:
        target.text, target.tail = "\n", "\n"
        side.append(target)
    return side


def _written(matrix: Affine) -> str:
    move = ""
    if abs(matrix.e) > 1e-6 or abs(matrix.f) > 1e-6:
        move = f"translate({matrix.e:.6f} {matrix.f:.6f}) "
    scale = f"{matrix.a:.9f}".rstrip("0").rstrip(".")
    return f"{move}scale({scale})" if scale != "1" else move.strip()


_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    remove_comments=True,
    remove_pis=True,
    strip_cdata=True,
    load_dtd=False,
)

__all__ = ["ImportBroken", "Imported", "face_matrix", "import_svg"]
