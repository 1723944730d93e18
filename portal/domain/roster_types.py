"""What reading a list of members gives: rows, what was skipped, what is wrong."""

from collections import defaultdict
from dataclasses import dataclass

from portal.domain.errors import Problem
from portal.domain.roster_cells import Repair
from portal.domain.roster_sheets import Column, SkippedRow


@dataclass(frozen=True, slots=True)
class RosterProblem(Problem):
    """A problem that a state depends on; ``code`` is one of the names below.

    Of a row: missing, duplicate, lookalike (a warning), unreadable. Of the whole:
    no_sheet, empty, no_header, no_rows, missing_column, too_many_rows.
    """

    code: str = ""


@dataclass(frozen=True, slots=True)
class CleanRow:
    """One person of the list; ``row`` counts from 1 as Excel shows it.

    ``values`` holds what was read by field name: dates as ``PartialDate``, flags as
    bool, everything else as text (enums by their stored value). Empty cells have no
    entry. ``raw`` holds the cells as they stood. A row with problems is not taken.
    """

    sheet: str
    row: int
    values: dict[str, object]
    raw: dict[str, str]
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_duplicate(self) -> bool:
        """Say whether the same identity number stands in another row, too."""
        return any(
            isinstance(p, RosterProblem) and p.code == "duplicate"
            for p in self.problems
        )


@dataclass(frozen=True, slots=True)
class RosterReading:
    """All that a workbook's sheets gave; ``problems`` concern the list as a whole."""

    rows: tuple[CleanRow, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()
    columns: tuple[Column, ...] = ()
    problems: tuple[RosterProblem, ...] = ()

    @property
    def skipped_counts(self) -> dict[str, int]:
        """Count the skipped rows by their reason."""
        counts: dict[str, int] = defaultdict(int)
        for skipped in self.skipped:
            counts[skipped.reason] += 1
        return dict(counts)
