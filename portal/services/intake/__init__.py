"""Lists come in: uploaded, evaluated whole, shown, and accepted row by row."""

from portal.services.intake.accept import accept, begin_accept
from portal.services.intake.evaluate import evaluate
from portal.services.intake.report import refused_workbook, template_workbook
from portal.services.intake.upload import (
    abort,
    receive,
    record_download,
    unit_choices,
)

__all__ = [
    "abort",
    "accept",
    "begin_accept",
    "evaluate",
    "receive",
    "record_download",
    "refused_workbook",
    "template_workbook",
    "unit_choices",
]
