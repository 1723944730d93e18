"""Designs of units: begun, worked on by one or by two, published, brought back."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import AuditEntry, CardDesign, DesignDraft, DesignVersion
from portal.db.queries import designs as designs_q
from portal.db.session import db, transaction
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.services import stores
from portal.services.designs import (
    access,
    contents,
    drawing,
    editing,
    gallery,
    publishing,
    sample_cards,
    trials,
)
from portal.services.designs.editing import DraftChanged, OperationRefused
from tests.cast import Cast
from tests.make import make_member

# One line of the standard design's front, which every test may move about.
TITLE_LINE = b'font-weight="bold" letter-spacing="0.06"'


@pytest.fixture
def designer(cast: Cast) -> Actor:
    return cast.actor("f85", Role.DESIGNER)


def standard(by: Actor, name: str = "Thẻ Duyên Hải") -> CardDesign:
    return gallery.create(name, start="standard", by=by)


def draft(design: CardDesign) -> DesignDraft:
    db.session.rollback()
    return db.session.get_one(DesignDraft, design.id, populate_existing=True)


def title_at(design: CardDesign, *, by: Actor) -> str:
    """Find the card's title among the boxes of the front."""
    boxes = drawing.inspect(contents.of_draft(draft(design))).boxes["front"]
    lines = draft(design).front.splitlines()
    return next(box.at for box in boxes if TITLE_LINE in lines[box.line - 1])


def move(design: CardDesign, *, by: Actor, dx: float = 1.5) -> None:
    operation = {"op": "move", "at": [title_at(design, by=by)], "dx": dx, "dy": 0}
    editing.apply_operations(
        design.id, "front", [operation], revision=draft(design).revision, by=by
    )


def published(design: CardDesign, *, by: Actor, note: str = "") -> DesignVersion:
    return publishing.publish(design.id, note=note, revision=None, by=by)


def test_a_design_begun_from_a_built_in_one_differs_in_its_title_alone(
    designer: Actor,
) -> None:
    design = standard(designer)

    built_in = contents.of_built_in("standard")
    begun = contents.of_draft(draft(design))
    assert begun.pop("design.toml") == built_in.pop("design.toml").replace(
        "Thẻ thông thường".encode(), "Thẻ Duyên Hải".encode()
    )
    assert begun == built_in
    assert design.kind is CardKind.STANDARD


@pytest.mark.parametrize("kind", list(CardKind))
def test_a_blank_page_can_be_drawn_on_and_says_what_it_lacks(
    designer: Actor, kind: CardKind
) -> None:
    design = gallery.create("Trang mới", start="blank", kind=kind, by=designer)

    found = drawing.inspect(contents.of_draft(draft(design))).findings
    assert {"design-unbound"} <= {one.code for one in found}
    assert design.kind is kind
    with pytest.raises(Invalid, match="lỗi phải sửa"):
        published(design, by=designer)


