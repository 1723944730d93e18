"""Which columns a header names, over one row or several merged ones."""

from collections.abc import Sequence
from itertools import pairwise

from portal.domain.legacy_encoding import header_to_unicode
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.roster_headers import NAME_PART, Meaning, header_meaning
from portal.domain.text import clean, header_key

# Column → its header as shown, and what it means.
Found = dict[int, tuple[str, Meaning]]

_NAMED_SHARE = 0.6
_LONGEST_SEX_WORD = 8


def found_in(rows: Sequence[Sequence[str]]) -> Found:
    """Read header rows as one, upper cells spread over the columns they cover."""
    width = max(map(len, rows), default=0)
    found: Found = {}
    paths = _paths(rows, width)
    for index, path in enumerate(paths):
        known = _known(path)
        if known:
            found[index] = known
    _add_sex_pairs(found, paths)
    return _settled_parts(found)


def with_split_name(
    found: Found, headers: Sequence[Sequence[str]], strings: Sequence[Sequence[str]]
) -> Found:
    """Add the column of given names that one merged "Họ và tên" covers, too.

    Nothing but the body tells: the column right of the name has no header of its
    own, and words in most rows that have a name. ``strings`` are the texts below
    the header by column.
    """
    name = next((i for i, (_, m) in found.items() if _is_whole_name(m)), None)
    if name is None or name + 1 >= len(strings) or name + 1 in found:
        return found
    beside = name + 1
    if any(_at(texts, beside) for texts in headers):
        return found
    words = [text.strip() for text in strings[beside] if text.strip()]
    named = sum(1 for text in strings[name] if text.strip())
    if not _are_given_names(words, named=named):
        return found
    part = Meaning(FIELDS_BY_NAME["full_name"], NAME_PART)
    return {**found, name: (found[name][0], part), beside: (found[name][0], part)}


def _are_given_names(words: Sequence[str], *, named: int) -> bool:
    """Say whether a column without a header holds given names: one word, many kinds."""
    short = [w for w in words if len(w.split()) == 1 and not any(map(str.isdigit, w))]
    kinds = len({word.casefold() for word in short} - {"nam", "nữ", "nu", "x", "v"})
    return len(short) >= _NAMED_SHARE * max(named, 1) and kinds > named // 8 + 1


def _paths(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Give the texts above each other in each column, from the top."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        last = ""
        for index in range(width):
            own = _at(row, index)
            last = own or last
            covered = any(_at(lower, index) for lower in rows[depth + 1 :])
            text = own or (last if covered else "")
            if text and text not in paths[index]:
                paths[index].append(text)
            # A column with nothing above or below ends what the cell covers.
            if not own and not covered and depth < len(rows) - 1:
                last = ""
    return paths


def _known(path: Sequence[str]) -> tuple[str, Meaning] | None:
    """Read a column's cells together, upwards, then the lowest alone."""
    if not path:
        return None
    lowest = header_meaning(path[-1])
    if lowest and lowest.means == NAME_PART and len(path) > 1:
        # "Họ đệm" below "Họ và tên" is no other way to say the whole name.
        above = header_meaning(" ".join(path[:-1]))
        of_name = above is not None and above.field.name == "full_name"
        return (path[-1], lowest) if of_name else None
    together = (" ".join(path), " ".join(reversed(path)), " ".join(path[-2:]))
    for text in dict.fromkeys(together):
        meaning = header_meaning(text)
        if meaning:
            return text, meaning
    return (path[-1], lowest) if lowest else None


def _add_sex_pairs(found: Found, paths: Sequence[Sequence[str]]) -> None:
    """Mark columns "Nam | Nữ": a tick or the birth date below says the sex."""
    words = [_sex_word(path[-1]) if path else "" for path in paths]
    for index, pair in enumerate(pairwise(words)):
        if set(pair) != {"male", "female"}:
            continue
        above = header_meaning(" ".join(paths[index][:-1]))
        name = above.field.name if above else "sex"
        if name not in {"sex", "birth_date"}:
            continue
        for at, means in zip((index, index + 1), pair, strict=True):
            found[at] = (paths[at][-1], Meaning(FIELDS_BY_NAME[name], means))


def _sex_word(text: str) -> str:
    if len(text) > _LONGEST_SEX_WORD:
        return ""
    keys = {header_key(reading) for reading in header_to_unicode(text)}
    if "nam" in keys:
        return "male"
    return "female" if "nu" in keys else ""


def _settled_parts(found: Found) -> Found:
    """Keep pieces of a name where there are two; a lone "Tên" is the whole name."""
    parts = [i for i, (_, m) in found.items() if m.means == NAME_PART]
    if not parts or (len(parts) > 1 and not any(map(_whole, found.values()))):
        return found
    whole = any(_is_whole_name(m) for _, m in found.values())
    lone = parts[0] if len(parts) == 1 and not whole else None
    kept = {i: pair for i, pair in found.items() if i not in parts}
    if lone is not None and header_key(found[lone][0]) == "ten":
        kept[lone] = (found[lone][0], Meaning(FIELDS_BY_NAME["full_name"]))
    return dict(sorted(kept.items()))


def _whole(pair: tuple[str, Meaning]) -> bool:
    return _is_whole_name(pair[1])


def _is_whole_name(meaning: Meaning) -> bool:
    return meaning.field.name == "full_name" and not meaning.means


def _at(texts: Sequence[str], index: int) -> str:
    text = texts[index] if index < len(texts) else ""
    return text if text and clean(text) else ""
