"""What is wrong with a design or a card, in the words a person reads."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Level(StrEnum):
    """How bad it is: an error is never printed, a warning needs a say-so."""

    ERROR = auto()
    WARNING = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: ``code`` for programs, ``message`` for people.

    ``where`` names the side and the field, or the file and line of a design.
    """

    level: Level
    code: str
    where: str
    message: str


class CardRefused(Exception):
    """The gate refuses this card; ``findings`` says why, all of it at once."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class DesignBroken(Exception):
    """The design cannot be read at all; the text is a whole Vietnamese sentence."""


def error(code: str, where: str, message: str) -> Finding:
    """Make a finding that forbids printing."""
    return Finding(Level.ERROR, code, where, message)


def warning(code: str, where: str, message: str) -> Finding:
    """Make a finding that a person may overrule."""
    return Finding(Level.WARNING, code, where, message)


def errors(findings: list[Finding]) -> list[Finding]:
    """Keep only what forbids printing."""
    return [finding for finding in findings if finding.level is Level.ERROR]
