"""SVG files that mean harm or went wrong, each small in itself, by what they are."""

import base64
import gzip
import struct
import zlib

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
HEAD = f'{SVG} width="85.6mm" height="53.98mm" viewBox="0 0 85.6 53.98">'


def drawn(inside: str) -> bytes:
    """Put something inside a card's SVG, on its second line."""
    return f"{HEAD}\n{inside}\n</svg>".encode()


def png_claiming(width: int, height: int) -> bytes:
    """Make a PNG of a few bytes that says how big it is."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = []
    for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        crc = zlib.crc32(kind + data)
        chunks.append(struct.pack(">I", len(data)) + kind + data)
        chunks.append(struct.pack(">I", crc))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def embedded(content: bytes, kind: str = "image/png") -> str:
    """Embed a picture as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def nested(tag: str, depth: int, inside: str = "") -> str:
    """Put an element into itself, many times over."""
    return f"<{tag}>" * depth + inside + f"</{tag}>" * depth


def doubling(steps: int, tag: str = "g") -> str:
    """Make copies of copies: two to the power of ``steps`` in the end."""
    first = '<rect id="u0" width="1" height="1"/>'
    rows = [
        f'<{tag} id="u{n}"><use href="#u{n - 1}"/><use href="#u{n - 1}"/></{tag}>'
        for n in range(1, steps + 1)
    ]
    return f"<defs>{first}{''.join(rows)}</defs><use href='#u{steps}'/>"


def painted(tag: str, name: str, steps: int) -> str:
    """Let paints, masks, clips or markers use one another, thrice each."""
    rows = []
    for n in range(steps):
        use = f' {name}="url(#p{n - 1})"' if n else ""
        shapes = f'<path{use} d="M0 0 L1 1 L2 0 L3 1"/>' * 3
        rows.append(f'<{tag} id="p{n}" width="9" height="9">{shapes}</{tag}>')
    return f'{"".join(rows)}<path {name}="url(#p{steps - 1})" d="M0 0 L9 9 L9 0"/>'


