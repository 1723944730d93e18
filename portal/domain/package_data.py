"""The tables that ship beside the rules, read once from the package."""

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of ``portal/domain/data/<name>`` by column name."""
    text = files("portal.domain").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
