"""The guard of SVG from outside: an allow-list, told by line, before any renderer."""

import re
from collections.abc import Iterator
from math import isfinite

from card_designs.findings import Finding, Level, error, warning
from card_designs.picture_guard import MOST_PICTURE_BYTES, data_picture_problem
from card_designs.svg_allowed import (
    ATTRIBUTES,
    DATA_NUMERIC,
    EDITOR_PROPERTIES,
    EDITOR_SPACES,
    ELEMENTS,
    HREFS,
    NUMERIC,
    PROPERTIES,
    SPACED_ATTRIBUTES,
)
from card_designs.svg_references import reference_problems
from card_designs.svg_source import (
    SVG_SPACE,
    Node,
    Source,
    SourceBroken,
    Splice,
    scan,
    spliced,
)
from card_designs.svg_style import StyleBroken, class_rules, declarations

LARGEST_NUMBER = 10_000
MOST_DRAWING_BYTES = 1024 * 1024
MOST_FINDINGS = 50

_LONGEST = {"d": 200_000, "points": 200_000, "transform": 1_000, "style": 5_000}
_LONGEST_OTHER = 10_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NOT_A_NUMBER = re.compile(r"\b(?:nan|inf(?:inity)?)\b", re.IGNORECASE)
_HASH = re.compile(r"#[^\s\"'()<>\\]{1,200}")
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_INNER_URL = re.compile(r"url\(\s*(['\"]?)#[^\s\"'()<>\\]{1,200}\1\s*\)")
_ACTIVE = re.compile(r"javascript:|expression\s*\(|@import|-moz-binding", re.IGNORECASE)
_PLAIN_FILE = re.compile(r"(?:[\w-][\w .-]*/)*[\w-][\w .-]*\.(?:png|jpe?g)", re.I)
_DATA_NAME = re.compile(r"data-[a-z0-9-]{1,40}")
_TRANSFORM_STEP = re.compile(r"\(")
_MOST_STEPS = 20

_FOREIGN = "svg-foreign"
"""Unknown programs' notes: ``clean_svg`` drops them, ``guard_svg`` refuses them."""

_WORDS = {
    "script": "mã lệnh (script)",
    "foreignObject": "nội dung trang web (foreignObject)",
    "animate": "chuyển động (animate)",
    "animateMotion": "chuyển động (animateMotion)",
    "animateTransform": "chuyển động (animateTransform)",
    "set": "chuyển động (set)",
}


def guard_svg(content: bytes, *, file: str) -> list[Finding]:
    """Say why an SVG cannot be taken in, each with file and line; empty: it can.

    Takes any bytes, never raises, and needs no longer than a second for 5 MB. All
    findings are errors; of very many the first fifty are given.
    """
    found, source = _judge(content, file)
    if source is not None:
        found += _aside_findings(source, file)
    return found[:MOST_FINDINGS]


def clean_svg(content: bytes, *, file: str) -> tuple[bytes, list[Finding]]:
    """Drop what is harmless but of no use from an uploaded SVG, and judge the rest.

    Dropped: comments, a bare DOCTYPE, notes of drawing programs. What is dangerous is
    never mended in silence: where a finding is an error the file is to be refused, and
    the bytes come back as they were.
    """
    found, source = _judge(content, file)
    foreign = [each for each in found if each.code == _FOREIGN]
    found = [each for each in found if each.code != _FOREIGN]
    if source is None or found:
        return content, found[:MOST_FINDINGS]
    found = _instruction_findings(source, file)
    if found:
        return content, found
    cleaned = spliced(content, _useless(source))
    told = [warning(e.code, e.where, f"{e.message} Đã bỏ khi nhập.") for e in foreign]
    return cleaned, told[:MOST_FINDINGS]


def _judge(content: bytes, file: str) -> tuple[list[Finding], Source | None]:
    try:
        source = scan(content)
    except SourceBroken as problem:
        return [_finding(file, problem.line, problem.code, problem.sentence)], None
    found: list[Finding] = []
    for line, code, sentence in _problems(source):
        found.append(_finding(file, line, code, sentence))
        if len(found) > 2 * MOST_FINDINGS:
            break
    return list(dict.fromkeys(found)), source


def _finding(file: str, line: int, code: str, sentence: str) -> Finding:
    return error(code, f"{file}, dòng {line}", sentence)


Problem = tuple[int, str, str]
"""Line, code, sentence."""


