"""Files kept under the instance folder by the hash of their content."""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from portal.domain.errors import DomainError, NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LOCKED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})


class StorageFull(DomainError):
    """The disk took no more: nothing was kept, and reading goes on (507)."""

    def __init__(
        self,
        text: str = (
            "Ổ đĩa của máy chủ đã đầy nên chưa lưu được tệp. Dữ liệu cũ còn nguyên; "
            "hãy báo người quản trị dọn bớt rồi làm lại bước này."
        ),
    ) -> None:
        super().__init__(text)


class StorageFailed(DomainError):
    """The disk refused to write: read-only, no right, or an I/O error (507)."""

    def __init__(
        self,
        text: str = (
            "Máy chủ không ghi được tệp (ổ đĩa bị khóa ghi hoặc lỗi). Dữ liệu cũ còn "
            "nguyên; hãy báo người quản trị rồi làm lại bước này."
        ),
    ) -> None:
        super().__init__(text)


class ContentStore:
    """Immutable files named by their SHA-256; the same bytes are kept once.

    Folders are sharded ``ab/cd/abcd…``. Photos, uploads and exports each have a
    root of their own. Safe among threads and processes.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its hash; durable when this returns.

        Raises StorageFull or StorageFailed, and then leaves no half file.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            with atomic_file(path) as file:
                file.write(data)
        return digest

    def put_stream(self, source: BinaryIO) -> str:
        """Keep what ``source`` yields without holding it in memory; return its hash."""
        hasher = hashlib.sha256()
        arriving = self.root / "arriving"
        with _told(), _temporary(arriving) as (file, temporary):
            while chunk := source.read(1024 * 1024):
                hasher.update(chunk)
                file.write(chunk)
            _settle(file, temporary, self.path(hasher.hexdigest()))
        return hasher.hexdigest()

    def path(self, digest: str) -> Path:
        """Return where the content of that hash lies, there or not.

        Raises NotFound on anything but a SHA-256 in hex, so that no text from
        outside can become another path.
        """
        if not _DIGEST.fullmatch(digest):
            raise NotFound
        return self.root / digest[:2] / digest[2:4] / digest

    def exists(self, digest: str) -> bool:
        """Say whether that content is kept."""
        return self.path(digest).is_file()

    def open(self, digest: str) -> BinaryIO:
        """Open the content for reading; NotFound where it is gone."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError as error:
            raise NotFound from error

    def read(self, digest: str) -> bytes:
        """Return the content; NotFound where it is gone."""
        with self.open(digest) as file:
            return file.read()

    def delete(self, digest: str) -> None:
        """Drop the content; nothing happens where it is gone already."""
        self.path(digest).unlink(missing_ok=True)


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears whole under its name, or not at all.

    Raises StorageFull or StorageFailed; what stood there before stays then.
    """
    with _told(), _temporary(path.parent) as (file, temporary):
        yield file
        _settle(file, temporary, path)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the disk says into a sentence for people."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        if error.errno in _LOCKED:
            raise StorageFailed from error
        raise


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".half-", dir=folder)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file, Path(name)
    finally:
        # After _settle there is nothing left under the temporary name.
        with suppress(FileNotFoundError):
            os.unlink(name)


def _settle(file: BinaryIO, temporary: Path, path: Path) -> None:
    """Make the bytes durable, then give them their name."""
    file.flush()
    os.fsync(file.fileno())
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
