"""Why a post may or may not do something at a unit, in one sentence."""

from dataclasses import dataclass

from portal.access.actor import Actor
from portal.access.policy import ACTION_LABELS, ROLE_LABELS, Action, roles_with


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and the sentence that gives the reason."""

    allowed: bool
    reason: str


def why(actor: Actor, action: Action, *, unit_path: str | None, unit: str) -> Verdict:
    """Answer "vì sao tôi được / không được"; ``unit_path`` None = no such unit.

    A unit outside the subtree gets the same answer as one that does not exist;
    ``unit`` is then the code as typed, never the unit's name.
    """
    what = f"“{ACTION_LABELS[action]}”"
    own = ROLE_LABELS[actor.role]
    if unit_path is None or not actor.scope.covers(unit_path):
        return Verdict(
            False,
            f"Không. Đơn vị “{unit}” không có, hoặc nằm ngoài phạm vi của bạn:"
            f" {actor.unit_name} và các đơn vị trực thuộc.",
        )
    if not actor.may(action):
        holders = ", ".join(f"“{ROLE_LABELS[role]}”" for role in roles_with(action))
        return Verdict(
            False,
            f"Không. {what} cần vai trò {holders}; bạn đang làm nhiệm vụ “{own}”."
            " Nếu cần, nhờ người quản trị tài khoản giao thêm nhiệm vụ.",
        )
    tail = _limits(action)
    return Verdict(
        True,
        f"Được. Vai trò “{own}” có quyền {what}, và {unit} thuộc phạm vi"
        f" {actor.unit_name} của bạn.{tail}",
    )


def _limits(action: Action) -> str:
    if action is Action.REQUEST_APPROVE:
        return (
            " Riêng đề nghị do chính bạn gửi, chuyển hoặc trình thì người khác phải"
            " duyệt, và chỉ đơn vị cấp mã số mới duyệt."
        )
    if action is Action.REQUEST_REVIEW:
        return " Mỗi bước chỉ mở cho đúng cấp đang giữ danh sách."
    return ""
