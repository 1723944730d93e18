"""Set attributes, style properties and words of one element."""

import re
from typing import Any
from xml.sax.saxutils import escape

from card_designs.edit_draft import Draft, EditRefused, refused
from card_designs.svg_allowed import LENGTHS, PROPERTIES
from card_designs.svg_source import Attribute, Node, Splice

_BINDINGS = frozenset(
    f"data-{name}"
    for name in (
        *("field", "fit", "format", "grow", "layer", "line-height", "lines", "locked"),
        *("max-height", "max-width", "min-size", "name", "panel", "show-if"),
        *("symbology", "transform"),
    )
)
_ALLOWED = (
    (PROPERTIES | LENGTHS | _BINDINGS)
    | frozenset(("d", "href", "points", "preserveAspectRatio", "transform"))
) - frozenset(("enable-background", "filter", "mask"))
_ROOT_ALLOWED = PROPERTIES & frozenset(
    ("fill", "font-family", "font-size", "font-weight", "letter-spacing", "stroke")
)
_LONGEST_TEXT = 2_000


def set_attributes(draft: Draft) -> list[Splice]:
    """Give attributes their values; None takes one away. Style stays in ``style``."""
    node = draft.node()
    values: dict[str, str | None] = {}
    for name, value in draft.table("attributes").items():
        values[name] = _checked(node, name, value)
    draft.touched = [node.at]
    return changes(draft.content, node, values)


def _checked(node: Node, name: str, value: Any) -> str | None:
    allowed = _ROOT_ALLOWED if node.parent is None else _ALLOWED
    if name not in allowed:
        raise refused(node, f"không được đặt thuộc tính “{name}” ở {node.tag}.")
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise refused(node, f"giá trị của “{name}” phải là chữ hoặc số.")
    if value is None:
        return None
    text = value if isinstance(value, str) else number(float(value))
    if name in PROPERTIES and re.search(r"[;{}\\]", text):
        raise refused(node, f"giá trị của “{name}” có ký tự không được phép.")
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
        raise refused(node, f"giá trị của “{name}” có ký tự điều khiển.")
    return text


def changes(content: bytes, node: Node, values: dict[str, str | None]) -> list[Splice]:
    """Give the splices that set attributes, each where it stands already."""
    style = node.attributes.get("style")
    inside: dict[str, str | None] = {}
    splices: list[Splice] = []
    fresh: list[tuple[str, str]] = []
    for name, value in values.items():
        own = node.attributes.get(name)
        if style and name in PROPERTIES and _declares(content, style, name):
            # The style outdoes an attribute of the same name, which may stand too.
            inside[name] = value
            if own and value is None:
                splices.append(Splice(own.start, own.end))
        elif own is None:
            if value is not None:
                fresh.append((name, value))
        elif value is None:
            splices.append(Splice(own.start, own.end))
        elif value != own.value:
            quoted = quote(value, content[own.value_start - 1 : own.value_start])
            splices.append(Splice(own.value_start, own.value_end, quoted))
    if style and inside:
        splices.append(_style_splice(content, style, inside))
    if fresh:
        splices.append(_added(content, node, fresh))
    return splices


def _added(content: bytes, node: Node, fresh: list[tuple[str, str]]) -> Splice:
    """Write new attributes behind the last, with the blanks that stand before it."""
    last = max(node.attributes.values(), key=lambda each: each.end, default=None)
    blanks, mark = b" ", b'"'
    place = node.start + 1 + _name_length(content, node)
    if last is not None:
        place = last.end
        name_start = content.index(last.name.encode(), last.start)
        blanks = content[last.start : name_start]
        mark = content[last.value_start - 1 : last.value_start]
    text = b"".join(
        blanks + name.encode() + b"=" + mark + quote(value, mark) + mark
        for name, value in fresh
    )
    return Splice(place, place, text)


def _name_length(content: bytes, node: Node) -> int:
    match = re.match(rb"[^\s/>]+", content[node.start + 1 : node.open_end])
    return match.end() if match else 0


def quote(value: str, mark: bytes) -> bytes:
    """Write a value so that it can stand between two quotation marks."""
    special = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    special['"' if mark == b'"' else "'"] = "&quot;" if mark == b'"' else "&apos;"
    return escape(value, special).encode()


def _pattern(name: str) -> "re.Pattern[bytes]":
    return re.compile(
        rb"(^|;)(\s*)" + re.escape(name).encode() + rb"(\s*:\s*)([^;]*?)(\s*)(?=;|$)",
        re.IGNORECASE,
    )


def _declares(content: bytes, style: Attribute, name: str) -> bool:
    text = content[style.value_start : style.value_end]
    return _pattern(name).search(text) is not None


def _style_splice(
    content: bytes, style: Attribute, values: dict[str, str | None]
) -> Splice:
    text = content[style.value_start : style.value_end]
    mark = content[style.value_start - 1 : style.value_start]
    for name, value in values.items():
        pattern = _pattern(name)
        if value is None:
            text = pattern.sub(b"", text).lstrip(b";")
            continue
        for found in reversed(list(pattern.finditer(text))):
            text = text[: found.start(4)] + quote(value, mark) + text[found.end(4) :]
    if not text.strip():
        return Splice(style.start, style.end)
    return Splice(style.value_start, style.value_end, text)


def set_text(draft: Draft) -> list[Splice]:
    """Give a text its words; those of a single tspan go where that stands."""
    node, words = draft.node(), draft.text("text")
    if node.tag not in ("text", "tspan", "textPath"):
        raise refused(node, f"chỉ sửa được lời của phần tử chữ, không phải {node.tag}.")
    if len(words) > _LONGEST_TEXT:
        raise EditRefused(f"Chữ dài hơn {_LONGEST_TEXT} ký tự.")
    draft.touched = [node.at]
    while node.children:
        between = draft.content[node.open_end : node.children[0].start]
        after = draft.content[node.children[0].end : node.close_start]
        if len(node.children) > 1 or (between + after).strip():
            raise refused(
                node, "chữ gồm nhiều đoạn; hãy chọn từng đoạn hoặc sửa ở Mã nguồn."
            )
        node = node.children[0]
    coded = escape(" ".join(words.split())).encode()
    if node.open_end == node.end:
        return _opened(draft.content, node, coded)
    return [Splice(node.open_end, node.close_start, coded)]


def _opened(content: bytes, node: Node, inside: bytes) -> list[Splice]:
    """Turn a self-closed element into one with an end tag."""
    name = content[node.start + 1 : node.start + 1 + _name_length(content, node)]
    closing = b">" + inside + b"</" + name + b">"
    start = node.open_end - 2
    while content[start - 1 : start].isspace():
        start -= 1
    return [Splice(start, node.open_end, closing)]


def number(value: float, *, digits: int = 4) -> str:
    """Write a number as people do: no more decimals than it needs."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
