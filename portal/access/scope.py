"""Where an officer may look: one subtree of the union tree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The subtree under ``root``, a materialised path that ends in a dot.

    ``db/scoping.py`` says the same in SQL; a parity test compares both.
    """

    root: str

    def __post_init__(self) -> None:
        """Refuse a root that would cover more than one subtree."""
        if not self.root.endswith(".") or self.root == ".":
            msg = f"a scope's root is a path that ends in a dot, not {self.root!r}"
            raise ValueError(msg)

    def covers(self, path: str) -> bool:
        """Say whether the unit at ``path`` is the root or below it."""
        return path.startswith(self.root)
