"""Declarations and class rules of CSS, the little of it that designs may use."""

import re

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASSES = re.compile(r"\.[A-Za-z_][\w-]*(?:\s*,\s*\.[A-Za-z_][\w-]*)*")
_MOST_STYLE = 100_000


class StyleBroken(Exception):
    """Not of the kind that designs may use; a whole Vietnamese sentence."""


def declarations(text: str) -> list[tuple[str, str]]:
    """Read ``fill:#fff; stroke:none`` as pairs, in order; raises StyleBroken."""
    if "\\" in text or "{" in text or "<" in text:
        raise StyleBroken("Thuộc tính style viết sai; hãy dùng dạng tên:giá trị.")
    pairs = []
    for part in split_declarations(_without_comments(text)):
        name, colon, value = part.partition(":")
        if not part.strip():
            continue
        if not colon:
            raise StyleBroken(f"Kiểu “{part.strip()[:40]}” thiếu dấu hai chấm.")
        pairs.append((name.strip().lower(), value.strip()))
    return pairs


def split_declarations(text: str) -> list[str]:
    """Part declarations at semicolons that stand outside quotes and brackets."""
    return [part for part in _PART.findall(text) if part]


_PART = re.compile(r"(?:\"[^\"]*\"|'[^']*'|\([^()]*\)|[^;])+")


def class_rules(content: bytes) -> list[tuple[tuple[str, ...], str]]:
    """Read the inside of a ``style`` element: class names and their declarations.

    Raises StyleBroken for every other kind of selector, and for @ rules.
    """
    text = content.decode("utf-8").strip()
    if text.startswith("<![CDATA[") and text.endswith("]]>"):
        text = text.removeprefix("<![CDATA[").removesuffix("]]>")
    if len(text) > _MOST_STYLE:
        raise StyleBroken("Phần tử style dài quá; hãy đơn giản hoá hình vẽ.")
    if "<" in text or "&" in text or "\\" in text:
        raise StyleBroken("Phần tử style có ký tự không được phép.")
    text = _without_comments(text)
    rules, place = [], 0
    while match := _RULE.match(text, place):
        selector = match[1].strip()
        if not _CLASSES.fullmatch(selector):
            raise StyleBroken(
                f"Bộ chọn kiểu “{selector[:40]}” không dùng được; chỉ dùng lớp đơn"
                " (.ten-lop), hoặc lưu lại với thuộc tính thay cho CSS."
            )
        names = tuple(name.strip()[1:] for name in selector.split(","))
        rules.append((names, match[2]))
        place = match.end()
    if text[place:].strip():
        rest = text[place:].strip()[:40]
        raise StyleBroken(f"Phần tử style có đoạn không dùng được: “{rest}”.")
    return rules


def _without_comments(text: str) -> str:
    head, *rest = text.split("/*")
    kept = [part.partition("*/") for part in rest]
    if any(not closing for _, closing, _ in kept):
        raise StyleBroken("Kiểu có chú thích /* chưa đóng hoặc lồng nhau.")
    return head + "".join(after for _, _, after in kept)
