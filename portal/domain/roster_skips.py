"""Which rows below a header are people, and what the others are."""

import re
from collections.abc import Sequence
from itertools import pairwise

from portal.domain.legacy_encoding import to_unicode
from portal.domain.member_fields import IDENTITY_FIELDS
from portal.domain.roster_cells import Cell, cell_text, is_blank
from portal.domain.roster_headers import header_meaning
from portal.domain.roster_sheets import (
    Layout,
    cell_texts,
    header_row_key,
    text_at,
)
from portal.domain.text import clean, fold

SKIP_REASONS = {
    "blank": "Dòng trống",
    "numbering": "Dòng đánh số cột",
    "header": "Tiêu đề lặp lại",
    "example": "Dòng ví dụ của mẫu",
    "total": "Dòng tổng cộng",
    "signature": "Phần ký tên, ghi chú cuối danh sách",
    "section": "Dòng tên bộ phận",
    "columns": "Dòng tiêu đề",
    "title": "Dòng tên danh sách, phía trên tiêu đề",
    "above": "Dòng có dữ liệu nằm phía trên tiêu đề, chưa đọc",
    "other": "Dòng không có họ tên, ngày sinh, giấy tờ",
    "sheet": "Trang tính không phải danh sách đoàn viên",
    "hidden": "Trang tính ẩn, không đọc",
}

# What makes a row a person even when the name is missing.
_PERSONAL = ("birth_date", *IDENTITY_FIELDS)
_FEWEST_DIGITS = 2
_LOOKED_AT = 200  # letters of a cell; a total or a signature says so at once
_WHOLE_NUMBER = re.compile(r"\d{9}|\d{12}")
_TOTAL = re.compile(
    r"(?:tổng (?:cộng|số)|cộng)(?![^\W\d_])"
    r"|(?:tong cong|tong so|tong|cong)(?: so)?[\s:.\d]*$"
    r"|(?:tong cong|tong so)[\s:]*\d"
)
_SIGNATURE = re.compile(
    r"^(?:nguoi lap|nguoi tong hop|nguoi kiem tra|tm\.? |tm\. ?b|t/m|chu tich\b|"
    r"pho chu tich\b|\(?ky[ ,]|thu truong|xac nhan|noi nhan|ghi chu|luu y|"
    r"danh sach (?:nay |tren )?(?:co|gom)|an dinh|lap bieu|ban chap hanh|"
    r"k\.?t\.? |duyet\b)"
    r"|ngay [\d. …]* ?thang [\d. …]* ?nam|ky,? (?:va )?ghi ro|ky ten"
)
# With their accents: Tô is a surname, Tổ a group.
_SECTION = re.compile(
    r"^(?:[ivx]+|[a-h]|\d{1,2})[.)/-]+ *\D"
    r"|^(?:tổ|phòng|khoa|đội|phân xưởng|bộ phận|công đoàn|cđcs|cđ|đơn vị|chi nhánh|"
    r"xí nghiệp|nhà máy|trường|trung tâm|công ty|khối|ban (?:giám|chấp|quản|chỉ|kế))\b"
    r"|^(?:to|phong|doi) (?:so )?\d"
)
_TITLE = re.compile(r"(?:bieu|danh sach|mau so|phu luc)\b")
# Not the name Vi Dũng.
_EXAMPLE = re.compile(r"ví dụ\b|(?:vi du|vd)[ \d:.]*$")
_COUNTER = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?")


