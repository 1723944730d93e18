"""Print batches: approved requests become card images, a PDF and a manifest."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from card_designs import PROFILES, CardData
from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import (
    BatchFile,
    CardRequest,
    PrintBatch,
    PrintCard,
)
from portal.db.models.cards import BatchState, PrintCardState
from portal.db.models.jobs import JobState
from portal.db.queries import jobs as jobs_q
from portal.db.queries import prints as prints_q
from portal.db.queries import renewals as renewals_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid
from portal.domain.renewal import Move
from portal.files.images import preview
from portal.services import audit, jobs, stores
from portal.services.press import Drawn, Order
from portal.services.print_cards import (
    card_values,
    order_of,
    press_of,
    read_card,
    reason_to_hold,
)
from portal.services.print_designs import pinned
from portal.services.print_files import make_files
from portal.services.progress import Progress
from portal.services.renewals import apply_move, move_requests

SIDES = ("front", "back")
DPI_CHOICES = (300, 600)

# A card is 86 mm wide: 100 dpi on a screen, a third of what a printer needs.
PREVIEW_WIDTH_PX = 342

# Cards drawn between two transactions: what a killed worker draws again at most.
_CHUNK = 20

# Of these no file was taken, so no blank was spent.
_UNTOUCHED = frozenset({BatchState.WAITING, BatchState.RENDERED})

_TAKEN = "Tệp in của lô này đã được tải, hoặc lô đã bỏ: không bỏ được nữa."
_OTHER_DESIGN = (
    "Mẫu thẻ đã thay đổi sau khi lập lô. Lập lô in mới để dùng mẫu hiện tại."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSettings:
    """How the cards of a batch are drawn; pinned when the batch is made."""

    # A built-in design's name, or a published version as print_designs names it.
    design: str = "standard"
    profile: str = "cr80"
    dpi: int = 300
    sides: tuple[str, ...] = SIDES
    overprint: bool = True


def create_batch(
    request_ids: list[int] | None,
    *,
    unit_path: str | None = None,
    settings: PrintSettings,
    by: Actor,
    in_background: bool = True,
) -> PrintBatch:
    """Put approved standard requests into a new batch and begin to draw it.

    ``request_ids`` None takes all that can be printed, within ``unit_path`` where
    it is given. With ``in_background`` a worker draws it, else the caller does.
    Raises Invalid where nothing can be printed, Conflict where a chosen request
    has meanwhile gone elsewhere.
    """
    by.require(Action.PRINT_RUN)
    _check(settings)
    pin = pinned(settings.design, by=by)
    with transaction() as session:
        found = prints_q.printable(scope=by.scope, unit_path=unit_path)
        chosen = _chosen(found, request_ids)
        batch = PrintBatch(
            unit_id=by.unit_id,
            unit_path=by.unit_path,
            design=pin.name,
            design_version_id=pin.version_id,
            design_hash=pin.digest,
            profile=settings.profile,
            dpi=settings.dpi,
            sides=list(settings.sides),
            overprint=settings.overprint,
            created_at=clock.now(),
            created_by_id=by.officer_id,
        )
        session.add(batch)
        session.flush()
        _move_all(session, chosen, Move.PUT_IN_BATCH, by=by)
        for position, request in enumerate(chosen):
            session.add(
                PrintCard(
                    batch_id=batch.id,
                    request_id=request.id,
                    position=position,
                    card=card_values(request),
                )
            )
        if in_background:
            jobs.enqueue(
                session,
                "print.render",
                subject_id=batch.id,
                by=by,
                unit_id=batch.unit_id,
                unit_path=batch.unit_path,
            )
        _record(session, "print.create", batch, by=by, cards=len(chosen))
    return batch


def render(batch_id: int, /, *, by: Actor, progress: Progress) -> None:
    """Draw every card of a batch, then make its files; goes on where it stood.

    A card that the gate refuses leaves the batch with its reason and can be put
    into another one once it is mended. Where the design is no longer the one that
    the batch pinned, the batch is given up: half of one design is no batch.
    """
    batch = prints_q.get_batch(batch_id, scope=by.scope)
    if batch.state is not BatchState.WAITING:
        return
    press = press_of(batch)
    if press is None:
        _release(batch_id, _OTHER_DESIGN, by=by)
        return
    counts = prints_q.counts_of(batch_id)
    total = sum(counts.values())
    done = total - counts[PrintCardState.PENDING]
    drawn = press.draw(_orders(batch_id, dpi=batch.dpi))
    while chunk := [_stored(one) for one in islice(drawn, _CHUNK)]:
        _keep(batch_id, chunk, by=by)
        done += len(chunk)
        progress.report(done, total, "Đang dựng thẻ")
    progress.report(total, total + 1, "Đang ghép tệp in")
    batch = prints_q.get_batch(batch_id, scope=by.scope)
    _finish(batch_id, make_files(press, batch), by=by)


def _orders(batch_id: int, *, dpi: int) -> Iterator[Order]:
    """Give the cards still to be drawn, read some at a time."""
    after = -1
    while True:
        pending = prints_q.cards_of(
            batch_id, state=PrintCardState.PENDING, after=after, limit=_CHUNK
        )
        if not pending:
            return
        after = pending[-1].position
        yield from [order_of(card, dpi=dpi) for card in pending]


def _stored(drawn: Drawn) -> tuple[Drawn, dict[str, str]]:
    store = stores.exports()
    return drawn, {side: store.put(png) for side, png in drawn.pictures.items()}


def give_up(batch_id: int, *, by: Actor) -> None:
    """Give up a batch that nobody has taken a file of: its cards wait again.

    Raises Conflict once a file was taken (a card may have been printed), and while
    the batch is being drawn.
    """
    by.require(Action.PRINT_RUN)
    batch = prints_q.get_batch(batch_id, scope=by.scope)
    if batch.state not in _UNTOUCHED:
        raise Conflict(_TAKEN)
    job = jobs_q.latest_of("print.render", batch_id, scope=by.scope)
    drawing = job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}
    if drawing and batch.state is BatchState.WAITING:
        raise Conflict("Lô này đang được dựng. Dừng việc chạy nền trước, rồi bỏ lô.")
    if not _release(batch_id, "Lô in đã được bỏ.", by=by):
        raise Conflict(_TAKEN)


def waiting_for_a_say_so(batch: PrintBatch) -> list[PrintCard]:
    """List the drawn cards whose warnings nobody has accepted yet."""
    if batch.warnings_accepted_at is not None:
        return []
    return prints_q.doubtful_cards(batch.id)


def accept_warnings(batch_id: int, *, by: Actor) -> None:
    """Say that the batch may be printed whatever the gate doubts; on record.

    Raises Conflict while the batch is not drawn yet: nobody has seen its warnings.
    """
    by.require(Action.PRINT_RUN)
    with transaction() as session:
        batch = prints_q.get_batch(batch_id, scope=by.scope)
        if batch.state is not BatchState.RENDERED:
            raise Conflict("Lô này chưa dựng xong, hoặc đã bỏ. Tải lại trang.")
        doubtful = waiting_for_a_say_so(batch)
        if not doubtful:
            return
        batch.warnings_accepted_at = clock.now()
        numbers = [card.card["member_number"] for card in doubtful]
        _record(session, "print.say_so", batch, by=by, cards=numbers)


def open_file(batch_id: int, name: str, *, by: Actor) -> Path:
    """Give the path of one of the batch's files, and note who took it."""
    by.require(Action.PRINT_DOWNLOAD)
    with transaction() as session:
        batch = prints_q.get_batch(batch_id, scope=by.scope)
        file = next((file for file in batch.files if file.name == name), None)
        if file is None:
            raise Invalid(f"Lô in này không có tệp “{name}”. Chọn tệp trong danh sách.")
        doubtful = waiting_for_a_say_so(batch)
        if doubtful:
            raise Conflict(
                f"{len(doubtful)} thẻ trong lô có cảnh báo chưa ai xem. Mở trang lô in,"
                " đọc từng cảnh báo rồi bấm “Đã xem, vẫn in”, hoặc bỏ lô để sửa."
            )
        batch.state = BatchState.DOWNLOADED
        _record(session, "print.download", batch, by=by, file=name)
        return stores.exports().path(file.content_hash)


