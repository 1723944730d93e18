"""The Excel lists that units fill: one template for each card kind (P2)."""

import io
from collections.abc import Sequence
from typing import Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind
from portal.domain.member_fields import (
    IDENTITY_FIELDS,
    MEMBER_FIELDS,
    FieldKind,
    MemberField,
)
from portal.domain.membership import DUES_LABELS, SEX_LABELS, DuesStanding
from portal.files.workbook_writer import (
    HEADER_ROW,
    Styles,
    make_styles,
    write_cell,
    write_head,
)

# The reader skips a row whose first cell says so.
EXAMPLE_MARK = "Ví dụ"

FLAG_CHOICES = ("Có", "Không")
_EXAMPLE_ROW = HEADER_ROW + 1
_LAST_ROW = 20_000

_TITLES = {
    CardKind.STANDARD: "DANH SÁCH ĐOÀN VIÊN ĐỀ NGHỊ CẤP, ĐỔI THẺ THÔNG THƯỜNG",
    CardKind.LINKED: "DANH SÁCH ĐOÀN VIÊN ĐỀ NGHỊ CẤP, ĐỔI THẺ LIÊN KẾT VIETINBANK",
}

_COMMENTS = {
    FieldKind.NAME: "Viết có dấu, đúng như giấy tờ. Không cần viết hoa toàn bộ.",
    FieldKind.DATE: "Ngày/tháng/năm, ví dụ 02/01/1990.",
    FieldKind.SEX: "Chọn Nam hoặc Nữ.",
    FieldKind.CITIZEN_ID: "12 chữ số, giữ cả số 0 ở đầu. Chưa có CCCD thì điền CMND.",
    FieldKind.ID_CARD: "9 chữ số, giữ cả số 0 ở đầu.",
    FieldKind.PHONE: "10 chữ số, giữ cả số 0 ở đầu.",
    FieldKind.FLAG: "Chọn Có hoặc Không; để trống nghĩa là Không.",
    FieldKind.CARD_KIND: "Chọn loại thẻ đoàn viên muốn nhận.",
    FieldKind.DUES: "Chọn tình trạng đóng đoàn phí.",
    FieldKind.FILE_NAME: (
        "Tên tệp ảnh 2×3 trong cùng tệp .zip, ví dụ 001.jpg. Có thể để trống nếu tên "
        "ảnh là số CCCD hoặc số thứ tự."
    ),
}

_EXAMPLE = {
    "row_number": EXAMPLE_MARK,
    "full_name": "Nguyễn Văn Mẫu",
    "birth_date": "02/01/1990",
    "sex": "Nam",
    "citizen_id": "001090000001",
    "id_issued_on": "15/06/2021",
    "id_issued_at": "Cục Cảnh sát QLHC về TTXH",
    "nationality": "Việt Nam",
    "native_place": "Xã Mẫu, tỉnh Mẫu",
    "permanent_address": "Số 1 đường Mẫu, xã Mẫu, tỉnh Mẫu",
    "joined_union_on": "01/05/2015",
    "phone": "0912000000",
    "email": "mau@example.vn",
    "dues_standing": DUES_LABELS[DuesStanding.PAYING],
    "photo_file": "001.jpg",
}

_GUIDE = (
    "CÁCH LẬP DANH SÁCH VÀ GỬI",
    "1. Điền trang “Danh sách”, mỗi đoàn viên một dòng, ngay dưới dòng ví dụ. Dòng ví "
    "dụ (chữ nghiêng) được bỏ qua khi nhập; xóa đi cũng được.",
    "2. Cột nền vàng là bắt buộc. Mỗi người cần ít nhất một số giấy tờ: CCCD, CMND "
    "hoặc hộ chiếu.",
    "3. Ngày viết dd/mm/yyyy, ví dụ 02/01/1990. Số CCCD, số điện thoại giữ nguyên số 0 "
    "ở đầu: các cột đã đặt sẵn kiểu chữ.",
    "4. Giới tính, loại thẻ, đoàn phí và các ô Có/Không: bấm vào ô rồi chọn trong danh "
    "sách thả xuống.",
    "5. Ảnh 2×3 (cm), rõ mặt, tối thiểu 236×354 điểm ảnh, tối đa 1 MB: JPEG, PNG, "
    "WebP, BMP hoặc HEIC. Ghi tên tệp ảnh vào cột “Tên file ảnh”, hoặc đặt tên ảnh "
    "theo số CCCD.",
    "6. Để danh sách này và tất cả ảnh vào một thư mục, nén thành một tệp .zip, không "
    "đặt mật khẩu. Mỗi tệp .zip chỉ có một danh sách.",
    "7. Vào cổng, mục Nhập danh sách, chọn tệp .zip. Cổng cho xem trước từng dòng; "
    "dòng còn lỗi tải về được bằng Excel kèm lý do để sửa và gửi lại.",
    "Dán từ tệp khác: chọn Dán giá trị (Paste Values) để giữ kiểu chữ của cột. Tiêu đề "
    "được khóa để cột không bị đổi tên; mở khóa tại Xem lại > Bỏ bảo vệ trang, không "
    "có mật khẩu.",
)


