"""Whether a word can be a Vietnamese syllable: how legacy text gives itself away."""

import re
import unicodedata
from functools import lru_cache

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
# A tone on a consonant: the "ñ" of Spanish, and of VNI for "đ".
_MISPLACED = re.compile("[^aeiouy\u0302\u0306\u031b][\u0300\u0301\u0303\u0309\u0323]")
_ACUTE_OR_DOT = ("\u0301", "\u0323")

_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzăâđêôơưð")

_ONSET = "(?:ngh|ng|nh|n|ch|c|gh|gi|g|kh|k|ph|p|th|tr|t|b|d|đ|h|l|m|r|s|v|x|)"
# Rimes by their first vowel, without tone; "iê", "uôi" … are written as they stand.
_RIMES = (
    "a(?:c|ch|i|m|n|ng|nh|o|p|t|u|y)?",
    "ă(?:c|m|n|ng|p|t)",
    "â(?:c|m|n|ng|p|t|u|y)",
    "e(?:c|m|n|ng|o|p|t)?",
    "ê(?:ch|m|n|ng|nh|p|t|u)?",
    "i(?:a|ch|m|n|nh|p|t|u)?",
    "iê(?:c|m|n|ng|p|t|u)?",
    "o(?:a|c|e|i|m|n|ng|p|t)?",
    "oa(?:c|ch|i|m|n|ng|nh|o|p|t|y)",
    "oă(?:c|m|n|ng|t)",
    "oe(?:n|o|t)",
    "oo(?:c|ng)",
    "ô(?:c|i|m|n|ng|p|t)?",
    "ơ(?:i|m|n|p|t)?",
    "u(?:a|c|i|m|n|ng|p|t|y)?",
    "uâ(?:n|ng|t|y)",
    "uê(?:ch|nh)?",
    "uơ",
    "uô(?:c|i|m|n|ng|t)",
    "uy(?:a|ch|n|nh|p|t|u)",
    "uyê(?:n|t)",
    "ư(?:a|c|i|m|n|ng|t|u)?",
    "ươ(?:c|i|m|n|ng|p|t|u)",
    "y",
    "yê(?:m|n|ng|t|u)",
)
# After "qu" the rime goes on without its u: "quyên", "quanh", "quăn", "quốc".
_AFTER_QU = (
    _RIMES[0],
    _RIMES[1],
    _RIMES[2],
    "e(?:n|o|t)?",
    "ê(?:ch|n|nh|t|u)?",
    "i(?:n|nh|t|u)?",
    "ô(?:c|i)",
    "ơ(?:n|t)?",
    "y(?:ch|n|nh|t|u)?",
    "yê(?:n|t)",
)
_SYLLABLE = re.compile(rf"{_ONSET}(?:{'|'.join(_RIMES)})|qu(?:{'|'.join(_AFTER_QU)})")
# Which letter stands before which vowel: "ké", never "cé" nor "kú".
_WRONG_ONSET = re.compile("(?:c|g|ng)[eê]|(?:c|ng)[iy]|(?:k|gh|ngh)[aăâoôơuư]")
_STOPPED = re.compile(r"(?:c|ch|p|t)$")


@lru_cache(maxsize=1024)
def is_vietnamese_letter(char: str) -> bool:
    """Say whether a letter belongs to the alphabet, "f j w z" and "ð" among them."""
    decomposed = unicodedata.normalize("NFD", char.lower())
    bare = unicodedata.normalize("NFC", _TONES.sub("", decomposed))
    return bare in _ALPHABET and not _MISPLACED.search(decomposed)


def is_syllable(word: str) -> bool:
    """Say whether the word is spelled as one Vietnamese syllable, in any case.

    One tone at most, and only sắc or nặng before c, ch, p, t. "Niê" counts; it is
    a common surname.
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(decomposed)
    if len(tones) > 1 or _MISPLACED.search(decomposed):
        return False
    bare = unicodedata.normalize("NFC", _TONES.sub("", decomposed))
    if _SYLLABLE.fullmatch(bare) is None or _WRONG_ONSET.match(bare):
        return False
    return not _STOPPED.search(bare) or not tones or tones[0] in _ACUTE_OR_DOT