def read_image(card_id: int, side: str, *, by: Actor) -> bytes:
    """Give a small picture of one side of one card in the scope: to see, not to print.

    What can be printed leaves only by ``open_file``, with its right and its record.
    """
    by.require(Action.PRINT_VIEW)
    card = prints_q.get_card(card_id, scope=by.scope)
    if side not in card.images:
        raise Invalid("Mặt thẻ này chưa được dựng.")
    return preview(stores.exports().read(card.images[side]), width_px=PREVIEW_WIDTH_PX)


def linked_proofs(*, by: Actor) -> Iterator[CardData]:
    """Give the linked cards in the scope as they will look, for proofs only.

    The bank prints them: they never enter a batch.
    """
    by.require(Action.PRINT_RUN)
    for request in prints_q.linked_with_number(scope=by.scope):
        yield read_card(card_values(request), dpi=300)


def _check(settings: PrintSettings) -> None:
    if settings.profile not in PROFILES:
        raise Invalid("Không có loại máy in này. Chọn một loại trong danh sách.")
    if settings.dpi not in DPI_CHOICES:
        raise Invalid("Độ phân giải in là 300 hoặc 600 điểm mỗi inch.")
    if not settings.sides or not set(settings.sides) <= set(SIDES):
        raise Invalid("Chọn ít nhất một mặt thẻ để in.")


