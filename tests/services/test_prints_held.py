"""What a batch holds back, lets go and shows: absent people, moves, previews."""

import io

import pytest
import zxingcpp
from PIL import Image

from portal.access.policy import Action, Role
from portal.db.models import CardRequest, Member, PrintBatch, Unit
from portal.db.models.cards import BatchState, PrintCardState
from portal.db.queries import prints as prints_q
from portal.db.session import db, transaction
from portal.domain.errors import Conflict
from portal.domain.membership import MemberStatus
from portal.domain.renewal import State
from portal.services import desk, press, prints, stores, units
from portal.services.member_entry import Draft, edit
from portal.services.press import Drawn
from portal.services.progress import Unwatched
from tests.cast import Cast
from tests.services.test_prints import (
    FULL,
    drawn_batch,
    file_bytes,
    make_ready,
    printer,
    state_of,
    stored_photo,
)

__all__ = ["printer"]

AWAY = [MemberStatus.PAUSED, MemberStatus.LEFT]


def set_status(request: CardRequest, status: MemberStatus) -> None:
    with transaction() as session:
        session.get_one(Member, request.member_id).status = status


@pytest.mark.parametrize("status", AWAY)
def test_who_has_paused_or_left_waits_and_is_named(cast, printer, status) -> None:
    photo = stored_photo()
    stays = make_ready(cast, number=1, photo_id=photo)
    away = make_ready(cast, number=2, photo_id=photo, full_name="Người Đã Đi")
    set_status(away, status)

    held = prints_q.held_back(scope=printer.scope)
    assert [(one.request_id, one.status) for one in held] == [(away.id, status)]
    counted = prints_q.printable_by_unit(scope=printer.scope)
    assert [number for _unit, number in counted] == [1]
    [task] = [one for one in desk.tasks(by=printer) if one.endpoint == "prints.index"]
    assert task.count == 1
    with pytest.raises(Conflict):
        prints.create_batch([away.id], settings=FULL, by=printer)
    drawn_batch(printer)
    assert (state_of(stays), state_of(away)) == (State.PRINTED, State.APPROVED)


def test_who_leaves_before_the_drawing_is_refused_at_it(cast, printer) -> None:
    photo = stored_photo()
    stays = make_ready(cast, number=1, photo_id=photo)
    away = make_ready(cast, number=2, photo_id=photo)
    batch = prints.create_batch(None, settings=FULL, by=printer)
    set_status(away, MemberStatus.LEFT)

    prints.render(batch.id, by=printer, progress=Unwatched())

    [card] = prints_q.cards_of(batch.id, state=PrintCardState.REFUSED)
    assert (card.request_id, card.images) == (away.id, {})
    assert "đã ra khỏi công đoàn" in card.reason
    assert (state_of(stays), state_of(away)) == (State.PRINTED, State.APPROVED)


def test_a_batch_of_one_unit_takes_no_card_of_another(cast, printer) -> None:
    photo = stored_photo()
    own = make_ready(cast, "a1", number=1, photo_id=photo)
    other = make_ready(cast, "b1", number=2, photo_id=photo)

    batch = prints.create_batch(
        None, unit_path=cast.paths["upper_a"], settings=FULL, by=printer
    )

    assert [card.request_id for card in prints_q.cards_of(batch.id)] == [own.id]
    assert state_of(other) is State.APPROVED


def move_unit_away(cast: Cast, _request: CardRequest) -> None:
    unit = db.session.get_one(Unit, cast.unit_ids["upper_a"])
    units.move_unit(
        unit.id,
        new_parent_id=cast.unit_ids["sector"],
        version=unit.version,
        by=cast.actor("tld", Role.ADMINISTRATOR),
    )


def move_member_away(cast: Cast, request: CardRequest) -> None:
    member = db.session.get_one(Member, request.member_id, populate_existing=True)
    done = edit(
        member.id,
        Draft(values={}, unit_id=cast.unit_ids["s1"]),
        version=member.version,
        confirmed="",
        by=cast.actor("tld", Role.ADMINISTRATOR),
    )
    assert not done.problems


@pytest.mark.parametrize("move", [move_unit_away, move_member_away])
def test_a_batch_is_given_up_wherever_its_people_have_gone(cast, printer, move) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)
    move(cast, request)
    path = db.session.get_one(CardRequest, request.id).unit_path
    member = db.session.get_one(Member, request.member_id, populate_existing=True)
    assert not (printer.scope.covers(path) and printer.scope.covers(member.unit_path))

    prints.give_up(batch.id, by=printer)

    assert state_of(request) is State.APPROVED
    closed = prints_q.get_batch(batch.id, scope=printer.scope)
    assert closed.state is BatchState.FAILED


def test_who_may_only_look_is_given_no_picture_to_print(cast, printer) -> None:
    make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)
    [card] = prints_q.cards_of(batch.id)
    looker = cast.actor("f85", Role.ADMINISTRATOR)
    assert not looker.may(Action.PRINT_DOWNLOAD)

    for side, digest in card.images.items():
        seen = Image.open(io.BytesIO(prints.read_image(card.id, side, by=looker)))
        printed = Image.open(io.BytesIO(stores.exports().read(digest)))
        assert seen.width == prints.PREVIEW_WIDTH_PX < printed.width / 2
        assert "dpi" not in seen.info


def test_a_card_whose_code_cannot_be_read_back_stays(
    cast, printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    # A picture as a broken renderer gives it: the card's size, and nothing on it.
    out = io.BytesIO()
    Image.new("RGB", (1011, 638), "white").save(out, "PNG", dpi=(300, 300))
    monkeypatch.setattr(press, "draw_png", lambda *_, **__: out.getvalue())
    assert not zxingcpp.read_barcodes(Image.open(out))

    batch = drawn_batch(printer)

    [card] = prints_q.cards_of(batch.id)
    assert (card.state, card.images) == (PrintCardState.REFUSED, {})
    assert "mã" in card.reason
    assert batch.state is BatchState.FAILED
    assert state_of(request) is State.APPROVED


def test_a_slower_runner_leaves_what_a_faster_one_kept(cast, printer) -> None:
    request = make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)
    [card] = prints_q.cards_of(batch.id)
    before = dict(card.images)
    late = Drawn(card.id, {}, "Không vẽ được nữa.")

    prints._keep(batch.id, [(late, {})], by=printer)

    db.session.rollback()
    [card] = prints_q.cards_of(batch.id)
    assert (card.state, card.images) == (PrintCardState.DRAWN, before)
    assert state_of(request) is State.PRINTED


def test_a_file_taken_while_a_batch_is_given_up_keeps_the_batch(
    cast, printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was read before the download: the writing looks once more."""
    request = make_ready(cast, number=1, photo_id=stored_photo())
    batch = drawn_batch(printer)
    look = prints.jobs_q.latest_of

    def taken_meanwhile(*args, **kwargs):
        file_bytes(batch, ".pdf", printer)
        return look(*args, **kwargs)

    monkeypatch.setattr(prints.jobs_q, "latest_of", taken_meanwhile)
    with pytest.raises(Conflict, match="đã được tải"):
        prints.give_up(batch.id, by=printer)

    kept = db.session.get_one(PrintBatch, batch.id, populate_existing=True)
    assert kept.state is BatchState.DOWNLOADED
    assert len(kept.files) == 3
    assert state_of(request) is State.PRINTED
