"""The order of Vietnamese names, as a key that any database sorts rightly."""

import re
import unicodedata
from functools import lru_cache

from portal.domain.text import clean

_NOTE = re.compile(r"\([^()]*\)")
_APOSTROPHE = re.compile("['`´ʼ‘’]")
_WORDS = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")

# Tones in dictionary order: ngang (none) is "1", huyền, hỏi, ngã, sắc, nặng.
_TONES = {
    "\u0300": "2",
    "\u0309": "3",
    "\u0303": "4",
    "\u0301": "5",
    "\u0323": "6",
}
_LEVEL_TONE = "1"

# Vietnamese letters that follow a plain one: a ă â, d đ, e ê, o ô ơ, u ư. The plain
# letter and its followers take two characters, the others one; no code is the
# beginning of another, so comparing codes compares letters.
_LETTERS = {letter: letter for letter in "bcfghijklmnpqrstvwxy"} | {
    "a": "aa",
    "ă": "ab",
    "â": "ac",
    "d": "da",
    "đ": "db",
    "e": "ea",
    "ê": "eb",
    "o": "oa",
    "ô": "ob",
    "ơ": "oc",
    "u": "ua",
    "ư": "ub",
    "z": "za",
}


def name_sort_key(full_name: str) -> str:
    """Return a key of ``a–z0–9`` by given name, then surname and middle names.

    It sorts bytewise like the dictionary: letters a ă â b c d đ e ê … first, then
    the tones ngang huyền hỏi ngã sắc nặng, word by word. A note in
    brackets counts last. Case, apostrophes and the place of a tone do not count, so
    two spellings may share a key: add the record's id to the order.
    """
    text = _APOSTROPHE.sub("", clean(full_name).casefold())
    words = _words(_NOTE.sub(" ", text))
    notes = _words(" ".join(_NOTE.findall(text)))
    return "".join(map(_syllable_key, (*words[-1:], *words[:-1], *notes)))


def _words(text: str) -> list[str]:
    return _WORDS.findall(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=4096)
def _syllable_key(word: str) -> str:
    """Encode the letters, then the tone: digits sort before every letter."""
    tone = _LEVEL_TONE
    bare = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        else:
            bare.append(char)
    letters = unicodedata.normalize("NFC", "".join(bare))
    return "".join(map(_letter_key, letters)) + tone


def _letter_key(letter: str) -> str:
    known = _LETTERS.get(letter)
    if known:
        return known
    base = unicodedata.normalize("NFKD", letter)[0]
    if base in "0123456789":
        return f"9{base}"
    if base in _LETTERS:
        return _LETTERS[base]
    # Other scripts come after z, in the order of their code points.
    return f"zz{ord(letter):06x}"
