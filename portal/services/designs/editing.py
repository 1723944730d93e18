"""Work on a draft: operations, undo and redo, refused as a whole or done as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from card_designs.edits import EditRefused, apply
from portal.access.actor import Actor
from portal.db.models import CardDesign, DesignDraft, DesignEdit
from portal.db.queries import designs as designs_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotFound
from portal.services.designs import access, drawing
from portal.services.designs.contents import SIDE_FILES, SIDE_LABELS, of_draft

# One request of the editor: a multi-selection moved, a paste.
MOST_OPERATIONS = 500


class DraftChanged(Conflict):
    """Another change came first; ``told`` names the revision now and who made it."""

    def __init__(self, draft: DesignDraft) -> None:
        super().__init__(
            f"{draft.edited_by_name} vừa sửa bản nháp này lúc"
            f" {draft.edited_at.astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}. Xem bản"
            " mới rồi làm lại thao tác của bạn."
        )
        self.told = {"revision": draft.revision, "edited_by": draft.edited_by_name}


class OperationRefused(Invalid):
    """An operation cannot be done; ``told`` names the line where that is known."""

    def __init__(self, text: str, *, line: int | None = None) -> None:
        super().__init__(text)
        self.told = {"line": line}


@dataclass(frozen=True, slots=True)
class Step:
    """What one step makes of a side: its new bytes, the way back, what it touched."""

    source: bytes
    operations: list[dict[str, Any]]
    inverses: list[dict[str, Any]]
    at: list[str]


def apply_operations(
    design_id: int,
    side: str,
    operations: list[dict[str, Any]],
    *,
    revision: int,
    by: Actor,
) -> list[str]:
    """Do the operations in their order on one side of the draft, all or none.

    Returns where the elements stand that were made or moved. One call is one step
    of undo.
    Raises DraftChanged where ``revision`` is no longer the draft's, OperationRefused
    where one cannot be done or the result would be no design that we keep.
    """
    if not 0 < len(operations) <= MOST_OPERATIONS:
        raise OperationRefused(
            f"Mỗi lần gửi từ 1 đến {MOST_OPERATIONS} thao tác; hãy chia nhỏ ra."
        )
    design = access.editable(design_id, by=by)
    draft = draft_at(design.id, revision)
    step = worked_out(draft, side, operations)
    write_steps(design, {side: step}, revision=revision, by=by)
    return step.at


def write_steps(
    design: CardDesign,
    steps: Mapping[str, Step],
    *,
    revision: int,
    by: Actor,
    action: str = "design.edit",
    pictures: Mapping[str, str] | None = None,
    settings: bytes | None = None,
    **detail: Any,
) -> None:
    """Keep steps that were worked out on ``revision``, one a side, all or none.

    ``pictures`` join those of the folder; ``settings`` replaces design.toml.
    """
    with transaction() as session:
        draft = draft_at(design.id, revision)
        for side, step in steps.items():
            edit = DesignEdit(
                design_id=design.id,
                side=side,
                operations=step.operations,
                inverses=step.inverses,
                officer_id=by.officer_id,
                at=clock.now(),
            )
            designs_q.add_edit(session, edit)
            setattr(draft, side, step.source)
        draft.pictures = {**draft.pictures, **(pictures or {})}
        if settings is not None:
            draft.settings = settings
        touch(draft, by=by)
        did = {side: _names(step.operations) for side, step in steps.items()}
        access.record(
            session,
            action,
            design,
            by=by,
            did=did,
            revision=draft.revision,
            **detail,
        )


def _names(operations: list[dict[str, Any]]) -> list[str]:
    return sorted({str(one.get("op")) for one in operations})


def undo(design_id: int, side: str, *, revision: int, by: Actor) -> None:
    """Take the last step on a side back; Invalid where there is none."""
    _walk(design_id, side, undone=False, revision=revision, by=by)


def redo(design_id: int, side: str, *, revision: int, by: Actor) -> None:
    """Do again the step that was taken back last; Invalid where there is none."""
    _walk(design_id, side, undone=True, revision=revision, by=by)


def _walk(design_id: int, side: str, *, undone: bool, revision: int, by: Actor) -> None:
    design = access.editable(design_id, by=by)
    with transaction() as session:
        draft = draft_at(design.id, revision)
        source = side_of(draft, side)
        edit = designs_q.last_edit(design.id, side, undone=undone)
        if edit is None:
            what = "làm lại" if undone else "hoàn tác"
            raise Invalid(f"Không còn thao tác nào ở {SIDE_LABELS[side]} để {what}.")
        for operation in edit.operations if undone else edit.inverses:
            source = apply(source, operation).source
        edit.undone = not undone
        setattr(draft, side, source)
        touch(draft, by=by)
        action = "design.redo" if undone else "design.undo"
        access.record(
            session, action, design, by=by, side=side, revision=draft.revision
        )


def side_of(draft: DesignDraft, side: str) -> bytes:
    """Give the source of one side; NotFound for a side that the design has not."""
    source: bytes = {"front": draft.front, "back": draft.back}.get(side, b"")
    if not source:
        raise NotFound
    return source


def worked_out(
    draft: DesignDraft,
    side: str,
    operations: list[dict[str, Any]],
    *,
    pictures: Mapping[str, bytes] | None = None,
) -> Step:
    """Work out what operations make of a side of the draft; nothing is kept yet.

    ``pictures`` are those that come with it. The result is read by the limited child:
    what cannot be read as a design is refused like a bad operation.
    """
    source, file = side_of(draft, side), SIDE_FILES[side]
    inverses: list[dict[str, Any]] = []
    at: list[str] = []
    for operation in operations:
        try:
            edited = apply(source, operation, file=file)
        except EditRefused as refused:
            raise OperationRefused(str(refused), line=refused.line) from refused
        source = edited.source
        inverses.insert(0, edited.inverse)
        at += edited.at
    try:
        drawing.inspect({**of_draft(draft), **(pictures or {}), file: source})
    except drawing.NotDrawn as refused:
        raise OperationRefused(refused.text) from refused
    return Step(source, operations, inverses, at)


def draft_at(design_id: int, revision: int) -> DesignDraft:
    """Give the draft; DraftChanged where it is no longer at this revision."""
    draft = designs_q.draft_of(design_id)
    if draft.revision != revision:
        raise DraftChanged(draft)
    return draft


def touch(draft: DesignDraft, *, by: Actor) -> None:
    """Raise the draft's revision in the name of who changed it."""
    draft.revision += 1
    draft.edited_at = clock.now()
    draft.edited_by_id = by.officer_id
    draft.edited_by_name = by.name
