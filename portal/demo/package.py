"""Write the zip that an office would send: right in the main, messy in the usual ways.

Among the people are names in decomposed Unicode and in TCVN3, numbers that lost
their zeros, dates of several shapes, a person entered twice, an impossible date, a
photo that is missing, one that is far too big, one that lies on its side and one
that belongs to nobody.
"""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from portal.demo import portraits
from portal.demo.people import Person, invent_people
from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind
from portal.domain.membership import SEX_LABELS
from portal.domain.package_data import read_table
from portal.domain.text import fold
from portal.files.storage import atomic_file
from portal.files.workbook import write_table

_HEADERS = (
    "STT",
    "Họ và tên",
    "Ngày, tháng, năm sinh",
    "Giới tính",
    "Số CMND/CCCD",
    "Quê quán",
    "Chức vụ",
    "Ngày vào công đoàn",
    "Điện thoại",
    "Đoàn phí",
    "Loại thẻ",
    "Tên file ảnh",
)
_LINKED_HEADERS = (
    *_HEADERS,
    "Địa chỉ thường trú",
    "Số tài khoản",
    "Chi nhánh nhận thẻ",
)
_BRANCH = "VietinBank Duyên Hải"
_EXCEL_DAY_0 = date(1899, 12, 30)
# Fewer people than this, and the list is clean but for its lost zeros.
_MESSY_FROM = 10

_Row = list[str | int | float | date | None]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a right reading of the package must come to.

    ``people`` are those who can be taken, in the order of the list; ``photos`` names
    the photo of each by CCCD. The counts add up: rows_in = new + duplicate + error.
    """

    people: tuple[Person, ...]
    photos: dict[str, str]
    duplicate: int
    error: int
    photos_unmatched: int
    photos_missing: int

    @property
    def new(self) -> int:
        """Count the rows that an empty unit would take."""
        return len(self.people)

    @property
    def rows_in(self) -> int:
        """Count the rows that are people at all."""
        return self.new + self.duplicate + self.error


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row to write, and its photo in the zip."""

    row: _Row
    photo_name: str
    photo: bytes | None


