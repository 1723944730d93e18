"""Whose photo a file is: rule by rule, and never by guessing between two."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.collation import name_sort_key
from portal.domain.roster_types import CleanRow
from portal.domain.text import APOSTROPHES, clean, fold

_NO_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES))


class PhotoState(StrEnum):
    """What became of a row's photo."""

    MATCHED = "matched"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"


class MatchRule(StrEnum):
    """By what a file was known as a row's photo, the surest first."""

    FILE_NAME = "file_name"
    CITIZEN_ID = "citizen_id"
    MEMBER_NUMBER = "member_number"
    ROW_NUMBER = "row_number"
    FULL_NAME = "full_name"


MATCH_RULE_LABELS = {
    MatchRule.FILE_NAME: "Tên file ảnh",
    MatchRule.CITIZEN_ID: "Số CCCD/CMND",
    MatchRule.MEMBER_NUMBER: "Mã số đoàn viên",
    MatchRule.ROW_NUMBER: "STT",
    MatchRule.FULL_NAME: "Họ và tên",
}


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """The photo of one row: a file and the rule, or the files that could be it."""

    state: PhotoState
    file: str = ""
    by: MatchRule | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoMatching:
    """One match per row, in their order, and the files that belong to nobody."""

    matches: tuple[PhotoMatch, ...]
    unmatched: tuple[str, ...]

    def count(self, state: PhotoState) -> int:
        """Count the rows in a state."""
        return sum(match.state is state for match in self.matches)


Keys = Callable[[CleanRow], set[str]]
FileKeys = Callable[[str], set[str]]


def match_photos(rows: Sequence[CleanRow], files: Sequence[str]) -> PhotoMatching:
    """Give each row its photo among the files (paths as in the zip).

    The rules are tried in order: the file-name column, CCCD, CMND or member number
    in the name, the row's STT as the whole name, the person's name. A rule matches
    only one row with one file; where several fit, all of them are ambiguous and no
    weaker rule is asked.
    """
    found: dict[int, PhotoMatch] = {}
    free = list(dict.fromkeys(files))
    for by, row_keys, file_keys in _RULES:
        stage = _stage(rows, free, row_keys, file_keys, found)
        used: set[str] = set()
        for index, (candidates, alone) in stage.items():
            used.update(candidates)
            found[index] = _match(rows[index], candidates, alone=alone, by=by)
        free = [file for file in free if file not in used]
    missing = PhotoMatch(PhotoState.MISSING)
    matches = tuple(found.get(index, missing) for index in range(len(rows)))
    return PhotoMatching(matches, tuple(free))


def _stage(
    rows: Sequence[CleanRow],
    files: Sequence[str],
    row_keys: Keys,
    file_keys: FileKeys,
    found: dict[int, PhotoMatch],
) -> dict[int, tuple[list[str], bool]]:
    """Return the files of each open row by one rule, and whether nobody else's."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for file in files:
        for key in file_keys(file):
            by_key[key].append(file)
    claims = [
        list(dict.fromkeys(f for key in row_keys(row) for f in by_key.get(key, ())))
        for row in rows
    ]
    # Rows that have a photo already claim too: the file may be theirs.
    claimants = Counter(file for claim in claims for file in claim)
    return {
        index: (claim, len(claim) == 1 and claimants[claim[0]] == 1)
        for index, claim in enumerate(claims)
        if claim and index not in found
    }


def _match(
    row: CleanRow, candidates: list[str], *, alone: bool, by: MatchRule
) -> PhotoMatch:
    if not alone:
        return PhotoMatch(PhotoState.AMBIGUOUS, candidates=tuple(sorted(candidates)))
    number = _value(row, "member_number")
    if by is MatchRule.CITIZEN_ID and number in _numbers_in(candidates[0]):
        by = MatchRule.MEMBER_NUMBER
    return PhotoMatch(PhotoState.MATCHED, candidates[0], by)


def _value(row: CleanRow, name: str) -> str:
    return str(row.values.get(name) or "")


def _path(name: str) -> str:
    """Bring a path to one spelling: slashes, NFC, small letters."""
    cleaned = clean(name).replace("\\", "/").strip("/ ")
    return unicodedata.normalize("NFC", cleaned.casefold())


def _base(name: str) -> str:
    return _path(name).rpartition("/")[2].strip()


def _stem(name: str) -> str:
    """Return the file's own name without folder and picture ending."""
    return re.sub(r"\.(?:jpe?g|jpe|jfif|png|webp|bmp|hei[cf])$", "", _base(name))


