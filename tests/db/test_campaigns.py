"""The ancestor rule in SQL: who sees a campaign."""

from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.queries import campaigns as campaigns_q
from portal.services import campaigns
from tests.cast import Cast
from tests.road import BOTH_KINDS


def test_a_campaign_is_seen_along_one_line_of_the_tree_only(cast: Cast) -> None:
    for owner in ("tld", "f85", "sector"):
        made = campaigns.announce(
            name=owner, card_kinds=BOTH_KINDS, by=cast.actor(owner, Role.APPROVER)
        )
        for code, path in cast.paths.items():
            seen = made.id in {one.id for one in campaigns_q.listed(scope=Scope(path))}
            on_one_line = path.startswith(cast.paths[owner]) or cast.paths[
                owner
            ].startswith(path)
            assert seen == on_one_line, (owner, code)