def _chosen(found: list[CardRequest], wanted: list[int] | None) -> list[CardRequest]:
    if wanted is None:
        chosen = found
    else:
        by_id = {request.id: request for request in found}
        gone = [request_id for request_id in wanted if request_id not in by_id]
        if gone:
            raise Conflict(
                f"{len(gone)} đề nghị vừa chọn không còn chờ in (có thể đã vào lô"
                " khác). Tải lại trang rồi chọn lại."
            )
        chosen = [by_id[request_id] for request_id in dict.fromkeys(wanted)]
    if not chosen:
        raise Invalid(
            "Chưa có thẻ nào chờ in. Thẻ thông thường chờ in sau khi được duyệt và"
            " có mã số."
        )
    return chosen


def _move_all(
    session: Any, requests: list[CardRequest], move: Move, *, by: Actor
) -> None:
    """Make one move on all of them or on none: a batch is whole."""
    outcome = move_requests(session, [one.id for one in requests], move, by=by)
    if outcome.refused:
        first = outcome.refused[0]
        raise Conflict(f"{first.full_name}: {first.reason}")


def _keep(
    batch_id: int, stored: list[tuple[Drawn, dict[str, str]]], *, by: Actor
) -> None:
    reasons: dict[int, str] = {}
    with transaction() as session:
        cards = {
            drawn.card_id: session.get_one(PrintCard, drawn.card_id)
            for drawn, _images in stored
        }
        gone = prints_q.inactive_members([one.request_id for one in cards.values()])
        for drawn, images in stored:
            card = cards[drawn.card_id]
            if card.state is not PrintCardState.PENDING:
                continue  # another runner was here before us
            status = gone.get(card.request_id)
            reason = reason_to_hold(status) if status else drawn.reason
            card.images = {} if reason else images
            card.reason = reason
            card.warnings = drawn.warnings
            card.state = PrintCardState.REFUSED if reason else PrintCardState.DRAWN
            if reason:
                reasons[card.request_id] = reason
        if reasons:
            _take_out(session, batch_id, reasons, by=by)


def _take_out(
    session: Any, batch_id: int, reasons: dict[int, str], *, by: Actor
) -> None:
    lines = renewals_q.lines_of_batch(batch_id, reasons, scope=by.scope)
    apply_move(session, lines, Move.TAKE_OUT_OF_BATCH, by=by, reasons=reasons)


def _release(batch_id: int, reason: str, *, by: Actor) -> bool:
    """Let every card of a batch go, drawn or not, and close it; False once taken."""
    with transaction() as session:
        batch = prints_q.get_batch(batch_id, scope=by.scope)
        if batch.state not in _UNTOUCHED:
            return False
        reasons = {}
        for card in prints_q.cards_of(batch_id):
            if card.state is PrintCardState.REFUSED:
                continue
            card.state = PrintCardState.REFUSED
            card.reason = reason
            # Nothing that could still be printed stays behind.
            card.images = {}
            reasons[card.request_id] = reason
        for file in batch.files:
            session.delete(file)
        if reasons:
            _take_out(session, batch_id, reasons, by=by)
        batch.state = BatchState.FAILED
        _record(session, "print.give_up", batch, by=by, reason=reason)
    return True


def _finish(batch_id: int, files: list[tuple[str, str, int]], *, by: Actor) -> None:
    with transaction() as session:
        batch = prints_q.get_batch(batch_id, scope=by.scope)
        if batch.state is not BatchState.WAITING:
            return
        for name, digest, size in files:
            session.add(
                BatchFile(
                    batch_id=batch.id, name=name, content_hash=digest, size_bytes=size
                )
            )
        printed = prints_q.cards_of(batch_id, state=PrintCardState.DRAWN)
        if printed:
            ids = [card.request_id for card in printed]
            lines = renewals_q.lines_of_batch(batch_id, ids, scope=by.scope)
            apply_move(session, lines, Move.PRINT, by=by)
        batch.state = BatchState.RENDERED if files else BatchState.FAILED
        batch.rendered_at = clock.now()
        _record(session, "print.render", batch, by=by, cards=len(printed))


def _record(
    session: Any, action: str, batch: PrintBatch, *, by: Actor, **detail: Any
) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="print_batch",
        subject_id=batch.id,
        unit_path=batch.unit_path,
        detail=detail,
    )
