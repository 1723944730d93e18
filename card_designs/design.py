"""A design: a folder with design.toml, front.svg, back.svg and its pictures."""

import base64
import tomllib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from card_designs.binding import SVG
from card_designs.design_svg import svg_findings
from card_designs.fields import CARD_FIELDS
from card_designs.findings import DesignBroken, Finding, error
from card_designs.layout import Side, compile_side
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM

if TYPE_CHECKING:
    from hashlib import _Hash

SIDES = ("front", "back")
BUILT_IN = ("standard", "vietinbank_linked")
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Zone:
    """A box that the variable data of one side keeps clear, in millimetres."""

    name: str
    side: str
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Design:
    """A design that was read and compiled; the same object may serve many threads.

    ``digest`` changes with any byte of the folder's design files: two designs are the
    same when their name and digest are, so drawn art is found again after reloading.
    """

    name: str
    digest: str
    title: str = field(compare=False)
    card_kinds: tuple[str, ...] = field(compare=False)
    sides: dict[str, Side] = field(compare=False, repr=False)
    clear_zones: tuple[Zone, ...] = field(compare=False, repr=False)
    findings: tuple[Finding, ...] = field(compare=False)

    def side(self, name: str) -> Side:
        """Give one side; raises DesignBroken where the design has none."""
        if name not in self.sides:
            raise DesignBroken(f"Mẫu thẻ “{self.title}” không có mặt “{name}”.")
        return self.sides[name]


def load_design(name_or_path: str | Path) -> Design:
    """Read a built-in design by its name, or any design folder by its path.

    Raises DesignBroken where it cannot be read; what merely must be mended stands in
    ``Design.findings`` and keeps every card from being drawn.
    """
    folder = Path(name_or_path)
    if str(name_or_path) in BUILT_IN:
        folder = Path(__file__).parent / str(name_or_path)
    settings_file = folder / "design.toml"
    if not settings_file.is_file():
        raise DesignBroken(
            f"Không có mẫu thẻ “{name_or_path}”. Mẫu có sẵn: {', '.join(BUILT_IN)};"
            " hoặc ghi đường dẫn tới thư mục có tệp design.toml."
        )
    seen = sha256()
    settings = _settings(settings_file, seen)
    sides = {}
    found: list[Finding] = []
    for side in SIDES:
        file = folder / f"{side}.svg"
        if file.is_file():
            root = _svg(file, seen)
            found += svg_findings(root, file=file.name)
            sides[side] = compile_side(root, name=side)
    if "front" not in sides:
        raise DesignBroken(f"Mẫu thẻ trong “{folder.name}” thiếu tệp front.svg.")
    return Design(
        name=folder.name,
        title=str(settings.get("title", folder.name)),
        card_kinds=_kinds(settings),
        sides=sides,
        clear_zones=_zones(settings),
        digest=seen.hexdigest(),
        findings=(*_findings(sides), *found),
    )


def _settings(file: Path, seen: "_Hash") -> dict[str, object]:
    content = file.read_bytes()
    seen.update(content)
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise DesignBroken(f"Tệp design.toml viết sai: {problem}.") from problem


def _svg(file: Path, seen: "_Hash") -> etree._Element:
    content = file.read_bytes()
    seen.update(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise DesignBroken(f"Tệp {file.name} không phải SVG đúng: {problem}.") from (
            problem
        )
    if root.tag != f"{SVG}svg":
        raise DesignBroken(f"Tệp {file.name} không phải SVG.")
    _check_view_box(file, root)
    _inline_pictures(file, root, seen)
    return root


def _check_view_box(file: Path, root: etree._Element) -> None:
    wanted = f"0 0 {CARD_WIDTH_MM:g} {CARD_HEIGHT_MM:g}"
    if " ".join(root.get("viewBox", "").replace(",", " ").split()) != wanted:
        raise DesignBroken(
            f'Tệp {file.name} phải vẽ theo milimét: viewBox="{wanted}" ở thẻ svg.'
        )


def _inline_pictures(file: Path, root: etree._Element, seen: "_Hash") -> None:
    """Put pictures of the folder into the SVG: CairoSVG opens no files, rightly so."""
    for element in root.iter(f"{SVG}image"):
        if element.get("data-field") is not None:
            continue
        for key in _HREFS:
            href = element.get(key)
            if href is None or href.startswith("data:"):
                continue
            picture = (file.parent / href).resolve()
            inside = picture.is_relative_to(file.parent.resolve())
            kind = _PICTURES.get(picture.suffix.lower())
            if not inside or kind is None or not picture.is_file():
                raise DesignBroken(
                    f"Tệp {file.name}, dòng {element.sourceline}: không dùng được hình"
                    f" “{href}”; hình phải là PNG hoặc JPEG trong thư mục của mẫu."
                )
            content = picture.read_bytes()
            seen.update(content)
            coded = base64.b64encode(content).decode("ascii")
            element.set(key, f"data:{kind};base64,{coded}")


def _kinds(settings: dict[str, object]) -> tuple[str, ...]:
    kinds = settings.get("card_kinds", [])
    if not isinstance(kinds, list):
        raise DesignBroken('Tệp design.toml: card_kinds phải dạng ["standard"].')
    return tuple(str(kind) for kind in kinds)


def _zones(settings: dict[str, object]) -> tuple[Zone, ...]:
    tables = settings.get("clear", [])
    if not isinstance(tables, list):
        raise DesignBroken("Tệp design.toml: [[clear]] phải là danh sách các vùng.")
    try:
        return tuple(
            Zone(
                str(zone["name"]),
                str(zone["side"]),
                *(float(zone[key]) for key in ("x", "y", "width", "height")),
            )
            for zone in tables
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise DesignBroken(
            "Tệp design.toml: mỗi vùng [[clear]] cần name, side, x, y, width, height."
        ) from problem


def _findings(sides: dict[str, Side]) -> tuple[Finding, ...]:
    found = [finding for side in sides.values() for finding in side.findings]
    bound = {slot.field for side in sides.values() for slot in side.slots}
    found += [
        error(
            "design-unbound",
            entry.name,
            f'Mẫu thẻ chưa có ô cho “{entry.label}” (data-field="{entry.name}").',
        )
        for entry in CARD_FIELDS.values()
        if entry.required and entry.name not in bound
    ]
    return tuple(found)
