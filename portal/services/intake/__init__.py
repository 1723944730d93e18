"""Lists come in: uploaded, evaluated whole, mended, accepted, and taken back."""

from portal.services.intake.accept import accept, begin_accept
from portal.services.intake.choices import choose, choose_for_kind
from portal.services.intake.columns import (
    choose_columns,
    columns_of,
    keep_as_typed,
    read_anew,
)
from portal.services.intake.evaluate import evaluate
from portal.services.intake.mend import MENDABLE, mend
from portal.services.intake.photo_desk import assign, photo_desk, take_off
from portal.services.intake.report import refused_workbook, template_workbook
from portal.services.intake.row_cells import bad_fields, shown_cells
from portal.services.intake.take_back import begin_take_back, take_back, undoing
from portal.services.intake.upload import (
    abort,
    receive,
    record_download,
    unit_choices,
)

__all__ = [
    "MENDABLE",
    "abort",
    "accept",
    "assign",
    "bad_fields",
    "begin_accept",
    "begin_take_back",
    "choose",
    "choose_columns",
    "choose_for_kind",
    "columns_of",
    "evaluate",
    "keep_as_typed",
    "mend",
    "photo_desk",
    "read_anew",
    "receive",
    "record_download",
    "refused_workbook",
    "shown_cells",
    "take_back",
    "take_off",
    "template_workbook",
    "undoing",
    "unit_choices",
]
