"""The copy of a design that a browser shows: inert, addressed, and looking the same."""

import pytest
from lxml import etree

from portal.files.shown_svg import shown_svg
from portal.files.svg_group import as_group, child_count

SVG = "{http://www.w3.org/2000/svg}"
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
    ' viewBox="0 0 85.6 53.98">'
)


def shown(body: str) -> etree._Element:
    copy = shown_svg(
        f"{HEAD}{body}</svg>".encode(),
        prefix="p-",
        picture_url={"a.png": "/hinh/a.png"}.get,
    )
    return etree.fromstring(copy)


def test_each_element_bears_its_address_counted_among_all_elements() -> None:
    root = shown(
        "<!-- x --><i:view/><g><?pi?><rect/><text>a<tspan>b</tspan></text></g>"
    )

    found = {str(e.tag).removeprefix(SVG): e.get("data-at") for e in root.iter()}
    assert found == {
        "svg": "",
        "g": "1",
        "rect": "1/0",
        "text": "1/1",
        "tspan": "1/1/0",
    }


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p/></foreignObject>",
        '<animate attributeName="x" to="1"/>',
        '<rect onclick="x()" i:label="y"/>',
        '<a href="javascript:x()"><rect/></a>',
        '<image href="https://x.vn/a.png"/>',
        '<image xlink:href="data:image/svg+xml;base64,AAAA"/>',
        '<image href="../b.png"/>',
        '<use href="x.svg#a"/>',
        '<rect fill="url(https://x.vn/#a)"/>',
        '<rect style="fill:url(https://x.vn/#a)"/>',
        "<style>@import 'https://x.vn/a.css';</style>",
    ],
)
def test_nothing_in_it_acts_or_loads_from_elsewhere(body: str) -> None:
    """Even of what the guard at the door refuses already."""
    text = etree.tostring(shown(body), encoding="unicode")

    for bad in ("script", "foreign", "animate", "onclick", "x.vn", "b.png", "label"):
        assert bad not in text
    assert "style" not in text
    assert "href" not in text


def test_styles_become_attributes_in_the_order_in_which_they_win() -> None:
    root = shown(
        "<style>.a{fill:#111; stroke: #222} .b , .c{stroke:#333}</style>"
        '<rect class="a b" fill="#000" style="stroke-width : 2; fill:#444"/>'
        '<rect class="a" fill="#000"/>'
    )

    first, second = root.iter(f"{SVG}rect")
    assert [first.get(k) for k in ("fill", "stroke", "stroke-width")] == [
        "#444",
        "#333",
        "2",
    ]
    assert (second.get("fill"), second.get("stroke")) == ("#111", "#222")
    assert first.get("class") is first.get("style") is None


def test_ids_are_the_copys_own_and_what_refers_to_them_follows() -> None:
    root = shown(
        '<defs><path id="a"/></defs><use xlink:href="#a"/>'
        '<rect fill="url(#a)" style="clip-path:url(\'#a\')"/><image href="a.png"/>'
    )

    text = etree.tostring(root, encoding="unicode")
    assert 'id="p-a"' in text
    assert 'href="#p-a"' in text
    assert text.count("url(#p-a)") == 2
    assert 'href="/hinh/a.png"' in text


def test_words_around_a_dropped_element_stay() -> None:
    root = shown("<text>mot<script/>hai</text><text><b/>ba</text>")

    assert ["".join(t.itertext()) for t in root.iter(f"{SVG}text")] == ["mothai", "ba"]


def test_a_side_becomes_a_group_with_ids_of_its_own() -> None:
    source = f'{HEAD}<defs><path id="a"/></defs><use href="#a" fill="url(#a)"/></svg>'

    group = etree.fromstring(
        as_group(source.encode(), prefix="h1-", attributes={"data-locked": "1"})
    )

    assert group.tag == f"{SVG}g"
    assert dict(group.attrib) == {"data-locked": "1"}
    (use,) = group.iter(f"{SVG}use")
    assert (use.get("href"), use.get("fill")) == ("#h1-a", "url(#h1-a)")
    assert child_count(source.encode()) == 2
