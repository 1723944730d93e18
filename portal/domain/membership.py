"""A member's standing, and who may ask for a card."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.errors import Problem


class Sex(StrEnum):
    """Sex as the identity papers state it."""

    MALE = "male"
    FEMALE = "female"


SEX_LABELS = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}


class MemberStatus(StrEnum):
    """Whether the member takes part in union life."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


MEMBER_STATUS_LABELS = {
    MemberStatus.ACTIVE: "Đang sinh hoạt",
    MemberStatus.PAUSED: "Tạm dừng sinh hoạt",
    MemberStatus.LEFT: "Đã ra khỏi công đoàn",
}


class DuesStanding(StrEnum):
    """How the member stands with the union dues."""

    PAYING = "paying"
    EXEMPT = "exempt"
    ARREARS = "arrears"
    UNKNOWN = "unknown"


DUES_LABELS = {
    DuesStanding.PAYING: "Đang đóng đoàn phí",
    DuesStanding.EXEMPT: "Được miễn đoàn phí",
    DuesStanding.ARREARS: "Nợ đoàn phí",
    DuesStanding.UNKNOWN: "Chưa rõ đoàn phí",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the eligibility rule looks at."""

    status: MemberStatus
    dues: DuesStanding
    has_photo: bool
    has_identity_number: bool


def obstacles_to_card(candidate: Candidate) -> tuple[Problem, ...]:
    """Name everything that keeps a member off the roster (P2, 3); empty = eligible.

    Exempt members are let through: the plan asks for dues "as the Statutes
    require", and an exemption is the Statutes' own.
    """
    found: list[Problem] = []
    if candidate.status is not MemberStatus.ACTIVE:
        label = MEMBER_STATUS_LABELS[candidate.status].lower()
        found.append(
            Problem(
                f"Đoàn viên {label}.",
                "Tình trạng",
                "Chỉ đổi thẻ cho đoàn viên đang sinh hoạt.",
            )
        )
    if candidate.dues not in {DuesStanding.PAYING, DuesStanding.EXEMPT}:
        found.append(
            Problem(
                f"{DUES_LABELS[candidate.dues]}.",
                "Đoàn phí",
                "Mở hồ sơ, chọn tình trạng đóng đoàn phí.",
            )
        )
    if not candidate.has_photo:
        found.append(Problem("Chưa có ảnh.", "Ảnh 2×3", "Thêm ảnh cho đoàn viên."))
    if not candidate.has_identity_number:
        found.append(
            Problem(
                "Chưa có số CCCD, CMND hoặc hộ chiếu.", "Giấy tờ", "Nhập số giấy tờ."
            )
        )
    return tuple(found)
