"""Designs in and out: a zip there and back, an SVG from elsewhere, pictures."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from PIL import Image

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import CardDesign, DesignDraft
from portal.db.session import db
from portal.domain.card_kinds import CardKind
from portal.domain.errors import DomainError, Invalid, NotAllowed, TooLarge
from portal.services.designs import contents, drawing, exchange, gallery, publishing
from portal.services.designs.pictures import add_picture
from tests.cast import Cast

SVG_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="85.6mm" height="53.98mm"'
    ' viewBox="0 0 85.6 53.98" font-family="Be Vietnam Pro">\n'
)
FOREIGN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="323.5px" height="204px"'
    ' viewBox="0 0 323.5 204">\n<rect x="10" y="10" width="50" height="20"'
    ' style="fill:#0a2a63"/>\n<text x="20" y="100" style="font-size:12px;'
    "font-family:'Be Vietnam Pro'\">{{ full_name }}</text>\n</svg>"
)


@pytest.fixture
def designer(cast: Cast) -> Actor:
    return cast.actor("f85", Role.DESIGNER)


def draft(design: CardDesign) -> DesignDraft:
    db.session.rollback()
    return db.session.get_one(DesignDraft, design.id, populate_existing=True)


def packed(files: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def picture(
    *, size: tuple[int, int] = (400, 300), mode: str = "RGB", kind: str = "JPEG"
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#0a2a63").save(out, kind, comment=b"bi mat cua toi")
    return out.getvalue()


def take_in(data: bytes, by: Actor, *, file_name: str = "mau.zip") -> CardDesign:
    design, _told = exchange.import_design(
        data, file_name=file_name, name="", kind=CardKind.STANDARD, by=by
    )
    return design


def test_a_design_goes_out_and_comes_back_byte_for_byte(designer: Actor) -> None:
    design = gallery.create("Thẻ “gốc”", start="vietinbank_linked", by=designer)
    add_picture(
        design.id,
        "front",
        picture(),
        file_name="nền.jpg",
        background=True,
        revision=1,
        by=designer,
    )

    data, name = exchange.export_zip(design.id, None, by=designer)
    again = take_in(data, designer)

    assert name.isascii()
    before, after = draft(design), draft(again)
    assert (after.front, after.back, after.settings) == (
        before.front,
        before.back,
        before.settings,
    )
    assert (again.name, again.kind) == ("Thẻ “gốc”", CardKind.LINKED)
    assert set(after.pictures) == set(before.pictures)


def test_a_folder_inside_the_zip_and_strange_files_are_told(designer: Actor) -> None:
    files = contents.of_built_in("standard")
    data = packed(
        {f"mau cua toi/{name}": content for name, content in files.items()}
        | {"mau cua toi/ghi chu.txt": "xin chào", "__MACOSX/x": ""}
    )

    design, told = exchange.import_design(
        data, file_name="m.zip", name="Mới", kind=CardKind.STANDARD, by=designer
    )

    assert draft(design).front == files["front.svg"]
    assert told == ["Bỏ qua tệp ghi chu.txt: không phải tệp của mẫu thẻ."]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"front.svg": None}, r"thiếu front\.svg"),
        ({"design.toml": None}, r"thiếu design\.toml"),
        ({"design.toml": b"title = "}, r"design\.toml viết sai"),
        ({"design.toml": b'card_kinds = ["gold"]'}, "loại thẻ"),
        ({"design.toml": b"a=" + b"[" * 5000}, r"design\.toml viết sai"),
        (
            {"front.svg": SVG_HEAD + "<script>alert(1)</script></svg>"},
            r"front\.svg, dòng 2",
        ),
        (
            {"back.svg": SVG_HEAD + '<rect onload="x()" width="1" height="1"/></svg>'},
            r"back\.svg, dòng 2",
        ),
        ({"hinh.png": b"khong phai hinh"}, r"hinh\.png"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_zip_that_is_no_design_is_refused_with_file_and_line(
    designer: Actor, changed: dict[str, bytes | str | None], said: str
) -> None:
    files = contents.of_built_in("standard") | changed

    with pytest.raises(DomainError, match=said):
        take_in(packed({n: c for n, c in files.items() if c is not None}), designer)

    assert db.session.query(CardDesign).count() == 0


def test_a_picture_that_the_folder_lacks_is_named(designer: Actor) -> None:
    files = contents.of_built_in("standard")
    files["front.svg"] = files["front.svg"].replace(
        b"</svg>", b'<image href="mat.png" width="9" height="9"/></svg>'
    )

    with pytest.raises(drawing.NotDrawn, match=r"mat\.png"):
        take_in(packed(files), designer)


def test_a_drawing_from_elsewhere_becomes_a_front_with_its_field(
    designer: Actor,
) -> None:
    design = take_in(FOREIGN.encode(), designer, file_name="Thẻ xanh.svg")

    assert design.name == "Thẻ xanh"
    boxes = drawing.inspect(contents.of_draft(draft(design))).boxes["front"]
    assert "full_name" in {box.field for box in boxes}


def test_a_drawing_with_a_script_is_refused_by_line(designer: Actor) -> None:
    bad = FOREIGN.replace("</svg>", "<script>1</script>\n</svg>")

    with pytest.raises(Invalid, match=r"x\.svg, dòng 4"):
        take_in(bad.encode(), designer, file_name="x.svg")


@pytest.mark.parametrize("background", [True, False])
def test_a_picture_is_encoded_anew_and_its_step_can_be_undone(
    designer: Actor, background: bool
) -> None:
    from portal.services.designs import editing
    from portal.services.stores import designs as store

    design = gallery.create("Thẻ", start="standard", by=designer)
    before = draft(design).front

    at = add_picture(
        design.id,
        "front",
        picture(),
        file_name="anh.jpg",
        background=background,
        revision=1,
        by=designer,
    )

    ((name, digest),) = draft(design).pictures.items()
    assert b"bi mat" not in store().read(digest)
    boxes = drawing.inspect(contents.of_draft(draft(design))).boxes["front"]
    (box,) = [box for box in boxes if box.at == at[0]]
    assert box.kind == "image"
    assert box.locked is background
    assert f'href="{name}"'.encode() in draft(design).front
    editing.undo(design.id, "front", revision=2, by=designer)
    assert draft(design).front == before


def test_a_drawn_background_lies_in_one_locked_group(designer: Actor) -> None:
    design = gallery.create("Thẻ", start="standard", by=designer)

    at = add_picture(
        design.id,
        "front",
        FOREIGN.replace("{{ full_name }}", "NỀN").encode(),
        file_name="nen.svg",
        background=True,
        revision=1,
        by=designer,
    )

    # Above the paper, which would hide it, and below all else.
    assert at == ["3"]
    assert b'data-locked="1"' in draft(design).front
    drawing.inspect(contents.of_draft(draft(design)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        FOREIGN.replace("<rect", "<foreignObject/><rect").encode(),
        picture(kind="PNG")[:200],
    ],
    ids=["empty", "gif", "foreignObject", "cut off"],
)
def test_a_bad_picture_is_refused_and_the_draft_stays(
    designer: Actor, data: bytes
) -> None:
    design = gallery.create("Thẻ", start="standard", by=designer)

    with pytest.raises(Invalid, match=r"nen\.x"):
        add_picture(
            design.id,
            "front",
            data,
            file_name="nen.x",
            background=True,
            revision=1,
            by=designer,
        )

    assert draft(design).revision == 1


def test_a_picture_of_a_hundred_million_pixels_is_never_decoded(
    designer: Actor,
) -> None:
    design = gallery.create("Thẻ", start="standard", by=designer)
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")

    with pytest.raises(TooLarge, match="triệu điểm"):
        add_picture(
            design.id,
            "front",
            out.getvalue(),
            file_name="to.png",
            background=True,
            revision=1,
            by=designer,
        )


def test_a_superiors_design_goes_out_only_where_it_may_be_copied(
    cast: Cast, designer: Actor
) -> None:
    design = gallery.create("Thẻ", start="standard", by=designer)
    publishing.publish(design.id, note="", revision=None, by=designer)
    below = cast.actor("a1", Role.PRINTER)

    data, _name = exchange.export_zip(design.id, 1, by=below)
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == [
        "back.svg",
        "design.toml",
        "front.svg",
    ]
    with pytest.raises(NotAllowed):
        exchange.export_zip(design.id, None, by=below)
    gallery.edit(
        design.id, name="Thẻ", may_copy=False, version=design.version, by=designer
    )
    with pytest.raises(NotAllowed, match="tải mẫu"):
        exchange.export_zip(design.id, 1, by=below)


def test_a_background_lies_upon_the_white_ground_of_an_empty_page(
    designer: Actor,
) -> None:
    kind = CardKind.STANDARD
    design = gallery.create("Thẻ", start="blank", kind=kind, by=designer)
    at = add_picture(
        design.id,
        "front",
        picture(),
        file_name="nen.jpg",
        background=True,
        revision=1,
        by=designer,
    )
    assert at == ["1"]
    front = draft(design).front
    assert front.index("Nền trắng".encode()) < front.index(b"<image")