def test_a_move_changes_one_line_and_undo_gives_every_byte_back(
    designer: Actor,
) -> None:
    design = standard(designer)
    before = draft(design).front

    move(design, by=designer)

    after = draft(design).front
    changed = [
        old
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert len(changed) == 1
    assert TITLE_LINE in changed[0]
    editing.undo(design.id, "front", revision=2, by=designer)
    assert draft(design).front == before
    editing.redo(design.id, "front", revision=3, by=designer)
    assert draft(design).front == after


def test_steps_are_taken_back_from_the_last_and_forgotten_by_a_new_one(
    designer: Actor,
) -> None:
    design = standard(designer)
    states = [draft(design).front]
    for dx in (1, 2, 3):
        move(design, by=designer, dx=dx)
        states.append(draft(design).front)

    for revision, state in ((4, states[2]), (5, states[1])):
        editing.undo(design.id, "front", revision=revision, by=designer)
        assert draft(design).front == state
    editing.redo(design.id, "front", revision=6, by=designer)
    assert draft(design).front == states[2]
    move(design, by=designer, dx=9)

    with pytest.raises(Invalid, match="làm lại"):
        editing.redo(design.id, "front", revision=8, by=designer)
    with pytest.raises(Invalid, match="hoàn tác"):
        editing.undo(design.id, "back", revision=8, by=designer)


def test_the_slower_of_two_editors_is_told_who_was_faster(
    cast: Cast, designer: Actor
) -> None:
    design = standard(designer)
    above = cast.actor("tld", Role.DESIGNER)
    at = title_at(design, by=designer)
    move(design, by=above)
    kept = draft(design).front

    operation = {"op": "delete", "at": [at]}
    with pytest.raises(DraftChanged, match=above.name) as told:
        editing.apply_operations(
            design.id, "front", [operation], revision=1, by=designer
        )

    assert told.value.told == {"revision": 2, "edited_by": above.name}
    assert draft(design).front == kept


def test_of_simultaneous_changes_one_wins(app: Flask, designer: Actor) -> None:
    design = standard(designer)
    at = title_at(design, by=designer)
    won, lost = [], []

    def change(number: int) -> None:
        with app.app_context():
            operation = {"op": "move", "at": [at], "dx": number + 1, "dy": 0}
            try:
                editing.apply_operations(
                    design.id, "front", [operation], revision=1, by=designer
                )
                won.append(number)
            except DraftChanged:
                lost.append(number)
            db.session.remove()

    threads = [threading.Thread(target=change, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 4)
    assert draft(design).revision == 2


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "set", "at": "0/99/7", "attributes": {"x": "1"}},
        {"op": "set", "at": "0", "attributes": {"onclick": "alert(1)"}},
        {"op": "insert", "into": "", "index": 0, "svg": "<script>1</script>"},
        {"op": "insert", "into": "", "index": 0, "svg": '<image href="//x.vn/a.png"/>'},
        {"op": "replace", "svg": "<svg><!DOCTYPE x>"},
        {"op": "burn"},
        {"op": "move", "at": [""], "dx": float("nan"), "dy": 0},
    ],
    ids=lambda operation: str(operation)[:40],
)
def test_what_no_design_may_hold_is_refused_and_the_draft_stays(
    designer: Actor, operation: dict[str, object]
) -> None:
    design = standard(designer)
    before = draft(design).front

    with pytest.raises(Invalid) as refused:
        editing.apply_operations(
            design.id, "front", [operation], revision=1, by=designer
        )

    assert refused.value.text
    assert (draft(design).front, draft(design).revision) == (before, 1)


def test_operations_are_done_all_or_none(designer: Actor) -> None:
    design = standard(designer)
    before = draft(design).front
    good = {"op": "delete", "at": [title_at(design, by=designer)]}

    with pytest.raises(OperationRefused):
        editing.apply_operations(
            design.id, "front", [good, {"op": "burn"}], revision=1, by=designer
        )

    assert draft(design).front == before


def test_a_draft_is_seen_above_and_by_its_own_unit_alone(
    cast: Cast, designer: Actor
) -> None:
    design = standard(designer)

    assert access.own(design.id, by=cast.actor("tld", Role.DESIGNER)).id == design.id
    for elsewhere in ("sector", "s1", "a1", "upper_a"):
        with pytest.raises(NotFound):
            access.usable(design.id, by=cast.actor(elsewhere, Role.DESIGNER))

    published(design, by=designer)

    below = cast.actor("a1", Role.DESIGNER)
    assert access.usable(design.id, by=below).id == design.id
    with pytest.raises(NotAllowed, match="bản nháp"):
        access.own(design.id, by=below)
    with pytest.raises(NotAllowed):
        gallery.retire(design.id, by=below)
    with pytest.raises(NotFound):
        access.usable(design.id, by=cast.actor("sector", Role.DESIGNER))


def test_who_may_only_look_changes_nothing(cast: Cast, designer: Actor) -> None:
    design = standard(designer)
    for role in (Role.ADMINISTRATOR, Role.PRINTER):
        looker = cast.actor("f85", role)
        assert access.own(design.id, by=looker).id == design.id
        with pytest.raises(NotAllowed):
            editing.undo(design.id, "front", revision=1, by=looker)
        with pytest.raises(NotAllowed):
            gallery.create("Của tôi", start="standard", by=looker)


