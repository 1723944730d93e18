"""The designs of a unit: what it may use, begun anew, named, lent out, retired."""

from collections import Counter
from dataclasses import dataclass

from card_designs.design import BUILT_IN
from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import CardDesign, DesignDraft
from portal.db.queries import designs as designs_q
from portal.db.session import check_version, transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid, NotAllowed, Problem
from portal.domain.text import clean
from portal.services import stores
from portal.services.designs import access, contents
from portal.services.designs.editing import touch

LONGEST_NAME = 120
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A design that the portal brings along."""

    name: str
    title: str
    kind: CardKind


@dataclass(frozen=True, slots=True)
class Gallery:
    """What a unit may use, and how many batches of its scope used it.

    ``batches`` counts by design id, ``built_in_batches`` by built-in name.
    """

    designs: tuple[CardDesign, ...]
    built_in: tuple[BuiltIn, ...]
    batches: Counter[int]
    built_in_batches: Counter[str]


def gallery(*, by: Actor) -> Gallery:
    """List the designs that the officer's unit may use."""
    by.require(Action.DESIGN_VIEW)
    designs = designs_q.listed(scope=by.scope)
    by_version = designs_q.batches_by_version(scope=by.scope)
    return Gallery(
        designs=tuple(designs),
        built_in=built_in(),
        batches=Counter(
            {d.id: sum(by_version[v.id] for v in d.versions) for d in designs}
        ),
        built_in_batches=designs_q.batches_by_built_in(scope=by.scope),
    )


def built_in() -> tuple[BuiltIn, ...]:
    """List the designs that the portal brings along."""
    found = []
    for name in BUILT_IN:
        settings = contents.of_built_in(name)[contents.SETTINGS]
        title = str(contents.read_settings(settings)["title"])
        found.append(BuiltIn(name, title, contents.kind_in(settings)))
    return tuple(found)


def create(
    name: str, *, start: str, by: Actor, kind: CardKind = CardKind.STANDARD
) -> CardDesign:
    """Begin a design at the officer's unit.

    ``start``: a built-in design's name, "blank" (for cards of ``kind``), or the id of
    a design to copy. Raises NotAllowed where that one may not be copied.
    """
    by.require(Action.DESIGN_EDIT)
    if start == BLANK:
        files = contents.blank(name, kind)
    elif start in BUILT_IN:
        files = contents.of_built_in(start)
    elif start.isascii() and start.isdigit():
        files = _copied(int(start), by=by)
    else:
        raise Invalid("Chọn mẫu để bắt đầu: mẫu có sẵn, trang trống hoặc một mẫu khác.")
    return add(name, files, by=by, origin=start)


def add(name: str, files: dict[str, bytes], *, by: Actor, origin: str) -> CardDesign:
    """Write a design of the officer's unit with these files as its draft."""
    name = named(name)
    kind = contents.kind_in(files[contents.SETTINGS])
    store = stores.designs()
    pictures = {n: store.put(c) for n, c in files.items() if n not in contents.PARTS}
    now = clock.now()
    with transaction() as session:
        design = CardDesign(
            unit_id=by.unit_id,
            unit_path=by.unit_path,
            name=name,
            kind=kind,
            created_at=now,
            created_by_id=by.officer_id,
        )
        session.add(design)
        session.flush()
        session.add(
            DesignDraft(
                design_id=design.id,
                settings=contents.retitled(files[contents.SETTINGS], name),
                front=files[contents.FRONT],
                back=files.get(contents.BACK, b""),
                pictures=pictures,
                edited_at=now,
                edited_by_id=by.officer_id,
                edited_by_name=by.name,
            )
        )
        access.record(session, "design.create", design, by=by, name=name, of=origin)
    return design


def edit(
    design_id: int, *, name: str, may_copy: bool, version: int, by: Actor
) -> CardDesign:
    """Give a design another name, and say whether units below may copy it."""
    name = named(name)
    design = access.editable(design_id, by=by)
    with transaction() as session:
        check_version(shown=version, current=design.version)
        changes = {"name": [design.name, name], "may_copy": [design.may_copy, may_copy]}
        if design.name != name:
            draft = designs_q.draft_of(design.id)
            draft.settings = contents.retitled(draft.settings, name)
            touch(draft, by=by)
        design.name, design.may_copy = name, may_copy
        access.record(session, "design.rename", design, by=by, changes=changes)
    return design


def retire(design_id: int, *, by: Actor) -> CardDesign:
    """Offer a design to no new batch; those that pinned a version keep it."""
    return _retire(design_id, retired=True, by=by)


def restore_to_use(design_id: int, *, by: Actor) -> CardDesign:
    """Offer a retired design again."""
    return _retire(design_id, retired=False, by=by)


def _retire(design_id: int, *, retired: bool, by: Actor) -> CardDesign:
    design = access.editable(design_id, by=by)
    with transaction() as session:
        if retired != (design.retired_at is not None):
            design.retired_at = clock.now() if retired else None
            action = "design.retire" if retired else "design.resume"
            access.record(session, action, design, by=by)
    return design


def named(name: str) -> str:
    """Clean a design's name; Invalid where there is none or it is too long."""
    name = clean(name)
    if not 0 < len(name) <= LONGEST_NAME:
        text = f"Tên mẫu thẻ có từ 1 đến {LONGEST_NAME} chữ."
        raise Invalid(text, (Problem(text, where="name"),))
    return name


def _copied(design_id: int, *, by: Actor) -> dict[str, bytes]:
    """Take the draft of a design in scope, of a superior's the latest version."""
    design = access.usable(design_id, by=by)
    if by.scope.covers(design.unit_path):
        return contents.of_draft(designs_q.draft_of(design.id))
    if not design.may_copy or design.latest is None:
        raise NotAllowed(
            f"{design.unit.name} không cho đơn vị khác sao chép mẫu này; bạn vẫn in"
            " được bằng mẫu đó."
        )
    return contents.of_version(design.latest)
