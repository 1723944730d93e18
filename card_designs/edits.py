"""Edit one SVG text by operations that touch no byte but those of what they change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from card_designs import edit_places, edit_sizes, edit_structure, edit_values
from card_designs.edit_draft import Draft, EditRefused
from card_designs.svg_guard import guard_svg
from card_designs.svg_source import Source, SourceBroken, Splice, scan, spliced

__all__ = ["EditRefused", "Edited", "apply"]

Operation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edited:
    """A source after an operation, the operation that takes it back, what it touched.

    ``inverse`` is always a ``splice``; ``at`` lists the addresses that the elements
    touched or made have now.
    """

    source: bytes
    inverse: dict[str, Any]
    at: list[str]


def apply(source: bytes, operation: Operation, *, file: str = "SVG") -> Edited:
    """Do one operation on a guarded source; the result is guarded again.

    Lengths are millimetres of the face. Raises EditRefused with a sentence that names
    element or line; the source is not changed then.

    ``set`` at, attributes: {name: value or None} · ``text`` at, text ·
    ``insert`` into, index, svg · ``delete`` at: […] · ``reorder`` at, index ·
    ``duplicate`` at: […], dx, dy · ``group`` at: […] · ``ungroup`` at ·
    ``move`` at: […], dx, dy · ``resize`` at, x, y, width, height ·
    ``turn`` at, quarters · ``align`` at: […], edge · ``distribute`` at: […], axis ·
    ``replace`` svg · ``splice`` start, end, text (bytes of the UTF-8 source).
    """
    try:
        return _applied(source, operation, file)
    except (OverflowError, RecursionError, UnicodeError, ValueError) as problem:
        # Numbers of thousands of digits, half letters: nothing a person types.
        raise EditRefused(
            "Thao tác có số quá lớn hoặc ký tự không dùng được; hãy làm lại."
        ) from problem


def _applied(source: bytes, operation: Operation, file: str) -> Edited:
    kind = operation.get("op")
    if kind == "splice":
        changed, at = _splice(source, operation), list[str]()
    elif kind == "replace":
        changed, at = _coded(_text(operation, "svg")), list[str]()
    elif isinstance(kind, str) and kind in _KINDS:
        draft = Draft(_scanned(source), operation)
        splices = _KINDS[kind](draft)
        changed = spliced(source, splices)
        at = draft.touched
        if changed != source and (draft.made or draft.kept):
            at = _addresses(draft, splices, changed)
    else:
        raise EditRefused(f"Không có thao tác “{kind}”.")
    if changed != source:
        _check(changed, file)
    return Edited(changed, _inverse(source, changed), at)


_KINDS: dict[str, Callable[[Draft], list[Splice]]] = {
    "align": edit_places.align,
    "delete": edit_structure.delete,
    "distribute": edit_places.distribute,
    "duplicate": edit_structure.duplicate,
    "group": edit_structure.group,
    "insert": edit_structure.insert,
    "move": edit_places.move,
    "reorder": edit_structure.reorder,
    "resize": edit_sizes.resize,
    "set": edit_values.set_attributes,
    "text": edit_values.set_text,
    "turn": edit_places.turn,
    "ungroup": edit_structure.ungroup,
}


def _addresses(draft: Draft, splices: list[Splice], changed: bytes) -> list[str]:
    """Find elements in the changed source that had no address, or another one."""
    ordered = sorted(splices, key=lambda each: (each.start, each.end))
    grown = [len(each.text) - (each.end - each.start) for each in ordered]
    places = []
    for splice, offset in draft.made:
        before = ordered.index(splice)
        places.append(splice.start + sum(grown[:before]) + offset)
    for start in draft.kept:
        before = sum(each.end <= start for each in ordered)
        places.append(start + sum(grown[:before]))
    return [node.at for node in scan(changed).root.walk() if node.start in places]


def _scanned(source: bytes) -> Source:
    try:
        return scan(source)
    except SourceBroken as problem:
        raise EditRefused(problem.sentence, line=problem.line) from problem


def _text(operation: Operation, key: str) -> str:
    value = operation.get(key)
    if not isinstance(value, str):
        raise EditRefused(f"Thao tác thiếu “{key}”.")
    return value


def _splice(source: bytes, operation: Operation) -> bytes:
    start, end = operation.get("start"), operation.get("end")
    text = _text(operation, "text")
    if (
        not isinstance(start, int)
        or not isinstance(end, int)
        or not 0 <= start <= end <= len(source)
    ):
        raise EditRefused("Đoạn thay thế nằm ngoài mã nguồn.")
    return spliced(source, [Splice(start, end, _coded(text))])


def _coded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as problem:
        raise EditRefused("Đoạn thay thế có ký tự không hợp lệ.") from problem


def _check(changed: bytes, file: str) -> None:
    found = guard_svg(changed, file=file)
    if found:
        first = found[0]
        line = int(first.where.rpartition(" ")[2])
        raise EditRefused(f"Dòng {line}: {first.message}", line=line)


def _inverse(before: bytes, after: bytes) -> dict[str, Any]:
    """Give the one splice that turns ``after`` back into ``before``."""
    head = _shared(before, after, lambda text, n: text[:n])
    room = min(len(before), len(after)) - head
    tail = _shared(before[head:], after[head:], lambda text, n: text[len(text) - n :])
    tail = min(tail, room)
    # Cut between characters, not inside one.
    while head and _is_inside(before, head):
        head -= 1
    while tail and _is_inside(before, len(before) - tail):
        tail -= 1
    text = before[head : len(before) - tail].decode()
    return {"op": "splice", "start": head, "end": len(after) - tail, "text": text}


def _shared(one: bytes, other: bytes, part: Callable[[bytes, int], bytes]) -> int:
    """Count how many bytes at one end are the same, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if part(one, middle) == part(other, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _is_inside(text: bytes, place: int) -> bool:
    return place < len(text) and text[place] & 0xC0 == 0x80
