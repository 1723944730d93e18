"""Campaigns: announced by a unit for all units below it, closed, opened again."""

from collections.abc import Collection

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.access.scope import Scope
from portal.db.models import Campaign
from portal.db.queries import campaigns as campaigns_q
from portal.db.queries import rosters as rosters_q
from portal.db.queries import units as units_q
from portal.db.session import check_version, transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid, NotAllowed
from portal.domain.text import clean, fold
from portal.domain.union_units import UnionLevel
from portal.services import audit

# Who calls for a renewal (P2, 5): the federation or the Confederation. The top
# unit of a smaller installation acts for both.
ANNOUNCERS = frozenset({UnionLevel.FEDERATION, UnionLevel.CONFEDERATION})


def announce(
    *,
    name: str,
    card_kinds: Collection[CardKind],
    by: Actor,
    unit_id: int | None = None,
) -> Campaign:
    """Open a campaign for all units below ``unit_id`` (default: the officer's own).

    Raises NotAllowed for a unit that calls for no renewals, Invalid where it has an
    open campaign of the same name: lists would go into the one or the other.
    """
    by.require(Action.CAMPAIGN_MANAGE)
    unit = units_q.get(unit_id or by.unit_id, scope=by.scope)
    if not rosters_q.levels_of(unit) & ANNOUNCERS:
        raise NotAllowed(
            f"{unit.name} không mở đợt đổi thẻ được. Đợt đổi thẻ do liên đoàn lao động"
            " tỉnh, công đoàn ngành hoặc Tổng Liên đoàn mở."
        )
    name = clean(name)
    if not name:
        raise Invalid("Hãy đặt tên cho đợt đổi thẻ.")
    if not card_kinds:
        raise Invalid("Hãy chọn ít nhất một loại thẻ.")
    kinds = [kind.value for kind in CardKind if kind in card_kinds]
    with transaction() as session:
        _refuse_open_namesake(name, unit.id, scope=by.scope)
        campaign = Campaign(
            name=name,
            card_kinds=kinds,
            unit_id=unit.id,
            unit_path=unit.path,
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
        if not closing and campaign.closed_at is not None:
            _refuse_open_namesake(campaign.name, campaign.unit_id, scope=by.scope)
        campaign.closed_at = clock.now() if closing else None
        _record(
            session,
            campaign,
            "campaign.close" if closing else "campaign.reopen",
            by=by,
        )
    return campaign


def _refuse_open_namesake(name: str, unit_id: int, *, scope: Scope) -> None:
    for other in campaigns_q.listed(scope=scope):
        if (
            other.closed_at is None
            and other.unit_id == unit_id
            and fold(other.name) == fold(name)
        ):
            raise Invalid(
                f"{other.unit.name} đang mở một đợt tên “{other.name}” rồi. Dùng đợt"
                " đó, hoặc đóng nó trước, hoặc đặt tên khác."
            )


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
