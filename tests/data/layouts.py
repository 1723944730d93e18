"""Lists as offices lay them out: the frame, the header's words, and the truth.

Each layout is a frame (what stands around the list) with words for its columns;
the words are those people write, not those that the portal's registry knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.roster_sheets import SheetCells
from tests.data.people import Someone, people
from tests.data.typing import in_cp1258, in_nfd, in_tcvn3, in_vni, without_marks

Cells = list[str | int | float | bool | date | None]

LOGO: list[Cells] = [
    ["LIÊN ĐOÀN LAO ĐỘNG TỈNH", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["CĐCS CÔNG TY MẪU", None, None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    [None, None, "DANH SÁCH ĐOÀN VIÊN ĐỔI THẺ"],
    [None, None, "(Kèm theo Công văn số 12/CĐ ngày 02 tháng 3 năm 2026)"],
    [],
]
SIGNATURES: list[Cells] = [
    [],
    [None, "Tổng cộng: 6 đoàn viên"],
    [None, None, None, None, "An Bình, ngày 05 tháng 3 năm 2026"],
    [None, "Người lập biểu", None, None, "TM. BAN CHẤP HÀNH"],
    [None, "(Ký, họ tên)", None, None, "CHỦ TỊCH"],
    [],
    [None, "Trần Mẫu Lập", None, None, "Lê Mẫu Ký"],
]

# What a column holds, by the portal's field; "" is a column it does not know.
_CELLS: dict[str, Callable[[Someone], object]] = {
    "row_number": lambda p: p.serial,
    "full_name": lambda p: p.full_name,
    "family": lambda p: p.full_name.rpartition(" ")[0],
    "given": lambda p: p.full_name.rpartition(" ")[2],
    "birth_date": lambda p: f"{p.birth_date:%d/%m/%Y}",
    "birth_male": lambda p: p.birth_date.year if p.sex_word == "Nam" else None,
    "birth_female": lambda p: p.birth_date.year if p.sex_word == "Nữ" else None,
    "tick_male": lambda p: "x" if p.sex_word == "Nam" else None,
    "tick_female": lambda p: "x" if p.sex_word == "Nữ" else None,
    "sex": lambda p: p.sex_word,
    "citizen_id": lambda p: p.citizen_id,
    "id_issued_on": lambda p: f"{p.issued_on:%d/%m/%Y}",
    "id_issued_at": lambda p: p.issued_at,
    "phone": lambda p: p.phone,
    "native_place": lambda p: p.native_place,
    "permanent_address": lambda p: p.address,
    "job_title": lambda p: p.job_title,
    "joined_union_on": lambda p: f"{p.joined_on:%d/%m/%Y}",
    "education_level": lambda p: p.level,
    "dues_standing": lambda p: "Đang đóng",
    "card_kind": lambda p: "Thẻ thông thường",
    "photo_file": lambda p: f"{p.citizen_id}.jpg",
    "unit_name": lambda p: "CĐCS Công ty Mẫu",
    "qualification": lambda p: p.level,
    "": lambda p: None,
}
# Two columns of a list that make one field of ours.
_MEANT = {
    "family": "full_name",
    "given": "full_name",
    "birth_male": "birth_date",
    "birth_female": "birth_date",
    "tick_male": "sex",
    "tick_female": "sex",
}


@dataclass(frozen=True)
class ListLayout:
    """A made list and its truth.

    ``first_row`` counts from 0 on the list's own sheet; ``fields`` gives the field
    of each known column; ``people`` are those who stand in it.
    """

    name: str
    sheets: tuple[SheetCells, ...]
    first_row: int
    fields: dict[int, str]
    people: tuple[Someone, ...]


@dataclass(frozen=True)
class Frame:
    """What stands around the header and the rows of a list."""

    above: Sequence[Cells] = ()
    below: Sequence[Cells] = ()
    left: int = 0  # empty columns before the list
    between: Sequence[Cells] = ()  # rows between the header and the first person
    section: bool = False
    repeated: bool = False  # the header again in the middle, as on a second page
    typed: Callable[[str], str] = str
    sheets_before: tuple[SheetCells, ...] = ()
    sheets_after: tuple[SheetCells, ...] = ()


class Words:
    """The header: the field under each column, and the header's rows."""

    def __init__(self, fields: str, *rows: str, numbered: bool = False) -> None:
        self.fields = ["" if name == "-" else name for name in fields.split()]
        self.rows = [[cell.strip(" ") or None for cell in r.split("|")] for r in rows]
        self.numbered = numbered