def test_a_superiors_design_is_copied_as_published_where_that_is_allowed(
    cast: Cast, designer: Actor
) -> None:
    design = standard(designer)
    published(design, by=designer)
    move(design, by=designer)
    below = cast.actor("a1", Role.DESIGNER)

    copy = gallery.create("Của cơ sở", start=str(design.id), by=below)

    assert draft(copy).front == contents.of_built_in("standard")["front.svg"]
    assert copy.unit_id == cast.unit_ids["a1"]
    gallery.edit(
        design.id, name=design.name, may_copy=False, version=design.version, by=designer
    )
    with pytest.raises(NotAllowed, match="sao chép"):
        gallery.create("Của cơ sở", start=str(design.id), by=below)


def test_a_new_name_stands_in_the_folder_too_and_an_old_page_is_told(
    designer: Actor,
) -> None:
    design = standard(designer)
    shown = design.version

    gallery.edit(
        design.id, name="  Thẻ   mới ", may_copy=True, version=shown, by=designer
    )

    assert draft(design).settings.splitlines()[1] == 'title = "Thẻ mới"'.encode()
    with pytest.raises(Conflict):
        gallery.edit(design.id, name="Khác", may_copy=True, version=shown, by=designer)
    with pytest.raises(Invalid, match="Tên mẫu thẻ"):
        standard(designer, name="  ")


def test_versions_are_numbered_and_stay_as_they_are(designer: Actor) -> None:
    design = standard(designer)
    first = published(design, by=designer, note="Bản đầu")
    files = contents.of_version(first)
    with pytest.raises(Conflict, match="không có gì"):
        published(design, by=designer)
    move(design, by=designer)
    second = published(design, by=designer)

    assert (first.number, second.number) == (1, 2)
    assert contents.of_version(first) == files
    assert contents.of_version(second)["front.svg"] == draft(design).front
    changed = trials.lines_changed(design.id, 2, 1, by=designer)
    assert list(changed) == ["front.svg"]
    assert [line[0] for line in changed["front.svg"] if line[0] in "+-"] == ["-", "+"]
    assert any(TITLE_LINE.decode() in line for line in changed["front.svg"])
    noted = db.session.scalar(
        select(func.count()).where(AuditEntry.action == "design.publish")
    )
    assert noted == 2


def test_a_draft_changed_since_it_was_looked_at_is_not_published(
    designer: Actor,
) -> None:
    design = standard(designer)
    move(design, by=designer)

    with pytest.raises(DraftChanged):
        publishing.publish(design.id, note="", revision=1, by=designer)


def test_a_version_comes_back_into_the_draft_and_that_can_be_undone(
    designer: Actor,
) -> None:
    design = standard(designer)
    first = published(design, by=designer)
    move(design, by=designer)
    moved = draft(design).front

    publishing.restore(design.id, 1, revision=2, by=designer)

    assert draft(design).front == contents.of_version(first)["front.svg"]
    editing.undo(design.id, "front", revision=3, by=designer)
    assert draft(design).front == moved
    with pytest.raises(NotFound):
        publishing.restore(design.id, 7, revision=4, by=designer)


def test_a_version_whose_bytes_are_damaged_is_used_for_nothing(
    designer: Actor,
) -> None:
    version = published(standard(designer), by=designer)
    stores.designs().path(version.files["back.svg"]).write_bytes(b"<svg/>")

    with pytest.raises(contents.Damaged, match=r"back\.svg"):
        contents.of_version(version)


def test_a_retired_design_is_offered_to_no_batch(cast: Cast, designer: Actor) -> None:
    design = standard(designer)
    version = published(design, by=designer)
    scope = cast.actor("a1", Role.PRINTER).scope

    assert designs_q.offered(CardKind.STANDARD, scope=scope) == [version]
    assert designs_q.offered(CardKind.LINKED, scope=scope) == []
    gallery.retire(design.id, by=designer)
    assert designs_q.offered(CardKind.STANDARD, scope=scope) == []
    gallery.restore_to_use(design.id, by=designer)
    assert designs_q.offered(CardKind.STANDARD, scope=scope) == [version]