def _problems(source: Source) -> Iterator[Problem]:
    root = source.root
    if root.tag != "svg":
        yield root.line, "svg-root", "Tệp không phải SVG: phần tử gốc phải là svg."
        return
    pictures = _Pictures()
    for node in root.walk():
        own = list(_tag_problems(node))
        yield from own
        if node.tag.startswith("{") or own:
            continue
        for name in node.attributes:
            for code, sentence in _attribute_problems(node, name, pictures):
                yield node.line, code, sentence
        if node.tag == "style":
            for code, sentence in _style_problems(source, node):
                yield node.line, code, sentence
    if len(source.content) - pictures.coded_bytes > MOST_DRAWING_BYTES:
        yield 1, "svg-size", "Hình vẽ lớn hơn 1 MB (không kể ảnh); hãy đơn giản hoá."
    yield from reference_problems(source)


def _tag_problems(node: Node) -> Iterator[Problem]:
    tag = node.tag
    space, _, local = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    if space in EDITOR_SPACES:
        return
    if space:
        sentence = f"Phần tử {local} không thuộc SVG; hãy lưu lại dạng SVG thuần."
        code = "svg-element" if _is_of_the_web(space) else _FOREIGN
        yield node.line, code, sentence
    elif local not in ELEMENTS:
        name = _WORDS.get(local, f"phần tử {local}")
        sentence = f"Không được dùng {name} trong mẫu thẻ; hãy xoá phần đó."
        yield node.line, "svg-element", sentence
    elif local == "svg" and node.parent is not None:
        sentence = "Không được lồng svg trong svg; hãy bỏ nhóm (ungroup) rồi lưu lại."
        yield node.line, "svg-element", sentence


def _is_of_the_web(space: str) -> bool:
    """Whether browsers act on what is in this namespace."""
    return not space or space.startswith("http://www.w3.org/") or ":" not in space


def _attribute_problems(
    node: Node, name: str, pictures: "_Pictures"
) -> Iterator[tuple[str, str]]:
    full, value = node.full_name(name), node.attributes[name].value
    if full.startswith("xmlns"):
        return
    if full.startswith("{"):
        space = full[1:].partition("}")[0]
        if space in EDITOR_SPACES:
            return
        if full not in SPACED_ATTRIBUTES:
            code = "svg-attribute" if _is_of_the_web(space) else _FOREIGN
            yield code, f"Thuộc tính {name} không thuộc SVG; hãy xoá đi."
            return
    elif name[:2].lower() == "on":
        yield "svg-attribute", f"Không được dùng mã lệnh {name} ở phần tử {node.tag}."
        return
    elif name not in ATTRIBUTES and not _is_note(name):
        yield "svg-attribute", f"Không được dùng thuộc tính {name} ở {node.tag}."
        return
    if full in HREFS:
        yield from _href_problems(node, name, value, pictures)
        return
    if len(value) > _LONGEST.get(name, _LONGEST_OTHER):
        yield "svg-long", f"Giá trị {name} dài quá; hãy đơn giản hoá hình vẽ."
        return
    yield from _value_problems(name, value)
    if name == "transform" and len(_TRANSFORM_STEP.findall(value)) > _MOST_STEPS:
        yield "svg-long", f"Thuộc tính transform có hơn {_MOST_STEPS} phép biến đổi."
    if name == "style":
        yield from _declaration_problems(value)


def _is_note(name: str) -> bool:
    return bool(_DATA_NAME.fullmatch(name)) or name.startswith("aria-")


