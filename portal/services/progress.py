"""How long work tells where it stands, whoever runs it."""

from typing import Protocol


class Cancelled(Exception):
    """The officer asked to stop; what is done stays, the rest can go on later."""


class Progress(Protocol):
    """What a job hands to the use-case that it runs."""

    def report(self, done: int, total: int, message: str = "") -> None:
        """Note progress; raises Cancelled where the officer asked to stop.

        Call it outside ``transaction()``, at most every few hundred milliseconds'
        worth of work: it writes a row.
        """


class Unwatched:
    """Progress of work that nobody watches: a command's direct call."""

    def report(self, done: int, total: int, message: str = "") -> None:
        """Note nothing."""
