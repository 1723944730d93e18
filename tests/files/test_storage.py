"""Files kept by the hash of their content."""

import errno
import hashlib
import io
import os
from pathlib import Path

import pytest

from portal.domain.errors import NotFound
from portal.files.storage import ContentStore, StorageFailed, StorageFull, atomic_file

DATA = b"anh the"
DIGEST = hashlib.sha256(DATA).hexdigest()


def files_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_put_is_read_back_under_its_hash(tmp_path: Path):
    store = ContentStore(tmp_path)
    assert store.put(DATA) == DIGEST
    assert store.read(DIGEST) == DATA
    assert store.path(DIGEST) == tmp_path / DIGEST[:2] / DIGEST[2:4] / DIGEST


def test_the_same_content_is_kept_once(tmp_path: Path):
    store = ContentStore(tmp_path)
    store.put(DATA)
    inode = store.path(DIGEST).stat().st_ino
    assert store.put(DATA) == DIGEST
    assert store.path(DIGEST).stat().st_ino == inode
    assert files_under(tmp_path) == [store.path(DIGEST)]


def test_a_stream_is_kept_like_its_bytes(tmp_path: Path):
    store = ContentStore(tmp_path)
    assert store.put_stream(io.BytesIO(DATA)) == DIGEST
    assert store.read(DIGEST) == DATA
    assert files_under(tmp_path) == [store.path(DIGEST)]


def test_deleted_content_is_not_found(tmp_path: Path):
    store = ContentStore(tmp_path)
    store.put(DATA)
    store.delete(DIGEST)
    store.delete(DIGEST)
    assert not store.exists(DIGEST)
    with pytest.raises(NotFound):
        store.read(DIGEST)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, DIGEST + "/.."])
def test_only_a_hash_names_a_file(tmp_path: Path, digest: str):
    with pytest.raises(NotFound):
        ContentStore(tmp_path).path(digest)


def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path, small_files):
    store = ContentStore(tmp_path)
    with small_files(1000):
        with pytest.raises(StorageFull, match="Ổ đĩa của máy chủ đã đầy"):
            store.put(bytes(100_000))
        with pytest.raises(StorageFull):
            store.put_stream(io.BytesIO(bytes(100_000)))
    assert files_under(tmp_path) == []
    assert store.put(DATA) == DIGEST


def test_no_space_left_is_a_full_disk(tmp_path: Path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        ContentStore(tmp_path).put(DATA)
    assert files_under(tmp_path) == []


def test_a_read_only_disk_is_said(tmp_path: Path, monkeypatch):
    def locked(descriptor: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "fsync", locked)
    with pytest.raises(StorageFailed, match="không ghi được tệp"):
        ContentStore(tmp_path).put(DATA)


def test_a_failed_rewrite_keeps_the_old_file(tmp_path: Path):
    path = tmp_path / "out.pdf"
    path.write_bytes(b"old")

    def rewrite() -> None:
        with atomic_file(path) as file:
            file.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        rewrite()
    assert path.read_bytes() == b"old"
    assert files_under(tmp_path) == [path]
