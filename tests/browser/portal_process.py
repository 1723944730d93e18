"""A portal as an office runs it: `python app.py`, its own instance, a free port."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

_STARTS_WITHIN_S = 40
_FOUNDING_LINK = re.compile(r"http://\S+/bat-dau/\S+")


@dataclass(frozen=True, slots=True)
class Portal:
    """A running portal: its address, and what it printed when it started."""

    url: str
    founding_link: str
    log: Path

    def printed(self) -> str:
        """Give everything that the two processes have printed so far."""
        return self.log.read_text("utf-8")


@contextmanager
def run_portal(folder: Path) -> Iterator[Portal]:
    """Start an empty installation in ``folder``; end it and its worker afterwards."""
    port = _free_port()
    log = folder / "printed.txt"
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PORTAL_") and name not in {"DATABASE_URL", "JOBS_URL"}
    }
    settings = {"PORTAL_INSTANCE": str(folder / "instance"), "PORTAL_PORT": str(port)}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=PROJECT,
            env=surroundings | settings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield Portal(
                url=f"http://127.0.0.1:{port}",
                founding_link=_await_link(process, log, port),
                log=log,
            )
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _await_link(process: subprocess.Popen[bytes], log: Path, port: int) -> str:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        found = _FOUNDING_LINK.search(log.read_text("utf-8"))
        if found and _answers(port):
            return found.group()
        time.sleep(0.1)
    msg = f"the portal did not start; it printed:\n{log.read_text('utf-8')}"
    raise RuntimeError(msg)


def _answers(port: int) -> bool:
    with socket.socket() as door:
        door.settimeout(1)
        return door.connect_ex(("127.0.0.1", port)) == 0
