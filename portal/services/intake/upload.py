"""The two ends of an import's life: a file received, an import given up."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import RosterImport, Unit
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.queries import photos as photos_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid
from portal.domain.text import clean
from portal.services import audit, jobs, stores
from portal.services.members import MEMBER_LEVELS

_BATCH = 500
_LONGEST_NAME = 120
_WRITTEN = frozenset(
    {ImportState.ACCEPTING, ImportState.ACCEPTED, ImportState.TAKING_BACK}
)


def unit_choices(*, by: Actor) -> Sequence[Unit]:
    """List the units that the officer may import for: their own and those below."""
    by.require(Action.IMPORT_RUN)
    return intake_q.units_to_import_into(
        scope=by.scope, levels=MEMBER_LEVELS, on=clock.today()
    )


def receive(
    stream: BinaryIO,
    *,
    file_name: str,
    unit_id: int,
    by: Actor,
    in_background: bool = True,
) -> RosterImport:
    """Keep an uploaded list or zip for a unit and have it evaluated.

    The file goes to disk as a stream. An upper officer may act on a unit's behalf
    (P2: central entry). With ``in_background`` a worker evaluates it, else the
    caller does. Raises NotFound for a unit outside the scope, Invalid for one that
    has no members of its own, StorageFull when the disk is.
    """
    by.require(Action.IMPORT_RUN)
    _check_unit(intake_q.unit(unit_id, scope=by.scope))
    digest = stores.uploads().put_stream(stream)
    with transaction() as session:
        unit = intake_q.unit(unit_id, scope=by.scope)
        _check_unit(unit)
        received = RosterImport(
            unit_id=unit.id,
            unit_path=unit.path,
            file_name=_plain_name(file_name),
            file_hash=digest,
            counts={},
            problems=[],
            skipped=[],
            columns=[],
            created_at=clock.now(),
            created_by_id=by.officer_id,
        )
        session.add(received)
        session.flush()
        received.unit = unit
        _record(session, "import.upload", received, by=by)
        if in_background:
            jobs.enqueue(
                session,
                "import.evaluate",
                subject_id=received.id,
                by=by,
                unit_id=unit.id,
                unit_path=unit.path,
            )
    return received


def abort(import_id: int, *, by: Actor) -> None:
    """Give an import up: its rows, photos and file go, its line in the list stays.

    Photo files that another photo shows, too, stay; so do those of a list that was
    in the register once.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        given_up = intake_q.get(import_id, scope=by.scope)
        if given_up.state in _WRITTEN:
            raise Conflict(
                "Lần nhập này đã được nhận vào sổ nên không bỏ được nữa."
                " Nếu cần, hãy lấy lại lần nhập này."
            )
        if given_up.state is ImportState.ABORTED:
            return
        taken = given_up.accepted_at or given_up.state is ImportState.TAKEN_BACK
        hashes = set() if taken else photos_q.hashes_of_import(session, import_id)
        intake_q.clear(session, import_id)
        given_up.state = ImportState.ABORTED
        _record(session, "import.abort", given_up, by=by)
        if not intake_q.upload_is_shared(session, given_up):
            digest = given_up.file_hash
            session.info["after_commit"].append(lambda: stores.uploads().delete(digest))
    _sweep(sorted(hashes))


def _sweep(hashes: Sequence[str]) -> None:
    """Drop the photo files that nothing shows any more, while no photo is written."""
    for at in range(0, len(hashes), _BATCH):
        with transaction() as session:
            batch = hashes[at : at + _BATCH]
            for digest in photos_q.unused_hashes(session, batch):
                stores.photos().delete(digest)


def record_download(import_id: int, what: str, *, by: Actor) -> None:
    """Note that personal data of an import left the portal: the file, the rows."""
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = intake_q.get(import_id, scope=by.scope)
        audit.record(
            session,
            "import.download",
            by=by,
            subject="roster_import",
            subject_id=found.id,
            unit_path=found.unit_path,
            detail={"what": what},
        )


def _check_unit(unit: Unit) -> None:
    if unit.level not in MEMBER_LEVELS:
        raise Invalid(
            f"{unit.name} không trực tiếp quản lý đoàn viên. Hãy chọn công đoàn cơ sở"
            " hoặc đơn vị bên dưới."
        )
    if unit.valid_to is not None and unit.valid_to < clock.today():
        raise Invalid(f"{unit.name} đã ngừng hoạt động. Hãy chọn đơn vị khác.")


def _plain_name(file_name: str) -> str:
    """Keep the name's last part as text to show; it never becomes a path."""
    name = PurePosixPath(clean(file_name).replace("\\", "/")).name
    if len(name) <= _LONGEST_NAME:
        return name or "tep-tai-len"
    suffix = PurePosixPath(name).suffix[:10]
    return name[: _LONGEST_NAME - len(suffix)] + suffix


def _record(session: object, action: str, subject: RosterImport, *, by: Actor) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="roster_import",
        subject_id=subject.id,
        unit_path=subject.unit_path,
        detail={"file": subject.file_name, "sha256": subject.file_hash},
    )
