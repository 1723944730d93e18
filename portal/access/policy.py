"""The one table of rights: role × action, readable as it stands."""

from enum import StrEnum


class Action(StrEnum):
    """One right, named after what it lets an officer do; alphabetical."""

    ACCOUNT_SELF = "account.self"
    BANK_EXPORT = "bank.export"
    CAMPAIGN_MANAGE = "campaign.manage"
    CAMPAIGN_VIEW = "campaign.view"
    DESIGN_EDIT = "design.edit"
    DESIGN_VIEW = "design.view"
    IMPORT_RUN = "import.run"
    JOB_VIEW = "job.view"
    MEMBER_EDIT = "member.edit"
    MEMBER_REVEAL = "member.reveal"
    MEMBER_VIEW = "member.view"
    NUMBER_IMPORT = "number.import"
    OFFICER_MANAGE = "officer.manage"
    PHOTO_APPROVE = "photo.approve"
    POLICY_VIEW = "policy.view"
    PRINT_DOWNLOAD = "print.download"
    PRINT_RUN = "print.run"
    PRINT_VIEW = "print.view"
    REQUEST_APPROVE = "request.approve"
    REQUEST_REVIEW = "request.review"
    ROSTER_SUBMIT = "roster.submit"
    UNIT_MANAGE = "unit.manage"
    UNIT_VIEW = "unit.view"


ACTION_LABELS = {
    Action.ACCOUNT_SELF: "Xem và đổi tài khoản của chính mình",
    Action.BANK_EXPORT: "Xuất danh sách thẻ liên kết cho ngân hàng",
    Action.CAMPAIGN_MANAGE: "Mở và đóng đợt đổi thẻ",
    Action.CAMPAIGN_VIEW: "Xem đợt đổi thẻ và tiến độ",
    Action.DESIGN_EDIT: "Làm, sửa và phát hành mẫu thẻ",
    Action.DESIGN_VIEW: "Xem các mẫu thẻ",
    Action.IMPORT_RUN: "Nhập danh sách Excel và ảnh",
    Action.JOB_VIEW: "Xem việc đang chạy",
    Action.MEMBER_EDIT: "Thêm, sửa đoàn viên và ảnh",
    Action.MEMBER_REVEAL: "Xem đầy đủ số CCCD (có ghi nhật ký)",
    Action.MEMBER_VIEW: "Xem danh sách và hồ sơ đoàn viên",
    Action.NUMBER_IMPORT: "Nhập mã số do Tổng Liên đoàn cấp",
    Action.OFFICER_MANAGE: "Tạo, tạm dừng tài khoản cán bộ",
    Action.PHOTO_APPROVE: "Duyệt ảnh thẻ",
    Action.POLICY_VIEW: "Xem bảng “Ai được làm gì”",
    Action.PRINT_DOWNLOAD: "Tải tệp in thẻ",
    Action.PRINT_RUN: "Tạo lô in thẻ",
    Action.PRINT_VIEW: "Xem các lô in thẻ",
    Action.REQUEST_APPROVE: "Duyệt và cấp mã số",
    Action.REQUEST_REVIEW: "Kiểm tra, chuyển, trình hoặc trả lại danh sách",
    Action.ROSTER_SUBMIT: "Lập và gửi danh sách đề nghị đổi thẻ",
    Action.UNIT_MANAGE: "Thêm, đổi tên, chuyển đơn vị",
    Action.UNIT_VIEW: "Xem cây đơn vị",
}


class Role(StrEnum):
    """What a post is for."""

    DATA_ENTRY = "data_entry"
    APPROVER = "approver"
    PRINTER = "printer"
    DESIGNER = "designer"
    ADMINISTRATOR = "administrator"
    READ_ONLY = "read_only"


ROLE_LABELS = {
    Role.DATA_ENTRY: "Nhập liệu",
    Role.APPROVER: "Kiểm tra, phê duyệt",
    Role.PRINTER: "In thẻ",
    Role.DESIGNER: "Thiết kế thẻ",
    Role.ADMINISTRATOR: "Quản trị đơn vị",
    Role.READ_ONLY: "Chỉ xem",
}

ROLE_PURPOSES = {
    Role.DATA_ENTRY: "Nhập, sửa đoàn viên và ảnh; lập và gửi danh sách đề nghị.",
    Role.APPROVER: "Kiểm tra, chuyển, duyệt hoặc trả lại danh sách cấp dưới gửi;"
    " mở đợt đổi thẻ; xuất danh sách cho ngân hàng.",
    Role.PRINTER: "Lập lô in và tải tệp để in thẻ đã duyệt.",
    Role.DESIGNER: "Làm mẫu thẻ; không xem dữ liệu đoàn viên.",
    Role.ADMINISTRATOR: "Quản lý cây đơn vị và tài khoản cán bộ; nhập liệu được,"
    " nhưng không duyệt, không in.",
    Role.READ_ONLY: "Xem đoàn viên và tiến độ, không sửa được gì.",
}

_A = Action
_EVERY_POST = frozenset({_A.ACCOUNT_SELF, _A.POLICY_VIEW, _A.UNIT_VIEW})
_READS = _EVERY_POST | {_A.CAMPAIGN_VIEW, _A.MEMBER_VIEW}

ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.DATA_ENTRY: _READS
    | {
        _A.IMPORT_RUN,
        _A.JOB_VIEW,
        _A.MEMBER_EDIT,
        _A.MEMBER_REVEAL,
        _A.ROSTER_SUBMIT,
    },
    Role.APPROVER: _READS
    | {
        _A.BANK_EXPORT,
        _A.CAMPAIGN_MANAGE,
        _A.JOB_VIEW,
        _A.MEMBER_REVEAL,
        _A.NUMBER_IMPORT,
        _A.PHOTO_APPROVE,
        _A.REQUEST_APPROVE,
        _A.REQUEST_REVIEW,
    },
    Role.PRINTER: _READS
    | {
        _A.DESIGN_VIEW,
        _A.JOB_VIEW,
        _A.PRINT_DOWNLOAD,
        _A.PRINT_RUN,
        _A.PRINT_VIEW,
    },
    # A designer needs the look of cards, not the members' data.
    Role.DESIGNER: _EVERY_POST | {_A.DESIGN_EDIT, _A.DESIGN_VIEW},
    # An administrator of a small union does its data entry as well, but never
    # approves: whoever hands out accounts must not hand out numbers.
    Role.ADMINISTRATOR: _READS
    | {
        _A.CAMPAIGN_MANAGE,
        _A.DESIGN_VIEW,
        _A.IMPORT_RUN,
        _A.JOB_VIEW,
        _A.MEMBER_EDIT,
        _A.MEMBER_REVEAL,
        _A.OFFICER_MANAGE,
        _A.PRINT_VIEW,
        _A.ROSTER_SUBMIT,
        _A.UNIT_MANAGE,
    },
    Role.READ_ONLY: _READS,
}


def may(role: Role, action: Action) -> bool:
    """Say whether a post with this role has the right."""
    return action in ROLE_ACTIONS[role]


def roles_with(action: Action) -> tuple[Role, ...]:
    """List the roles that have the right, in the table's order."""
    return tuple(role for role in Role if may(role, action))
