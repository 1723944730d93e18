"""What waits for this officer, and where to go."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.services import desk
from portal.web.fragments import page_or_block
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("desk", __name__)


@bp.get("/")
@requires(Action.ACCOUNT_SELF)
def index() -> Response:
    """Show the work that waits, and the first steps until they are done."""
    actor = current_actor()
    return page_or_block(
        "desk/index.html",
        "content",
        actor=actor,
        tasks=desk.tasks(by=actor),
        steps=desk.first_steps(by=actor),
    )
