"""The bundled fonts as a PDF embeds them: every letter that the gate lets through."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import pikepdf
from fontTools.ttLib import TTFont

from card_designs.fonts import font_path

_DRAWN = frozenset(
    ("GlyphOrder", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "OS/2")
)
"""The tables that are left: no hints, no features, no names."""

_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{}endcmap CMapName currentdict /CMap defineresource pop end end
"""


@dataclass(frozen=True, slots=True)
class EmbeddedFont:
    """A font cut down to its letters: no hinting, no features, glyphs by number.

    ``hexes`` gives each character as a PDF string spells it; lengths in ``widths`` and
    in ``box`` (left, bottom, right, top) are thousandths of the font's size.
    """

    name: str
    program: bytes
    hexes: dict[int, str]
    widths: tuple[int, ...]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]

    def spelled(self, text: str) -> str:
        """Give ``text`` as a hexadecimal PDF string, without its brackets."""
        return text.translate(self.hexes)


@lru_cache
def embedded_font(*, bold: bool) -> EmbeddedFont:
    """Cut the bundled font down to what drawing needs, all its letters kept.

    fontTools' subsetter would do it too, in ten times the time.
    """
    # The same bytes every time: no date of today inside.
    with TTFont(font_path(bold=bold), recalcTimestamp=False) as font:
        glyphs = font["glyf"]
        for glyph in font.getGlyphOrder():
            glyphs[glyph].trim(remove_hinting=True)
        for table in set(font.keys()) - _DRAWN:
            del font[table]
        program = BytesIO()
        font.save(program)
        name = f"BeVietnamPro-{'Bold' if bold else 'Regular'}"
        return _described(name, program.getvalue(), font)


def _described(name: str, program: bytes, font: TTFont) -> EmbeddedFont:
    scale = 1000 / font["head"].unitsPerEm
    order, metrics = font.getGlyphOrder(), font["hmtx"].metrics
    head, line = font["head"], font["hhea"]
    return EmbeddedFont(
        # PDF readers know a subset by six letters before its name.
        name=f"CARDVN+{name}",
        program=program,
        hexes={
            code: f"{font.getGlyphID(glyph):04X}"
            for code, glyph in font.getBestCmap().items()
        },
        widths=tuple(round(metrics[glyph][0] * scale) for glyph in order),
        ascent=round(line.ascent * scale),
        descent=round(line.descent * scale),
        box=(
            round(head.xMin * scale),
            round(head.yMin * scale),
            round(head.xMax * scale),
            round(head.yMax * scale),
        ),
    )


def font_object(document: pikepdf.Pdf, font: EmbeddedFont) -> pikepdf.Object:
    """Put a font into ``document``, with the table that gives its text back."""
    program = _packed(document, font.program, Length1=len(font.program))
    described = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name(f"/{font.name}"),
            Flags=4,
            FontBBox=list(font.box),
            ItalicAngle=0,
            Ascent=font.ascent,
            Descent=font.descent,
            CapHeight=font.ascent,
            StemV=80,
            FontFile2=program,
        )
    )
    letters = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name(f"/{font.name}"),
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=b"Adobe", Ordering=b"Identity", Supplement=0
        ),
        CIDToGIDMap=pikepdf.Name.Identity,
        FontDescriptor=described,
        W=[0, list(font.widths)],
    )
    return document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name(f"/{font.name}"),
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(letters)],
            ToUnicode=_packed(document, _to_unicode(font.hexes).encode("ascii")),
        )
    )


def _packed(document: pikepdf.Pdf, content: bytes, **entries: int) -> pikepdf.Stream:
    return pikepdf.Stream(
        document,
        zlib.compress(content, 9),
        Filter=pikepdf.Name.FlateDecode,
        **entries,
    )


def _to_unicode(hexes: dict[int, str]) -> str:
    # Where two characters share a glyph, the plainer one is read out.
    codes = {glyph: code for code, glyph in sorted(hexes.items(), reverse=True)}
    pairs = [
        f"<{glyph}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for glyph, code in sorted(codes.items())
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    lists = [
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n"
        for block in blocks
    ]
    return _CMAP.format("".join(lists))
