"""What can go wrong, in the words the officer reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person must mend: what is wrong, where, and what to do.

    ``where`` names a field, a cell or a file; ``fix`` the way out. All three are
    Vietnamese sentences or names, shown as they stand.
    """

    text: str
    where: str = ""
    fix: str = ""

    def __str__(self) -> str:
        """Join the parts into the one line that lists and commands print."""
        head = f"{self.where}: " if self.where else ""
        tail = f" {self.fix}" if self.fix else ""
        return f"{head}{self.text}{tail}"


class DomainError(Exception):
    """A refusal that a person is told about; ``web/errors.py`` gives the status.

    ``text`` is a whole Vietnamese sentence; ``problems`` lists what to mend where
    there is more than one thing. ``told`` is what scripts are told besides.
    """

    told: Mapping[str, object] = MappingProxyType({})

    def __init__(self, text: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.problems = problems


class NotFound(DomainError):
    """Not there, or outside the officer's scope: the two look the same (404)."""

    def __init__(self, text: str = "Không tìm thấy, hoặc thuộc đơn vị khác."):
        super().__init__(text)


class NotAllowed(DomainError):
    """Inside the scope, but this officer has no right to it (403)."""


class Conflict(DomainError):
    """The world changed meanwhile: a stale form, a second accept (409)."""


class Invalid(DomainError):
    """The input cannot be taken as it is (422)."""


class TooLarge(DomainError):
    """The upload is larger than we read (413)."""