SVG_IN_DATA = embedded(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
ENDLESS_JPEG = b"\xff\xd8" + b"\xff" * 900_000
MANY_ATTRIBUTES = " ".join(f'data-a{n}="1"' for n in range(20_000))
MANY_SPACES = " ".join(f'xmlns:a{n}="urn:a{n}"' for n in range(20_000))
RECT = "<rect width='1' height='1' {}/>"

ATTACKS: dict[str, bytes] = {
    "no namespace": drawn('<g xmlns="" onload="x"><rect width="60" height="40"/></g>'),
    "no namespace, a picture": drawn(
        '<image xmlns="" width="9" height="9"'
        ' href="data:image/svg+xml;base64,PHN2Zy8+"/>'
    ),
    "no namespace, a style": drawn('<style xmlns="">@import url(http://a.b/c)</style>'),
    # What browsers would run or fetch.
    "script": drawn("<script>alert(1)</script>"),
    "script in CDATA": drawn("<script><![CDATA[alert(1)]]></script>"),
    "script with a prefix": drawn(
        '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'
    ),
    "script inside metadata": drawn("<metadata><script>alert(1)</script></metadata>"),
    "script in desc": drawn("<desc><script>alert(1)</script></desc>"),
    "web script": drawn('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>'),
    "web image": drawn(
        '<desc><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="a()"/></desc>'
    ),
    "no namespace at all": drawn('<img xmlns="" src="x" onerror="alert(1)"/>'),
    "onload": f'{HEAD[:-1]} onload="alert(1)"></svg>'.encode(),
    "onclick": drawn(RECT.format('onclick="alert(1)"')),
    "ONCLICK": drawn(RECT.format('ONCLICK="alert(1)"')),
    "onbegin of an animation": drawn('<animate onbegin="alert(1)" dur="1s"/>'),
    "foreignObject": drawn("<foreignObject><body/></foreignObject>"),
    "iframe": drawn("<iframe/>"),
    "link to javascript": drawn('<a href="javascript:alert(1)"><g/></a>'),
    "link with a prefix": drawn('<a xlink:href="javascript:alert(1)"><g/></a>'),
    "link under another prefix": drawn(
        '<a xmlns:q="http://www.w3.org/1999/xlink" q:href="javascript:alert(1)"/>'
    ),
    "link outside": drawn('<a href="https://example.org/"><g/></a>'),
    "animate": drawn('<animate attributeName="href" to="javascript:alert(1)"/>'),
    "set": drawn('<set attributeName="onmouseover" to="alert(1)"/>'),
    "animateTransform": drawn('<animateTransform attributeName="transform"/>'),
    "handler": drawn("<handler/>"),
    # What would be fetched or opened.
    "outside picture": drawn('<image href="https://example.org/a.png"/>'),
    "picture of the machine": drawn('<image href="file:///etc/passwd"/>'),
    "picture above the folder": drawn('<image href="../../secret.png"/>'),
    "absolute picture": drawn('<image href="/etc/a.png"/>'),
    "picture of another host": drawn('<image href="//example.org/a.png"/>'),
    "picture that is no picture": drawn('<image href="front.svg"/>'),
    "outside use": drawn('<use href="https://example.org/a.svg#b"/>'),
    "use of a file": drawn('<use xlink:href="other.svg#b"/>'),
    "outside paint": drawn(RECT.format('fill="url(https://example.org/a.svg#b)"')),
    "paint in disguise": drawn(RECT.format('fill="URL (//example.org/a#b)"')),
    "paint in a style": drawn(RECT.format('style="fill:url(//example.org/a#b)"')),
    "outside mask": drawn(RECT.format('mask="url(a.svg#b)"')),
    "feImage": drawn('<filter><feImage href="https://example.org/"/></filter>'),
    "style sheet": b'<?xml-stylesheet href="https://example.org/a.css"?>' + drawn(""),
    "many instructions": drawn("<?a?>" * 190_000),
    "instruction": drawn("<?php system('id') ?>"),
    # Styles.
    "import": drawn("<style>@import url(https://example.org/a.css);</style>"),
    "font-face": drawn("<style>@font-face{font-family:a;src:url(a)}</style>"),
    "element selector": drawn("<style>rect{fill:red}</style>"),
    "id selector": drawn("<style>#a{fill:red}</style>"),
    "star selector": drawn("<style>*{fill:red}</style>"),
    "nested selector": drawn("<style>.a .b{fill:red}</style>"),
    "attribute selector": drawn('<style>.a[x="1"]{fill:red}</style>'),
    "media": drawn("<style>@media print{.a{fill:red}}</style>"),
    "escape in a style": drawn(r"<style>.a{fill:\75rl(//example.org)}</style>"),
    "outside paint in a class": drawn("<style>.a{fill:url(//example.org/a)}</style>"),
    "position": drawn(RECT.format('style="position:fixed;inset:0"')),
    "background": drawn(RECT.format('style="background:url(//example.org)"')),
    "binding of old browsers": drawn(RECT.format('style="-moz-binding:url(#a)"')),
    "expression": drawn(RECT.format('style="width:expression(alert(1))"')),
    "markup inside style": drawn("<style><g/></style>"),
    "comments never closed": drawn(f"<style>{'/*' * 40_000}</style>"),
    "blanks in a style": drawn(f"<style>.a{{}}{' ' * 90_000}x</style>"),
    # Entities and encodings.
    "entity": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawn("<text>&a;</text>"),
    "a billion laughs": b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    + drawn("<text>&b;</text>"),
    "entity of a file": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + drawn("<text>&a;</text>"),
    "entity of a parameter": b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://b/">%a;]>'
    + drawn(""),
    "doctype": b'<!DOCTYPE svg PUBLIC "a" "http://example.org/a.dtd">' + drawn(""),
    "unknown entity": drawn("<text>&nbsp;</text>"),
    "gzip": gzip.compress(drawn("")),
    "UTF-16": drawn("").decode().encode("utf-16"),
    "UTF-16 without a mark": drawn("").decode().encode("utf-16-le"),
    "UTF-32": drawn("").decode().encode("utf-32"),
    "another encoding": b'<?xml version="1.0" encoding="iso-8859-1"?>' + drawn(""),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>' + drawn(""),
    "broken UTF-8": drawn("<text>a</text>").replace(b">a<", b">\xc3\x28<"),
    "NUL": drawn("<text>a</text>").replace(b">a<", b">\x00<"),
    # Not SVG.
    "nothing": b"",
    "HTML": b"<!doctype html><html><body></body></html>",
    "other XML": b"<note/>",
    "SVG without its namespace": b'<svg viewBox="0 0 85.6 53.98"/>',
    "a PNG": png_claiming(10, 10),
    "half a file": drawn("<g>")[:-20],
    "text behind": drawn("") + b"<g/>",
    "unknown element": drawn("<blink/>"),
    "unknown attribute": drawn(RECT.format('formaction="a"')),
    "unknown namespace": drawn('<x:note xmlns:x="urn:x"/>'),
    "svg in svg": drawn(f'{SVG} viewBox="0 0 1 1"/>'),
    # Numbers.
    "huge number": drawn(RECT.format('x="1e9"')),
    "endless number": drawn(RECT.format('x="1e999"')),
    "long number": drawn(RECT.format(f'x="{"9" * 9_000}"')),
    "NaN": drawn(RECT.format('x="NaN"')),
    "infinity": drawn(RECT.format('transform="translate(Infinity 0)"')),
    "huge transform": drawn(RECT.format('transform="scale(1e8)"')),
    "huge path": drawn('<path d="M0 0 L99999999 0"/>'),
    "huge view box": f'{SVG} viewBox="0 0 1e9 1e9"></svg>'.encode(),
    "huge letters": drawn('<text font-size="99999">a</text>'),
    "huge letters in a style": drawn('<text style="font-size:99999px">a</text>'),
    "words for a number": drawn(RECT.format('x="left"')),
    "a transform that is none": drawn(RECT.format('transform="shake(3)"')),
    "a transform cut off": drawn(RECT.format('transform="scale(2"')),
    "a path that is none": drawn('<path d="M0 0 → 9 9"/>'),
    "a path without a beginning": drawn('<path d="L9 9"/>'),
    "points that are none": drawn('<polygon points="a b"/>'),
    "long transform": drawn(RECT.format(f'transform="{"rotate(1)" * 11_000}"')),
    "many transforms": drawn(RECT.format(f'transform="{"scale(2)" * 60}"')),
    # Bombs.
    "100,000 elements": drawn("<g/>" * 100_000),
    "50-fold nesting": drawn(nested("g", 50)),
    "deep nesting": drawn(nested("g", 100_000)),
    "many attributes": drawn(f"<g {MANY_ATTRIBUTES}/>"),
    "many namespaces": drawn(f"<g {MANY_SPACES}/>"),
    "copies of copies": drawn(doubling(24)),
    "copies of symbols": drawn(doubling(24, "symbol")),
    "a copy of itself": drawn('<g id="a"><use href="#a"/></g>'),
    "two copies of each other": drawn(
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    ),
    "a pattern of itself": drawn(
        '<pattern id="a"><rect fill="url(#a)" width="1" height="1"/></pattern>'
    ),
    "a long chain": drawn(
        "".join(f'<g id="c{n}"><use href="#c{n + 1}"/></g>' for n in range(1_000))
    ),
    "patterns in patterns": drawn(painted("pattern", "fill", 12)),
    "masks in masks": drawn(painted("mask", "mask", 12)),
    "clips in clips": drawn(painted("clipPath", "clip-path", 12)),
    "markers in markers": drawn(painted("marker", "marker-mid", 12)),
    "markers on a long line": drawn(
        '<marker id="m"><g><path d="M0 0"/><path d="M0 0"/></g></marker>'
        f'<path marker-mid="url(#m)" d="{"M0 0 " * 10_000}"/>'
    ),
    "many references": drawn(
        '<style>.a{fill:url(#p);stroke:url(#p)}</style><pattern id="p"><g/></pattern>'
        + '<g class="a"/>' * 4_900
    ),
    "the same id twice": drawn('<g id="a"/><g id="a"/>'),
    "an endless path": drawn(f'<path d="{"M0 0" * 100_000}"/>'),
    "a book": drawn("<text>" + "chữ " * 12_000 + "</text>"),
    "much of everything": drawn('<rect width="1" height="1"/>\n' * 45_000),
    # Pictures.
    "SVG as a data URI": drawn(f'<image href="{SVG_IN_DATA}"/>'),
    "HTML as a data URI": drawn('<image href="data:text/html,&lt;b/&gt;"/>'),
    "GIF": drawn(f'<image href="{embedded(b"GIF89a" + b"0" * 50, "image/gif")}"/>'),
    "GIF that says PNG": drawn(f'<image href="{embedded(b"GIF89a" + b"0" * 50)}"/>'),
    "100 Mpx": drawn(f'<image href="{embedded(png_claiming(10_000, 10_000))}"/>'),
    "many pictures of 9 Mpx": drawn(
        f'<image href="{embedded(png_claiming(3_000, 3_000))}"/>' * 3
    ),
    "picture of no size": drawn(f'<image href="{embedded(png_claiming(0, 5))}"/>'),
    "broken base64": drawn('<image href="data:image/png;base64,@@@@"/>'),
    "JPEG without end": drawn(
        f'<image href="{embedded(ENDLESS_JPEG, "image/jpeg")}"/>'
    ),
    "picture of 4.5 MB": drawn(
        f'<image href="{embedded(png_claiming(9, 9) + b"0" * 3_500_000)}"/>'
        f'<image href="{embedded(png_claiming(9, 9) + b"0" * 800_000)}"/>'
    ),
    "6 MB": drawn(f'<image href="{embedded(png_claiming(9, 9) + b"0" * 4_500_000)}"/>'),
    "2 MB of blanks": drawn(" " * 2_000_000),
}
