"""Designs that nobody vouches for: read and drawn in a child with limits, kept warm."""

import os
import queue
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from time import monotonic
from typing import Any

from card_designs.boxes import ElementBox, element_boxes
from card_designs.card_data import CardData
from card_designs.design import (
    DESIGN_FILES,
    MOST_BYTES,
    Design,
    Zone,
    load_design_files,
)
from card_designs.findings import CardRefused, DesignBroken, Finding, Level, error
from card_designs.parallel import Crew, Limits, Lost
from card_designs.picture_guard import picture_problem
from card_designs.svg_guard import guard_svg

_KEPT_DESIGNS = 4
_MOST_FILES = 50
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of a design, and the element it is about where that can be told."""

    level: Level
    code: str
    where: str
    message: str
    side: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """What there is to say of a design that could be read.

    ``boxes`` by side; ``problems`` are the findings of ``load_design`` and
    ``check_design``, errors first.
    """

    title: str
    card_kinds: tuple[str, ...]
    digest: str
    boxes: dict[str, tuple[ElementBox, ...]]
    zones: tuple[Zone, ...]
    problems: tuple[Problem, ...]

    @property
    def findings(self) -> list[Finding]:
        """Give the problems as the findings they come from."""
        return [Finding(p.level, p.code, p.where, p.message) for p in self.problems]


class Sandbox:
    """Children for untrusted designs; any number of threads may use them at once.

    They start when first asked, and again whenever one died. ``seconds`` is what one
    task may take, ``memory_mb`` what a child may. Close it when the program ends.
    """

    def __init__(
        self, workers: int = 1, seconds: float = 5, memory_mb: int = 400
    ) -> None:
        self._limits = Limits(seconds, memory_mb)
        self._idle: queue.Queue[Crew[_Task, _Outcome] | None] = queue.Queue()
        for _ in range(workers):
            self._idle.put(None)
        self._closing = threading.Lock()
        self._workers = workers
        self._closed = False

    def draw(
        self,
        files: Files,
        side: str,
        card: CardData,
        *,
        dpi: int = 300,
        profile: str = "cr80",
        overprint: bool = False,
    ) -> bytes:
        """Draw one side as PNG; ``dpi`` is 150 (for screens), 300 or 600.

        Raises CardRefused where the gate refuses the card, and DesignBroken where the
        design is refused, cannot be drawn, or takes too long or too much memory.
        """
        task = _Task("draw", dict(files), side, card, (dpi, profile, overprint))
        content: bytes = self._ask(task)
        return content

    def inspect(self, files: Files) -> Inspected:
        """Read and check a design and place its elements; raises DesignBroken."""
        inspected: Inspected = self._ask(_Task("inspect", dict(files)))
        return inspected

    def test_page(
        self, files: Files, card: CardData, *, overprint: bool = False
    ) -> bytes:
        """Draw the A4 test page as PDF; raises as ``draw`` does."""
        options = (300, "cr80", overprint)
        page: bytes = self._ask(_Task("page", dict(files), "front", card, options))
        return page

    def close(self) -> None:
        """End the children; tasks under way are finished first."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            crews = [self._idle.get() for _ in range(self._workers)]
            for crew in crews:
                if crew is not None:
                    crew.__exit__(None, None, None)
                self._idle.put(None)

    def _ask(self, task: "_Task") -> Any:
        crew = self._idle.get()
        try:
            if self._closed:
                raise DesignBroken("Bộ vẽ mẫu thẻ đã đóng; hãy thử lại sau.")
            if crew is None:
                started: Crew[_Task, _Outcome] = Crew(
                    _Worker(), workers=1, limits=self._limits, spawn=True, tries=1
                )
                crew = started.__enter__()
            begun = monotonic()
            (outcome,) = crew.results([task])
            if isinstance(outcome, Lost) and monotonic() - begun < self._limits.seconds:
                # The child may have been dead or dying before it was asked.
                (outcome,) = crew.results([task])
        except BaseException:
            # Half a conversation: its answer must not reach the next who asks.
            if crew is not None:
                crew.__exit__(None, None, None)
            crew = None
            raise
        finally:
            self._idle.put(crew)
        if isinstance(outcome, Lost):
            raise DesignBroken(
                "Không vẽ được mẫu thẻ: hình vẽ cần quá nhiều thời gian hoặc bộ nhớ;"
                " hãy đơn giản hoá hình."
            )
        if outcome.refused:
            raise CardRefused(list(outcome.refused))
        if outcome.broken:
            raise DesignBroken(outcome.broken)
        return outcome.value


@dataclass(frozen=True, slots=True)
class _Task:
    kind: str
    files: dict[str, bytes]
    side: str = "front"
    card: CardData | None = None
    options: tuple[int, str, bool] = (300, "cr80", False)


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    broken: str = ""
    refused: tuple[Finding, ...] = ()