def _value_problems(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name in NUMERIC or name in DATA_NUMERIC:
        yield from _number_problems(name, value)
    if len(_URL.findall(value)) != len(_INNER_URL.findall(value)):
        message = f"Giá trị {name} trỏ ra ngoài tệp; chỉ dùng được url(#…) trong tệp."
        yield "svg-outside", message
    if _ACTIVE.search(value):
        yield "svg-active", f"Giá trị của {name} chứa mã lệnh; hãy xoá đi."


def _number_problems(name: str, value: str) -> Iterator[tuple[str, str]]:
    if _NOT_A_NUMBER.search(value):
        yield "svg-number", f"Giá trị {name} không phải số ({value[:20]})."
        return
    for number in _NUMBER.findall(value):
        size = abs(float(number))
        if not isfinite(size) or size > LARGEST_NUMBER:
            shown = number if len(number) <= 20 else f"{number[:20]}…"
            message = f"Giá trị {name} có số quá lớn ({shown}); giới hạn là 10.000."
            yield "svg-number", message
            return


def _href_problems(
    node: Node, name: str, value: str, pictures: "_Pictures"
) -> Iterator[tuple[str, str]]:
    value = value.strip()
    if node.tag != "image":
        if value and not _HASH.fullmatch(value):
            message = f"Thuộc tính {name} ở {node.tag} chỉ trỏ được tới #id trong tệp."
            yield "svg-outside", message
        return
    if value.startswith("data:"):
        problem = pictures.add(value)
        if problem:
            yield "svg-picture", problem
    elif value and not _PLAIN_FILE.fullmatch(value):
        shown = value if len(value) <= 40 else f"{value[:40]}…"
        message = (
            f"Không dùng được hình “{shown}”; hình phải nhúng trong tệp (PNG, JPEG)"
            " hoặc nằm trong thư mục của mẫu."
        )
        yield "svg-outside", message


def _declaration_problems(text: str) -> Iterator[tuple[str, str]]:
    try:
        pairs = declarations(text)
    except StyleBroken as problem:
        yield "svg-style", str(problem)
        return
    for name, value in pairs:
        if name not in PROPERTIES and not name.startswith(EDITOR_PROPERTIES):
            yield "svg-style", f"Không được dùng kiểu {name} trong mẫu thẻ."
        else:
            yield from _value_problems(name, value)


def _style_problems(source: Source, node: Node) -> Iterator[tuple[str, str]]:
    try:
        rules = class_rules(source.content[node.open_end : node.close_start])
    except StyleBroken as problem:
        yield "svg-style", str(problem)
        return
    for _, text in rules:
        yield from _declaration_problems(text)


def _aside_findings(source: Source, file: str) -> list[Finding]:
    found = _instruction_findings(source, file)
    for start, end in source.asides:
        if source.content.startswith(b"<!DOCTYPE", start, end):
            sentence = "Tệp còn khai báo DOCTYPE; hãy xoá dòng đó."
            line = source.content.count(b"\n", 0, start) + 1
            found.append(_finding(file, line, "svg-doctype", sentence))
    return found


def _instruction_findings(source: Source, file: str) -> list[Finding]:
    found = []
    for start, end in source.asides:
        if source.content.startswith(b"<?", start, end):
            sentence = "Không được dùng chỉ thị <?…?> (như xml-stylesheet); hãy xoá đi."
            line = source.content.count(b"\n", 0, start) + 1
            found.append(_finding(file, line, "svg-instruction", sentence))
    return found


def _useless(source: Source) -> Iterator[Splice]:
    """Cut out comments, DOCTYPE, metadata, and foreign elements and attributes."""
    gone: list[tuple[int, int]] = []
    for node in source.root.walk():
        if gone and node.start < gone[-1][1]:
            continue
        if node.tag == "metadata" or node.tag.startswith("{"):
            gone.append((node.start, node.end))
    yield from (Splice(start, end) for start, end in gone)
    for start, end in source.asides:
        if not any(first <= start < last for first, last in gone):
            yield Splice(start, end)
    for node in source.root.walk():
        if any(first <= node.start < last for first, last in gone):
            continue
        for name, each in node.attributes.items():
            full = node.full_name(name)
            if full.startswith("{") and full not in SPACED_ATTRIBUTES | _KEPT_NOTES:
                yield Splice(each.start, each.end)


_KEPT_NOTES = frozenset(
    f"{{http://www.inkscape.org/namespaces/inkscape}}{name}"
    for name in ("label", "groupmode")
)
"""Names of elements: people gave them, and imports read bindings from them."""


class _Pictures:
    """The pictures inside one file, measured as they are met."""

    def __init__(self) -> None:
        self.coded_bytes = 0
        self._bytes = 0
        self._pixels = 0

    def add(self, href: str) -> str | None:
        """Count one in; gives a sentence where it cannot be taken."""
        self.coded_bytes += len(href.encode())
        size, pixels, problem = data_picture_problem(href, self._pixels)
        self._bytes += size
        self._pixels += pixels
        if problem is None and self._bytes > MOST_PICTURE_BYTES:
            return "Các hình nhúng nặng hơn 4 MB; hãy thu nhỏ hình rồi nhúng lại."
        return problem


def is_refused(found: list[Finding]) -> bool:
    """Say whether any finding keeps the file out."""
    return any(each.level is Level.ERROR for each in found)


__all__ = ["SVG_SPACE", "clean_svg", "guard_svg", "is_refused"]
