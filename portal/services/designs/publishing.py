"""From draft to version, which stays as it is; and from a version back to the draft."""

from card_designs.findings import Level
from portal.access.actor import Actor
from portal.db.models import CardDesign, DesignDraft, DesignVersion
from portal.db.queries import designs as designs_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, Problem
from portal.domain.text import clean_lines
from portal.services import stores
from portal.services.designs import access, contents, drawing
from portal.services.designs.editing import (
    DraftChanged,
    draft_at,
    side_of,
    worked_out,
    write_steps,
)
from portal.services.designs.sample_cards import card_for

LONGEST_NOTE = 1000
_TOLD = 20


def publish(
    design_id: int, *, note: str, revision: int | None, by: Actor
) -> DesignVersion:
    """Make the draft the next version, proven to be drawable on a sample card.

    Raises Invalid with all that must be mended first, DraftChanged where the draft
    is no longer the one that the officer saw (``revision`` None: as it stands),
    Conflict where nothing has changed.
    """
    note = clean_lines(note)[:LONGEST_NOTE]
    design = access.editable(design_id, by=by)
    draft = designs_q.draft_of(design.id)
    revision = draft.revision if revision is None else revision
    _refuse_stale(design, draft, revision)
    files = contents.of_draft(draft)
    prove(design, files, by=by)
    store = stores.designs()
    hashes = {name: store.put(content) for name, content in files.items()}
    with transaction() as session:
        draft = designs_q.draft_of(design.id)
        _refuse_stale(design, draft, revision)
        version = DesignVersion(
            design_id=design.id,
            number=max((one.number for one in design.versions), default=0) + 1,
            name=design.name,
            kind=design.kind,
            files=hashes,
            digest=contents.digest_of(files),
            note=note,
            published_at=clock.now(),
            published_by_id=by.officer_id,
            published_by_name=by.name,
        )
        session.add(version)
        draft.published_revision = draft.revision
        number, digest = version.number, version.digest
        access.record(
            session, "design.publish", design, by=by, number=number, digest=digest
        )
    return version


def prove(design: CardDesign, files: dict[str, bytes], *, by: Actor) -> None:
    """Raise Invalid with what would spoil every card of the design."""
    found = drawing.inspect(files).findings
    bad = [one for one in found if one.level is Level.ERROR]
    if bad:
        raise Invalid(
            f"Chưa phát hành được: bản nháp còn {len(bad)} lỗi phải sửa.",
            tuple(Problem(one.message, one.where) for one in bad[:_TOLD]),
        )
    card = card_for("sample", kind=design.kind, by=by)
    for side, file in contents.SIDE_FILES.items():
        if file in files:
            drawing.draw(files, side, card, dpi=300)


def restore(design_id: int, number: int, *, revision: int, by: Actor) -> None:
    """Bring a version back into the draft; each side's step can be undone.

    Raises Conflict where the draft is that version already.
    """
    design = access.editable(design_id, by=by)
    version = access.version_of(design_id, number, by=by)
    draft = draft_at(design.id, revision)
    files = contents.of_version(version)
    settings = contents.retitled(files.pop(contents.SETTINGS), design.name)
    pictures = {n: c for n, c in files.items() if n not in contents.PARTS}
    steps = {}
    for side, file in contents.SIDE_FILES.items():
        now, then = side_of(draft, side), files[file]
        if now != then:
            operation = {"op": "replace", "svg": then.decode("utf-8")}
            steps[side] = worked_out(draft, side, [operation], pictures=pictures)
    if not steps and settings == draft.settings:
        raise Conflict(f"Bản nháp đang giống bản {number}: không có gì để khôi phục.")
    write_steps(
        design,
        steps,
        revision=revision,
        by=by,
        action="design.restore",
        pictures={name: version.files[name] for name in pictures},
        settings=settings,
        number=number,
    )


def _refuse_stale(design: CardDesign, draft: DesignDraft, revision: int) -> None:
    if draft.revision != revision:
        raise DraftChanged(draft)
    if draft.published_revision == draft.revision and design.latest:
        raise Conflict(
            f"Bản nháp không khác bản {design.latest.number} đã phát hành: không có gì"
            " để phát hành thêm."
        )
