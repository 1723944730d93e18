"""Read cards.csv and its photos: rows in the order of the file, as cards."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from card_designs.card_data import CardData, clean_text
from card_designs.fields import CARD_KIND_LABELS
from card_designs.findings import Finding, error

NEEDED = ("member_number", "full_name", "birth_date", "unit_name", "photo")
COLUMNS = (
    *NEEDED[:-1],
    "card_kind",
    "province_code",
    "vpoint_code",
    "issue_date",
    "photo",
    "verify_url",
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SHORT_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_KINDS = {label.casefold(): kind for kind, label in CARD_KIND_LABELS.items()}


class RosterBroken(Exception):
    """The file cannot be read at all; the text is a whole Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (the header is 1), its card.

    ``photo`` is the file that the card's photo is to be read from; ``loaded`` does it.
    """

    number: int
    card: CardData
    findings: tuple[Finding, ...]
    photo: Path | None = None

    def loaded(self) -> "Row":
        """Read the photo into the card, or say in the findings why it cannot be."""
        if self.photo is None or self.card.photo is not None:
            return self
        try:
            return replace(self, card=self.card.with_photo(self.photo.read_bytes()))
        except OSError as problem:
            message = f"Không đọc được tệp ảnh “{self.photo.name}”: {problem.strerror}."
            found = error("photo-missing", "Ảnh 2×3", message)
            return replace(self, findings=(*self.findings, found))


def read_roster(data: Path, photos: Path, *, with_photos: bool = True) -> Iterator[Row]:
    """Read the rows one by one; empty ones are passed over.

    ``with_photos=False`` leaves the reading of photos to ``Row.loaded``.
    Raises RosterBroken where the file is no UTF-8 table with the columns needed.
    """
    if not data.is_file():
        raise RosterBroken(f"Không có tệp dữ liệu “{data}”.")
    if not photos.is_dir():
        raise RosterBroken(f"Không có thư mục ảnh “{photos}”.")
    album = _Album(photos)
    # Once through first: what cannot be read must show before the first card is drawn.
    for _ in _table(data):
        pass
    for number, values, extra in _table(data):
        row = _row(number, values, extra, album)
        yield row.loaded() if with_photos else row


def _table(data: Path) -> Iterator[tuple[int, dict[str, str], int]]:
    """Give each row's number, its values by column, and how many cells are too many."""
    try:
        with data.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            table = csv.reader(file, delimiter=_delimiter(head), strict=True)
            columns = [clean_text(name).casefold() for name in next(table, [])]
            _check_columns(data, columns)
            for number, cells in enumerate(table, start=2):
                if any(cell.strip() for cell in cells):
                    values = dict(zip(columns, cells, strict=False))
                    extra = sum(map(bool, map(str.strip, cells[len(columns) :])))
                    yield number, values, extra
    except UnicodeDecodeError as problem:
        raise RosterBroken(
            f"Tệp “{data.name}” không ở mã UTF-8; hãy lưu lại dạng “CSV UTF-8”."
        ) from problem
    except csv.Error as problem:
        raise RosterBroken(f"Tệp “{data.name}” hỏng: {problem}.") from problem


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _check_columns(data: Path, columns: list[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise RosterBroken(f"Tệp “{data.name}” thiếu cột: {', '.join(missing)}.")
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if doubled:
        raise RosterBroken(f"Tệp “{data.name}” có cột lặp lại: {', '.join(doubled)}.")


def _row(number: int, values: dict[str, str], extra: int, album: "_Album") -> Row:
    def text(name: str) -> str:
        return clean_text(values.get(name, ""))

    photo, findings = album.find(text("photo"))
    if extra > 0:
        message = (
            f"Dòng thừa {extra} ô so với tiêu đề;"
            " giá trị có dấu phẩy phải đặt trong ngoặc kép."
        )
        findings = (*findings, error("row-too-long", "Dòng", message))
    kind = text("card_kind").casefold()
    card = CardData(
        member_number=text("member_number"),
        full_name=text("full_name"),
        birth_date=_for_display(text("birth_date")),
        unit_name=text("unit_name"),
        card_kind=_KINDS.get(kind, kind),
        province_code=text("province_code"),
        vpoint_code=text("vpoint_code"),
        issue_date=_for_display(text("issue_date")),
        verify_url=text("verify_url"),
    )
    return Row(number, card, findings, photo)


def _for_display(date: str) -> str:
    """Turn 1985-09-02 and 2/9/1985 into 02/09/1985; leave all else as it stands."""
    if match := _ISO_DATE.fullmatch(date):
        return f"{match[3]}/{match[2]}/{match[1]}"
    if match := _SHORT_DATE.fullmatch(date):
        return f"{match[1]:0>2}/{match[2]:0>2}/{match[3]}"
    return date


class _Album:
    """The photos of a folder by name, whatever the case and normal form."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, Path] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self._files.setdefault(_key(path.relative_to(folder).as_posix()), path)

    def find(self, name: str) -> tuple[Path | None, tuple[Finding, ...]]:
        """Give the file of a photo, or what is wrong; no name is no photo."""
        if not name:
            return None, ()
        path = self._files.get(_key(name.replace("\\", "/")))
        if path is None:
            message = f"Không có tệp ảnh “{name}” trong thư mục ảnh."
            return None, (error("photo-missing", "Ảnh 2×3", message),)
        return path, ()


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
