"""The guard of SVG from outside: an allow-list, told by line, before any renderer."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from card_designs.findings import Finding, Level, error, warning
from card_designs.svg_allowed import EDITOR_SPACES, ELEMENTS, SPACED_ATTRIBUTES
from card_designs.svg_references import reference_problems
from card_designs.svg_source import Node, Source, SourceBroken, Splice, scan, spliced
from card_designs.svg_values import (
    FOREIGN,
    Pictures,
    attribute_problems,
    is_of_the_web,
    rule_problems,
)

MOST_DRAWING_BYTES = 1024 * 1024
MOST_FINDINGS = 50
MOST_WORDS = 50_000
"""Bytes of all text elements; a card has room for far less."""

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
    foreign = [each for each in found if each.code == FOREIGN]
    found = [each for each in found if each.code != FOREIGN]
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
    nodes = list(root.walk())
    if len(source.content) - _coded_bytes(nodes) > MOST_DRAWING_BYTES:
        yield 1, "svg-size", "Hình vẽ lớn hơn 1 MB (không kể ảnh); hãy đơn giản hoá."
        return
    pictures = Pictures()
    for node in nodes:
        own = list(_tag_problems(node))
        yield from own
        if node.tag.startswith("{") or own:
            continue
        for name in node.attributes:
            for code, sentence in attribute_problems(node, name, pictures):
                yield node.line, code, sentence
        if node.tag == "style":
            inside = source.content[node.open_end : node.close_start]
            for code, sentence in rule_problems(inside):
                yield node.line, code, sentence
    words = sum(node.end - node.start for node in nodes if node.tag == "text")
    if words > MOST_WORDS:
        yield 1, "svg-long", "Chữ trên mặt thẻ dài quá 50 KB; hãy bỏ bớt chữ."
    yield from reference_problems(source)


def _coded_bytes(nodes: list[Node]) -> int:
    """Count the bytes that pictures inside the file take up."""
    return sum(
        own.value_end - own.value_start
        for node in nodes
        if node.tag == "image"
        for own in node.attributes.values()
        if own.value.startswith("data:")
    )


def _tag_problems(node: Node) -> Iterator[Problem]:
    tag = node.tag
    space, _, local = tag[1:].partition("}") if tag[0] == "{" else (None, "", tag)
    if space in EDITOR_SPACES:
        return
    # An element of no namespace at all is drawn by CairoSVG as if it were SVG's.
    if space is not None:
        sentence = f"Phần tử {local} không thuộc SVG; hãy lưu lại dạng SVG thuần."
        of_the_web = not space or is_of_the_web(space)
        code = "svg-element" if of_the_web else FOREIGN
        yield node.line, code, sentence
    elif local not in ELEMENTS:
        name = _WORDS.get(local, f"phần tử {local}")
        sentence = f"Không được dùng {name} trong mẫu thẻ; hãy xoá phần đó."
        yield node.line, "svg-element", sentence
    elif local == "svg" and node.parent is not None:
        sentence = "Không được lồng svg trong svg; hãy bỏ nhóm (ungroup) rồi lưu lại."
        yield node.line, "svg-element", sentence


def _aside_findings(source: Source, file: str) -> list[Finding]:
    sentence = "Tệp còn khai báo DOCTYPE; hãy xoá dòng đó."
    found = _asides(source, file, b"<!DOCTYPE", "svg-doctype", sentence)
    return [*_instruction_findings(source, file), *found]


def _instruction_findings(source: Source, file: str) -> list[Finding]:
    sentence = "Không được dùng chỉ thị <?…?> (như xml-stylesheet); hãy xoá đi."
    return _asides(source, file, b"<?", "svg-instruction", sentence)


def _asides(
    source: Source, file: str, opening: bytes, code: str, sentence: str
) -> list[Finding]:
    content = source.content
    starts = (a for a, b in source.asides if content.startswith(opening, a, b))
    return [
        _finding(file, content.count(b"\n", 0, start) + 1, code, sentence)
        for start in islice(starts, MOST_FINDINGS)
    ]


def _useless(source: Source) -> Iterator[Splice]:
    """Cut out comments, DOCTYPE, metadata, and foreign elements and attributes."""
    ends: list[int] = []
    starts: list[int] = []

    def is_gone(place: int) -> bool:
        before = bisect_right(starts, place)
        return before > 0 and place < ends[before - 1]

    for node in source.root.walk():
        if is_gone(node.start):
            continue
        if node.tag == "metadata" or node.tag.startswith("{"):
            starts.append(node.start)
            ends.append(node.end)
            continue
        for name, each in node.attributes.items():
            full = node.full_name(name)
            if full.startswith("{") and full not in SPACED_ATTRIBUTES | _KEPT_NOTES:
                yield Splice(each.start, each.end)
    yield from map(Splice, starts, ends)
    yield from (Splice(*aside) for aside in source.asides if not is_gone(aside[0]))


_KEPT_NOTES = frozenset(
    f"{{http://www.inkscape.org/namespaces/inkscape}}{name}"
    for name in ("label", "groupmode")
)
"""Names of elements: people gave them, and imports read bindings from them."""


def is_refused(found: list[Finding]) -> bool:
    """Say whether any finding keeps the file out."""
    return any(each.level is Level.ERROR for each in found)
