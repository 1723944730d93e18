"""What a run has drawn so far, on disk, so that another run can go on from there."""

import csv
import os
from contextlib import suppress
from dataclasses import astuple
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TextIO

from card_designs.design import Design
from card_designs.roster import Row

NAME = ".progress.csv"

Files = tuple[tuple[str, str, str], ...]
"""Of one card: file name, side, SHA-256 of the content."""


class Journal:
    """One line per card drawn, appended at once; gone when the run is whole."""

    def __init__(self, folder: Path, *, resume: bool) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._file: TextIO | None = None
        self._done = self._read() if resume else {}
        if not resume:
            self._path.unlink(missing_ok=True)

    def done(self, key: str) -> Files | None:
        """Give a card's files where they were drawn before and stand there whole."""
        files = self._done.get(key)
        if files and all(self._is_whole(name, digest) for name, _, digest in files):
            return files
        return None

    def add(self, key: str, files: Files) -> None:
        """Note a card as drawn."""
        if self._file is None:
            self._file = self._path.open("a", encoding="utf-8", newline="")
        flat = [part for file in files for part in file]
        csv.writer(self._file, lineterminator="\n").writerow((key, *flat))
        self._file.flush()

    def close(self, *, whole: bool) -> None:
        """Close it; a whole run needs it no more."""
        if self._file is not None:
            self._file.close()
        if whole:
            self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Files]:
        found = {}
        with (
            suppress(FileNotFoundError),
            self._path.open(encoding="utf-8", errors="replace", newline="") as file,
        ):
            for key, *flat in csv.reader(file):
                # A line that was cut short names files that are not there.
                found[key] = tuple(
                    (flat[i], flat[i + 1], flat[i + 2])
                    for i in range(0, len(flat) - 2, 3)
                )
        return found

    def _is_whole(self, name: str, digest: str) -> bool:
        try:
            with (self._folder / Path(name).name).open("rb") as file:
                return file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            return False


def row_key(design: Design, order: object, row: Row) -> str:
    """Name all that a row's pictures depend on; another name, another picture.

    A photo is known by its path, size and time, as ``make`` would.
    """
    photo = ""
    if row.photo is not None:
        with suppress(OSError):
            state = os.stat(row.photo)
            photo = f"{row.photo} {state.st_size} {state.st_mtime_ns}"
    parts = (design.name, design.digest, repr(order), photo, *astuple(row.card))
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()
