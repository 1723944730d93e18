"""Designs drawn and judged in the limited child: the web process itself draws none."""

import atexit
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from card_designs import CardData, CardRefused, DesignBroken
from portal.domain.errors import Invalid, Problem
from portal.services.designs.contents import SIDE_LABELS, digest_of

if TYPE_CHECKING:
    from card_designs.sandbox import Inspected, Sandbox

DPI_CHOICES = (100, 150, 300)

# Designs whose verdict is remembered: an editor asks for the same one again.
_KEPT = 16

_lock = threading.Lock()
_sandbox: "Sandbox | None" = None
_inspected: dict[str, "Inspected"] = {}


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
    try:
        return sandbox().draw(files, side, card, dpi=dpi, overprint=overprint)
    except CardRefused as refused:
        reasons = tuple(Problem(one.message, one.where) for one in refused.findings)
        raise NotDrawn("Thẻ này không in được với mẫu này.", reasons) from refused
    except DesignBroken as broken:
        raise NotDrawn(str(broken)) from broken


def inspect(files: Mapping[str, bytes]) -> "Inspected":
    """Give what is wrong with a design and where its elements stand.

    Raises NotDrawn where it cannot be read at all.
    """
    digest = digest_of(files)
    if (known := _inspected.get(digest)) is not None:
        return known
    try:
        found = sandbox().inspect(files)
    except DesignBroken as broken:
        raise NotDrawn(str(broken)) from broken
    with _lock:
        _inspected[digest] = found
        while len(_inspected) > _KEPT:
            _inspected.pop(next(iter(_inspected)))
    return found


def sandbox() -> "Sandbox":
    """Give this process's child for untrusted designs, started at the first call."""
    global _sandbox
    from card_designs.sandbox import Sandbox

    with _lock:
        if _sandbox is None:
            _sandbox = Sandbox()
            atexit.register(_sandbox.close)
        return _sandbox


def side_name(side: str) -> str:
    """Give the side's Vietnamese name; NotDrawn for what is no side."""
    if side not in SIDE_LABELS:
        raise NotDrawn("Thẻ chỉ có mặt trước (front) và mặt sau (back).")
    return SIDE_LABELS[side]
