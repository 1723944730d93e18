"""A process that approves without pause, for the test that kills it."""

import sys

from portal.access.policy import Role
from portal.db.models import Post
from portal.db.queries.officers import actor_of
from portal.db.session import db
from portal.domain.errors import Conflict
from portal.factory import create_app
from portal.services import approvals


def main() -> None:
    """Approve everything that waits, in small parts, saying when it begins."""
    instance, database = sys.argv[1:3]
    app = create_app({"PORTAL_INSTANCE": instance, "DATABASE_URL": database})
    approvals.PART = 3
    with app.app_context():
        post = (
            db.session.query(Post).filter_by(role=Role.APPROVER, unit_path="1.").one()
        )
        by = actor_of(post)
        waiting = approvals.plan(by=by).request_ids
        print("ready", flush=True)
        try:
            approvals.approve(waiting, by=by)
        except Conflict as conflict:
            print(conflict.text)


if __name__ == "__main__":
    main()
