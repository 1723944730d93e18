"""Why a list cannot be read as a whole, in the words the officer reads."""

from collections.abc import Iterable, Sequence

from portal.domain.member_fields import IDENTITY_FIELDS, MEMBER_FIELDS
from portal.domain.roster_sheets import Layout, SheetCells, last_row
from portal.domain.roster_types import RosterProblem


def why_no_list(sheets: Sequence[SheetCells]) -> RosterProblem:
    """Say what was looked for in a workbook that holds no list."""
    shown = [sheet.name for sheet in sheets if not sheet.hidden]
    names = ", ".join(f"“{name}”" for name in shown[:5])
    if not sheets:
        return RosterProblem("Tệp không có trang tính nào.", code="no_sheet")
    if not any(map(last_row, sheets)):
        return RosterProblem(
            f"Trang tính {names} không có dữ liệu.",
            fix="Kiểm tra lại tệp rồi gửi lại.",
            code="empty",
        )
    return RosterProblem(
        f"Không thấy dòng tiêu đề trong trang tính {names}: cần cột “Họ và tên” và "
        "ít nhất một cột như “Ngày sinh”, “Giới tính”, “Số CCCD” trong 60 dòng đầu.",
        fix="Tải tệp mẫu về, chép danh sách vào rồi gửi lại.",
        code="no_header",
    )


def hidden_list(name: str, filled: int) -> RosterProblem:
    """Say that a list stands on a sheet that Excel does not show."""
    return RosterProblem(
        f"Trang tính ẩn có danh sách {filled} dòng nhưng không được đọc.",
        f"Trang tính “{name}”",
        "Nếu cần nhập cả danh sách đó, hãy bỏ ẩn (Unhide) trang rồi gửi lại.",
        "hidden",
    )


def hidden_columns(sheet: SheetCells, layout: Layout) -> list[RosterProblem]:
    """Say which columns were read that Excel did not show to whoever sent the list."""
    names = [f"“{c.header}”" for c in layout.columns if c.hidden and c.field]
    if not names:
        return []
    return [
        RosterProblem(
            f"Cột đang ẩn trong Excel cũng được đọc: {', '.join(names)}.",
            f"Trang tính “{sheet.name}”",
            "Nếu không muốn nhập, hãy xóa cột đó rồi gửi lại.",
            "hidden_column",
        )
    ]


def several_tables(sheet: SheetCells, tables: Sequence[Layout]) -> RosterProblem:
    """Say that a sheet holds several headers, each read with its own columns."""
    *first, last = (str(table.header_row + 1) for table in tables)
    return RosterProblem(
        f"Trang có {len(tables)} bảng, tiêu đề ở dòng {', '.join(first)} và dòng {last}"
        "; mỗi bảng được đọc theo các cột của tiêu đề ngay trên nó.",
        f"Trang tính “{sheet.name}”",
        "Xem lại các dòng của từng bảng trước khi nhận.",
        "several_tables",
    )


def people_above(sheet: SheetCells, rows: Sequence[int]) -> RosterProblem:
    """Say that rows with data stand above the header, where nothing is read."""
    shown = ", ".join(map(str, rows[:10]))
    return RosterProblem(
        f"Có {len(rows)} dòng có dữ liệu nằm phía trên dòng tiêu đề nên chưa đọc"
        f" (dòng {shown}).",
        f"Trang tính “{sheet.name}”",
        "Nếu là đoàn viên, hãy chuyển xuống dưới dòng tiêu đề rồi gửi lại.",
        "above_header",
    )


def too_many(filled: int, most_rows: int) -> RosterProblem:
    """Refuse a list that is longer than one import takes."""
    shown, most = (f"{n:,}".replace(",", ".") for n in (filled, most_rows))
    return RosterProblem(
        f"Danh sách có {shown} dòng, mỗi lần nhận nhiều nhất {most} dòng.",
        fix="Chia danh sách thành nhiều tệp, mỗi công đoàn cơ sở một tệp.",
        code="too_many_rows",
    )


def no_rows(names: Iterable[str]) -> RosterProblem:
    """Say that there is a header with nobody below it."""
    shown = ", ".join(f"“{name}”" for name in names)
    return RosterProblem(
        f"Trang tính {shown} có dòng tiêu đề nhưng không có đoàn viên nào bên dưới.",
        fix="Nhập danh sách vào dưới dòng tiêu đề rồi gửi lại.",
        code="no_rows",
    )


def missing_columns(sheet: SheetCells, layout: Layout) -> list[RosterProblem]:
    """Name the columns that every list needs and this one lacks."""
    there = {column.field.name for column in layout.columns if column.field}
    if any(column.means in {"male", "female"} for column in layout.columns):
        there |= {"sex"}
    lacking = [
        f"“{known.label}”"
        for known in MEMBER_FIELDS
        if known.required and known.name not in there
    ]
    if not there & set(IDENTITY_FIELDS):
        lacking.append("“Số CCCD”")
    if not lacking:
        return []
    return [
        RosterProblem(
            f"Danh sách thiếu cột {', '.join(lacking)}.",
            f"Trang tính “{sheet.name}”",
            "Thêm cột này vào danh sách rồi gửi lại.",
            "missing_column",
        )
    ]
