"""How well a text passes for Vietnamese: what tells two readings of it apart."""

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum

from portal.domain.syllables import is_syllable
from portal.domain.text import APOSTROPHES


class Fit(IntEnum):
    """How well the worst word of a text passes; only words beyond ASCII count."""

    BROKEN = 0  # a sign, or a capital where nobody writes one: "K'Br¬i", "TrÝ"
    STRANGE = 1  # letters in order, but no syllable: "Mlô", "François"
    SPELLED = 2
    KNOWN = 3  # a word that names are made of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of names that a legacy font would turn into another syllable, or that come
# out of one: only they have to be told apart, so the list can be short.
_NAME_WORDS = _words(
    "bá bân bé bích bông bùi bộ châm chân chí chín chú chúa chúc chúng công cù cúc "
    "cự dân dâng dũ dũng dục dụng dự giáng gái hoà hoài hoàn hoàng huê hà hán hân "
    "hòa hóa hùng hồ hồng hộ hớn khuê khá khái kháng khâm khân khê khôi kí kính kỳ "
    "lâm lân lãng lê lò lô lôi lù lúa lý lũng lộ lộc lục mân mã mô môn mông mùa mùi "
    "mộc mộng mừng ngân ngãi ngô ngôn ngũ ngữ ngự nhâm nhân nhã nhí nhớ nông nụ phán "
    "phân phí phùng phú phúc phụ phục phụng quê quí quý rô sáng sâm sân sông sùng sự "
    "thái thám thâm thân thêm thì thìn thí thông thú thúc thị thố thống thụ thục "
    "thừa tráng trâm trân trì trí trú trúc trừ tá tám tán tâm tân tê tí tín tòng tô "
    "tôn tùng tú túc tố tộ từ tự vân ví võ vũ á ái ân âu út ý "
    # Ê-đê, Raglai and Chăm names that are no Vietnamese syllables.
    "bkrông chamaléa êban ênuôl hmôk kbuôr mlô niê"
)

_WORD = re.compile("[A-Za-z\u00a1-\u02ff\u1e00-\u1eff]+")
_ETH = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})
_TO_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
# So much of a cell tells how it was typed; no word of ours is longer.
_LONGEST_JUDGED = 300
_LONGEST_WORD = 24
_SOFT_HYPHEN = "\u00ad"
# Category "letter" by Unicode, signs to everybody.
_NO_LETTERS = frozenset("\u00aa\u00b5\u00ba")


def fit(text: str) -> Fit:
    """Judge the words beyond ASCII, in any composition; STRANGE if there are none."""
    words = _odd_words(text)
    fits = [_fit_of(word) for word in words]
    if any(map(_is_short_shout, words)) and any(map(str.islower, text)):
        fits.append(Fit.STRANGE)
    return min(fits, default=Fit.STRANGE)


def is_letter(char: str) -> bool:
    """Say whether people take the character for a letter."""
    return char.isalpha() and char not in _NO_LETTERS


def inner_capital(text: str) -> str:
    """Return the first accented capital where only old fonts have one, or nothing.

    That is after a small letter ("TrÝ"), or, being of Latin-1 as theirs all are,
    between a capital and a small letter ("BÝch"). "McDonald" and "HÙNG" give nothing.
    """
    for before, char, after in _triples(text):
        if char.isascii() or not char.isupper():
            continue
        if before.islower() or (
            before.isupper() and char < "\u0100" and after.islower()
        ):
            return char
    return ""


def starts_small(text: str) -> bool:
    """Say whether a word beyond ASCII begins with a small letter."""
    return any(word[0].islower() for word in _odd_words(text))


def _odd_words(text: str) -> list[str]:
    """Return the words beyond ASCII; an apostrophe parts words."""
    start = text[:_LONGEST_JUDGED]
    composed = unicodedata.normalize("NFC", start).translate(_TO_APOSTROPHE)
    return [word for word in _WORD.findall(composed) if not word.isascii()]


def _fit_of(word: str) -> Fit:
    if len(word) > _LONGEST_WORD:
        return Fit.STRANGE
    if _SOFT_HYPHEN in word:
        # A break that a browser left, or "ư" of TCVN3.
        whole = word.replace(_SOFT_HYPHEN, "")
        return Fit.SPELLED if is_syllable(whole) else Fit.BROKEN
    plain = word.translate(_ETH)
    if inner_capital(plain) or _sinks(plain) or not all(map(is_letter, plain)):
        return Fit.BROKEN
    if plain.lower() in _NAME_WORDS:
        return Fit.KNOWN
    return Fit.SPELLED if is_syllable(plain) else Fit.STRANGE


def _is_short_shout(word: str) -> bool:
    """Say whether it is a word like "HỔ", as "Hà" of Unicode becomes by TCVN3."""
    return len(word) == 2 and word.isupper() and word.lower() not in _NAME_WORDS


def _sinks(word: str) -> bool:
    """Say whether letters sink or rise as in no word: "NGôN", "TỔi"."""
    return any(
        first.isupper() and second.isupper() and third.islower()
        for first, second, third in _triples(word)
        if not (second + third).isascii()
    )


def _triples(text: str) -> Iterator[tuple[str, str, str]]:
    """Give every letter but the first with its neighbours, a blank at the end."""
    return zip(text, text[1:], f"{text[2:]} ", strict=False)
