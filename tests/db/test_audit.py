"""The record of a thing, read back within a scope."""

from portal.db.queries import audit as audit_q
from portal.db.session import transaction
from portal.services import audit
from tests.cast import Cast


def test_what_other_units_did_to_a_thing_is_not_told(cast: Cast) -> None:
    """An officer may hold posts in two branches; each sees its own part."""
    for unit in ("a1", "b1", "f85"):
        with transaction() as session:
            audit.record(
                session,
                f"post.{unit}",
                by=cast.actor(unit),
                subject="officer",
                subject_id=7,
                unit_path=cast.paths[unit],
            )
    told = {
        root: [
            entry.action
            for entry in audit_q.of_subject("officer", 7, scope=cast.actor(root).scope)
        ]
        for root in ("a1", "a2", "upper_a", "f85")
    }
    assert told == {
        "a1": ["post.a1"],
        "a2": [],
        "upper_a": ["post.a1"],
        "f85": ["post.f85", "post.b1", "post.a1"],
    }
