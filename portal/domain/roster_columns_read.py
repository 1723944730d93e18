"""What the officer is shown of each column: its field, its font, five of its cells."""

from typing import Any

from portal.domain.legacy_encoding import ENCODING_LABELS
from portal.domain.roster_sheets import Column


def column_facts(column: Column) -> dict[str, Any]:
    """Give a column as plain JSON: what it was taken for, and how it was typed.

    ``field`` is "" where nobody knows the column. ``label`` names the old font with
    ``samples``, up to five pairs [before, after]; both are empty where no cell was
    changed. ``as_typed`` says that the officer kept the text as it stands.
    """
    return {
        "sheet": column.sheet,
        "index": column.index,
        "header": column.header,
        "field": column.field.name if column.field else "",
        "hidden": column.hidden,
        "encoding": column.judged.value,
        "label": ENCODING_LABELS[column.judged] if column.samples else "",
        "samples": [list(pair) for pair in column.samples],
        "as_typed": column.as_typed,
    }
