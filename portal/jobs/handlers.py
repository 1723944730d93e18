"""Which use-case does which kind of job."""

from typing import Protocol

from portal.access.actor import Actor
from portal.services import intake, prints
from portal.services.progress import Progress


class Handler(Protocol):
    """A use-case that may take long, and may be run again after a crash."""

    def __call__(self, subject_id: int, /, *, by: Actor, progress: Progress) -> None:
        """Do the work on the subject, in the name of the officer who began it."""


HANDLERS: dict[str, Handler] = {
    "import.accept": intake.accept,
    "import.evaluate": intake.evaluate,
    "import.take_back": intake.take_back,
    "print.render": prints.render,
}
