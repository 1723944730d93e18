"""The one registry of what a member declares: names, labels, list headers.

Forms, the Excel templates, the reader of lists, exports and rights all read it;
a new field is one entry here.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.text import header_key


class FieldKind(StrEnum):
    """How a field's cell is read and shown."""

    NAME = "name"
    TEXT = "text"
    DATE = "date"
    SEX = "sex"
    CITIZEN_ID = "citizen_id"
    ID_CARD = "id_card"
    PHONE = "phone"
    EMAIL = "email"
    FLAG = "flag"
    CARD_KIND = "card_kind"
    DUES = "dues"
    FILE_NAME = "file_name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberField:
    """One declared field.

    ``synonyms`` are further headers, written in any case, with or without dấu.
    ``required`` fields must stand in every row (beside one identity paper).
    ``sensitive`` fields are optional, masked and role-limited (Law 91/2025).
    ``in_standard`` and ``in_linked`` say which Excel template has the column,
    ``width`` is its width in characters.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    synonyms: tuple[str, ...] = ()
    required: bool = False
    sensitive: bool = False
    in_standard: bool = True
    in_linked: bool = True
    width: int = 18


MEMBER_FIELDS: tuple[MemberField, ...] = (
    MemberField(
        name="row_number",
        label="STT",
        kind=FieldKind.NUMBER,
        synonyms=("TT", "Số TT", "Số thứ tự", "Thứ tự", "No", "No."),
        width=6,
    ),
    MemberField(
        name="full_name",
        label="Họ và tên",
        kind=FieldKind.NAME,
        synonyms=(
            "Họ tên",
            "Họ, tên",
            "Họ và tên đoàn viên",
            "Họ tên đoàn viên",
            "Họ và tên khai sinh",
            "Họ, chữ đệm và tên",
            "Tên đoàn viên",
            "Đoàn viên",
            "Họ và tên CBCNV",
            "Họ và tên người lao động",
            "Full name",
        ),
        required=True,
        width=28,
    ),
    MemberField(
        name="birth_date",
        label="Ngày sinh",
        kind=FieldKind.DATE,
        synonyms=(
            "Ngày, tháng, năm sinh",
            "Ngày tháng năm sinh",
            "Năm sinh",
            "Ngày sinh (dd/mm/yyyy)",
            "Sinh ngày",
            "NTNS",
            "Ngày/tháng/năm sinh",
            "Date of birth",
        ),
        required=True,
        width=12,
    ),
    MemberField(
        name="sex",
        label="Giới tính",
        kind=FieldKind.SEX,
        synonyms=("GT", "Phái", "Nam/Nữ", "Nam, nữ", "Giới", "Giới tính (Nam/Nữ)"),
        required=True,
        width=10,
    ),
    MemberField(
        name="citizen_id",
        label="Số CCCD",
        kind=FieldKind.CITIZEN_ID,
        synonyms=(
            "CCCD",
            "Số CMND/CCCD",
            "CMND/CCCD",
            "Số CCCD/CMND",
            "CCCD/CMND",
            "Số CMND hoặc CCCD",
            "Số CCCD hoặc CMND",
            "Số CCCD (CMND)",
            "Số CMND (CCCD)",
            "Số CMND/CCCD/Hộ chiếu",
            "CMND/CCCD/Hộ chiếu",
            "Số CCCD/CMND/Hộ chiếu",
            "Căn cước công dân",
            "Số căn cước công dân",
            "Thẻ căn cước",
            "Số thẻ căn cước",
            "Căn cước",
            "Số căn cước",
            "Số định danh cá nhân",
            "Số định danh",
            "Mã định danh",
            "Số giấy tờ tùy thân",
            "Giấy tờ tùy thân",
        ),
        width=16,
    ),
    MemberField(
        name="id_card_number",
        label="Số CMND",
        kind=FieldKind.ID_CARD,
        synonyms=(
            "CMND",
            "CMT",
            "CMTND",
            "Số CMT",
            "Số CMTND",
            "Chứng minh nhân dân",
            "Số chứng minh nhân dân",
            "Chứng minh thư",
            "Số chứng minh thư",
            "Số CMND cũ",
            "CMND cũ",
            "CMND 9 số",
        ),
        width=14,
    ),
    MemberField(
        name="id_issued_on",
        label="Ngày cấp",
        kind=FieldKind.DATE,
        synonyms=(
            "Ngày cấp CCCD",
            "Ngày cấp CMND",
            "Ngày cấp CMND/CCCD",
            "Ngày cấp CCCD/CMND",
            "Cấp ngày",
        ),
        width=12,
    ),
    MemberField(
        name="id_issued_at",
        label="Nơi cấp",
        synonyms=(
            "Nơi cấp CCCD",
            "Nơi cấp CMND",
            "Nơi cấp CMND/CCCD",
            "Nơi cấp CCCD/CMND",
            "Cơ quan cấp",
        ),
        width=24,
    ),
    MemberField(
        name="passport_number",
        label="Số hộ chiếu",
        synonyms=("Hộ chiếu", "Passport", "Số passport"),
        width=14,
    ),
    MemberField(
        name="nationality",
        label="Quốc tịch",
        synonyms=("Nationality",),
        width=12,
    ),
    MemberField(
        name="native_place",
        label="Quê quán",
        synonyms=("Nguyên quán", "Quê"),
        in_linked=False,
        width=28,
    ),
    MemberField(
        name="ethnicity",
        label="Dân tộc",
        sensitive=True,
        in_linked=False,
        width=10,
    ),
    MemberField(
        name="religion",
        label="Tôn giáo",
        sensitive=True,
        in_linked=False,
        width=12,
    ),
    MemberField(
        name="party_member",
        label="Đảng viên",
        kind=FieldKind.FLAG,
        synonyms=("Là đảng viên", "Đảng viên (x)"),
        sensitive=True,
        in_linked=False,
        width=10,
    ),
    MemberField(
        name="permanent_address",
        label="Địa chỉ thường trú",
        synonyms=(
            "Thường trú",
            "Nơi thường trú",
            "Hộ khẩu thường trú",
            "HKTT",
            "Nơi đăng ký hộ khẩu thường trú",
            "Nơi ĐKHK thường trú",
            "Địa chỉ",
            "Thường trú/nơi ở",
        ),
        width=36,
    ),
    MemberField(
        name="current_address",
        label="Nơi ở hiện nay",
        synonyms=(
            "Nơi ở",
            "Nơi ở hiện tại",
            "Chỗ ở hiện nay",
            "Chỗ ở",
            "Tạm trú",
            "Địa chỉ hiện nay",
            "Địa chỉ liên hệ",
            "Địa chỉ tạm trú",
        ),
        width=36,
    ),
    MemberField(
        name="education_level",
        label="Trình độ văn hóa",
        synonyms=("Văn hóa", "TĐ văn hóa", "Trình độ học vấn", "Học vấn", "TĐVH"),
        in_linked=False,
        width=14,
    ),
    MemberField(
        name="qualification",
        label="Trình độ chuyên môn",
        synonyms=(
            "Chuyên môn",
            "Trình độ chuyên môn nghiệp vụ",
            "Trình độ CMNV",
            "TĐ chuyên môn",
            "TĐCM",
            "Chuyên môn nghiệp vụ",
        ),
        in_linked=False,
        width=20,
    ),
    MemberField(
        name="political_theory",
        label="Trình độ lý luận chính trị",
        synonyms=(
            "Trình độ LLCT",
            "LLCT",
            "Lý luận chính trị",
            "Trình độ chính trị",
        ),
        in_linked=False,
        width=16,
    ),
    MemberField(
        name="occupation",
        label="Nghề nghiệp",
        synonyms=("Nghề nghiệp, công việc", "Công việc", "Công việc đang làm", "Nghề"),
        in_linked=False,
        width=20,
    ),
    MemberField(
        name="job_title",
        label="Chức vụ chính quyền",
        synonyms=(
            "Chức vụ",
            "Chức vụ chuyên môn",
            "Chức danh",
            "Chức vụ CQ",
            "Chức vụ/chức danh",
            "Chức vụ công tác",
        ),
        width=20,
    ),
    MemberField(
        name="union_title",
        label="Chức vụ công đoàn",
        synonyms=("Chức vụ CĐ", "Chức danh công đoàn", "Chức vụ trong công đoàn"),
        width=20,
    ),
    MemberField(
        name="joined_union_on",
        label="Ngày vào công đoàn",
        kind=FieldKind.DATE,
        synonyms=(
            "Ngày vào CĐ",
            "Ngày gia nhập công đoàn",
            "Ngày gia nhập CĐ",
            "Ngày tham gia công đoàn",
            "Ngày kết nạp",
            "Ngày kết nạp công đoàn",
            "Năm vào công đoàn",
            "Ngày, tháng, năm vào công đoàn",
            "Thời gian vào công đoàn",
            "Vào công đoàn ngày",
        ),
        width=12,
    ),
    MemberField(
        name="joined_union_at",
        label="Nơi vào công đoàn",
        synonyms=(
            "Nơi vào CĐ",
            "Nơi gia nhập công đoàn",
            "Nơi kết nạp",
            "Nơi kết nạp công đoàn",
        ),
        width=24,
    ),
    MemberField(
        name="old_card_number",
        label="Số thẻ cũ",
        synonyms=(
            "Số thẻ đoàn viên cũ",
            "Số thẻ công đoàn cũ",
            "Số thẻ CĐ cũ",
            "Thẻ cũ",
            "Mã thẻ cũ",
        ),
        width=16,
    ),
    MemberField(
        name="unit_name",
        label="Công đoàn cơ sở",
        synonyms=(
            "CĐCS",
            "Tên CĐCS",
            "Tên công đoàn cơ sở",
            "Đơn vị",
            "Tên đơn vị",
            "Công đoàn",
            "Đơn vị công tác",
            "Nơi công tác",
        ),
        width=30,
    ),
    MemberField(
        name="division_name",
        label="Công đoàn bộ phận",
        synonyms=(
            "CĐ bộ phận",
            "CĐBP",
            "Bộ phận",
            "Phòng ban",
            "Phòng/ban",
            "CĐCS thành viên",
        ),
        width=22,
    ),
    MemberField(
        name="group_name",
        label="Tổ công đoàn",
        synonyms=("Tổ CĐ", "Tổ"),
        width=18,
    ),
    MemberField(
        name="phone",
        label="Số điện thoại",
        kind=FieldKind.PHONE,
        synonyms=(
            "SĐT",
            "Điện thoại",
            "ĐT",
            "Số ĐT",
            "Điện thoại di động",
            "ĐTDĐ",
            "Số di động",
            "Di động",
            "Số điện thoại liên hệ",
            "Phone",
            "Mobile",
            "Tel",
        ),
        width=14,
    ),
    MemberField(
        name="email",
        label="Email",
        kind=FieldKind.EMAIL,
        synonyms=("E-mail", "Thư điện tử", "Địa chỉ email", "Hộp thư", "Mail"),
        width=26,
    ),
    MemberField(
        name="card_kind",
        label="Loại thẻ",
        kind=FieldKind.CARD_KIND,
        synonyms=("Loại thẻ đăng ký", "Đăng ký loại thẻ", "Loại thẻ đề nghị"),
        width=18,
    ),
    MemberField(
        name="bank_account",
        label="Số tài khoản VietinBank",
        synonyms=(
            "Số TK VietinBank",
            "Số tài khoản",
            "Số TK",
            "STK",
            "Tài khoản VietinBank",
            "TK VietinBank",
            "Số tài khoản ngân hàng",
        ),
        sensitive=True,
        in_standard=False,
        width=20,
    ),
    MemberField(
        name="bank_branch",
        label="Chi nhánh nhận thẻ",
        synonyms=(
            "Chi nhánh",
            "Chi nhánh VietinBank",
            "Chi nhánh nhận thẻ VietinBank",
            "CN nhận thẻ",
            "Nơi nhận thẻ",
        ),
        in_standard=False,
        width=22,
    ),
    MemberField(
        name="salary_via_vietinbank",
        label="Trả lương qua VietinBank",
        kind=FieldKind.FLAG,
        synonyms=("Nhận lương qua VietinBank", "Lương qua VietinBank"),
        in_standard=False,
        width=14,
    ),
    MemberField(
        name="full_time_official",
        label="Cán bộ công đoàn chuyên trách",
        kind=FieldKind.FLAG,
        synonyms=("Cán bộ CĐ chuyên trách", "CBCĐ chuyên trách", "Chuyên trách"),
        in_standard=False,
        width=14,
    ),
    MemberField(
        name="union_staff",
        label="Người làm việc tại cơ quan công đoàn",
        kind=FieldKind.FLAG,
        synonyms=(
            "Nhân viên cơ quan công đoàn",
            "Cán bộ, nhân viên cơ quan công đoàn",
            "CBCNV cơ quan công đoàn",
        ),
        in_standard=False,
        width=14,
    ),
    MemberField(
        name="dues_standing",
        label="Đóng đoàn phí",
        kind=FieldKind.DUES,
        synonyms=(
            "Đoàn phí",
            "Tình trạng đoàn phí",
            "Tình trạng đóng đoàn phí",
            "Đóng phí",
        ),
        width=16,
    ),
    MemberField(
        name="member_number",
        label="Mã số đoàn viên",
        synonyms=(
            "Mã đoàn viên",
            "Số thẻ đoàn viên",
            "MSĐV",
            "Mã số ĐV",
            "Số thẻ",
            "Số thẻ công đoàn",
            "Mã số thẻ",
        ),
        in_standard=False,
        in_linked=False,
        width=16,
    ),
    MemberField(
        name="photo_file",
        label="Tên file ảnh",
        kind=FieldKind.FILE_NAME,
        synonyms=(
            "File ảnh",
            "Tên ảnh",
            "Tên tệp ảnh",
            "Tệp ảnh",
            "Ảnh",
            "Ảnh thẻ",
            "Tên file hình",
            "Hình ảnh",
        ),
        width=24,
    ),
    MemberField(
        name="row_key",
        label="Mã dòng (không sửa)",
        synonyms=("Mã dòng", "Row key"),
        in_standard=False,
        in_linked=False,
        width=14,
    ),
)

FIELDS_BY_NAME: dict[str, MemberField] = {field.name: field for field in MEMBER_FIELDS}

# Columns that steer the reading of a list and are not kept with the member.
ROW_FIELDS = frozenset({"row_number", "photo_file", "row_key", "unit_name"})

# One of these identifies a person; a row without any is not taken.
IDENTITY_FIELDS = ("citizen_id", "id_card_number", "passport_number")


def field(name: str) -> MemberField:
    """Return the field of that name; KeyError for a name that is not ours."""
    return FIELDS_BY_NAME[name]


def field_for_header(header: str) -> MemberField | None:
    """Return the field that a list's column header means, if it is known."""
    return _BY_HEADER.get(header_key(header))


def _by_header() -> dict[str, MemberField]:
    found: dict[str, MemberField] = {}
    for known in MEMBER_FIELDS:
        for header in (known.label, *known.synonyms):
            found.setdefault(header_key(header), known)
    return found


_BY_HEADER = _by_header()
