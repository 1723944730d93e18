"""Photos named as people name them, some for nobody, with the truth of each."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from zipfile import ZipInfo

from portal.domain.roster_types import CleanRow
from portal.domain.text import fold
from portal.files.entry_names import entry_name
from tests.data.people import Someone, people
from tests.data.typing import in_cp1258


@dataclass(frozen=True)
class NamedPhotos:
    """Rows, the files of their package, and which file is whose by a rule.

    ``doubtful`` are files that may be several people's, or rows with several files:
    nobody may get one of them. ``strays`` belong to nobody at all.
    """

    rows: list[CleanRow]
    files: list[str]
    truth: dict[int, str]
    doubtful: set[str]
    strays: set[str]


def named_photos(*, persons: int, seed: int) -> NamedPhotos:
    """Give so many rows, nearly each with a photo under one of the usual names."""
    dice = random.Random(f"photos-{seed}")
    rows: list[CleanRow] = []
    files: list[str] = []
    truth: dict[int, str] = {}
    doubtful: set[str] = set()
    for at, person in enumerate(people(persons, seed=seed)):
        column = ""
        manner = dice.choice([*_MANNERS, "column", "column other ending", "twice", ""])
        if manner in {"column", "column other ending"}:
            column = f"IMG_{20260000 + at}.JPG"
            name = column if manner == "column" else f"img_{20260000 + at}.png"
        elif manner == "twice":
            pair = [f"{person.citizen_id}.jpg", f"moi/{person.citizen_id}.png"]
            files += pair
            doubtful |= set(pair)
            name = ""
        elif manner:
            name = _MANNERS[manner](person, at)
        else:
            name = ""
        rows.append(_row(person, at, column))
        if name:
            placed = dice.choice(["", "ảnh thẻ/", "Tổ 1/2026/"]) + name
            files.append(_as_zipped(placed, dice))
            truth[at] = files[-1]
    strays = {f"anh/DSC{n:05d}.jpg" for n in range(20)} | {
        "logo cong doan.png",
        "IMG-20260301-WA0007.jpg",
        "khong ro ai.jpg",
        "079099999999.jpg",
    }
    files += sorted(strays)
    dice.shuffle(files)
    return NamedPhotos(rows, files, truth, doubtful, strays)


def _row(person: Someone, at: int, column: str) -> CleanRow:
    values: dict[str, object] = {
        "row_number": str(at + 1),
        "full_name": person.full_name,
        "citizen_id": person.citizen_id,
    }
    if column:
        values["photo_file"] = column
    return CleanRow("Sheet1", at + 2, values, {})


def _as_zipped(name: str, dice: random.Random) -> str:
    """Give the name as the portal reads it from a zip of one packer or another."""
    packed = dice.choice(["utf-8", "utf-8 undeclared", "nfd", "cp1258"])
    if packed == "nfd":
        name = unicodedata.normalize("NFD", name)
    info = ZipInfo("x.jpg")
    if packed == "utf-8 undeclared":
        info.orig_filename = name.encode().decode("cp437")
    elif packed == "cp1258":
        raw = in_cp1258(name).encode("cp1258", "replace")
        info.orig_filename = raw.decode("cp437")
    else:
        info.flag_bits, info.orig_filename = 0x800, name
    return entry_name(info)


_MANNERS: dict[str, Callable[[Someone, int], str]] = {
    "cccd": lambda p, at: f"{p.citizen_id}.jpg",
    "cccd without its zeros": lambda p, at: f"{int(p.citizen_id)}.jpeg",
    "cccd and name": lambda p, at: f"{p.citizen_id} - {p.full_name}.JPG",
    "cccd among words": lambda p, at: f"anh_{p.citizen_id}_3x4.png",
    "row number": lambda p, at: f"{at + 1}.jpg",
    "row number padded": lambda p, at: f"{at + 1:03d}.heic",
    "row number with a word": lambda p, at: f"STT {at + 1}.jpg",
    "name": lambda p, at: f"{p.full_name}.jpg",
    "name without marks": lambda p, at: f"{fold(p.full_name)}.jpg",
    "name run together": lambda p, at: f"{fold(p.full_name).replace(' ', '_')}.webp",
    "name in capitals": lambda p, at: f"{p.full_name.upper()}.BMP",
    "number, then name": lambda p, at: f"{at + 1}. {p.full_name}.jpg",
    "name in brackets": lambda p, at: f"Ảnh {p.full_name} (2x3).jpg",
}