def write_package(
    path: str | Path,
    *,
    members: int,
    seed: int,
    unit_name: str,
    kind: CardKind = CardKind.STANDARD,
) -> Truth:
    """Write the zip to ``path`` and say what is in it; the same seed, the same people.

    ``members`` people can be taken; from ten on, three rows more cannot: a person
    entered twice, and an impossible date.
    """
    messy = members >= _MESSY_FROM
    source = invent_people(seed)
    people = tuple(islice(source, members))
    doubled, misdated = next(source), next(source)
    entries = [
        _entry(person, at, seed=seed, kind=kind) for at, person in enumerate(people)
    ]
    if messy:
        entries[members // 2] = replace(entries[members // 2], photo=None)
        entries += _rows_to_refuse(doubled, misdated, after=members, kind=kind)
    headers = _LINKED_HEADERS if kind is CardKind.LINKED else _HEADERS
    title = f"DANH SÁCH ĐOÀN VIÊN ĐỀ NGHỊ ĐỔI THẺ - {unit_name}"
    table = write_table(title, headers, _with_frame(entries, doubled=messy))
    photos = [(e.photo_name, e.photo) for e in entries if e.photo is not None]
    with atomic_file(Path(path)) as file, ZipFile(file, "w") as archive:
        archive.writestr("danh sach doan vien.xlsx", table, ZIP_DEFLATED)
        for name, data in photos:
            archive.writestr(f"anh the/{name}", data, ZIP_STORED)
        if messy:
            stray = portraits.draw_portrait(seed - 1, sex=doubled.sex)
            name = "anh the/IMG_20260301_101500.jpg"
            archive.writestr(name, portraits.jpeg(stray), ZIP_STORED)
            archive.writestr("anh the/Thumbs.db", b"\0" * 512, ZIP_DEFLATED)
    return Truth(
        people=people,
        photos={
            person.citizen_id: entry.photo_name
            for person, entry in zip(people, entries, strict=False)
            if entry.photo is not None
        },
        duplicate=2 if messy else 0,
        error=1 if messy else 0,
        photos_unmatched=1 if messy else 0,
        photos_missing=4 if messy else 0,
    )


def to_tcvn3(text: str) -> str:
    """Spell text the way the TCVN3 fonts stored it: the reader's map, reversed."""
    table = {row["unicode_nfc"]: row["cp1252_codepoint"] for row in _tcvn3_rows()}
    return "".join(
        chr(int(table[letter].removeprefix("U+"), 16)) if letter in table else letter
        for letter in unicodedata.normalize("NFC", text)
    )


def _tcvn3_rows() -> Iterator[dict[str, str]]:
    # Capitals with a tone had no place in TCVN3: people typed small letters in a
    # font of capitals, so such names stay in Unicode here.
    return iter(read_table("tcvn3.csv"))


def _entry(person: Person, at: int, *, seed: int, kind: CardKind) -> _Entry:
    """Write one person in one of the manners of offices, turn by turn."""
    dice = random.Random(f"row-{seed}-{at}")  # noqa: S311 (sample data)
    name, column = _photo_name(person, at)
    row = _row(person, at, kind=kind, photo_column=column)
    row[1] = _typed_name(person.full_name, at)
    row[2] = _typed_date(person.birth_date, dice)
    if dice.random() < 0.2:
        row[4] = int(person.citizen_id)  # Excel took the column for numbers
    if dice.random() < 0.3:
        row[8] = int(person.phone)
    picture = portraits.draw_portrait(seed * 10_000 + at, sex=person.sex)
    if name.endswith(".png"):
        return _Entry(row, name, portraits.png(picture))
    if at == 3:
        return _Entry(row, name, portraits.oversized_jpeg(picture, seed=seed))
    return _Entry(row, name, portraits.jpeg(picture, turned=at == 5))


def _row(person: Person, at: int, *, kind: CardKind, photo_column: str) -> _Row:
    row: _Row = [
        at + 1,
        person.full_name,
        f"{person.birth_date:%d/%m/%Y}",
        SEX_LABELS[person.sex],
        person.citizen_id,
        person.native_place,
        person.job_title,
        f"{person.joined_union_on:%d/%m/%Y}",
        person.phone,
        "Được miễn" if at % 40 == 21 else "Đang đóng",
        CARD_KIND_LABELS[kind],
        photo_column,
    ]
    if kind is CardKind.LINKED:
        address = f"Thôn {at % 9 + 1}, {person.native_place}"
        row += [address, f"10{person.phone}", _BRANCH]
    return row


def _photo_name(person: Person, at: int) -> tuple[str, str]:
    """Give the photo's name, and what the list's own column says about it."""
    match at % 5:
        case 0 | 1:
            name = f"{at + 1:03d}.jpg"
            return name, name
        case 2:
            return f"{person.citizen_id}.jpg", ""
        case 3:
            return f"{fold(person.full_name)}.jpg", ""
        case _:
            return f"anh_{at + 1:03d}.png", f"ANH_{at + 1:03d}.PNG"


def _typed_name(name: str, at: int) -> str:
    match at % 6:
        case 0 | 1 | 2 | 3:
            return to_tcvn3(name) if _fits_tcvn3(name) else name
        case 4:
            return unicodedata.normalize("NFD", name)
        case _:
            return f" {name.replace(' ', '  ', 1)}"


def _fits_tcvn3(name: str) -> bool:
    """Say whether the name was typed with the fonts' own letters only."""
    known = {row["unicode_nfc"] for row in _tcvn3_rows()}
    return all(letter.isascii() or letter in known for letter in name)


def _typed_date(day: date, dice: random.Random) -> str | int:
    plain = f"{day:%d/%m/%Y}"
    shapes: Sequence[str | int] = (
        plain,
        plain,
        plain,
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%Y}",
        (day - _EXCEL_DAY_0).days,
    )
    return dice.choice(shapes)


def _rows_to_refuse(
    doubled: Person, misdated: Person, *, after: int, kind: CardKind
) -> list[_Entry]:
    first = _row(doubled, after, kind=kind, photo_column="")
    again = _row(doubled, after + 1, kind=kind, photo_column="")
    again[8] = ""
    wrong = _row(misdated, after + 2, kind=kind, photo_column="")
    wrong[2] = f"31/02/{misdated.birth_date.year}"
    return [_Entry(row, "", None) for row in (first, again, wrong)]


def _with_frame(entries: Sequence[_Entry], *, doubled: bool) -> Iterator[_Row]:
    """Put the section line, the total and the signatures where lists have them."""
    half = len(entries) // 2
    if doubled:
        yield ["I", "Khối sản xuất"]
    for at, entry in enumerate(entries):
        if doubled and at == half:
            yield ["II", "Khối văn phòng"]
        yield entry.row
    yield []
    yield ["", f"Tổng cộng: {len(entries)} người"]
    yield ["", "Người lập biểu", "", "", "", "", "TM. Ban chấp hành"]
    yield ["", "(Ký, ghi rõ họ tên)", "", "", "", "", "Chủ tịch"]
