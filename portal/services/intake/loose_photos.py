"""The photos of a package that found no row: prepared too, to be assigned by hand."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from portal.db.models import ImportPhoto
from portal.db.session import transaction
from portal.domain.photos import PhotoState
from portal.services.intake.evaluated_rows import Run
from portal.services.intake.package_photos import read_photos
from portal.services.photos import add_photo

_CHUNK = 100

_NOBODYS = "Ảnh không thuộc dòng nào trong danh sách."
_SEVERALS = "Ảnh có thể là của nhiều dòng, hoặc một dòng có nhiều ảnh."


def store_loose(run: Run, check: Callable[[Any], None]) -> None:
    """Cut and keep the photos on no row, chunk by chunk; ``check`` may stop it."""
    matches = run.matching.matches
    claimed = {m.file for m in matches if m.state is PhotoState.MATCHED}
    names = [name for name in run.package.photo_names if name not in claimed]
    wanted = _wanted(run)
    for at in range(0, len(names), _CHUNK):
        _store(run, names[at : at + _CHUNK], wanted, check)


def _store(
    run: Run,
    names: Sequence[str],
    wanted: dict[str, list[int]],
    check: Callable[[Any], None],
) -> None:
    read = list(read_photos(run.package, names))
    unmatched = set(run.matching.unmatched)
    with transaction() as session:
        check(session)
        for photo in read:
            why = _NOBODYS if photo.name in unmatched else _SEVERALS
            kept = add_photo(session, photo.prepared) if photo.prepared else None
            session.add(
                ImportPhoto(
                    import_id=run.import_id,
                    name=photo.name,
                    photo_id=kept.id if kept else None,
                    problems=[photo.refusal or why],
                    candidates=wanted.get(photo.name, []),
                )
            )


def _wanted(run: Run) -> dict[str, list[int]]:
    """Give the positions of the rows that each doubtful file may belong to."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position, match in enumerate(run.matching.matches):
        for name in match.candidates:
            positions[name].append(position)
    return positions