def layouts() -> list[ListLayout]:
    """Give every frame with every kind of words, some sixty lists."""
    made = [
        _made(f"{frame_name}, {words_name}", frame, words, seed=seed)
        for seed, (frame_name, frame, words_name, words) in enumerate(_pairs(), start=1)
    ]
    return [*made, *_bilingual()]


def _pairs() -> list[tuple[str, Frame, str, Words]]:
    """Give each frame four of the wordings, so that each wording meets four frames."""
    frames, words = list(FRAMES.items()), list(WORDS.items())
    pairs = []
    for at, (frame_name, frame) in enumerate(frames):
        for step in range(4):
            words_name, chosen = words[(at * 4 + step) % len(words)]
            pairs.append((frame_name, frame, words_name, chosen))
    return pairs


def _made(name: str, frame: Frame, words: Words, *, seed: int) -> ListLayout:
    found = people(6, seed=1000 + seed)
    header: list[Cells] = [list(row) for row in words.rows]
    if words.numbered:
        width = len(words.fields)
        header_below: list[Cells] = [[f"({n})" for n in range(1, width + 1)]]
    else:
        header_below = []
    rows = [[_CELLS[key](person) for key in words.fields] for person in found]
    body: list[Cells] = [*header_below, *frame.between]
    for at, row in enumerate(rows):
        if frame.section and at % 3 == 0:
            body.append([f"{'I' * (at // 3 + 1)}. Phòng Kỹ thuật {at // 3 + 1}"])
        if frame.repeated and at == 3:
            body += [list(line) for line in words.rows]
        body.append(row)
    cells: list[Cells] = [
        *([list(row) for row in frame.above]),
        *_shifted([*header, *body], frame.left),
        *([list(row) for row in frame.below]),
    ]
    typed = [[_typed(cell, frame.typed) for cell in row] for row in cells]
    sheet = SheetCells("Sheet1", typed)
    return ListLayout(
        name=name,
        sheets=(*frame.sheets_before, sheet, *frame.sheets_after),
        first_row=len(frame.above) + len(header),
        fields={
            at + frame.left: _MEANT.get(key, key)
            for at, key in enumerate(words.fields)
            if key
        },
        people=tuple(found),
    )


def _bilingual() -> list[ListLayout]:
    """Give the lists whose header stands far down, or twice as wide as its words."""
    far = Frame(above=[*LOGO, *([[None, "Ghi chú hướng dẫn"]] * 12), []])
    wide = Words(
        "row_number family given birth_date sex citizen_id",
        "STT | Họ và tên | | Năm sinh | Giới tính | Số CCCD",
    )
    return [
        _made("header far down", far, WORDS["the template's own"], seed=901),
        _made("name merged over two columns", Frame(LOGO), wide, seed=902),
        _made("name merged, in TCVN3", Frame(LOGO, typed=in_tcvn3), wide, seed=903),
    ]


def _shifted(rows: Sequence[Cells], left: int) -> list[Cells]:
    return [[*([None] * left), *row] for row in rows]


def _typed(cell: object, typed: Callable[[str], str]) -> object:
    return typed(cell) if isinstance(cell, str) else cell


_ADVICE = SheetCells(
    "Hướng dẫn",
    [["HƯỚNG DẪN GHI DANH SÁCH"], ["Cột Họ và tên: ghi đủ họ, chữ đệm và tên"]],
)
_LISTS = SheetCells("Danh mục", [["Giới tính"], ["Nam"], ["Nữ"]])

FRAMES: dict[str, Frame] = {
    "bare": Frame(),
    "logo and signatures": Frame(LOGO, SIGNATURES),
    "indented": Frame(LOGO, SIGNATURES, left=2),
    "sections": Frame(LOGO, SIGNATURES, section=True),
    "second page": Frame(LOGO, SIGNATURES, repeated=True),
    "blank rows": Frame([[], *LOGO, []], SIGNATURES, between=[[]]),
    "TCVN3": Frame(LOGO, SIGNATURES, typed=in_tcvn3),
    "VNI": Frame(LOGO, SIGNATURES, typed=in_vni),
    "NFD": Frame(LOGO, SIGNATURES, typed=in_nfd),
    "cp1258": Frame(LOGO, SIGNATURES, typed=in_cp1258),
    "no marks": Frame(LOGO, SIGNATURES, typed=without_marks),
    "capitals": Frame(LOGO, SIGNATURES, typed=str.upper),
    "between other sheets": Frame(
        LOGO, SIGNATURES, sheets_before=(_ADVICE,), sheets_after=(_LISTS,)
    ),
    "example row": Frame(
        LOGO, between=[["Ví dụ", "Nguyễn Văn A", "01/01/1990", "Nam", "001090000001"]]
    ),
}

