"""Read the names inside a zip as people typed them, whatever program packed it."""

import re
import struct
import unicodedata
import zlib
from zipfile import ZipInfo

# Tried in this order where the zip does not say: what phones and Macs write, then
# Vietnamese Windows. cp437, what the format names, is the last resort: it accepts
# every byte, and no Vietnamese office uses it.
_UNDECLARED = ("utf-8", "cp1258", "cp437")

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"^[A-Za-z]:")
_SOFT_HYPHEN = "\u00ad"  # stands for ư in TCVN3, so it is no layout sign here

_JUNK_FOLDERS = frozenset({"__macosx", ".git", "$recycle.bin"})
_JUNK_FILES = frozenset({"thumbs.db", ".ds_store", "desktop.ini", "ehthumbs.db"})


def entry_name(info: ZipInfo) -> str:
    """Return the entry's name in NFC, with ``/`` between folders.

    The text is for reading and matching only; nothing may use it as a path.
    """
    name = _decoded(info).replace("\\", "/")
    name = unicodedata.normalize("NFC", name)
    return "".join(
        c for c in name if c == _SOFT_HYPHEN or unicodedata.category(c) != "Cf"
    )


def is_unsafe(name: str) -> bool:
    """Say whether a name points outside the archive or hides control characters."""
    return (
        not name.strip("/")
        or name.startswith("/")
        or bool(_DRIVE.match(name))
        or ".." in name.split("/")
        or any(unicodedata.category(c) == "Cc" for c in name)
    )


def is_junk(name: str) -> bool:
    """Say whether a system or an open Excel left this entry behind by itself."""
    *folders, file = name.lower().split("/")
    return (
        any(folder in _JUNK_FOLDERS for folder in folders)
        or file in _JUNK_FILES
        or file.startswith(("._", "~$"))
    )


def _decoded(info: ZipInfo) -> str:
    if info.flag_bits & _UTF8_FLAG:
        return _unmangled(info.orig_filename)
    raw = info.orig_filename.encode("cp437")
    declared = _unicode_path(info.extra, raw)
    return declared if declared is not None else _guessed(raw)


def _guessed(raw: bytes) -> str:
    for encoding in _UNDECLARED:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _unmangled(name: str) -> str:
    """Undo UTF-8 that an unpacker took for cp437 before it was packed again.

    Text that survives both turns and is not plain ASCII was hardly ever meant.
    """
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Return the UTF-8 name that Info-ZIP adds beside the raw one (APPNOTE 4.6.9)."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind != _UNICODE_PATH or len(body) < 6 or body[0] != 1:
            continue
        if struct.unpack_from("<L", body, 1)[0] != zlib.crc32(raw):
            return None
        return body[5:].decode("utf-8", "replace")
    return None
