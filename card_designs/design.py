"""A design: a folder with design.toml, front.svg, back.svg and its pictures."""

import base64
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from math import isfinite
from pathlib import Path, PurePosixPath
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
SETTINGS_FILE = "design.toml"
DESIGN_FILES = (SETTINGS_FILE, *(f"{side}.svg" for side in SIDES))
MOST_BYTES = 20 * 1024 * 1024
"""Of all files of a design together."""

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
    folder = design_folder(name_or_path)
    return load_design_files(_Folder(folder), name=folder.name)


def load_design_files(files: Mapping[str, bytes], *, name: str) -> Design:
    """Read a design from its files by name: design.toml, front.svg, back.svg, pictures.

    The digest is that of the same files in a folder. Raises DesignBroken as
    ``load_design`` does.
    """
    if SETTINGS_FILE not in files:
        raise DesignBroken(f"Mẫu thẻ “{name}” thiếu tệp {SETTINGS_FILE}.")
    seen = sha256()
    settings = _settings(files, seen)
    sides = {}
    found: list[Finding] = []
    for side in SIDES:
        file = f"{side}.svg"
        if file in files:
            root = _svg(files, file, seen)
            found += svg_findings(root, file=file)
            sides[side] = compile_side(root, name=side)
    if "front" not in sides:
        raise DesignBroken(f"Mẫu thẻ trong “{name}” thiếu tệp front.svg.")
    return Design(
        name=name,
        title=str(settings.get("title", name)),
        card_kinds=_kinds(settings),
        sides=sides,
        clear_zones=_zones(settings),
        digest=seen.hexdigest(),
        findings=(*_findings(sides), *found),
    )


def design_folder(name_or_path: str | Path) -> Path:
    """Find the folder of a design; raises DesignBroken where there is none."""
    folder = Path(name_or_path)
    if str(name_or_path) in BUILT_IN:
        folder = Path(__file__).parent / str(name_or_path)
    if not (folder / SETTINGS_FILE).is_file():
        raise DesignBroken(
            f"Không có mẫu thẻ “{name_or_path}”. Mẫu có sẵn: {', '.join(BUILT_IN)};"
            " hoặc ghi đường dẫn tới thư mục có tệp design.toml."
        )
    return folder


def folder_files(folder: Path) -> dict[str, bytes]:
    """Read a folder's design files and pictures, as ``load_design_files`` takes them.

    Raises DesignBroken where they weigh more than any design does.
    """
    found: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        wanted = name in DESIGN_FILES or path.suffix.lower() in _PICTURES
        if not wanted or name not in _Folder(folder):
            continue
        size += path.stat().st_size
        if size > MOST_BYTES:
            raise DesignBroken(f"Mẫu thẻ “{folder.name}” nặng hơn 20 MB.")
        found[name] = path.read_bytes()
    return found


class _Folder(Mapping[str, bytes]):
    """The files of a folder by name; what lies outside of it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def __getitem__(self, name: str) -> bytes:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            raise KeyError(name)
        return path.read_bytes()

    def __contains__(self, name: object) -> bool:
        path = (self._folder / str(name)).resolve()
        return path.is_relative_to(self._folder) and path.is_file()

    def __iter__(self) -> Iterator[str]:
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder).as_posix()
            if name in self:
                yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _settings(files: Mapping[str, bytes], seen: "_Hash") -> dict[str, object]:
    content = files[SETTINGS_FILE]
    seen.update(content)
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise DesignBroken(f"Tệp design.toml viết sai: {problem}.") from problem


def _svg(files: Mapping[str, bytes], file: str, seen: "_Hash") -> etree._Element:
    content = files[file]
    seen.update(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise DesignBroken(f"Tệp {file} không phải SVG đúng: {problem}.") from problem
    if root.tag != f"{SVG}svg":
        raise DesignBroken(f"Tệp {file} không phải SVG.")
    _check_view_box(file, root)
    _inline_pictures(files, file, root, seen)
    return root


def _check_view_box(file: str, root: etree._Element) -> None:
    wanted = f"0 0 {CARD_WIDTH_MM:g} {CARD_HEIGHT_MM:g}"
    if " ".join(root.get("viewBox", "").replace(",", " ").split()) != wanted:
        raise DesignBroken(
            f'Tệp {file} phải vẽ theo milimét: viewBox="{wanted}" ở thẻ svg.'
        )


def _inline_pictures(
    files: Mapping[str, bytes], file: str, root: etree._Element, seen: "_Hash"
) -> None:
    """Put pictures of the design into the SVG: CairoSVG opens no files, rightly so."""
    for element in root.iter(f"{SVG}image"):
        if element.get("data-field") is not None:
            continue
        for key in _HREFS:
            href = element.get(key)
            if href is None or href.startswith("data:"):
                continue
            kind = _PICTURES.get(PurePosixPath(href).suffix.lower())
            if kind is None or href not in files:
                raise DesignBroken(
                    f"Tệp {file}, dòng {element.sourceline}: không dùng được hình"
                    f" “{href}”; hình phải là PNG hoặc JPEG trong thư mục của mẫu."
                )
            content = files[href]
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
                *(_measure(zone[key]) for key in ("x", "y", "width", "height")),
            )
            for zone in tables
        )
    except (KeyError, OverflowError, TypeError, ValueError) as problem:
        raise DesignBroken(
            "Tệp design.toml: mỗi vùng [[clear]] cần name, side, x, y, width, height;"
            " số tính bằng mm."
        ) from problem


def _measure(value: object) -> float:
    """Read a length of a zone; against nan or inf no slot would ever be in it."""
    length = float(value)  # type: ignore[arg-type]
    if not isfinite(length):
        raise ValueError(value)
    return length


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
