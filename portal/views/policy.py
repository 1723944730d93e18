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
        rows=[
            (ACTION_LABELS[action], [(role, may(role, action)) for role in Role])
            for action in Action
        ],
        actions=[(action.value, ACTION_LABELS[action]) for action in Action],
        asked=request.args.get("action", ""),
        code=request.args.get("unit", "").strip(),
        nearby=units.nearby(by=actor),
        verdict=_verdict(),
    )


def _verdict() -> Verdict | None:
    asked = request.args.get("action", "")
    if asked not in {action.value for action in Action}:
        return None
    actor = current_actor()
    code = request.args.get("unit", "").strip()
    if not code:
        return why(
            actor, Action(asked), unit_path=actor.unit_path, unit=actor.unit_name
        )
    unit = units.find_by_code(code, by=actor)
    return why(
        actor,
        Action(asked),
        unit_path=unit.path if unit else None,
        unit=unit.name if unit else code,
    )
