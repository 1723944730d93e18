"""The text of an SVG as elements that know their bytes, so that edits touch no others.

Nothing here is ever written out again: a change is a list of splices into the source.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

SVG_SPACE = "http://www.w3.org/2000/svg"
XLINK_SPACE = "http://www.w3.org/1999/xlink"
XML_SPACE = "http://www.w3.org/XML/1998/namespace"

MOST_BYTES = 5 * 1024 * 1024
MOST_ELEMENTS = 5_000
MOST_ATTRIBUTES = 200
DEEPEST = 32

_ATTRIBUTE = re.compile(rb"(\s+)([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_TAG_NAME = re.compile(rb"<[^\s/>]+")
_ENCODING = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']", re.DOTALL)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
_BARE_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+[^\s>\"']+(?:\s+(?:[A-Z]+|\"[^\"]*\"|'[^']*'))*\s*>"
)
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class SourceBroken(Exception):
    """The text cannot be read as SVG; a whole Vietnamese sentence, and its line."""

    def __init__(self, code: str, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.line = line
        self.sentence = sentence


_LONGEST_STEP = 6
"""Digits of a child's number: no side has a million elements."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute and its bytes: ``start`` is that of the blanks before its name.

    ``value`` is what a parser makes of the bytes between the quotes.
    """

    name: str
    value: str
    start: int
    end: int
    value_start: int
    value_end: int


@dataclass(slots=True, eq=False)
class Node:
    """One element and its bytes: ``start`` to ``open_end`` is its start tag.

    ``close_start`` is where its end tag begins, ``end`` behind the whole element; a
    self-closed one has ``open_end == close_start == end``. ``tag`` is the local name of
    an SVG element and ``{namespace}name`` of any other. Lines count from 1.
    """

    tag: str
    start: int
    line: int
    parent: "Node | None"
    index: int
    attributes: dict[str, Attribute]
    spaces: dict[str, str]
    open_end: int = 0
    close_start: int = 0
    end: int = 0
    last_line: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def at(self) -> str:
        """The element's address: child indices from the root, as in ``3/0``."""
        steps: list[str] = []
        node = self
        while node.parent is not None:
            steps.append(str(node.index))
            node = node.parent
        return "/".join(reversed(steps))

    def get(self, name: str, default: str = "") -> str:
        """Give an attribute's value by its name as it is written."""
        found = self.attributes.get(name)
        return found.value if found else default

    def walk(self) -> Iterator["Node"]:
        """Give the element and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def full_name(self, name: str) -> str:
        """Give an attribute's name with its namespace, as in ``{…xlink}href``."""
        prefix, colon, local = name.partition(":")
        if not colon or prefix == "xmlns":
            return name
        return f"{{{self.spaces.get(prefix, prefix)}}}{local}"


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes ``start`` to ``end`` of a source are to become ``text``."""

    start: int
    end: int
    text: bytes = b""

    def from_place(self, place: int) -> "Splice":
        """Give the same change counted from ``place`` on."""
        return Splice(self.start - place, self.end - place, self.text)


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed text: its root element, and every comment and instruction by place."""

    content: bytes
    root: Node
    asides: tuple[tuple[int, int], ...]
    """Start and end of comments, processing instructions and a bare DOCTYPE."""

    def find(self, at: str) -> Node | None:
        """Give the element at an address; None where there is none."""
        node = self.root
        for step in at.split("/") if at else ():
            if not step.isascii() or not step.isdigit() or len(step) > _LONGEST_STEP:
                return None
            if int(step) >= len(node.children):
                return None
            node = node.children[int(step)]
        return node


def spliced(content: bytes, splices: Iterable[Splice]) -> bytes:
    """Make all changes at once; they count in ``content`` and must not overlap."""
    parts, done = [], 0
    for each in sorted(splices, key=lambda one: (one.start, one.end)):
        if each.start < done:
            raise ValueError("overlapping splices")
        parts += [content[done : each.start], each.text]
        done = each.end
    return b"".join([*parts, content[done:]])


def scan(content: bytes) -> Source:
    """Read a text of any origin; raises SourceBroken, never anything else.

    Refuses what no design needs and parsers stumble over: other encodings than UTF-8,
    entities, more than 5,000 elements, elements nested deeper than 32.
    """
    _check_bytes(content)
    reader = _Reader(content)
    try:
        return reader.read()
    except expat.ExpatError as problem:
        sentence = f"SVG viết sai cú pháp: {_PROBLEMS.get(problem.code, problem)}."
        raise SourceBroken("svg-syntax", problem.lineno, sentence) from problem


