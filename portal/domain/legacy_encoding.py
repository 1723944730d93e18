"""TCVN3 and VNI text, as old lists hold it, told from Unicode and converted.

Both are fonts, not character sets: the cell holds Latin letters that only looked
Vietnamese. Which one it was is judged by spelling, column by column, and text that
already is Unicode Vietnamese is never touched.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import cache

from portal.domain.package_data import read_table
from portal.domain.spelling import Fit, fit, starts_small


class TextEncoding(StrEnum):
    """How a column's text was typed."""

    UNICODE = "unicode"
    NFD = "nfd"
    TCVN3 = "tcvn3"
    VNI = "vni"


ENCODING_LABELS = {
    TextEncoding.UNICODE: "Unicode",
    TextEncoding.NFD: "Unicode tổ hợp",
    TextEncoding.TCVN3: "TCVN3 (ABC)",
    TextEncoding.VNI: "VNI",
}

LEGACY = (TextEncoding.TCVN3, TextEncoding.VNI)

# Letters that only Unicode Vietnamese has, and the marks of its decomposed form.
_SURELY_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0"
    "\u0300-\u036f\u1ea0-\u1ef9]"
)
_MARKS = re.compile("[\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_ASCII_LETTER = re.compile("[A-Za-z]")
_SMALLS = re.compile("[a-z]")


# So many cells must speak for a legacy font before single cells in a column of
# Unicode are taken for it: a lone foreign name can look like one. A cell that
# cannot be Unicode, such as "Hµ", is enough by itself.
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of the cells that speak for an encoding; evidence adds up."""

    unicode: int = 0
    decomposed: int = 0
    doubtful: int = 0
    tcvn3: int = 0
    vni: int = 0
    certain: int = 0

    def __add__(self, other: "Evidence") -> "Evidence":
        """Join the evidence of two columns."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Evidence(*(mine + theirs for mine, theirs in pairs))

    @property
    def legacy(self) -> tuple[TextEncoding, int]:
        """Return the likelier legacy encoding and the count of its cells."""
        if self.vni > self.tcvn3:
            return TextEncoding.VNI, self.vni
        return TextEncoding.TCVN3, self.tcvn3

    def judge(self, hint: TextEncoding = TextEncoding.UNICODE) -> TextEncoding:
        """Decide; ``hint`` counts only when nothing speaks for either side."""
        best, cells = self.legacy
        if cells > self.unicode:
            return best
        if self.decomposed:
            return TextEncoding.NFD
        undecided = self.doubtful and not self.unicode and hint in LEGACY
        return hint if undecided else TextEncoding.UNICODE

    def rescue(self) -> TextEncoding | None:
        """Return the legacy encoding to look for in single cells, if any."""
        best, cells = self.legacy
        return best if cells >= _ENOUGH or self.certain else None

    @property
    def is_mixed(self) -> bool:
        """Say whether cells of both kinds stand in one column."""
        return bool(self.unicode and self.legacy[1])


@dataclass(frozen=True, slots=True)
class NameReading:
    """A name as it was read; ``rival`` is another reading that is no less likely."""

    text: str
    rival: str = ""


def weigh(values: Iterable[str]) -> Evidence:
    """Count how the texts were typed.

    A cell speaks for a legacy encoding when it is misspelled as it stands and
    spelled rightly once converted.
    """
    unicode_cells = decomposed = doubtful = certain = 0
    gains = dict.fromkeys(LEGACY, 0)
    for text in values:
        if text.isascii():
            continue
        if _SURELY_UNICODE.search(text):
            unicode_cells += 1
            decomposed += bool(_MARKS.search(text))
            continue
        as_it_stands = fit(text)
        if as_it_stands >= Fit.SPELLED:
            doubtful += 1
        elif _ASCII_LETTER.search(text):
            # A lone soft hyphen is no "ư".
            spelled = [e for e in LEGACY if fit(decode(text, e)) >= Fit.SPELLED]
            for encoding in spelled:
                gains[encoding] += 1
            certain += bool(spelled) and as_it_stands is Fit.BROKEN
    tcvn3, vni = gains[TextEncoding.TCVN3], gains[TextEncoding.VNI]
    return Evidence(unicode_cells, decomposed, doubtful, tcvn3, vni, certain)


def guess_encoding(
    values: Iterable[str], *, hint: TextEncoding = TextEncoding.UNICODE
) -> TextEncoding:
    """Judge how the texts of one column were typed, for most of its cells.

    ``hint`` (say, the judgement on the whole sheet) decides only when nothing in
    the column speaks for either side.
    """
    return weigh(values).judge(hint)


def to_unicode(
    text: str, encoding: TextEncoding, *, rescue: TextEncoding | None = None
) -> str:
    """Convert one cell of a column in that encoding; Unicode Vietnamese stays.

    So do cells that pass for Vietnamese as they stand and would not afterwards.
    ``rescue`` names a legacy encoding of stray cells in a column of Unicode: they
    are converted only if that mends their spelling.
    """
    legacy = encoding if encoding in LEGACY else rescue
    if legacy is None or text.isascii() or _SURELY_UNICODE.search(text):
        return text
    decoded = decode(text, legacy)
    before, after = (min(fit(t), Fit.SPELLED) for t in (text, decoded))
    if encoding in LEGACY:
        return text if before > after else decoded
    return decoded if before < after and after is Fit.SPELLED else text


def read_name(
    text: str,
    encoding: TextEncoding,
    *,
    rescue: TextEncoding | None = None,
    mixed: bool = False,
) -> NameReading:
    """Read a person's name of a column in that encoding, the likelier way.

    Unlike other text it may be no Vietnamese syllable ("K'Brơi"): what cannot be
    Unicode is converted all the same. In a ``mixed`` column two readings can be
    alike; then the other one is given, too.
    """
    legacy = encoding if encoding in LEGACY else rescue
    if legacy is None or text.isascii() or _SURELY_UNICODE.search(text):
        return NameReading(text)
    decoded = decode(text, legacy)
    before, after = fit(text), fit(decoded)
    if before != after:
        return NameReading(text if before > after else _raised(decoded))
    if decoded == text or (starts_small(decoded) and not starts_small(text)):
        return NameReading(text)
    decoded = _raised(decoded)
    first, second = (decoded, text) if encoding in LEGACY else (text, decoded)
    return NameReading(first, second if mixed and before > Fit.BROKEN else "")


def header_to_unicode(text: str) -> tuple[str, ...]:
    """Return the readings of a lone cell: as it stands, then from TCVN3 and VNI."""
    readings = (text, *(to_unicode(text, encoding) for encoding in LEGACY))
    return tuple(dict.fromkeys(readings))


def decode(text: str, encoding: TextEncoding) -> str:
    """Replace every legacy sequence, the longest first, whatever the text is.

    Small accented letters among nothing but capitals are raised: such text was
    set in a font of capitals (".VnTimeH"), which hid the difference.
    """
    table, pattern = _decoder(encoding)
    decoded = pattern.sub(lambda found: table[found.group()], text)
    if _SMALLS.search(text) or not any(map(_is_shouted, decoded.split())):
        return decoded
    return decoded.upper()


def _is_shouted(word: str) -> bool:
    return sum(map(str.isupper, word)) > 1


def _raised(name: str) -> str:
    """Give a name's words the capitals that TCVN3 has no sign for: "ánh" to "Ánh".

    Only where the other words begin with theirs, and only letters with a tone.
    """
    words = name.split(" ")
    small = [w for w in words if w and w[0].islower() and not w[0].isascii()]
    others = [w for w in words if w and w not in small]
    if not small or not others or not all(w[0].isupper() for w in others):
        return name
    return " ".join(w[:1].upper() + w[1:] if w in small else w for w in words)


@cache
def _decoder(encoding: TextEncoding) -> tuple[dict[str, str], re.Pattern[str]]:
    if encoding is TextEncoding.TCVN3:
        table = {
            chr(int(row["cp1252_codepoint"].removeprefix("U+"), 16)): row["unicode_nfc"]
            for row in read_table("tcvn3.csv")
        }
    else:
        table = {
            unicodedata.normalize("NFC", row["vni_sequence"]): row["unicode_nfc"]
            for row in read_table("vni.csv")
        }
    longest_first = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(map(re.escape, longest_first)))
