"""Work shared among processes: in order, bounded, and outliving a child that dies."""

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 4
"""Tasks that wait at each child, so that it never waits for us."""

_TRIES = 2
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may take, for designs that nobody vouches for (POSIX only).

    ``seconds``: for one task, then the child is killed. ``memory_mb``: address space.
    """

    seconds: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Lost(Generic[Task]):
    """A task whose child died, and another child again."""

    task: Task


class Crew(Generic[Task, Result]):
    """Children that do ``work``; used in a ``with``, for one go of ``results`` at once.

    Where the system can fork, children share what the parent has drawn by then;
    ``spawn`` keeps them from it. A task that kills ``tries`` children is lost.
    """

    def __init__(
        self,
        work: Callable[[Task], Result],
        *,
        workers: int,
        limits: Limits | None = None,
        spawn: bool = False,
        tries: int = _TRIES,
    ) -> None:
        self._work = work
        self._limits = limits
        self._tries = tries
        alone = threading.active_count() == 1 and not spawn
        forks = "fork" in get_all_start_methods() and alone
        self._context: Any = get_context("fork" if forks else "spawn")
        self._children = [_Child() for _ in range(workers)]

    def __enter__(self) -> "Crew[Task, Result]":
        for child in self._children:
            self._start(child)
        return self

    def __exit__(self, *_: object) -> None:
        """Let each child finish what it has begun, then end it."""
        for child in self._children:
            with suppress(OSError):
                child.link.send(None)
        for child in self._children:
            child.process.join(timeout=10)
            if child.process.is_alive():
                child.process.kill()
                child.process.join()
            child.link.close()

    def results(self, tasks: Iterable[Task]) -> Iterator[Result | Lost[Task]]:
        """Give the results in the order of the tasks, which are taken as needed.

        What ``work`` raises is raised here. A task that kills its child is tried once
        more in a fresh one, then comes back as Lost.
        """
        source = iter(tasks)
        waiting: deque[_Ticket] = deque()
        done: dict[int, Any] = {}
        taken = given = 0
        exhausted = False
        while True:
            while given in done:
                yield done.pop(given)
                given += 1
            while not exhausted and taken - given < 2 * _AHEAD * len(self._children):
                task = next(source, _END)
                if task is _END:
                    exhausted = True
                else:
                    waiting.append(_Ticket(taken, task))
                    taken += 1
            if exhausted and given == taken:
                return
            if given not in done:
                self._hand_out(waiting)
                self._gather(waiting, done)

    def _hand_out(self, waiting: "deque[_Ticket]") -> None:
        for child in sorted(self._children, key=lambda each: len(each.tickets)):
            while waiting and len(child.tickets) < _AHEAD:
                ticket = waiting.popleft()
                child.tickets.append(ticket)
                if len(child.tickets) == 1:
                    child.since = monotonic()
                with suppress(OSError):  # A dead child is found when gathering.
                    child.link.send((ticket.number, ticket.task))

    def _gather(self, waiting: "deque[_Ticket]", done: dict[int, Any]) -> None:
        links: dict[Any, _Child] = {}
        for child in self._children:
            links[child.link] = links[child.process.sentinel] = child
        ready = {id(links[each]): links[each] for each in wait(list(links), _LOOK_S)}
        for child in ready.values():
            self._take_in(child, done)
            if not child.process.is_alive():
                self._take_in(child, done)
                self._replace(child, waiting, done)
        if self._limits:
            for child in self._children:
                if child.tickets and monotonic() - child.since > child.patience(
                    self._limits
                ):
                    child.process.kill()

    def _take_in(self, child: "_Child", done: dict[int, Any]) -> None:
        while (answer := child.answer()) is not None:
            number, result, problem = answer
            if number == _AWAKE:
                child.awake, child.since = True, monotonic()
                continue
            if problem is not None:
                raise problem
            child.tickets = deque(t for t in child.tickets if t.number != number)
            child.since = monotonic()
            done[number] = result

    def _replace(
        self, child: "_Child", waiting: "deque[_Ticket]", done: dict[int, Any]
    ) -> None:
        """Start another child; only the task that was being done may be to blame."""
        child.process.join()
        child.link.close()
        for index, ticket in enumerate(reversed(child.tickets)):
            if index == len(child.tickets) - 1:
                ticket.tries += 1
            if ticket.tries >= self._tries:
                done[ticket.number] = Lost(ticket.task)
            else:
                waiting.appendleft(ticket)
        child.tickets.clear()
        self._start(child)

    def _start(self, child: "_Child") -> None:
        ours, theirs = self._context.Pipe()
        others = [each.link for each in self._children if each.is_open]
        child.process = self._context.Process(
            target=_serve,
            args=(theirs, self._work, self._limits),
            kwargs={"inherited": [ours, *others] if self._forks else []},
            daemon=True,
        )
        child.process.start()
        child.link, child.awake = ours, False
        theirs.close()

    @property
    def _forks(self) -> bool:
        return bool(self._context.get_start_method() == "fork")


_END: Any = object()
_AWAKE = -1
_WAKING_S = 30.0


@dataclass(slots=True)
class _Ticket:
    number: int
    task: Any
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Child:
    process: BaseProcess = field(init=False)
    link: "Connection[Any, Any]" = field(init=False)
    tickets: deque[_Ticket] = field(default_factory=deque)
    since: float = 0.0
    awake: bool = False

    def patience(self, limits: Limits) -> float:
        """Give the seconds to wait for an answer; waking up is not the task's fault."""
        return limits.seconds if self.awake else limits.seconds + _WAKING_S

    @property
    def is_open(self) -> bool:
        return hasattr(self, "link") and not self.link.closed

    def answer(self) -> tuple[int, Any, Exception | None] | None:
        """Take the next answer; None where there is none yet, or never will be."""
        with suppress(EOFError, OSError):
            if self.link.poll():
                number, result, problem = self.link.recv()
                return number, result, problem
        return None


def _serve(
    link: "Connection[Any, Any]",
    work: Callable[[Any], Any],
    limits: Limits | None,
    *,
    inherited: "list[Connection[Any, Any]]",
) -> None:
    """Do tasks until told to stop, or until nobody is there to tell."""
    # Ctrl-C reaches the parent too, which lets us finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in inherited:
        # Held open here, they would keep others from seeing that the parent is gone.
        each.close()
    if limits:
        _limit(limits)
    with suppress(EOFError, OSError):
        link.send((_AWAKE, None, None))
        while (order := link.recv()) is not None:
            number, task = order
            if limits:
                _limit_task(limits)
            try:
                link.send((number, work(task), None))
            except Exception as problem:  # Told to the parent, which raises it.
                link.send((number, None, problem))


def _limit(limits: Limits) -> None:
    import resource  # Not everywhere.

    size = limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_task(limits: Limits) -> None:
    """End the child by itself, too, should nobody be left to end it."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds) + 2
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))