def _check_bytes(content: bytes) -> None:
    def broken(code: str, sentence: str) -> NoReturn:
        raise SourceBroken(code, 1, sentence)

    if content.startswith(_GZIP):
        broken("svg-gzip", "Tệp bị nén (svgz); hãy lưu dạng SVG thường rồi tải lại.")
    if len(content) > MOST_BYTES:
        broken("svg-size", "Tệp lớn hơn 5 MB; hãy thu nhỏ hình bên trong.")
    declared = _ENCODING.match(content.removeprefix(_BOM))
    if content.startswith(_WIDE) or (declared and declared[1].lower() != b"utf-8"):
        broken("svg-encoding", "Tệp không ở mã UTF-8; hãy lưu lại bằng mã UTF-8.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        sentence = "Có byte không thuộc mã UTF-8; hãy lưu lại tệp bằng mã UTF-8."
        raise SourceBroken("svg-encoding", line, sentence) from problem


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.root: Node | None = None
        self.asides: list[tuple[int, int]] = []
        self._open: list[Node] = []
        self._count = 0
        self._breaks = [m.start() for m in re.finditer(rb"\n", content)]
        self._parser = expat.ParserCreate("utf-8")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CommentHandler = lambda data: self._aside(b"-->")
        self._parser.ProcessingInstructionHandler = lambda *_: self._aside(b"?>")
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self) -> Source:
        self._parser.Parse(self.content, True)
        if self.root is None:
            raise SourceBroken("svg-syntax", 1, "Tệp không có phần tử nào.")
        return Source(self.content, self.root, tuple(self.asides))

    def _start(self, name: str, pairs: list[str]) -> None:
        here, line = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber
        self._count += 1
        if self._count > MOST_ELEMENTS:
            sentence = f"Tệp có hơn {MOST_ELEMENTS} phần tử; hãy đơn giản hoá hình vẽ."
            raise SourceBroken("svg-elements", line, sentence)
        if len(self._open) >= DEEPEST:
            sentence = f"Phần tử lồng sâu hơn {DEEPEST} lớp; hãy bỏ bớt nhóm."
            raise SourceBroken("svg-nesting", line, sentence)
        if len(pairs) > 2 * MOST_ATTRIBUTES:
            sentence = f"Một phần tử có hơn {MOST_ATTRIBUTES} thuộc tính; hãy bỏ bớt."
            raise SourceBroken("svg-attributes", line, sentence)
        parent = self._open[-1] if self._open else None
        attributes, open_end = self._attributes(here, pairs)
        spaces = _spaces(parent, attributes)
        node = Node(
            tag=_full_tag(name, spaces),
            start=here,
            line=line,
            parent=parent,
            index=len(parent.children) if parent else 0,
            attributes=attributes,
            spaces=spaces,
            open_end=open_end,
            last_line=bisect_right(self._breaks, open_end - 1) + 1,
        )
        if parent is None:
            self.root = node
        else:
            parent.children.append(node)
        self._open.append(node)

    def _attributes(
        self, start: int, pairs: list[str]
    ) -> tuple[dict[str, Attribute], int]:
        """Find the bytes of each attribute that expat has read; and the tag's end."""
        name = _TAG_NAME.match(self.content, start)
        place = name.end() if name else start
        found = {}
        for index in range(0, len(pairs), 2):
            match = _ATTRIBUTE.match(self.content, place)
            if match is None:
                raise AssertionError("expat read an attribute that is not there")
            span = match.start(), match.end(), match.start(3) + 1, match.end() - 1
            found[pairs[index]] = Attribute(pairs[index], pairs[index + 1], *span)
            place = match.end()
        return found, self.content.index(b">", place) + 1

    def _end(self, name: str) -> None:
        node = self._open.pop()
        here = self._parser.CurrentByteIndex
        # For a self-closed element expat tells where its one tag begins, or ends.
        if self.content[node.open_end - 2 : node.open_end] == b"/>":
            node.close_start = node.end = node.open_end
            return
        node.close_start = here
        node.end = self.content.index(b">", here) + 1

    def _aside(self, closing: bytes) -> None:
        here = self._parser.CurrentByteIndex
        self.asides.append((here, self.content.index(closing, here) + len(closing)))

    def _doctype(self, *about: object) -> None:
        line = self._parser.CurrentLineNumber
        done = self.asides[-1][1] if self.asides else 0
        bare = _BARE_DOCTYPE.match(self.content, self.content.index(b"<!DOC", done))
        if bare is None or about[3]:
            sentence = (
                "Tệp có khai báo DOCTYPE với thực thể (ENTITY), không dùng được vì lý"
                " do an toàn; hãy lưu lại dạng SVG thuần (Plain SVG)."
            )
            raise SourceBroken("svg-doctype", line, sentence)
        self.asides.append(bare.span())


def _spaces(parent: Node | None, attributes: dict[str, Attribute]) -> dict[str, str]:
    above = parent.spaces if parent else {"xml": XML_SPACE}
    own = {
        name.partition(":")[2]: each.value
        for name, each in attributes.items()
        if name == "xmlns" or name.startswith("xmlns:")
    }
    return {**above, **own} if own else above


def _full_tag(name: str, spaces: dict[str, str]) -> str:
    prefix, _, local = name.rpartition(":")
    space = spaces.get(prefix, prefix)
    return local if space == SVG_SPACE else f"{{{space}}}{local}"


_PROBLEMS = {
    2: "có ký tự < hoặc & không đúng chỗ",
    3: "không có phần tử nào",
    4: "có ký tự không được phép",
    5: "thẻ cuối cùng chưa đóng",
    7: "thẻ đóng không khớp thẻ mở",
    8: "một thuộc tính viết hai lần",
    9: "còn nội dung sau phần tử svg",
    11: "dùng thực thể không khai báo",
    27: "dùng tiền tố không khai báo",
}
