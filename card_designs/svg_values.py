"""What attributes and styles of a design may say."""

import re
from collections.abc import Iterator
from math import isfinite

from card_designs.affine import read_transform
from card_designs.picture_guard import MOST_PICTURE_BYTES, data_picture_problem
from card_designs.svg_allowed import (
    ATTRIBUTES,
    DATA_NUMERIC,
    EDITOR_PROPERTIES,
    EDITOR_SPACES,
    HREFS,
    LENGTHS,
    NUMERIC,
    PROPERTIES,
    SPACED_ATTRIBUTES,
)
from card_designs.svg_source import Node
from card_designs.svg_style import StyleBroken, class_rules, declarations

LARGEST_NUMBER = 10_000

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
_COUNTING = NUMERIC | DATA_NUMERIC
_TRANSFORMS = ("transform", "gradientTransform", "patternTransform")
_NOT_A_PATH = re.compile(r"[^MmLlHhVvCcSsQqTtAaZzeE0-9+\-.,\s]|^\s*[^Mm\s]")
_WITH_UNIT = re.compile(rf"{_NUMBER.pattern}(?:px|mm|cm|in|pt|pc|Q|em|ex|%)?")
_TRANSFORM_STEP = re.compile(r"\(")
_MOST_STEPS = 20

FOREIGN = "svg-foreign"
"""Unknown programs' notes: ``clean_svg`` drops them, ``guard_svg`` refuses them."""

Problem = tuple[str, str]
"""Code and sentence."""


def attribute_problems(
    node: Node, name: str, pictures: "Pictures"
) -> Iterator[Problem]:
    """Find what is wrong with one attribute, by its name or its value."""
    full, value = node.full_name(name), node.attributes[name].value
    if full.startswith("xmlns"):
        return
    if full.startswith("{"):
        space = full[1:].partition("}")[0]
        if space in EDITOR_SPACES:
            return
        if full not in SPACED_ATTRIBUTES:
            code = "svg-attribute" if is_of_the_web(space) else FOREIGN
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


def _value_problems(name: str, value: str) -> Iterator[Problem]:
    wrong = list(_number_problems(name, value)) if name in _COUNTING else []
    yield from wrong
    if not wrong and not _is_readable(name, value):
        shown = value if len(value) <= 30 else f"{value[:30]}…"
        yield "svg-value", f"Giá trị {name} viết sai (“{shown}”); hãy sửa lại."
    if len(_URL.findall(value)) != len(_INNER_URL.findall(value)):
        message = f"Giá trị {name} trỏ ra ngoài tệp; chỉ dùng được url(#…) trong tệp."
        yield "svg-outside", message
    if _ACTIVE.search(value):
        yield "svg-active", f"Giá trị của {name} chứa mã lệnh; hãy xoá đi."


def _is_readable(name: str, value: str) -> bool:
    """Whether a value is of the notation its attribute wants, and draws at all."""
    if name in _TRANSFORMS:
        try:
            read_transform(value, skew=True)
        except ValueError:
            return False
        return True
    if name == "d":
        return _NOT_A_PATH.search(value) is None
    if name in LENGTHS or name == "points":
        return not _WITH_UNIT.sub("", value).strip(" ,\t\r\n")
    return True


def _number_problems(name: str, value: str) -> Iterator[Problem]:
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
    node: Node, name: str, value: str, pictures: "Pictures"
) -> Iterator[Problem]:
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


def _declaration_problems(text: str) -> Iterator[Problem]:
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


def rule_problems(content: bytes) -> Iterator[Problem]:
    """Find what is wrong with the inside of a ``style`` element."""
    try:
        rules = class_rules(content)
    except StyleBroken as problem:
        yield "svg-style", str(problem)
        return
    for _, text in rules:
        yield from _declaration_problems(text)


def is_of_the_web(space: str) -> bool:
    """Whether browsers act on what is in this namespace."""
    return not space or space.startswith("http://www.w3.org/") or ":" not in space


class Pictures:
    """The pictures inside one file, measured as they are met."""

    def __init__(self) -> None:
        self._bytes = 0
        self._pixels = 0

    def add(self, href: str) -> str | None:
        """Count one in; gives a sentence where it cannot be taken."""
        size, pixels, problem = data_picture_problem(href, self._pixels)
        self._bytes += size
        self._pixels += pixels
        if problem is None and self._bytes > MOST_PICTURE_BYTES:
            return "Các hình nhúng nặng hơn 4 MB; hãy thu nhỏ hình rồi nhúng lại."
        return problem
