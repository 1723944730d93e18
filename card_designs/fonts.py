"""The bundled font: where it is, how wide its letters are, and no other font."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import fontpkg_be_vietnam_pro
from fontTools.ttLib import TTFont

FAMILY = "Be Vietnam Pro"
REGULAR = 400
BOLD = 700

_VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
_CONSONANTS = "bcdđfghjklmnpqrstvwxz"
VIETNAMESE = (
    _VOWELS + _CONSONANTS + (_VOWELS + _CONSONANTS).upper() + " 0123456789.,;:/()&'’-–"
)
"""Every letter of the language, and what stands between letters in names of units."""

_CONFIG_VARIABLE = "FONTCONFIG_FILE"


@dataclass(frozen=True, slots=True)
class FontMetrics:
    """Advance widths of one font, in parts of its size, by character."""

    advances: dict[str, float]
    ascent: float
    descent: float

    def width(self, text: str, *, letter_spacing: float = 0.0) -> float:
        """Measure ``text`` at size 1; ``letter_spacing`` is in the same unit."""
        spaces = letter_spacing * max(len(text) - 1, 0)
        return sum(map(self.advances.__getitem__, text)) + spaces

    def missing(self, text: str) -> list[str]:
        """List the characters that this font cannot draw, each once."""
        # A soft hyphen has a glyph but no place on a card: it is what is left of a
        # TCVN3 "ư" that nobody converted.
        if "\u00ad" not in text and self.advances.keys() >= set(text):
            return []
        return [
            letter
            for letter in dict.fromkeys(text)
            if letter not in self.advances or letter == "\u00ad"
        ]


def font_path(*, bold: bool) -> Path:
    """Give the file of the bundled font."""
    # Not through fontpkg's registry: looking for all fonts there are takes 50 ms.
    name = f"BeVietnamPro-{'Bold' if bold else 'Regular'}.ttf"
    return Path(fontpkg_be_vietnam_pro.ROOT, "files", name)


@lru_cache
def metrics(*, bold: bool) -> FontMetrics:
    """Read the widths of the bundled font."""
    with TTFont(font_path(bold=bold), lazy=True) as font:
        per_em = font["head"].unitsPerEm
        widths = font["hmtx"].metrics
        return FontMetrics(
            advances={
                chr(code): widths[glyph][0] / per_em
                for code, glyph in font.getBestCmap().items()
            },
            ascent=font["hhea"].ascent / per_em,
            descent=-font["hhea"].descent / per_em,
        )


@lru_cache
def reaches(*, bold: bool) -> dict[str, tuple[float, float]]:
    """Read how far each letter rises above the baseline and falls below it.

    In parts of the font's size; what leaves no ink has 0 for both.
    """
    with TTFont(font_path(bold=bold), lazy=True) as font:
        per_em, glyphs = font["head"].unitsPerEm, font["glyf"]
        found = {}
        for code, name in font.getBestCmap().items():
            glyph = glyphs[name]
            rise, fall = getattr(glyph, "yMax", 0), getattr(glyph, "yMin", 0)
            found[chr(code)] = rise / per_em, -fall / per_em
        return found


@lru_cache
def ink(*, bold: bool) -> dict[str, tuple[float, float, float, float]]:
    """Read where each letter's ink lies: left, top, right, bottom from its pen.

    In parts of the font's size, downwards positive; letters without ink are absent.
    """
    with TTFont(font_path(bold=bold), lazy=True) as font:
        per_em, glyphs = font["head"].unitsPerEm, font["glyf"]
        found = {}
        for code, name in font.getBestCmap().items():
            glyph = glyphs[name]
            if glyph.numberOfContours:
                sides = glyph.xMin, -glyph.yMax, glyph.xMax, -glyph.yMin
                left, top, right, bottom = (side / per_em for side in sides)
                found[chr(code)] = left, top, right, bottom
        return found


@lru_cache(maxsize=1024)
def contour(letter: str, *, bold: bool) -> tuple[tuple[float, float], ...]:
    """Read the points that a letter's outline hangs on, as ``ink`` counts them."""
    with TTFont(font_path(bold=bold), lazy=True) as font:
        per_em, glyphs = font["head"].unitsPerEm, font["glyf"]
        glyph = glyphs[font.getBestCmap()[ord(letter)]]
        points, _, _ = glyph.getCoordinates(glyphs)
        return tuple((x / per_em, -y / per_em) for x, y in points)


@contextmanager
def only_bundled_fonts() -> Iterator[None]:
    """Let fontconfig wake up seeing the regular and the bold file and nothing else.

    With all weights in sight it takes Medium for "normal"; with the system's fonts in
    sight an unknown family is replaced without a word. What it read when it woke stays
    for the life of the process, so the variable need not stay: programs started later
    must not inherit it.
    """
    before = os.environ.get(_CONFIG_VARIABLE)
    with TemporaryDirectory(prefix="card-fonts-") as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(_config(cache=folder), encoding="utf-8")
        os.environ[_CONFIG_VARIABLE] = str(config)
        try:
            yield
        finally:
            if before is None:
                del os.environ[_CONFIG_VARIABLE]
            else:
                os.environ[_CONFIG_VARIABLE] = before


def _config(*, cache: str) -> str:
    files = [font_path(bold=False), font_path(bold=True)]
    globs = "".join(f"<glob>{escape(str(path))}</glob>" for path in files)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(files[0].parent))}</dir>"
        f"<cachedir>{escape(cache)}</cachedir>"
        "<config><rescan><int>0</int></rescan></config>"
        f"<selectfont><acceptfont>{globs}</acceptfont>"
        "<rejectfont><glob>*</glob></rejectfont></selectfont></fontconfig>"
    )