def write_template(
    kind: CardKind | Literal["standard", "linked"],
    *,
    unit_name: str,
    unit_names: Sequence[str] = (),
) -> bytes:
    """Return the .xlsx that a unit fills for one card kind (P2: two list templates).

    ``unit_name`` stands above the list and in the example; ``unit_names`` are the
    choices of the unit column. The example row begins with ``EXAMPLE_MARK``.
    """
    card_kind = CardKind(kind)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = make_styles(book)
    fields = [field for field in MEMBER_FIELDS if _in_template(field, card_kind)]
    sheet = book.add_worksheet("Danh sách")
    write_head(sheet, styles, _TITLES[card_kind], f"Đơn vị: {unit_name}")
    lists = _Lists(book, unit_names)
    example = {
        **_EXAMPLE,
        "unit_name": unit_name,
        "card_kind": CARD_KIND_LABELS[card_kind],
    }
    for column, field in enumerate(fields):
        sheet.set_column(column, column, field.width, styles.text.plain)
        style = styles.required if _is_wanted(field) else styles.header
        write_cell(sheet, HEADER_ROW, column, field.label, style)
        if comment := _COMMENTS.get(field.kind):
            sheet.write_comment(HEADER_ROW, column, comment, {"x_scale": 1.6})
        write_cell(
            sheet, _EXAMPLE_ROW, column, example.get(field.name, ""), styles.example
        )
        lists.offer(sheet, column, field, styles)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    _protect(sheet)
    _write_guide(book, styles)
    lists.hide()
    book.close()
    return out.getvalue()


def _in_template(field: MemberField, kind: CardKind) -> bool:
    return field.in_linked if kind is CardKind.LINKED else field.in_standard


def _is_wanted(field: MemberField) -> bool:
    return field.required or field.name == IDENTITY_FIELDS[0]


class _Lists:
    """Drop-down choices, kept in a hidden sheet: inline lists end at 255 letters."""

    def __init__(self, book: xlsxwriter.Workbook, unit_names: Sequence[str]) -> None:
        self._sheet = book.add_worksheet("Danh mục")
        self._columns = 0
        self._by_kind: dict[FieldKind, Sequence[str]] = {
            FieldKind.SEX: tuple(SEX_LABELS.values()),
            FieldKind.CARD_KIND: tuple(CARD_KIND_LABELS.values()),
            FieldKind.DUES: tuple(DUES_LABELS.values()),
            FieldKind.FLAG: FLAG_CHOICES,
        }
        self._unit_names = unit_names

    def offer(
        self, sheet: Worksheet, column: int, field: MemberField, styles: Styles
    ) -> None:
        """Hang the choices of a field, where it has any, on its column."""
        is_unit = field.name == "unit_name"
        choices = self._unit_names if is_unit else self._by_kind.get(field.kind, ())
        if not choices:
            return
        for row, choice in enumerate(choices):
            write_cell(self._sheet, row, self._columns, choice, styles.text)
        letter = xl_col_to_name(self._columns, col_abs=True)
        self._columns += 1
        sheet.data_validation(
            _EXAMPLE_ROW,
            column,
            _LAST_ROW,
            column,
            {
                "validate": "list",
                "source": f"='Danh mục'!{letter}$1:{letter}${len(choices)}",
                # A unit may be written as it is called at the place; the rest may not.
                "error_type": "information" if is_unit else "stop",
                "error_title": "Chọn trong danh sách",
                "error_message": "Hãy bấm mũi tên ở ô và chọn một giá trị có sẵn.",
            },
        )

    def hide(self) -> None:
        """Put the choices out of the officer's way."""
        self._sheet.hide()


def _write_guide(book: xlsxwriter.Workbook, styles: Styles) -> None:
    sheet = book.add_worksheet("Hướng dẫn")
    sheet.set_column(0, 0, 100, styles.reading.plain)
    title, *lines = _GUIDE
    write_cell(sheet, 0, 0, title, styles.title)
    for row, line in enumerate(lines, start=2):
        write_cell(sheet, row, 0, line, styles.reading)


def _protect(sheet: Worksheet) -> None:
    """Lock title and header only, without a password; all other work stays free."""
    free = (
        "format_cells format_columns format_rows insert_rows delete_rows sort "
        "autofilter insert_hyperlinks"
    )
    sheet.protect("", dict.fromkeys(free.split(), True))
