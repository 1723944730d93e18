"""The accounts of an evaluated list: every row in, every row left out, what to know."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from portal.db.models.intake import RowState
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_photos, intake_rows
from portal.domain.photos import PhotoState
from portal.domain.roster_rows import SkippedRow
from portal.domain.text import fold
from portal.services.intake.evaluated_rows import Run
from portal.services.intake.package_photos import base_name

_SKIPPED_SHOWN = 200
_ONLY_COUNTED = {
    "title": "dòng tên danh sách phía trên tiêu đề",
    "columns": "dòng tiêu đề",
    "blank": "dòng trống",
}


def counts_of(session: Any, run: Run) -> dict[str, Any]:
    """Count rows by state and photos by match; the sums are checked, then shown.

    ``matched`` are the rows with a usable photo, ``refused`` those whose photo
    cannot be used; with ``ambiguous`` and ``missing`` they are all rows.
    """
    states = intake_q.count_states(session, run.import_id)
    counted = {state.value: states[state] for state in RowState}
    matching = run.matching
    photos = {state.value: matching.count(state) for state in PhotoState}
    refused = intake_photos.count_refused_on_rows(session, run.import_id)
    photos[PhotoState.MATCHED.value] -= refused
    if sum(states.values()) != len(run.reading.rows):
        msg = "the accounts of an import do not close"
        raise RuntimeError(msg)
    return {
        "rows_in": len(run.reading.rows),
        **counted,
        **intake_rows.counts(session, run.import_id),
        "skipped": len(run.reading.skipped),
        "photos": {
            **photos,
            "unmatched": len(matching.unmatched),
            "refused": refused,
        },
    }


def notes_on(run: Run) -> list[str]:
    """Say what concerns the list as a whole."""
    notes = [str(problem) for problem in run.reading.problems]
    names = Counter(
        str(row.values["unit_name"])
        for row in run.reading.rows
        if "unit_name" in row.values
    )
    foreign = [name for name in names if fold(name) != fold(run.unit_name)]
    if foreign:
        shown = ", ".join(f"“{name}”" for name in foreign[:3])
        notes.append(
            f"Cột công đoàn cơ sở ghi {shown}; tất cả các dòng sẽ được nhập vào"
            f" {run.unit_name}. Nếu nhầm đơn vị, hãy bỏ lần nhập này."
        )
    others = run.package.other_names
    if others:
        shown = ", ".join(base_name(name) for name in others[:5])
        notes.append(f"Có {len(others)} tệp không phải danh sách hay ảnh: {shown}.")
    return notes


def skipped_lines(skipped: Sequence[SkippedRow]) -> list[str]:
    """List the rows that are no people; blank ones and headings are only counted."""
    lines = [
        f"Trang “{row.sheet}”"
        + (f", dòng {row.row}" if row.row else "")
        + f": {row.reason}"
        + (f" ({row.text})" if row.text else "")
        for row in skipped
        if row.code not in _ONLY_COUNTED
    ]
    more = len(lines) - _SKIPPED_SHOWN
    if more > 0:
        lines = [*lines[:_SKIPPED_SHOWN], f"… và {more} dòng khác."]
    counted = Counter(row.code for row in skipped)
    return [
        *lines,
        *(
            f"{counted[code]} {name}."
            for code, name in _ONLY_COUNTED.items()
            if counted[code]
        ),
    ]
