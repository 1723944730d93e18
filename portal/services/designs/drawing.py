"""Designs drawn and judged in the limited child: the web process itself draws none."""

import atexit
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from card_designs import CardData, CardRefused, DesignBroken
from portal.domain.errors import Invalid, Problem
from portal.services.designs.contents import digest_of
from portal.services.designs.memory import Memory

if TYPE_CHECKING:
    from card_designs.sandbox import Inspected, Sandbox

# Designs whose verdict is remembered: an editor asks for the same one again.
_KEPT = 16

# A child that has just been started, on a busy machine, takes some of them to wake up.
_SECONDS = 10

_lock = threading.Lock()
_sandbox: "Sandbox | None" = None
_verdicts: Memory["Inspected"] = Memory(_KEPT)


class NotDrawn(Invalid):
    """The engine refuses this card or this design; ``problems`` says why."""


def draw(
    files: Mapping[str, bytes],
    side: str,
    card: CardData,
    *,
    dpi: int = 150,
    overprint: bool = False,
) -> bytes:
    """Draw one side as the PNG that a batch would print; NotDrawn with the reasons."""
    with _told():
        return sandbox().draw(files, side, card, dpi=dpi, overprint=overprint)


def inspect(files: Mapping[str, bytes]) -> "Inspected":
    """Give what is wrong with a design and where its elements stand.

    Raises NotDrawn where it cannot be read at all.
    """
    return _verdicts.recall(digest_of(files), lambda: _inspected(files))


def _inspected(files: Mapping[str, bytes]) -> "Inspected":
    with _told():
        return sandbox().inspect(files)


def trial_page(files: Mapping[str, bytes], card: CardData) -> bytes:
    """Make the test page of a design, as PDF; NotDrawn with the reasons."""
    with _told():
        return sandbox().test_page(files, card)


def sandbox() -> "Sandbox":
    """Give this process's child for untrusted designs, started at the first call."""
    global _sandbox
    from card_designs.sandbox import Sandbox

    with _lock:
        if _sandbox is None:
            _sandbox = Sandbox(seconds=_SECONDS)
            atexit.register(_sandbox.close)
        return _sandbox


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the library refuses into a refusal of the portal."""
    try:
        yield
    except CardRefused as refused:
        reasons = tuple(Problem(one.message, one.where) for one in refused.findings)
        text = "Thẻ này không in được với mẫu này."
        raise NotDrawn(text, reasons) from refused
    except DesignBroken as broken:
        raise NotDrawn(str(broken)) from broken
