"""Who may do what, and why."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.access.policy import ACTION_LABELS, ROLE_LABELS, Action, Role, may
from portal.access.reasons import Verdict, why
from portal.services import units
from portal.web.fragments import page_or_block
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("policy", __name__, url_prefix="/quyen")

_A = Action
_ROAD: tuple[tuple[str, tuple[Action, ...]], ...] = (
    (
        "Đoàn viên",
        (_A.MEMBER_VIEW, _A.MEMBER_EDIT, _A.IMPORT_RUN, _A.MEMBER_REVEAL),
    ),
    ("Danh sách đề nghị", (_A.CAMPAIGN_VIEW, _A.CAMPAIGN_MANAGE, _A.ROSTER_SUBMIT)),
    ("Duyệt và mã số", (_A.REQUEST_REVIEW, _A.REQUEST_APPROVE, _A.NUMBER_IMPORT)),
    (
        "In thẻ, ngân hàng",
        (_A.PRINT_VIEW, _A.PRINT_RUN, _A.PRINT_DOWNLOAD, _A.BANK_EXPORT),
    ),
    ("Đơn vị và tài khoản", (_A.UNIT_VIEW, _A.UNIT_MANAGE, _A.OFFICER_MANAGE)),
    ("Của mỗi người", (_A.ACCOUNT_SELF, _A.POLICY_VIEW, _A.JOB_VIEW)),
)


@bp.get("/")
@requires(Action.POLICY_VIEW)
def index() -> Response:
    """Print the table of rights, and answer one question about it."""
    actor = current_actor()
    return page_or_block(
        "policy/index.html",
        "answer",
        actor=actor,
        roles=[(role, ROLE_LABELS[role]) for role in Role],
        parts=[
            (
                title,
                [
                    (
                        action.value,
                        ACTION_LABELS[action],
                        [(role, may(role, action)) for role in Role],
                    )
                    for action in actions
                ],
            )
            for title, actions in parts_of_the_road()
        ],
        asked=request.args.get("action", ""),
        unit_text=request.args.get("unit", "").strip(),
        nearby=units.nearby(by=actor),
        verdict=_verdict(),
    )


def parts_of_the_road() -> list[tuple[str, tuple[Action, ...]]]:
    """Group every action by the part of the work that it belongs to, in its order."""
    placed = {action for _title, actions in _ROAD for action in actions}
    rest = tuple(action for action in Action if action not in placed)
    return [*_ROAD, *([("Việc khác", rest)] if rest else [])]


def _verdict() -> Verdict | None:
    asked = request.args.get("action", "")
    if asked not in {action.value for action in Action}:
        return None
    actor = current_actor()
    text = request.args.get("unit", "").strip()
    # A name from the list comes with its code behind a dash.
    code = text.rpartition(" – ")[2]
    if not code:
        return why(
            actor, Action(asked), unit_path=actor.unit_path, unit=actor.unit_name
        )
    unit = units.find_by_code(code, by=actor)
    return why(
        actor,
        Action(asked),
        unit_path=unit.path if unit else None,
        unit=unit.name if unit else text,
    )