# Cells of a header row apart by " | "; columns that the portal does not know are "-".
WORDS: dict[str, Words] = {
    "the template's own": Words(
        "row_number full_name birth_date sex citizen_id",
        "STT | Họ và tên | Ngày sinh | Giới tính | Số CCCD",
    ),
    "birth year under Nam and Nữ": Words(
        "row_number full_name birth_male birth_female citizen_id job_title",
        "TT | Họ và tên | Năm sinh |  | Số CMND/CCCD | Chức vụ",
        " |  | Nam | Nữ |  | ",
    ),
    "paper over three columns, numbered": Words(
        "row_number full_name birth_date sex citizen_id id_issued_on id_issued_at "
        "phone",
        "Số\nTT | Họ và tên\nđoàn viên | Ngày tháng\nnăm sinh | Giới tính | "
        "CMND/CCCD |  |  | Điện thoại",
        " |  |  |  | Số | Ngày cấp | Nơi cấp | ",
        numbered=True,
    ),
    "ticks under Giới tính": Words(
        "row_number full_name tick_male tick_female birth_date citizen_id",
        "STT | Họ tên CNVCLĐ | Giới tính |  | Sinh ngày | Số căn cước",
        " |  | Nam | Nữ |  | ",
    ),
    "notes in brackets and stars": Words(
        "row_number full_name birth_date sex citizen_id phone",
        "STT | Họ và tên (*) (ghi chữ in hoa) | Ngày sinh (dd/mm/yyyy) (*) | "
        "Giới tính (Nam/Nữ) | Số CCCD (12 số) (*) | SĐT (Zalo)",
    ),
    "surname and given name apart": Words(
        "row_number family given birth_date sex citizen_id native_place",
        "STT | Họ và chữ đệm | Tên | Ngày sinh | Phái | CCCD/CMND | Quê quán",
    ),
    "name over two columns": Words(
        "row_number family given birth_date sex citizen_id photo_file",
        "TT | Họ và tên |  | Ngày sinh | GT | Số CMT/CCCD | Ảnh",
        " | Họ đệm | Tên |  |  |  | ",
        numbered=True,
    ),
    "both languages": Words(
        "row_number full_name birth_date sex citizen_id phone",
        "No. | Họ và tên / Full name | Ngày sinh / Date of birth | "
        "Giới tính / Sex | Số CCCD / ID number | Điện thoại / Phone",
    ),
    "long words": Words(
        "row_number full_name birth_date sex citizen_id id_issued_on id_issued_at "
        "permanent_address phone joined_union_on",
        "Số thứ tự | Họ và tên cán bộ, đoàn viên công đoàn | "
        "Ngày, tháng, năm sinh | Nam/ Nữ | Số thẻ căn cước công dân/CMND | "
        "Ngày, tháng, năm cấp | Nơi cấp CCCD | Hộ khẩu thường trú | "
        "Số điện thoại di động liên hệ | Ngày tháng năm vào công đoàn",
    ),
    "short words": Words(
        "row_number full_name birth_date sex citizen_id phone native_place job_title -",
        "TT | HỌ & TÊN | NS | GT | CCCD | ĐT | Q.quán | C.vụ | Ký nhận",
    ),
    "three rows": Words(
        "row_number full_name birth_date sex citizen_id id_issued_on id_issued_at",
        "STT | Họ và tên | Ngày sinh | Giới | Giấy tờ tùy thân |  | ",
        " |  |  | tính | CCCD hoặc CMND |  | ",
        " |  |  |  | Số | Ngày cấp | Nơi cấp",
    ),
    "other people's names beside": Words(
        "row_number full_name birth_date sex citizen_id - - dues_standing card_kind -",
        "STT | Họ và tên | Ngày sinh | Giới tính | Số CCCD | Họ tên vợ/chồng | "
        "Họ tên con | Đoàn phí | Loại thẻ | Ghi chú",
    ),
    "schooling over three columns": Words(
        "row_number full_name birth_date tick_male tick_female education_level "
        "qualification citizen_id joined_union_on",
        "STT | Họ và tên | Ngày tháng năm sinh | Nam | Nữ | Trình độ |  | "
        "Số CMND hoặc CCCD | Ngày vào CĐ",
        " |  |  |  |  | Văn hóa | Chuyên môn |  | ",
    ),
    "unit first, name in the middle": Words(
        "unit_name - full_name birth_date sex citizen_id phone photo_file",
        "Đơn vị | Mã NV | Họ tên nhân viên | Năm sinh | Giới tính | "
        "Số định danh cá nhân | Mobile | File ảnh",
    ),
}
