"""Remember who was said to be two people, for the next list and its accepted rows."""

from collections.abc import Iterable
from typing import Any

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.db.models import ImportRow, RosterImport
from portal.db.queries import intake_lookup
from portal.domain import clock
from portal.domain.likeness import Traits, person_keys, traits_of
from portal.services.intake.judge import alike_to, world_of
from portal.services.intake.row_values import from_json


def remember(
    session: Any, found: RosterImport, row: ImportRow, *, different: bool, by: Actor
) -> None:
    """Note inside the caller's transaction that a row is another than its likes.

    With ``different`` false the decision is taken back. It is kept by the numbers
    (or name and birth date) of both, so that the same list sent again asks no more.
    """
    values = from_json(row.values)
    scope = Scope(found.unit_path)
    me = traits_of(values)
    likes = [
        known.traits for known in alike_to(values, world_of([values], scope=scope))
    ]
    for pair in _pairs(me, likes):
        if different:
            intake_lookup.add_different(
                session,
                pair,
                found=found,
                by=by.officer_id,
                at=clock.now(),
            )
        else:
            intake_lookup.drop_different(session, pair, scope=scope)


def _pairs(me: Traits, likes: Iterable[Traits]) -> Iterable[tuple[str, str]]:
    """Pair every key of one with every key of the other: any of them may be left."""
    for other in likes:
        for mine in person_keys(me):
            for theirs in person_keys(other):
                yield min(mine, theirs), max(mine, theirs)
