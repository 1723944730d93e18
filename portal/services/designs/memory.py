"""What a process remembers of designs for a while: verdicts and drawn samples."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """The results made last, by key; safe among threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[Hashable, T] = {}

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what was made for the key before, or make it now."""
        with self._lock:
            if key in self._kept:
                # Asked for again: it goes last.
                self._kept[key] = self._kept.pop(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return made