def skip_code(
    cells: Sequence[Cell], layout: Layout, *, at_top: bool, after_signature: bool
) -> str:
    """Say why a row below the header is no person: a SKIP_REASONS code, or "".

    ``at_top`` is the row right under the header. A row with a birth date or an
    identity number is always a person, so that nobody is lost; in doubt it is one.
    """
    if not after_signature and _is_plainly_person(cells, layout):
        return ""
    texts = [
        clean(to_unicode(text[:_LOOKED_AT], layout.encoding, rescue=layout.rescue))
        for text in cell_texts(cells)
    ]
    if not any(texts):
        return "blank"
    if at_top and _is_numbering(texts):
        return "numbering"
    mapped = {
        column.field.name: text
        for column in layout.columns
        if column.field and (text := text_at(texts, column.index))
    }
    name = mapped.get("full_name", "")
    if header_row_key(cells) in layout.header_keys or _is_header(texts, name):
        return "header"
    first = next(text for text in texts if text)
    if _EXAMPLE.match(first.lower()):
        return "example"
    if any(_is_personal(known, mapped.get(known, "")) for known in _PERSONAL):
        # Totals stand in any column: "Tổng cộng | | 25".
        return "total" if _is_total(first) and not _has_number(mapped) else ""
    return _code_without_person(
        texts, name, mapped, first=first, after_signature=after_signature
    )


def is_title(cells: Sequence[Cell]) -> bool:
    """Recognise "DANH SÁCH THẺ LIÊN KẾT" alone in a row, above a further table."""
    filled = [cell for cell in cells if not is_blank(cell)]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    return bool(_TITLE.match(fold(filled[0][:_LOOKED_AT]).strip()))


def _is_plainly_person(cells: Sequence[Cell], layout: Layout) -> bool:
    """Say whether a row has a number of its own, a name, and a whole identity number.

    That is nearly every row; only the others need a closer look.
    """
    number, name, *papers = layout.marks
    if not (number < len(cells) and name < len(cells) and cells[name]):
        return False
    if not cell_text(cells[number]).strip().isdecimal():
        return False
    return any(
        at < len(cells) and _WHOLE_NUMBER.fullmatch(cell_text(cells[at]))
        for at in papers
    )


def _code_without_person(
    texts: list[str],
    name: str,
    mapped: dict[str, str],
    *,
    first: str,
    after_signature: bool,
) -> str:
    """Judge a row that has neither a birth date nor an identity number."""
    filled = [text for text in texts if text]
    if any(_is_total(text) for text in (first, name) if text):
        return "total"
    number = mapped.get("row_number", "")
    rest = [text for text in filled if text != number]
    if not rest and number.isdecimal():
        return "blank"
    rest = rest or [number]
    if len(rest) == 1 and _is_section(rest[0]):
        return "section"
    if name and number.isdecimal():
        return ""
    if after_signature or any(_SIGNATURE.search(fold(text)) for text in filled):
        return "signature"
    if name:
        return ""
    return "section" if len(rest) == 1 else "other"


def _is_personal(known: str, text: str) -> bool:
    """Say whether a cell tells of a person, and is no signature under the column.

    A word in place of a number ("chưa có") is no reason to lose the row: those with
    a name and a number in the list stay all the same.
    """
    digits = sum(map(str.isdecimal, text))
    if not digits or _SIGNATURE.search(fold(text)):
        return False
    return digits >= _FEWEST_DIGITS if known in IDENTITY_FIELDS else True


def _is_section(text: str) -> bool:
    return bool(_SECTION.match(text.lower()))


def _has_number(mapped: dict[str, str]) -> bool:
    """Say whether an identity number stands there, and not a mere count."""
    return any(len(mapped.get(name, "")) >= 8 for name in IDENTITY_FIELDS)


def _is_total(text: str) -> bool:
    return bool(_TOTAL.match(text.lower()))


def _is_numbering(texts: list[str]) -> bool:
    """Recognise "(1) (2) (3)" or "A B 1 2" below a header."""
    filled = [text for text in texts if text]
    if len(filled) < 3 or not all(map(_COUNTER.fullmatch, filled)):
        return False
    numbers = [int(d) for t in filled if (d := "".join(filter(str.isdecimal, t)))]
    return all(after == before + 1 for before, after in pairwise(numbers[:3]))


def _is_header(texts: list[str], name: str) -> bool:
    meaning = header_meaning(name) if name else None
    if meaning is None or meaning.field.name != "full_name":
        return False
    return sum(header_meaning(text) is not None for text in texts if text) >= 2
