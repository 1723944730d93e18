"""Put elements in, take them out, and change their order and grouping."""

import re

from card_designs.edit_draft import Draft, EditRefused, refused
from card_designs.edit_places import moved
from card_designs.edit_values import changes, quote
from card_designs.svg_allowed import PROPERTIES
from card_designs.svg_source import Node, SourceBroken, Splice, scan, spliced
from card_designs.svg_style import StyleBroken, declarations

_PARENTS = ("svg", "g", "a")
_LONGEST_INSERT = 6_000_000


def insert(draft: Draft) -> list[Splice]:
    """Put the text of one or more elements into a group, before the child ``index``.

    Without an index it goes to the end, upon everything else.
    """
    parent = draft.node("into")
    if parent.tag not in _PARENTS:
        raise refused(parent, f"không thêm phần tử vào {parent.tag} được.")
    text = draft.text("svg").strip()
    count = _count(text)
    index = _index(draft, len(parent.children))
    step = f"{parent.at}/" if parent.at else ""
    draft.touched = [f"{step}{index + n}" for n in range(count)]
    return put(draft.content, parent, index, text.encode())


def _count(text: str) -> int:
    """Count the elements of a fragment; refuses what is not one."""
    if len(text) > _LONGEST_INSERT:
        raise EditRefused("Phần thêm vào lớn quá.")
    try:
        root = scan(f"<g>{text}</g>".encode()).root
    except SourceBroken as problem:
        raise EditRefused(f"Phần thêm vào: {problem.sentence}") from problem
    except UnicodeEncodeError as problem:
        raise EditRefused("Phần thêm vào có ký tự không hợp lệ.") from problem
    if not root.children:
        raise EditRefused("Phần thêm vào không có phần tử nào.")
    return len(root.children)


def _index(draft: Draft, most: int) -> int:
    index = draft.whole("index") if draft.has("index") else most
    if not 0 <= index <= most:
        raise EditRefused(f"Không có vị trí {index} trong nhóm này (0 đến {most}).")
    return index


def put(content: bytes, parent: Node, index: int, text: bytes) -> list[Splice]:
    """Write ``text`` on a line of its own before the child ``index``, or at the end."""
    if parent.open_end == parent.end:
        name = re.match(rb"[^\s/>]+", content[parent.start + 1 : parent.open_end])
        tag = name[0] if name else b"g"
        inside = b">" + text + b"</" + tag + b">"
        return [Splice(parent.open_end - 2, parent.open_end, inside)]
    if index < len(parent.children):
        place = parent.children[index].start
        return [Splice(place, place, text + blanks_before(content, place))]
    if parent.children:
        last = parent.children[-1]
        blanks = blanks_before(content, last.start)
        return [Splice(last.end, last.end, blanks + text)]
    return [Splice(parent.open_end, parent.open_end, text)]


def blanks_before(content: bytes, place: int) -> bytes:
    """Give the line break and indent before a place; nothing within a line."""
    start = place
    while start and content[start - 1 : start] in (b" ", b"\t"):
        start -= 1
    if content[start - 1 : start] == b"\n":
        start -= 2 if content[start - 2 : start] == b"\r\n" else 1
        return content[start:place]
    return b""


def taken_out(content: bytes, node: Node) -> Splice:
    """Cut an element out, with the line that it stood on alone."""
    start = node.start - len(blanks_before(content, node.start))
    return Splice(start, node.end)


def delete(draft: Draft) -> list[Splice]:
    """Take elements away."""
    nodes = draft.nodes()
    for node in nodes:
        if node.parent is None:
            raise EditRefused("Không xoá được phần tử gốc svg.")
        if node.at in draft.placements:
            draft.free(node)
    return [taken_out(draft.content, node) for node in nodes]


def reorder(draft: Draft) -> list[Splice]:
    """Move an element among its siblings; later ones lie upon earlier ones."""
    node = draft.node()
    if node.parent is None:
        raise EditRefused("Không đổi thứ tự được phần tử gốc svg.")
    others = [child for child in node.parent.children if child is not node]
    draft.whole("index")
    index = _index(draft, len(others))
    draft.touched = [node.at]
    if index == node.index:
        return []
    blanks = blanks_before(draft.content, node.start)
    text = draft.content[node.start : node.end]
    if index < len(others):
        place = others[index].start
        added = Splice(place, place, text + blanks)
        draft.made = [(added, 0)]
    else:
        place = others[-1].end
        added = Splice(place, place, blanks + text)
        draft.made = [(added, len(blanks))]
    return [taken_out(draft.content, node), added]


