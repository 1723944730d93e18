"""Vietnamese text: cleaned for keeping, folded for finding, raised for print."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"\w+")

# What a search goes by; each word is a look at every row.
MOST_SEARCH_LETTERS = 100
MOST_SEARCH_WORDS = 10
_NOT_WORD = re.compile("[^a-z0-9]+")

# Whatever people type for the apostrophe of "H'Hen".
APOSTROPHES = frozenset("'`´ʹʻʼʽˈ‘’‛′＇")

_TO_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))

# Characters nobody sees that are no format characters by category: fillers and
# variation selectors. Format characters (Cf) go by category, with them U+00AD, so
# text in TCVN3 (where that is "ư") is decoded before it is cleaned.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]"
)
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# Nearly every cell: visible ASCII, blanks and precomposed Vietnamese letters.
_ORDINARY = re.compile(
    "[ -~\u00c0-\u00cf\u00d1-\u00d6\u00d9-\u00dd\u00e0-\u00ef\u00f1-\u00f6\u00f9-\u00fd"
    "\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]*"
)

# The Icelandic eth looks like đ and is typed for it by old keyboards.
_ETH = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})


def clean(text: str) -> str:
    """Return one NFC line: trimmed, blanks collapsed, no invisible characters.

    Letter case and the place of the tone stay as typed.
    """
    if _ORDINARY.fullmatch(text):
        return " ".join(text.split())
    spaced = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    kept = "".join(
        c for c in spaced if unicodedata.category(c) not in _DROPPED_CATEGORIES
    )
    composed = unicodedata.normalize("NFC", kept).translate(_ETH)
    return unicodedata.normalize("NFC", " ".join(composed.split()))


def why_cleaned(text: str) -> str:
    """Say what ``clean`` changes in the text, in sentences; nothing if it does not."""
    told = []
    if not _ORDINARY.fullmatch(text):
        composed = unicodedata.normalize("NFC", text)
        if composed != text:
            told.append("Ghép dấu về Unicode dựng sẵn.")
        if composed.translate(_ETH) != composed:
            told.append("Đổi chữ “ð” của bàn phím cũ thành “đ”.")
        visible = _INVISIBLE.sub("", _SPACES.sub(" ", composed))
        if any(unicodedata.category(c) in _DROPPED_CATEGORIES for c in visible) or (
            len(visible) < len(_SPACES.sub(" ", composed))
        ):
            told.append("Bỏ ký tự ẩn.")
    if " ".join(text.split()) != text:
        told.append("Bỏ khoảng trắng thừa.")
    return " ".join(told)


def clean_lines(text: str) -> str:
    """Clean like ``clean`` but keep the line ends, for notes and reasons."""
    return "\n".join(clean(line) for line in text.splitlines()).strip()


def _plain_letters() -> dict[int, str]:
    """Map every ordinary letter, and each apostrophe, to what it folds to."""
    table = {}
    for code in range(0x20, 0x1F00):
        char = chr(code)
        if _ORDINARY.fullmatch(char):
            apart = unicodedata.normalize("NFD", char.lower().replace("đ", "d"))
            plain = "".join(c for c in apart if not unicodedata.combining(c))
            table[code] = plain.translate(_TO_APOSTROPHE)
    return table


_PLAIN = _plain_letters()


def fold(text: str) -> str:
    """Return lower-case text without accents: "Đặng H’Hen" → "dang h'hen".

    Where the tone stood is gone with the tone (hoà = hòa). Every kind of apostrophe
    becomes "'". Letters without a Latin base stay as they are, so that no name
    folds to nothing.
    """
    if _ORDINARY.fullmatch(text):
        return " ".join(text.translate(_PLAIN).split())
    marked = clean(text).translate(_TO_APOSTROPHE)
    if not marked.isascii():
        marked = unicodedata.normalize("NFKD", marked).casefold().replace("đ", "d")
        marked = unicodedata.normalize("NFKD", marked)
        marked = "".join(c for c in marked if not unicodedata.combining(c))
    return " ".join(marked.lower().split())


def search_text(*parts: str | None) -> str:
    """Join what a record is found by into one line of folded words.

    "H'Hen Niê" gives "hhen nie": apostrophes vanish, so that she is found with and
    without; every other mark parts words. A query goes through ``search_words``.
    """
    return " ".join(filter(None, (_folded_words(part or "") for part in parts)))


def search_words(query: str) -> tuple[str, ...]:
    """Return the words that must all occur in ``search_text``, in any order.

    The first words alone, where more was typed; ``is_long_search`` tells.
    """
    words = dict.fromkeys(_folded_words(query[:MOST_SEARCH_LETTERS]).split())
    return tuple(words)[:MOST_SEARCH_WORDS]


def is_long_search(query: str) -> bool:
    """Say whether a search goes by the beginning of what was typed only."""
    return (
        len(query) > MOST_SEARCH_LETTERS
        or len(set(_folded_words(query).split())) > MOST_SEARCH_WORDS
    )


def header_key(text: str) -> str:
    """Reduce a column header to plain words: "Họ  và tên (*)" → "ho va ten"."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


def upper(text: str) -> str:
    """Raise to capitals; in NFC every Vietnamese letter has exactly one."""
    raised = unicodedata.normalize("NFC", text).upper()
    return unicodedata.normalize("NFC", raised)


def _folded_words(text: str) -> str:
    return " ".join(_WORDS.findall(fold(text).replace("'", "")))
