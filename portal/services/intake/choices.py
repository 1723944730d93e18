"""What the officer wants done: with one row, or with every row of a kind."""

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import ImportRow
from portal.db.models.intake import RowChoice
from portal.db.queries import intake_rows
from portal.db.queries.intake_rows import RowFilter
from portal.db.session import transaction
from portal.domain.errors import Invalid
from portal.services.intake.different_people import remember
from portal.services.intake.judge_again import judge_again
from portal.services.intake.preview import count_again, ready, record

# What can be said of a whole kind at once; who somebody is, is said row by row.
_OF_A_KIND = {
    RowFilter.NEW: {RowChoice.TAKE, RowChoice.SKIP},
    RowFilter.CHANGED: {RowChoice.TAKE, RowChoice.FILL, RowChoice.SKIP},
    RowFilter.DOUBTFUL: {RowChoice.TAKE, RowChoice.SKIP},
    RowFilter.LEFT_OUT: {RowChoice.TAKE},
}


def choose(
    import_id: int, row_id: int, choice: RowChoice, *, by: Actor
) -> list[ImportRow]:
    """Say what is to become of one row; rows that it stood in the way of are judged.

    Raises NotFound, and Conflict where the preview is no longer open.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = ready(import_id, by=by)
        row = intake_rows.find(import_id, row_id, scope=by.scope)
        if row.choice is choice:
            return []
        said = {choice, row.choice}
        row.choice = choice
        if RowChoice.OTHER_PERSON in said:
            other = choice is RowChoice.OTHER_PERSON
            remember(session, found, row, different=other, by=by)
        touched = judge_again(session, found, [row], scope=by.scope)
        count_again(session, found)
        detail = {"row": row.row_number, "choice": choice.value}
        record(session, "import.choose", found, by=by, detail=detail)
    return touched


def choose_for_kind(
    import_id: int, kind: RowFilter, choice: RowChoice, *, by: Actor
) -> int:
    """Say it of every row of a kind; give how many rows it changed.

    Raises Invalid for a choice that such rows do not have.
    """
    by.require(Action.IMPORT_RUN)
    if choice not in _OF_A_KIND.get(kind, ()):
        raise Invalid("Không chọn được việc này cho cả loại dòng. Hãy chọn từng dòng.")
    with transaction() as session:
        found = ready(import_id, by=by)
        back = _left_out(import_id, by=by) if kind is RowFilter.LEFT_OUT else []
        changed = intake_rows.choose_for_all(session, import_id, kind, choice)
        session.expire_all()
        if back:
            rows = intake_rows.by_ids(import_id, back, scope=by.scope)
            judge_again(session, found, rows, scope=by.scope)
        count_again(session, found)
        detail = {"kind": kind.value, "choice": choice.value, "rows": changed}
        record(session, "import.choose", found, by=by, detail=detail)
    return changed


def _left_out(import_id: int, *, by: Actor) -> list[int]:
    """List the rows that come back into the list: they may be somebody's double."""
    rows = intake_rows.page(import_id, scope=by.scope, only=RowFilter.LEFT_OUT)
    return [row.id for row in rows]
