"""Run `python app.py …` as people do: a process of its own, an instance of its own."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def environment(instance: Path, **more: str) -> dict[str, str]:
    """Give the environment of a command on this instance."""
    return os.environ | {"PORTAL_INSTANCE": str(instance), "DATABASE_URL": ""} | more


def portal(
    *words: str, instance: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, str(PROJECT / "app.py"), *words],
        env=environment(instance, **more),
        cwd=instance.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
