"""A reader that stops reading (`| head -1`) is no error of ours."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import PROJECT, environment


@pytest.mark.parametrize(
    "words",
    [
        (str(PROJECT / "app.py"), "doctor"),
        ("-m", "card_designs", "fields"),
    ],
)
def test_a_closed_pipe_ends_a_command_in_silence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=PROJECT,
        env=environment(tmp_path / "instance"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
