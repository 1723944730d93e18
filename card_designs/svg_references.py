"""What elements drag in by reference: circles, and drawings that multiply."""

import re
from collections.abc import Iterator

from card_designs.svg_allowed import HREFS
from card_designs.svg_source import Node, Source
from card_designs.svg_style import StyleBroken, class_rules, declarations

MOST_DRAWN = 20_000
"""Elements that are drawn in the end, every copy counted."""

_MOST_REFERENCES = 20_000
_LONGEST_CHAIN = 100

_TARGET = re.compile(r"url\(\s*['\"]?#([^\s\"'()]+)['\"]?\s*\)")
_POINT = re.compile(r"\d+\.?\d*|\.\d+|[A-Za-z]")
_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")
_ONCE = ("clip-path", "mask", "filter")
"""Drawn once for the element; anything else is drawn for each thing inside it."""

Problem = tuple[int, str, str]


def reference_problems(source: Source) -> Iterator[Problem]:
    """Find references that lead back to themselves, and copies beyond all bounds."""
    graph = _Graph(source)
    yield from graph.doubled
    try:
        if graph.cost(source.root) > MOST_DRAWN:
            raise _Endless(source.root, "svg-copies")
    except _Endless as problem:
        yield problem.node.line, problem.code, _SENTENCES[problem.code]


_SENTENCES = {
    "svg-circle": "Phần tử tham chiếu vòng tới chính nó; hãy xoá tham chiếu đó.",
    "svg-chain": "Tham chiếu nối tiếp nhau quá nhiều lần; hãy đơn giản hoá hình.",
    "svg-copies": (
        f"Các tham chiếu nhân hình vẽ lên quá {MOST_DRAWN} phần tử;"
        " hãy đơn giản hoá hình."
    ),
}


class _Endless(Exception):
    def __init__(self, node: Node, code: str) -> None:
        super().__init__(code)
        self.node = node
        self.code = code


class _Graph:
    def __init__(self, source: Source) -> None:
        self.ids: dict[str, Node] = {}
        self.doubled: list[Problem] = []
        for node in source.root.walk():
            name = node.get("id")
            if name and name in self.ids:
                sentence = f"Mã id “{name[:40]}” có hai lần; hãy đổi một chỗ."
                self.doubled.append((node.line, "svg-id", sentence))
            elif name:
                self.ids[name] = node
        self.classes = _classes(source)
        self._known: dict[Node, int] = {}
        self._sizes: dict[Node, int] = {}
        self._markers: dict[Node, int] = {}
        self._open: set[Node] = set()
        self._followed = 0

    def cost(self, node: Node) -> int:
        """Count what is drawn for ``node``, capped; raises _Endless."""
        if node in self._known:
            return self._known[node]
        if node in self._open:
            raise _Endless(node, "svg-circle")
        if len(self._open) > _LONGEST_CHAIN:
            raise _Endless(node, "svg-chain")
        self._open.add(node)
        total = 1 + sum(self.cost(child) for child in node.children)
        for times, target in self._targets(node):
            self._followed += 1
            if self._followed > _MOST_REFERENCES:
                raise _Endless(node, "svg-copies")
            total += times * self.cost(target)
        self._open.discard(node)
        self._known[node] = min(total, 10 * MOST_DRAWN)
        return self._known[node]

    def _targets(self, node: Node) -> Iterator[tuple[int, Node]]:
        for name in node.attributes:
            value = node.attributes[name].value
            if node.full_name(name) in HREFS:
                if value.startswith("#") and value[1:] in self.ids:
                    yield 1, self.ids[value[1:]]
            elif name == "style":
                for prop, text in _quietly(value):
                    yield from self._of_property(node, prop, text)
            elif name == "class":
                for each in set(value.split()):
                    for prop, text in self.classes.get(each, ()):
                        yield from self._of_property(node, prop, text)
            else:
                yield from self._of_property(node, name, value)

    def _of_property(
        self, node: Node, name: str, value: str
    ) -> Iterator[tuple[int, Node]]:
        for found in _TARGET.findall(value):
            if found not in self.ids:
                continue
            times = 1
            if name in _MARKERS:
                times = self._points(node)
            elif name not in _ONCE:
                times = self._size(node)
            yield times, self.ids[found]

    def _size(self, node: Node) -> int:
        """Count the elements inside, which may inherit a paint."""
        if node not in self._sizes:
            self._sizes[node] = 1 + sum(map(self._size, node.children))
        return self._sizes[node]

    def _points(self, node: Node) -> int:
        """Count the places inside where a marker may be drawn."""
        if node not in self._markers:
            own = _POINT.findall(node.get("d") + " " + node.get("points"))
            inside = sum(map(self._points, node.children))
            self._markers[node] = len(own) + 2 + inside
        return self._markers[node]


def _classes(source: Source) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for node in source.root.walk():
        if node.tag != "style":
            continue
        try:
            rules = class_rules(source.content[node.open_end : node.close_start])
        except StyleBroken:  # The guard tells of it by itself.
            continue
        for names, text in rules:
            for name in names:
                paints = [pair for pair in _quietly(text) if "url(" in pair[1]]
                found.setdefault(name, []).extend(paints)
    return found


def _quietly(text: str) -> list[tuple[str, str]]:
    try:
        return declarations(text)
    except StyleBroken:
        return []
