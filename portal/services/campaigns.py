"""Campaigns: announced by a unit for all units below it, closed, opened again."""

from collections.abc import Collection

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import Campaign
from portal.db.queries import campaigns as campaigns_q
from portal.db.session import check_version, transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid, NotAllowed
from portal.domain.text import clean
from portal.domain.union_units import UnionLevel
from portal.services import audit

# Who calls for a renewal (P2, 5): the federation or the Confederation. The top
# unit of a smaller installation acts for both.
ANNOUNCERS = frozenset({UnionLevel.FEDERATION, UnionLevel.CONFEDERATION})


def announce(*, name: str, card_kinds: Collection[CardKind], by: Actor) -> Campaign:
    """Open a campaign for every unit below the officer's own."""
    by.require(Action.CAMPAIGN_MANAGE)
    if not may_announce(by):
        raise NotAllowed(
            "Đợt đổi thẻ do liên đoàn lao động tỉnh, công đoàn ngành"
            " hoặc Tổng Liên đoàn mở."
        )
    name = clean(name)
    if not name:
        raise Invalid("Hãy đặt tên cho đợt đổi thẻ.")
    if not card_kinds:
        raise Invalid("Hãy chọn ít nhất một loại thẻ.")
    kinds = [kind.value for kind in CardKind if kind in card_kinds]
    with transaction() as session:
        campaign = Campaign(
            name=name,
            card_kinds=kinds,
            unit_id=by.unit_id,
            unit_path=by.unit_path,
            opened_at=clock.now(),
        )
        session.add(campaign)
        session.flush()
        _record(session, campaign, "campaign.announce", by=by)
    return campaign


def may_announce(by: Actor) -> bool:
    """Say whether the officer's unit may call for a renewal."""
    return by.may(Action.CAMPAIGN_MANAGE) and bool(by.levels & ANNOUNCERS)


def close(campaign_id: int, *, version: int, by: Actor) -> Campaign:
    """Stop taking lists; what was sent goes on to its end."""
    return _turn(campaign_id, version=version, by=by, closing=True)


def reopen(campaign_id: int, *, version: int, by: Actor) -> Campaign:
    """Take lists again."""
    return _turn(campaign_id, version=version, by=by, closing=False)


def may_manage(campaign: Campaign, *, by: Actor) -> bool:
    """Say whether the officer may close and open it: its owner or a superior."""
    return by.may(Action.CAMPAIGN_MANAGE) and by.scope.covers(campaign.unit_path)


def _turn(campaign_id: int, *, version: int, by: Actor, closing: bool) -> Campaign:
    by.require(Action.CAMPAIGN_MANAGE)
    with transaction() as session:
        campaign = campaigns_q.get(campaign_id, scope=by.scope)
        if not may_manage(campaign, by=by):
            raise NotAllowed(
                f"Đợt này do {campaign.unit.name} mở, chỉ nơi đó đóng hoặc mở lại."
            )
        check_version(shown=version, current=campaign.version)
        campaign.closed_at = clock.now() if closing else None
        _record(
            session,
            campaign,
            "campaign.close" if closing else "campaign.reopen",
            by=by,
        )
    return campaign


def _record(session: object, campaign: Campaign, action: str, *, by: Actor) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="campaign",
        subject_id=campaign.id,
        unit_path=campaign.unit_path,
        detail={"name": campaign.name, "card_kinds": campaign.card_kinds},
    )
