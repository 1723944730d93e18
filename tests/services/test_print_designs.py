"""A print batch pins a version of a design and prints it for ever the same."""

import pytest

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import CardDesign, DesignVersion, PrintBatch
from portal.db.models.cards import BatchState, PrintCardState
from portal.db.queries import designs as designs_q
from portal.db.queries import prints as prints_q
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid
from portal.services import print_designs, prints
from portal.services.designs import editing, gallery, publishing
from portal.services.prints import PrintSettings
from portal.services.progress import Unwatched
from tests.cast import Cast
from tests.services.test_prints import make_ready, state_of, stored_photo


@pytest.fixture
def designer(cast: Cast) -> Actor:
    return cast.actor("f85", Role.DESIGNER)


@pytest.fixture
def printer(cast: Cast) -> Actor:
    return cast.actor("f85", Role.PRINTER)


def publish(by: Actor) -> tuple[CardDesign, DesignVersion]:
    design = gallery.create("Thẻ Duyên Hải", start="standard", by=by)
    return design, publishing.publish(design.id, note="", revision=None, by=by)


def key(version: DesignVersion) -> str:
    return f"{version.design_id}/{version.number}"


def settings(version: DesignVersion) -> PrintSettings:
    return PrintSettings(design=key(version), overprint=False, sides=("front",))


def pictures(batch: PrintBatch) -> dict[int, dict[str, str]]:
    """Give each card's content hashes: the same hash is the same bytes."""
    return {
        card.position: card.images
        for card in prints_q.cards_of(batch.id, state=PrintCardState.DRAWN)
    }


def test_a_batch_prints_the_version_it_pinned_whatever_is_published_later(
    cast: Cast, designer: Actor, printer: Actor
) -> None:
    design, version = publish(designer)
    for number in (1, 2):
        make_ready(cast, number=number, photo_id=stored_photo())
    pinned = prints.create_batch(None, settings=settings(version), by=printer)
    editing.apply_operations(
        design.id,
        "front",
        [{"op": "replace", "svg": designs_q.draft_of(design.id).back.decode()}],
        revision=1,
        by=designer,
    )
    with pytest.raises(Invalid):
        # Bound names went with the front: such a draft is no version.
        publishing.publish(design.id, note="", revision=None, by=designer)
    editing.undo(design.id, "front", revision=2, by=designer)
    rect = '<rect x="40" y="20" width="3" height="3" fill="#cc0000"/>'
    editing.apply_operations(
        design.id,
        "front",
        [{"op": "insert", "into": "", "index": 9, "svg": rect}],
        revision=3,
        by=designer,
    )
    later = publishing.publish(design.id, note="", revision=None, by=designer)
    gallery.retire(design.id, by=designer)

    prints.render(pinned.id, by=printer, progress=Unwatched())

    batch = prints_q.get_batch(pinned.id, scope=printer.scope)
    assert batch.state is BatchState.RENDERED
    assert batch.design_version_id == version.id
    assert print_designs.labels_of(batch)[0] == "Thẻ Duyên Hải, bản 1"
    first = pictures(batch)
    prints.give_up(batch.id, by=printer)
    again = prints.create_batch(
        None, settings=PrintSettings(overprint=False, sides=("front",)), by=printer
    )
    prints.render(again.id, by=printer, progress=Unwatched())
    # The version is a copy of the built-in design: the same bytes come out of both.
    assert pictures(again) == first
    assert later.digest != version.digest


def test_a_batch_is_offered_what_its_unit_inherits_and_nothing_else(
    cast: Cast, designer: Actor, printer: Actor
) -> None:
    _design, version = publish(designer)
    _other, foreign = publish(cast.actor("sector", Role.DESIGNER))
    linked = gallery.create("Liên kết", start="vietinbank_linked", by=designer)
    publishing.publish(linked.id, note="", revision=None, by=designer)
    make_ready(cast, number=1, photo_id=stored_photo())

    offered = [value for value, _label in print_designs.choices(by=printer)]
    assert offered == ["standard", key(version)]
    below = cast.actor("a1", Role.PRINTER)
    assert [v for v, _label in print_designs.choices(by=below)] == offered
    for design in (key(foreign), "vietinbank_linked", "", "99999", "x"):
        with pytest.raises(Invalid, match="mẫu thẻ"):
            prints.create_batch(None, settings=PrintSettings(design=design), by=printer)
    assert designs_q.offered(CardKind.LINKED, scope=below.scope)


def test_a_card_that_the_pinned_design_cannot_hold_stays_behind(
    cast: Cast, designer: Actor, printer: Actor
) -> None:
    _design, version = publish(designer)
    good = make_ready(cast, number=1, photo_id=stored_photo())
    bad = make_ready(cast, number=2)

    batch = prints.create_batch(None, settings=settings(version), by=printer)
    prints.render(batch.id, by=printer, progress=Unwatched())

    (refused,) = prints_q.cards_of(batch.id, state=PrintCardState.REFUSED)
    assert refused.request_id == bad.id
    assert "ảnh" in refused.reason
    assert state_of(good).value == "printed"
    assert len(prints_q.get_batch(batch.id, scope=printer.scope).files) == 3


def test_a_batch_counts_for_the_version_that_it_uses(
    cast: Cast, designer: Actor, printer: Actor
) -> None:
    design, version = publish(designer)
    make_ready(cast, number=1, photo_id=stored_photo())
    prints.create_batch(None, settings=settings(version), by=printer)

    assert gallery.gallery(by=designer).batches[design.id] == 1
    elsewhere = cast.actor("a2", Role.DESIGNER)
    assert gallery.gallery(by=elsewhere).batches[design.id] == 0