def duplicate(draft: Draft) -> list[Splice]:
    """Copy each element right upon itself, moved by dx, dy millimetres."""
    nodes = draft.nodes()
    dx, dy = draft.length("dx", 0.0), draft.length("dy", 0.0)
    known = {node.get("id") for node in draft.source.root.walk()}
    splices = []
    for node in nodes:
        if node.parent is None:
            raise EditRefused("Không nhân đôi được phần tử gốc svg.")
        inside = [*moved(draft, node, dx, dy), *_fresh_ids(draft, node, known)]
        text = draft.content[node.start : node.end]
        here = [each.from_place(node.start) for each in inside]
        blanks = blanks_before(draft.content, node.start)
        added = Splice(node.end, node.end, blanks + spliced(text, here))
        draft.made.append((added, len(blanks)))
        splices.append(added)
    return splices


_REFERENCE = re.compile(r"#([^\s\"'()<>]+)")


def _fresh_ids(draft: Draft, node: Node, known: set[str]) -> list[Splice]:
    """Give ids inside a copy that nobody has yet, wherever the copy names them."""
    fresh: dict[str, str] = {}
    for each in node.walk():
        name = each.get("id")
        if name:
            count = 2
            while f"{name}-{count}" in known:
                count += 1
            fresh[name] = f"{name}-{count}"
            known.add(fresh[name])
    splices = []
    for each in node.walk() if fresh else ():
        for name, own in each.attributes.items():
            if name == "id":
                new = fresh[own.value]
            else:
                new = _REFERENCE.sub(
                    lambda found: f"#{fresh.get(found[1], found[1])}", own.value
                )
            if new != own.value:
                mark = draft.content[own.value_start - 1 : own.value_start]
                text = quote(new, mark)
                splices.append(Splice(own.value_start, own.value_end, text))
    return splices


def group(draft: Draft) -> list[Splice]:
    """Put siblings into a group of their own, where the topmost of them lies."""
    nodes = draft.nodes()
    parents = {node.parent for node in nodes}
    if len(parents) > 1 or None in parents:
        raise EditRefused("Chỉ nhóm được các phần tử nằm cùng một nhóm.")
    for node in nodes:
        draft.free(node)
    content, last = draft.content, nodes[-1]
    blanks = blanks_before(content, last.start)
    steps = [node.index for node in nodes]
    if steps == list(range(steps[0], steps[0] + len(steps))):
        first = nodes[0].start
        opening = Splice(first, first, b"<g>" + blanks_before(content, first))
        cuts = []
    else:
        texts = [content[node.start : node.end] + blanks for node in nodes[:-1]]
        inside = b"<g>" + blanks + b"".join(texts)
        opening = Splice(last.start, last.start, inside)
        cuts = [taken_out(content, node) for node in nodes[:-1]]
    draft.made = [(opening, 0)]
    return [*cuts, opening, Splice(last.end, last.end, blanks + b"</g>")]


_OF_THE_WHOLE = ("clip-path", "filter", "mask", "mix-blend-mode", "opacity")


def ungroup(draft: Draft) -> list[Splice]:
    """Dissolve a group; its members take over its transform and its looks."""
    node = draft.node()
    if node.tag != "g" or node.parent is None:
        raise refused(node, "chỉ bỏ nhóm được phần tử g.")
    draft.free(node)
    looks = _looks(node)
    for name in _OF_THE_WHOLE:
        if looks.get(name, "none") not in ("none", "1", "normal"):
            message = f"nhóm có {name} cho cả nhóm; hãy bỏ thuộc tính đó trước."
            raise refused(node, message)
    name = node.get("id")
    if name and re.search(rb"#" + re.escape(name.encode()) + rb"\b", draft.content):
        raise refused(node, "nhóm được phần tử khác dùng lại (href); không bỏ được.")
    if node.get("class"):
        raise refused(node, "nhóm dùng lớp CSS; hãy sửa ở Mã nguồn.")
    splices = [_without_tag(draft.content, node.start, node.open_end)]
    if node.end > node.open_end:
        splices.append(_without_tag(draft.content, node.close_start, node.end))
    for child in node.children:
        draft.kept.append(child.start)
        own = {**_looks(child), **{n: a.value for n, a in child.attributes.items()}}
        values: dict[str, str | None] = {
            key: value for key, value in looks.items() if key not in own
        }
        if node.get("transform"):
            both = f"{node.get('transform')} {child.get('transform')}"
            values["transform"] = both.strip()
        splices += changes(draft.content, child, values)
    return splices


def _looks(node: Node) -> dict[str, str]:
    """Give what a group hands down: its properties, and the layer it is in."""
    found = {
        name: each.value
        for name, each in node.attributes.items()
        if name in PROPERTIES or name == "data-layer"
    }
    try:
        found.update(
            (name, value)
            for name, value in declarations(node.get("style"))
            if name in PROPERTIES
        )
    except StyleBroken as problem:
        raise refused(node, str(problem)) from problem
    return found


def _without_tag(content: bytes, start: int, end: int) -> Splice:
    return Splice(start - len(blanks_before(content, start)), end)
