"""Text as old and odd keyboards left it: the tables of the fonts, turned round."""

import unicodedata
from functools import cache

from portal.domain.package_data import read_table

# cp1258 has letters with their quality (â, ơ) and hangs the tone behind them.
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def in_tcvn3(text: str) -> str:
    """Spell text as a TCVN3 font stores it.

    Capitals with a tone have no place there: they were typed small, and a font of
    capitals (".VnTimeH") hid it.
    """
    table = _tcvn3()
    return "".join(table.get(c, table.get(c.lower(), c)) for c in _nfc(text))


def in_vni(text: str) -> str:
    """Spell text as a VNI font stores it."""
    table = _vni()
    return "".join(table.get(c, c) for c in _nfc(text))


def in_cp1258(text: str) -> str:
    """Spell text as Windows' own Vietnamese keyboard does: tones hang behind."""
    out = []
    for char in _nfc(text):
        apart = unicodedata.normalize("NFD", char)
        tone = "".join(c for c in apart if c in _TONES)
        base = unicodedata.normalize("NFC", "".join(c for c in apart if c not in tone))
        out.append(base + tone)
    return "".join(out)


def in_nfd(text: str) -> str:
    """Spell text as a Mac stores it."""
    return unicodedata.normalize("NFD", text)


def without_marks(text: str) -> str:
    """Spell text as on a machine without any Vietnamese keyboard."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@cache
def _tcvn3() -> dict[str, str]:
    return {
        row["unicode_nfc"]: chr(int(row["cp1252_codepoint"].removeprefix("U+"), 16))
        for row in read_table("tcvn3.csv")
    }


@cache
def _vni() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in read_table("vni.csv"):
        sequence = row["vni_sequence"]
        # "Aù" is typed as well, "AÙ" by the rule: one case through and through.
        if sequence.isupper() or sequence.islower() or row["unicode_nfc"] not in table:
            table[row["unicode_nfc"]] = sequence
    return table