def test_a_real_member_is_shown_to_who_may_see_members_and_in_scope_alone(
    cast: Cast, designer: Actor
) -> None:
    near = make_member(unit_id=cast.unit_ids["a1"], full_name="Lê Thị Gần")
    far = make_member(unit_id=cast.unit_ids["s1"], full_name="Lê Thị Xa")
    printer = cast.actor("f85", Role.PRINTER)
    kind = CardKind.STANDARD

    card = sample_cards.card_for(f"member:{near.id}", kind=kind, by=printer)
    assert card.full_name == "Lê Thị Gần"
    for which in (f"member:{far.id}", "member:x", "member:99999"):
        with pytest.raises(NotFound):
            sample_cards.card_for(which, kind=kind, by=printer)
    for which in (f"member:{near.id}", "worst"):
        with pytest.raises(NotAllowed, match="đoàn viên"):
            sample_cards.card_for(which, kind=kind, by=designer)
    with pytest.raises(Invalid):
        sample_cards.card_for("ai đó", kind=kind, by=printer)


def test_the_worst_member_is_the_widest_drawn_not_the_one_of_most_letters(
    cast: Cast,
) -> None:
    unit_id = cast.unit_ids["a1"]
    make_member(unit_id=unit_id, full_name="Lì Thị Tí Tí Tí Tí Tí Tí")
    make_member(unit_id=unit_id, full_name="NGƯỜM HƯỜNG MƯƠM MƯƠM")
    make_member(unit_id=cast.unit_ids["s1"], full_name="MƯỜM " * 20)
    printer = cast.actor("f85", Role.PRINTER)

    card = sample_cards.card_for("worst", kind=CardKind.STANDARD, by=printer)

    assert card.full_name == "NGƯỜM HƯỜNG MƯƠM MƯƠM"
    with pytest.raises(Invalid, match="chưa có đoàn viên"):
        sample_cards.card_for(
            "worst", kind=CardKind.STANDARD, by=cast.actor("b1", Role.PRINTER)
        )


@pytest.mark.parametrize("which", ["sample", "longest", "shortest", "rare"])
def test_made_up_cards_are_drawn_by_both_built_in_designs(
    designer: Actor, which: str
) -> None:
    for name, kind in (
        ("standard", CardKind.STANDARD),
        ("vietinbank_linked", CardKind.LINKED),
    ):
        card = sample_cards.card_for(which, kind=kind, by=designer)
        png = drawing.draw(contents.of_built_in(name), "front", card, dpi=150)
        assert png.startswith(b"\x89PNG")


def test_a_card_that_the_gate_refuses_is_not_drawn_and_says_why(
    designer: Actor,
) -> None:
    design = standard(designer)

    with pytest.raises(drawing.NotDrawn) as refused:
        trials.draft_png(design.id, "front", which="no-photo", dpi=150, by=designer)

    assert any("ảnh" in str(one).lower() for one in refused.value.problems)


def test_history_of_a_side_is_kept_for_as_long_as_it_is_of_use(
    designer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(designs_q, "KEPT_EDITS", 2)
    design = standard(designer)
    for dx in (1, 2, 3):
        move(design, by=designer, dx=dx)

    editing.undo(design.id, "front", revision=4, by=designer)
    editing.undo(design.id, "front", revision=5, by=designer)

    with pytest.raises(Invalid, match="hoàn tác"):
        editing.undo(design.id, "front", revision=6, by=designer)


def test_a_step_that_cannot_be_kept_leaves_nothing_behind(designer: Actor) -> None:
    design = standard(designer)
    before = draft(design).front
    with transaction() as session:
        session.get_one(DesignDraft, design.id).front = before[: len(before) // 2]

    with pytest.raises(Invalid):
        editing.apply_operations(
            design.id, "front", [{"op": "delete", "at": ["1"]}], revision=1, by=designer
        )
    assert draft(design).revision == 1