def _named_path(row: CleanRow) -> set[str]:
    return {_path(_value(row, "photo_file"))} - {""}


def _named_base(row: CleanRow) -> set[str]:
    return {_base(_value(row, "photo_file"))} - {""}


def _named_stem(row: CleanRow) -> set[str]:
    return {fold(_stem(_value(row, "photo_file")))} - {""}


def _identity_numbers(row: CleanRow) -> set[str]:
    names = ("citizen_id", "id_card_number", "passport_number", "member_number")
    return {_value(row, name) for name in names} - {""}


def _numbers_in(file: str) -> set[str]:
    """Find runs of 9 to 12 digits, lost zeros given back, and passport numbers."""
    stem = _stem(file)
    runs = re.findall(r"(?<![0-9])[0-9]{9,12}(?![0-9])", stem)
    passports = re.findall(r"(?<![a-z0-9])[a-z]{1,2}[0-9]{6,9}(?![a-z0-9])", stem)
    numbers = {run if len(run) == 9 else run.zfill(12) for run in runs}
    return numbers | {passport.upper() for passport in passports}


def _row_number(row: CleanRow) -> set[str]:
    # A row that names its file means that file, not one with its number.
    if _value(row, "photo_file"):
        return set()
    number = _value(row, "row_number")
    return {number.lstrip("0")} - {""} if number.isdecimal() else set()


def _lone_number(file: str) -> set[str]:
    """Take "5", "005", "STT 5" or "anh_5" for the row number 5."""
    found = re.fullmatch(
        r"(?:stt|tt|so|no|anh|hinh)?[\s._()#-]*0*([1-9][0-9]{0,4})[\s._()-]*",
        fold(_stem(file)),
    )
    return {found[1]} if found else set()


def _person(row: CleanRow) -> set[str]:
    return _name_keys(_value(row, "full_name"), of_file=False)


def _person_in(file: str) -> set[str]:
    stem = re.sub(r"[0-9]\s*x\s*[0-9]", " ", _stem(file))  # "3x4" is no name
    stem = stem.translate(_NO_APOSTROPHE)  # "K'Brơi" is one word
    words = " ".join(re.findall(r"[^\W\d_]+", stem))
    without = re.sub(r"^(?:ảnh|anh|hình|hinh) ", "", words)
    return _name_keys(words, of_file=True) | _name_keys(without, of_file=True)


def _name_keys(name: str, *, of_file: bool) -> set[str]:
    """Make keys so that accents count where both sides have them, else not."""
    name = name.translate(_NO_APOSTROPHE)
    plain = "".join(filter(str.isalnum, fold(name)))
    if not plain:
        return set()
    if clean(name).isascii():
        return {f"ascii {plain}"} if of_file else {f"ascii {plain}", f"plain {plain}"}
    spelled = f"spelled {name_sort_key(name)}"
    return {spelled, f"plain {plain}" if of_file else f"ascii {plain}"}


_RULES: Iterable[tuple[MatchRule, Keys, FileKeys]] = (
    (MatchRule.FILE_NAME, _named_path, lambda file: {_path(file)}),
    (MatchRule.FILE_NAME, _named_base, lambda file: {_base(file)}),
    (MatchRule.FILE_NAME, _named_stem, lambda file: {fold(_stem(file))}),
    (MatchRule.CITIZEN_ID, _identity_numbers, _numbers_in),
    (MatchRule.ROW_NUMBER, _row_number, _lone_number),
    (MatchRule.FULL_NAME, _person, _person_in),
)
