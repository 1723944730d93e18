"""What all pages of a PDF share, stored once: the fixed art and the fonts."""

from dataclasses import dataclass
from io import BytesIO

import cairocffi
import pikepdf

from card_designs.lettering import wake_fonts
from card_designs.pdf_file import TREE, PdfFile
from card_designs.pdf_fonts import embedded_font, font_object
from card_designs.pdf_page import FONTS, POINTS_PER_PX
from card_designs.profiles import Frame
from card_designs.static_art import draw_static


@dataclass(frozen=True, slots=True)
class SharedParts:
    """Where the shared objects stand: entries of a page's resources, by side.

    ``art`` names the forms of a side, layer by layer.
    """

    fonts: str
    art: dict[str, list[str]]


class Library:
    """Objects that pikepdf makes or takes over, before they go into a PdfFile."""

    def __init__(self) -> None:
        self._document = pikepdf.new()
        self._fonts = {
            name: font_object(self._document, embedded_font(bold=bold))
            for bold, name in FONTS.items()
        }
        self._art: dict[str, list[pikepdf.Object]] = {}

    def add_art(self, side: str, svg: bytes, frame: Frame) -> None:
        """Let cairo write a side's next layer of art once; take it over as a form."""
        with pikepdf.open(BytesIO(_art_pdf(svg, frame))) as drawn:
            form = drawn.pages[0].as_form_xobject()
            copy = self._document.copy_foreign(drawn.make_indirect(form))
            self._art.setdefault(side, []).append(copy)

    @property
    def first_free(self) -> int:
        """The first object number that is not taken."""
        return len(self._document.objects) + 1

    def write_into(self, file: PdfFile) -> SharedParts:
        """Write all objects under their own numbers."""
        for number in range(TREE + 1, self.first_free):
            thing = self._document.get_object(number, 0)
            if isinstance(thing, pikepdf.Stream):
                entries = pikepdf.Dictionary(dict(thing.stream_dict.items()))
                # cairo keeps lengths in objects of their own.
                if "/Length" in entries:
                    del entries["/Length"]
                brackets = entries.unparse()
                file.write_stream(number, brackets[2:-2], thing.read_raw_bytes())
            else:
                file.write(number, _spelled(thing))
        fonts = "".join(f"/{name} {_ref(font)}" for name, font in self._fonts.items())
        return SharedParts(
            f"/Font<<{fonts}>>",
            {side: [_ref(form) for form in forms] for side, forms in self._art.items()},
        )


def _spelled(thing: object) -> bytes:
    if isinstance(thing, pikepdf.Object):
        return thing.unparse(resolved=True)
    return str(thing).encode("ascii")


def _ref(thing: pikepdf.Object) -> str:
    return f"{thing.objgen[0]} 0 R"


def _art_pdf(svg: bytes, frame: Frame) -> bytes:
    width, height = (edge * POINTS_PER_PX for edge in (frame.width_px, frame.height_px))
    wake_fonts()
    file = BytesIO()
    surface = cairocffi.PDFSurface(file, width, height)
    draw_static(surface, svg, frame, scale=POINTS_PER_PX)
    surface.finish()
    return file.getvalue()
