"""Rows of a list as they are kept: judged, with their repairs, doubts and photo."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.access.scope import Scope
from portal.db.models import ImportPhoto, Photo
from portal.db.models.intake import PhotoMatch, RowState
from portal.db.queries import evaluated as evaluated_q
from portal.domain.likeness import Likeness
from portal.domain.photos import PhotoMatching, PhotoState
from portal.domain.renewal import State
from portal.domain.roster_rows import CleanRow, Repair, RosterReading
from portal.files.archive import Package
from portal.services.intake.judge import Verdict, judge, world_of
from portal.services.intake.package_photos import ReadPhoto, base_name, photo_doubts
from portal.services.intake.row_photos import why_it_stays
from portal.services.intake.row_values import to_json
from portal.services.photos import add_photo

_MATCHES = {
    PhotoState.MATCHED: PhotoMatch.MATCHED,
    PhotoState.AMBIGUOUS: PhotoMatch.AMBIGUOUS,
    PhotoState.MISSING: PhotoMatch.MISSING,
}


_NO_NEWS = frozenset({RowState.SAME, RowState.CHANGED})

# The columns of one ImportRow, by name, until they are written by the hundred.
Line = dict[str, Any]


@dataclass(slots=True)
class Run:
    """One evaluation: what it reads, and what it has to remember from row to row."""

    import_id: int
    token: str
    unit_path: str
    unit_name: str
    package: Package
    reading: RosterReading
    matching: PhotoMatching
    # Which row met a member first, and which a photo: the second is named.
    members_met: dict[int, CleanRow] = field(default_factory=dict)
    photos_met: dict[str, CleanRow] = field(default_factory=dict)


def store_rows(
    session: Any, run: Run, chunk: range, photos: Mapping[str, ReadPhoto]
) -> None:
    """Write one chunk of judged rows with their photos."""
    rows = [run.reading.rows[at] for at in chunk]
    world = world_of([row.values for row in rows], scope=Scope(run.unit_path))
    stored: list[Line] = []
    alike: list[tuple[int, int, Likeness]] = []
    for at, row in zip(chunk, rows, strict=True):
        verdict = judge(row.values, world)
        _judge_against_list(run, row, verdict)
        line = _row_of(run, at, row, verdict)
        read = photos.get(run.matching.matches[at].file)
        if read is not None:
            fixed = world.fixed.get(verdict.member.id) if verdict.member else None
            _hang_photo(session, run, line, read, verdict, row, fixed)
        stored.append(line)
        alike += [(at, member_id, how) for member_id, how in verdict.alike.items()]
    evaluated_q.insert_rows(session, stored)
    if not photos and not alike:
        return
    ids = evaluated_q.ids_by_position(session, run.import_id, list(chunk))
    evaluated_q.insert_likenesses(session, [(ids[at], m, how) for at, m, how in alike])
    lines = {line["photo_name"]: line for line in stored if line["photo_name"]}
    for name, read in photos.items():
        line = lines[name]
        session.add(
            ImportPhoto(
                import_id=run.import_id,
                name=name,
                photo_id=line["photo_id"],
                row_id=ids[line["position"]],
                problems=[read.refusal] if read.refusal else [],
            )
        )


def _judge_against_list(run: Run, row: CleanRow, verdict: Verdict) -> None:
    """Let what the list itself says prevail over what the tree says."""
    if row.problems:
        others = verdict.problems
        duplicate = row.is_duplicate or verdict.state is RowState.DUPLICATE
        only = all(getattr(p, "code", "") == "duplicate" for p in row.problems)
        verdict.state = RowState.DUPLICATE if duplicate and only else RowState.ERROR
        verdict.problems = [*map(str, row.problems), *others]
        verdict.changes = {}
    elif verdict.member is not None:
        first = run.members_met.setdefault(verdict.member.id, row)
        if first is not row:
            verdict.state = RowState.DUPLICATE
            verdict.problems.append(
                f"Dòng này và dòng {first.row} là cùng một đoàn viên. Giữ một dòng."
            )
            verdict.changes = {}


def _row_of(run: Run, at: int, row: CleanRow, verdict: Verdict) -> Line:
    match = run.matching.matches[at]
    member = verdict.member
    doubts = photo_doubts(
        match,
        named=str(row.values.get("photo_file", "")),
        has_photos=bool(run.package.photo_names),
        known=member is not None and member.photo_id is not None,
    )
    return {
        "import_id": run.import_id,
        "position": at,
        "sheet": row.sheet,
        "row_number": row.row,
        "state": verdict.state,
        "raw": row.raw,
        "values": to_json(row.values),
        "repairs": [_repair(repair) for repair in row.repairs],
        "warnings": [*map(str, row.warnings), *verdict.warnings, *doubts],
        "problems": verdict.problems,
        "changes": verdict.changes,
        "photo_match": _MATCHES[match.state],
        "photo_name": match.file,
        "photo_id": None,
        "member_id": member.id if member else None,
        "member_version": member.version if member else None,
    }


def _hang_photo(
    session: Any,
    run: Run,
    line: Line,
    read: ReadPhoto,
    verdict: Verdict,
    row: CleanRow,
    fixed: State | None,
) -> None:
    """Put the row's photo on it; the photo that the member has already is no news.

    ``fixed``: where the request stands that the member's photo was sent with.
    """
    if read.prepared is None:
        line["warnings"].append(read.refusal)
        return
    prepared = read.prepared
    first = run.photos_met.setdefault(prepared.original_hash, row)
    line["warnings"] += prepared.warnings
    if first is not row:
        line["warnings"].append(
            f"Ảnh giống hệt ảnh của dòng {first.row}. Xem lại ảnh của ai."
        )
    line["repairs"] += [
        {"field": "photo", "before": "", "after": "", "reason": reason}
        for reason in prepared.repairs
    ]
    known: Photo | None = verdict.member.photo if verdict.member else None
    if known is not None and known.original_hash == prepared.original_hash:
        line["photo_id"] = known.id
        return
    stays = why_it_stays(session, verdict.member, prepared.original_hash, fixed)
    if stays and known is not None:
        line["photo_id"] = known.id
        line["warnings"].append(stays)
        return
    line["photo_id"] = add_photo(session, prepared).id
    if verdict.member is not None and line["state"] in _NO_NEWS:
        line["state"] = RowState.CHANGED
        before = "ảnh đang có" if known is not None else ""
        line["changes"] = {**line["changes"], "photo": [before, base_name(read.name)]}


def _repair(repair: Repair) -> dict[str, str]:
    return {
        "field": repair.field,
        "before": repair.before,
        "after": repair.after,
        "reason": repair.reason,
    }