class _Worker:
    """What the child does; on its way there it loads what drawing needs.

    So that a task's time counts from when the child could begin with it.
    """

    def __call__(self, task: _Task) -> _Outcome:
        return work(task)

    def __reduce__(self) -> tuple[Any, ...]:
        return _awake, ()


def _awake() -> _Worker:
    for name in ("design_checks", "render", "test_sheet"):
        import_module(f"card_designs.{name}")
    from card_designs.lettering import wake_fonts

    wake_fonts()
    return _Worker()


def work(task: _Task) -> _Outcome:
    """Do one task in the child; whatever goes wrong becomes a sentence."""
    # A child that was taken over must not write where trusted runs read from.
    os.environ["CARD_DESIGNS_CACHE"] = ""
    try:
        if task.kind == "inspect":
            return _Outcome(inspected(task.files))
        return _Outcome(_drawn(task))
    except CardRefused as problem:
        return _Outcome(refused=tuple(problem.findings))
    except DesignBroken as problem:
        return _Outcome(broken=str(problem))
    except MemoryError:
        os._exit(1)  # What fills the memory would be in the way of the next task.
    except Exception as problem:
        name = type(problem).__name__
        return _Outcome(broken=f"Không vẽ được mẫu thẻ này ({name}); hãy sửa hình vẽ.")


def _drawn(task: _Task) -> bytes:
    from card_designs.render import draw_for_screen, draw_png
    from card_designs.test_sheet import draw_test_page

    dpi, profile, overprint = task.options
    design, card = load_guarded(task.files), task.card
    if card is None:
        raise DesignBroken("Chưa chọn thẻ để vẽ.")
    if task.kind == "page":
        return draw_test_page(design, card, overprint=overprint)
    if dpi != 150:
        return draw_png(
            design, task.side, card, profile=profile, dpi=dpi, overprint=overprint
        )
    return draw_for_screen(
        design, task.side, card, profile=profile, overprint=overprint
    )


_LOADED: "OrderedDict[str, Design]" = OrderedDict()


def load_guarded(files: Files, *, name: str = "design") -> Design:
    """Read a design after its guard has let it in; the last few are kept.

    Raises DesignBroken, naming file and line of all that the guard refuses.
    """
    seen = sha256(name.encode())
    for file in sorted(files):
        for part in (file.encode(), files[file]):
            seen.update(len(part).to_bytes(8) + part)
    key = seen.hexdigest()
    if key not in _LOADED:
        found = guard_files(files)
        if found:
            sentences = [f"{each.where}: {each.message}" for each in found[:5]]
            raise DesignBroken(" ".join(sentences))
        _LOADED[key] = load_design_files(files, name=name)
        while len(_LOADED) > _KEPT_DESIGNS:
            _LOADED.popitem(last=False)
    _LOADED.move_to_end(key)
    return _LOADED[key]


def guard_files(files: Files) -> list[Finding]:
    """Judge all files of a design by the guard; empty where it may be read."""
    if len(files) > _MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        message = f"Mẫu thẻ có hơn {_MOST_FILES} tệp hoặc nặng hơn 20 MB."
        return [error("design-size", "Mẫu thẻ", message)]
    found, pixels = [], 0
    for file, content in sorted(files.items()):
        if file.endswith(".svg"):
            found += guard_svg(content, file=file)
        elif file not in DESIGN_FILES:
            size, problem = picture_problem(content, pixels)
            pixels += size
            if problem:
                found.append(error("design-picture", file, problem))
    return found


@lru_cache(maxsize=8)
def _boxes(source: bytes) -> tuple[ElementBox, ...]:
    """Mostly one side changes and the other stays."""
    return tuple(element_boxes(source))


def inspected(files: Files) -> Inspected:
    """Do what ``Sandbox.inspect`` does, in this process."""
    from card_designs.design_checks import check_design

    design = load_guarded(files)
    boxes = {side: _boxes(files[f"{side}.svg"]) for side in design.sides}
    return Inspected(
        design.title,
        design.card_kinds,
        design.digest,
        boxes,
        design.clear_zones,
        tuple(_problem(each, boxes) for each in check_design(design)),
    )


def _problem(finding: Finding, boxes: Mapping[str, tuple[ElementBox, ...]]) -> Problem:
    """Find the element that stands in the line which a finding names."""
    file, _, line = finding.where.partition(", dòng ")
    side, at = file.removesuffix(".svg"), None
    if side not in boxes:
        side = ""
    elif line.isdigit():
        # lxml counts an element in the line where its start tag ends.
        there = [box for box in boxes[side] if box.last_line == int(line)]
        there.sort(key=lambda box: box.field is None)
        at = there[0].at if there else None
    return Problem(
        finding.level, finding.code, finding.where, finding.message, side or None, at
    )
