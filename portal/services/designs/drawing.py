"""Designs drawn and judged in the limited child: the web process itself draws none."""

import atexit
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from card_designs import CardData, CardRefused, DesignBroken
from card_designs.parallel import Crew, Limits, Lost
from portal.domain.errors import Invalid, Problem
from portal.services.designs.contents import digest_of
from portal.services.designs.memory import Memory

if TYPE_CHECKING:
    from card_designs.sandbox import Inspected, Sandbox

# Designs whose verdict is remembered: an editor asks for the same one again.
_KEPT = 16

_TRIAL_LIMITS = Limits(seconds=30, memory_mb=1000)

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
    try:
        return sandbox().draw(files, side, card, dpi=dpi, overprint=overprint)
    except CardRefused as refused:
        raise _not_drawn(refused) from refused
    except DesignBroken as broken:
        raise NotDrawn(str(broken)) from broken


def inspect(files: Mapping[str, bytes]) -> "Inspected":
    """Give what is wrong with a design and where its elements stand.

    Raises NotDrawn where it cannot be read at all.
    """
    return _verdicts.recall(digest_of(files), lambda: _inspected(files))


def _inspected(files: Mapping[str, bytes]) -> "Inspected":
    try:
        return sandbox().inspect(files)
    except DesignBroken as broken:
        raise NotDrawn(str(broken)) from broken


def trial_page(files: Mapping[str, bytes], card: CardData) -> bytes:
    """Make the test page of a design, as PDF; NotDrawn with the reasons."""
    with Crew(_make_trial_page, workers=1, limits=_TRIAL_LIMITS) as crew:
        try:
            (page,) = crew.results([(dict(files), card)])
        except CardRefused as refused:
            raise _not_drawn(refused) from refused
        except DesignBroken as broken:
            raise NotDrawn(str(broken)) from broken
    if isinstance(page, Lost):
        raise NotDrawn("Mẫu thẻ này quá nặng: máy vẽ phải dừng giữa chừng.")
    return page


def _make_trial_page(task: tuple[dict[str, bytes], CardData]) -> bytes:
    """Do it in the child."""
    from card_designs.design import load_design_files
    from card_designs.test_sheet import draw_test_page

    files, card = task
    return draw_test_page(load_design_files(files, name="mau-the"), card)


def sandbox() -> "Sandbox":
    """Give this process's child for untrusted designs, started at the first call."""
    global _sandbox
    from card_designs.sandbox import Sandbox

    with _lock:
        if _sandbox is None:
            _sandbox = Sandbox()
            atexit.register(_sandbox.close)
        return _sandbox


def _not_drawn(refused: CardRefused) -> NotDrawn:
    reasons = tuple(Problem(one.message, one.where) for one in refused.findings)
    return NotDrawn("Thẻ này không in được với mẫu này.", reasons)
