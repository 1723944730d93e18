"""Uploads built in code: small lists, photos, and zips that are wrong in one way."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyzipper
from PIL import Image

from portal.demo.portraits import draw_portrait, jpeg
from portal.domain.membership import Sex
from portal.files.workbook import write_table

HEADERS = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Tên file ảnh")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


def citizen_id(serial: int) -> str:
    """Give the CCCD of a man born in 1990, one for each serial."""
    return f"058090{serial:06d}"


def person(serial: int, name: str = "", **cells: Any) -> list[Any]:
    """Give one right row in the order of HEADERS; ``cells`` are by header's place."""
    row: list[Any] = [
        serial,
        name or f"Nguyễn Văn Số {_word(serial)}",
        "03/02/1990",
        "Nam",
        citizen_id(serial),
        "",
    ]
    for key, value in cells.items():
        row[("stt", "name", "birth", "sex", "citizen_id", "photo").index(key)] = value
    return row


def workbook(
    rows: Sequence[Sequence[Any]], *, headers: Sequence[str] = HEADERS
) -> bytes:
    """Give a list as .xlsx."""
    return write_table("Danh sách", headers, rows)


def package(
    roster: bytes | None, photos: Mapping[str, bytes] | None = None, **more: bytes
) -> bytes:
    """Give a zip of a list and photos; ``more`` are further lists by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if roster is not None:
            archive.writestr("danh sach.xlsx", roster)
        for name, data in more.items():
            archive.writestr(f"{name}.xlsx", data)
        for name, data in (photos or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def photo(serial: int = 1) -> bytes:
    """Give one good portrait as JPEG."""
    return jpeg(draw_portrait(serial, sex=Sex.MALE))


def huge_picture() -> bytes:
    """Give a PNG of 100 million pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


def with_path_outside(roster: bytes) -> bytes:
    """Give a zip with an entry that points out of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("danh sach.xlsx", roster)
        archive.writestr("../../etc/anh.jpg", photo())
    return out.getvalue()


def bomb(roster: bytes) -> bytes:
    """Give a zip whose photo unpacks to 25 MB of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("danh sach.xlsx", roster)
        archive.writestr("001.jpg", bytes(25 * 1024 * 1024))
    return out.getvalue()


def encrypted(roster: bytes) -> bytes:
    """Give a zip with a password."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(b"matkhau")
        archive.writestr("danh sach.xlsx", roster)
    return out.getvalue()


def broken(roster: bytes) -> bytes:
    """Give the first half of a zip, as a torn upload leaves it."""
    whole = package(roster, {"001.jpg": photo()})
    return whole[: len(whole) // 2]


def with_broken_entry(roster: bytes) -> bytes:
    """Give a zip whose photo no longer fits its checksum."""
    whole = bytearray(package(roster, {"001.jpg": photo()}))
    at = whole.index(b"001.jpg") + 400
    whole[at : at + 4] = struct.pack("<L", 0xDEADBEEF)
    return bytes(whole)


def write(path: Path, data: bytes) -> Path:
    """Put an upload on disk, for commands."""
    path.write_bytes(data)
    return path


def _word(serial: int) -> str:
    """Spell a serial in letters, so that every name is another."""
    letters = "ABCDEGHIKLMNOPQRSTUVXY"
    word = ""
    while True:
        serial, rest = divmod(serial, len(letters))
        word = letters[rest] + word.lower()
        if not serial:
            return word.capitalize()
