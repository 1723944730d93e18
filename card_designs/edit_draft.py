"""One operation at work on one source: its arguments, read and checked."""

from collections.abc import Mapping
from functools import cached_property
from math import isfinite
from typing import Any

from card_designs.boxes import Placement, placements
from card_designs.svg_source import Node, Source, Splice

_FURTHEST_MM = 1_000.0


class EditRefused(Exception):
    """The operation cannot be done; a whole Vietnamese sentence, and a line or None."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


class Draft:
    """The source that an operation is about, and what the operation asks for."""

    def __init__(self, source: Source, operation: Mapping[str, Any]) -> None:
        self.source = source
        self.content = source.content
        self.touched: list[str] = []
        self.made: list[tuple[Splice, int]] = []
        """Elements that an operation writes: the splice, and where in its text."""
        self.kept: list[int] = []
        """Elements that stay but get another address, by where they begin."""
        self._operation = operation

    @cached_property
    def placements(self) -> dict[str, Placement]:
        """Every drawn element's place, by address."""
        return placements(self.content, self.source)

    def node(self, key: str = "at") -> Node:
        """Give the one element at the operation's address."""
        return self._found(self._operation.get(key))

    def nodes(self) -> list[Node]:
        """Give the elements at the operation's addresses, in the source's order.

        What lies inside another one of them is left out: it goes along anyway.
        """
        asked = self._operation.get("at")
        if isinstance(asked, str):
            asked = [asked]
        if not isinstance(asked, list) or not asked:
            raise EditRefused("Chưa chọn phần tử nào.")
        found = {node.start: node for node in map(self._found, asked)}
        chosen = [found[start] for start in sorted(found)]
        return [
            node
            for node in chosen
            if not any(o.start < node.start and node.end <= o.end for o in chosen)
        ]

    def _found(self, at: object) -> Node:
        node = self.source.find(at) if isinstance(at, str) else None
        if node is None:
            raise EditRefused(f"Không có phần tử “{at}” trong mặt thẻ này.")
        return node

    def placed(self, node: Node) -> Placement:
        """Give where a drawn element stands; refuses what is not drawn."""
        found = self.placements.get(node.at)
        if found is None:
            raise EditRefused(
                f"Phần tử {node.tag} ở dòng {node.line} không nằm trên mặt thẻ,"
                " không di chuyển được.",
                line=node.line,
            )
        return found

    def free(self, node: Node) -> Placement:
        """Give where an element stands that is not locked."""
        placed = self.placed(node)
        if placed.box.locked:
            raise EditRefused(
                f"“{placed.box.label}” (dòng {node.line}) đang khoá; hãy mở khoá.",
                line=node.line,
            )
        return placed

    def length(self, key: str, default: float | None = None) -> float:
        """Give a length in millimetres that the operation names."""
        value = self._operation.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise EditRefused(f"Thao tác thiếu số “{key}” (mm).")
        if not isfinite(value) or abs(value) > _FURTHEST_MM:
            raise EditRefused(f"Số “{key}” phải trong khoảng ±1.000 mm.")
        return float(value)

    def has(self, key: str) -> bool:
        """Whether the operation names this at all."""
        return self._operation.get(key) is not None

    def whole(self, key: str) -> int:
        """Give a whole number that the operation names."""
        value = self._operation.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise EditRefused(f"Thao tác thiếu số nguyên “{key}”.")
        return value

    def text(self, key: str) -> str:
        """Give a text that the operation names, without what XML cannot hold."""
        value = self._operation.get(key)
        if not isinstance(value, str):
            raise EditRefused(f"Thao tác thiếu “{key}”.")
        if any(_is_unwritable(letter) for letter in value):
            raise EditRefused(f"“{key}” có ký tự điều khiển, không ghi được vào SVG.")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """Give one of a few words."""
        value = self._operation.get(key)
        if value not in allowed:
            raise EditRefused(f"“{key}” phải là một trong: {', '.join(allowed)}.")
        return str(value)

    def table(self, key: str) -> Mapping[str, Any]:
        """Give a table of names and values."""
        value = self._operation.get(key)
        if not isinstance(value, dict) or not value:
            raise EditRefused(f"Thao tác thiếu “{key}”.")
        return value


def _is_unwritable(letter: str) -> bool:
    code = ord(letter)
    return (
        (code < 32 and letter not in "\t\r\n")
        or 0xD800 <= code < 0xE000
        or (code in (0xFFFE, 0xFFFF))
    )


def refused(node: Node, sentence: str) -> EditRefused:
    """Make a refusal that names the element's line."""
    return EditRefused(f"Dòng {node.line}: {sentence}", line=node.line)
