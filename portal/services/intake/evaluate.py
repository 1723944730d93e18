"""Evaluate an upload whole: read, clean, judge, match photos, store the preview."""

import secrets
from collections.abc import Iterator
from typing import Any

from portal.access.actor import Actor
from portal.access.scope import Scope
from portal.db.models import RosterImport
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.db.queries.intake_lookup import different_people
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotFound, TooLarge
from portal.domain.photos import match_photos
from portal.domain.roster_columns import with_chosen_fields
from portal.domain.roster_rows import read_roster
from portal.files.archive import Package, open_package
from portal.files.workbook import read_sheets
from portal.services import audit, stores
from portal.services.intake import columns
from portal.services.intake.accounts import counts_of, notes_on, skipped_lines
from portal.services.intake.evaluated_rows import Run, store_rows
from portal.services.intake.loose_photos import store_loose
from portal.services.intake.mend import mend_as_before
from portal.services.intake.package_photos import ReadPhoto, read_photos
from portal.services.progress import Progress

_CHUNK = 100
_CHUNK_WITHOUT_PHOTOS = 200


def evaluate(import_id: int, *, progress: Progress, by: Actor | None = None) -> None:
    """Read and judge an uploaded list; store every row with its state.

    Can be run again after a crash: it begins anew, and a second run at the same
    time makes the first one stop. An import that is evaluated already is left
    alone. A file that cannot be taken leaves the import failed, with sentences;
    a full disk (StorageFull) leaves it as it was.
    """
    begun = _begin(import_id)
    if begun is None:
        return
    received, token = begun
    try:
        with open_package(
            stores.uploads().path(received.file_hash), filename=received.file_name
        ) as package:
            run = _read(received, token, package, progress)
            _judge_all(run, progress)
            _finish(run, by=by)
    except (Invalid, TooLarge) as refusal:
        _fail(import_id, token, refusal, by=by)
    except FileNotFoundError:
        gone = NotFound("Tệp đã tải lên không còn trên máy chủ. Hãy tải lên lại.")
        _fail(import_id, token, gone, by=by)


def _begin(import_id: int) -> tuple[RosterImport, str] | None:
    """Take the import for this run and drop what a run before may have left."""
    token = secrets.token_hex(8)
    with transaction() as session:
        received = session.get_one(RosterImport, import_id)
        if received.state is not ImportState.UPLOADED:
            return None
        intake_q.clear(session, import_id)
        received.counts = {"run": token}
        _ = received.unit  # loaded while the session is at hand
    return received, token


def _read(
    received: RosterImport, token: str, package: Package, progress: Progress
) -> Run:
    """Read the list; Invalid where nothing in it can be taken."""
    progress.report(0, 0, "Đang đọc danh sách")
    sheets = read_sheets(package.roster_bytes(), package.roster_name)
    words = columns.remembered(received.unit_id, scope=Scope(received.unit_path))
    sheets = with_chosen_fields(sheets, words)
    decided = different_people(scope=Scope(received.unit_path))
    reading = read_roster(
        sheets,
        today=clock.today(),
        as_typed={(sheet, header) for sheet, header in received.as_typed},
        different=decided,
    )
    if not reading.rows:
        text = f"Không nhập được danh sách {received.file_name}."
        raise Invalid(text, reading.problems)
    return Run(
        import_id=received.id,
        token=token,
        unit_path=received.unit_path,
        unit_name=received.unit.name,
        package=package,
        reading=reading,
        matching=match_photos(reading.rows, package.photo_names),
    )


def _judge_all(run: Run, progress: Progress) -> None:
    """Judge and store chunk by chunk; photos are cut between the transactions."""
    rows = run.reading.rows
    size = _CHUNK if run.package.photo_names else _CHUNK_WITHOUT_PHOTOS
    for start in range(0, len(rows), size):
        chunk = range(start, min(start + size, len(rows)))
        matches = [run.matching.matches[at] for at in chunk]
        names = [match.file for match in matches if match.file]
        photos = {photo.name: photo for photo in _reported(run, names, start, progress)}
        with transaction() as session:
            _check_still_ours(session, run)
            store_rows(session, run, chunk, photos)
        progress.report(chunk.stop, len(rows), f"Đã đọc {chunk.stop} dòng")


def _reported(
    run: Run, names: list[str], start: int, progress: Progress
) -> Iterator[ReadPhoto]:
    total = len(run.reading.rows)
    for done, photo in enumerate(read_photos(run.package, names)):
        if done % 10 == 0:
            progress.report(start + done, total, "Đang đọc ảnh")
        yield photo


def _check_still_ours(session: Any, run: Run) -> None:
    current = session.get(RosterImport, run.import_id)
    ours = current is not None and current.counts.get("run") == run.token
    if not ours or current.state is not ImportState.UPLOADED:
        raise Conflict("Lần nhập này đã được bỏ, hoặc đang được đọc lại từ đầu.")


def _finish(run: Run, *, by: Actor | None) -> None:
    """Store the photos that are nobody's, and close the accounts."""
    store_loose(run, lambda session: _check_still_ours(session, run))
    with transaction() as session:
        _check_still_ours(session, run)
        done = session.get_one(RosterImport, run.import_id)
        done.counts = counts_of(session, run)
        done.problems = notes_on(run)
        done.skipped = skipped_lines(run.reading.skipped)
        done.columns = columns.read_columns(run.reading.columns)
        done.state = ImportState.READY
        done.evaluated_at = clock.now()
        mend_as_before(session, done)
        _record(session, "import.evaluate", done, by=by, detail=dict(done.counts))


def _fail(
    import_id: int,
    token: str,
    refusal: Invalid | TooLarge | NotFound,
    *,
    by: Actor | None,
) -> None:
    """Close the import with the sentences; the upload itself is kept."""
    with transaction() as session:
        failed = session.get_one(RosterImport, import_id)
        if failed.counts.get("run") != token:
            return
        intake_q.clear(session, import_id)
        told = [str(problem) for problem in refusal.problems]
        # A refusal for one problem says it in its own text already.
        failed.problems = [refusal.text, *(t for t in told if t not in refusal.text)]
        failed.counts = {}
        failed.state = ImportState.FAILED
        failed.evaluated_at = clock.now()
        _record(session, "import.fail", failed, by=by, detail={})


def _record(
    session: Any,
    action: str,
    subject: RosterImport,
    *,
    by: Actor | None,
    detail: dict[str, Any],
) -> None:
    audit.record(
        session,
        action,
        by=by,
        subject="roster_import",
        subject_id=subject.id,
        unit_path=subject.unit_path,
        detail={"file": subject.file_name, **detail},
    )
