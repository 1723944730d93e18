"""Where a command writes: tried before the act, told in a sentence where it fails."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.domain.errors import DomainError, Invalid

_WHY = {
    errno.EACCES: "không có quyền ghi",
    errno.EISDIR: "đó là một thư mục",
    errno.ENAMETOOLONG: "tên dài quá",
    errno.ENOENT: "thư mục chứa nó không có",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.EPERM: "không có quyền ghi",
    errno.EROFS: "ổ đĩa chỉ đọc",
}


def require_file(path: Path) -> None:
    """Raise Invalid where a file cannot be written there; leaves nothing behind."""
    with _refused(path):
        there = path.exists()
        with path.open("ab"):
            pass
        if not there:
            path.unlink()


def require_folder(folder: Path) -> None:
    """Make the folder; raise Invalid where no file can be written in it."""
    with _refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


@contextmanager
def kept_elsewhere(target: Path, where: str) -> Iterator[None]:
    """Turn a failure to write after the act into a sentence; ``where`` is the way out.

    The act stands: what was made lies safe in the portal.
    """
    try:
        yield
    except OSError as error:
        raise DomainError(
            f"Không ghi được “{target}”: {_why(error)}. {where}"
        ) from error


@contextmanager
def _refused(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Invalid(
            f"Không ghi được “{target}”: {_why(error)}. Chưa làm gì cả; chọn chỗ khác"
            " cho --out rồi chạy lại."
        ) from error


def _why(error: OSError) -> str:
    return _WHY.get(error.errno or 0, error.strerror or "lỗi của hệ thống")
