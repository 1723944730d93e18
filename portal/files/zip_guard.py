"""Open a zip from outside only after its own directory has been held against it."""

import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from portal.domain.errors import Invalid, Problem, TooLarge
from portal.files.entry_names import entry_name, is_junk, is_unsafe

MB = 1024 * 1024

_END = b"PK\x05\x06"
_END_SIZE = 22
# Some phones leave a little behind the end.
_STRAY_BYTES = 1024
_END64_LOCATOR = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_ENCRYPTED = 0x1 | 0x40
_SHOWN_PROBLEMS = 20

_PACK_AGAIN = "Hãy nén lại bằng chức năng nén .zip của máy rồi gửi lại."


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipLimits:
    """What an archive may hold; sizes in bytes, ``ratio`` unpacked to packed."""

    total_bytes: int = 3 * 1024 * MB
    entry_bytes: int = 30 * MB
    entries: int = 25_000
    directory_bytes: int = 16 * MB
    ratio: int = 200


def open_zip(file: BinaryIO, *, name: str, limits: ZipLimits) -> ZipFile:
    """Return the opened zip when nothing in it lies, hides or overruns the limits.

    Nothing is unpacked here. Python 3.11 opens overlapped archives, so the check
    is ours. Raises Invalid or TooLarge with every problem found; ``name`` is the
    file the sentences speak of.
    """
    _check_directory(file, name=name, limits=limits)
    try:
        archive = ZipFile(file)
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, OSError) as error:
        raise _broken(name) from error
    except NotImplementedError as error:
        raise _unknown_method(name) from error
    infos = archive.infolist()
    _check_sizes(infos, name=name, limits=limits)
    _check_layout(archive, file, name=name)
    problems = [*_entry_problems(infos, limits), *_doubled(infos)]
    if problems:
        raise _refused(name, problems)
    return archive


def read_entry(archive: ZipFile, info: ZipInfo, *, limit: int) -> bytes:
    """Return an entry's bytes, never more than ``limit``, proven by its checksum.

    Raises TooLarge or Invalid naming the entry.
    """
    name = entry_name(info)
    if info.file_size > limit:
        raise TooLarge(str(_too_big(name, info.file_size, limit)))
    try:
        with archive.open(info) as entry:
            data = entry.read(info.file_size)
            surplus = entry.read(1)
    except Exception as error:  # zipfile raises six kinds for broken bytes
        raise _broken_entry(name) from error
    if len(data) != info.file_size or surplus:
        raise _broken_entry(name)
    return data


def megabytes(size: int) -> str:
    """Say a size in bytes the Vietnamese way: ``4,2 MB``."""
    if size < MB:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MB:.1f} MB".replace(".", ",").replace(",0 ", " ")


def _check_directory(file: BinaryIO, *, name: str, limits: ZipLimits) -> None:
    """Refuse a directory too long to be loaded, which ZipFile would read whole."""
    end = _end_record(file)
    if end is None:
        raise _broken(name)
    entries, directory_bytes = end
    if entries > limits.entries or directory_bytes > limits.directory_bytes:
        raise _too_many(name, entries, limits)


def _end_record(file: BinaryIO) -> tuple[int, int] | None:
    """Return (entries, directory size) from the end record that ZipFile will use."""
    file_size = file.seek(0, 2)
    start = max(0, file_size - _END_SIZE - 65_535)
    file.seek(start)
    tail = file.read()
    at = len(tail) - _END_SIZE
    if at < 0 or tail[at : at + 4] != _END or tail[-2:] != b"\0\0":
        at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        return None
    entries, size, _offset, comment = struct.unpack_from("<HLLH", tail, at + 10)
    # An end record far from the end belongs to a file inside a zip that was torn.
    if at + _END_SIZE + comment + _STRAY_BYTES < len(tail):
        return None
    locator = start + at - 20
    if locator >= 56:
        file.seek(locator - 56)
        record = file.read(76)
        if record[56:60] == _END64_LOCATOR and record[:4] == _END64:
            entries, size = struct.unpack_from("<QQ", record, 32)
    return entries, size


def _check_sizes(infos: list[ZipInfo], *, name: str, limits: ZipLimits) -> None:
    if len(infos) > limits.entries:
        raise _too_many(name, len(infos), limits)
    total = sum(info.file_size for info in infos)
    if total > limits.total_bytes:
        raise TooLarge(
            f"Tệp {name} bung ra tới {megabytes(total)}, trong khi cổng chỉ nhận "
            f"{megabytes(limits.total_bytes)}. Hãy chia danh sách thành nhiều tệp .zip "
            "nhỏ hơn."
        )


def _check_layout(archive: ZipFile, file: BinaryIO, *, name: str) -> None:
    """Hold each local header against the directory, and each entry to its own bytes.

    Entries that share bytes are how 480 kB can claim 97 GiB.
    """
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Invalid(
                f"Tệp {name} có các mục nén chồng lên nhau ({entry_name(info)}): tệp "
                f"hỏng hoặc cố ý phá hoại. {_PACK_AGAIN}"
            )
        file.seek(info.header_offset)
        header = file.read(_LOCAL_SIZE)
        if len(header) < _LOCAL_SIZE or header[:4] != _LOCAL:
            raise _broken_entry(entry_name(info))
        extras = sum(struct.unpack_from("<HH", header, 26))
        end = info.header_offset + _LOCAL_SIZE + extras + info.compress_size
    if end > archive.start_dir:
        raise _broken(name)


def _entry_problems(infos: list[ZipInfo], limits: ZipLimits) -> Iterator[Problem]:
    for info in infos:
        name = entry_name(info)
        if is_unsafe(name):
            yield Problem(
                "tên trỏ ra ngoài tệp nén.",
                where=_printable(name),
                fix="Hãy nén lại từ thư mục chứa danh sách và ảnh.",
            )
        elif _is_special(info):
            yield Problem(
                "là lối tắt (liên kết), không phải tệp thật.",
                where=name,
                fix="Hãy thay bằng chính tệp đó rồi nén lại.",
            )
        elif info.flag_bits & _ENCRYPTED:
            yield Problem(
                "được đặt mật khẩu nên không đọc được.",
                where=name,
                fix="Hãy nén lại không đặt mật khẩu.",
            )
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield Problem("dùng kiểu nén lạ.", where=name, fix=_PACK_AGAIN)
        elif info.file_size > limits.entry_bytes and not is_junk(name):
            yield _too_big(name, info.file_size, limits.entry_bytes)
        elif info.file_size > MB and (
            info.file_size > limits.ratio * max(1, info.compress_size)
        ):
            yield Problem(
                f"bung ra gấp hơn {limits.ratio} lần, giống tệp phá hoại.",
                where=name,
                fix="Hãy bỏ tệp này khỏi tệp nén.",
            )


def _is_special(info: ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return kind not in (0, stat.S_IFREG, stat.S_IFDIR)


def _doubled(infos: list[ZipInfo]) -> Iterator[Problem]:
    seen: set[str] = set()
    for info in infos:
        name = entry_name(info)
        if name in seen and not is_junk(name):
            yield Problem(
                "có hai mục cùng tên trong tệp nén.",
                where=name,
                fix="Hãy giữ một tệp, đổi tên hoặc bỏ tệp kia.",
            )
        seen.add(name)


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:200]


def _refused(name: str, problems: list[Problem]) -> Invalid:
    if len(problems) == 1:
        return Invalid(f"Không nhận tệp {name}. {problems[0]}", tuple(problems))
    more = len(problems) - _SHOWN_PROBLEMS
    text = f"Không nhận tệp {name}: có {len(problems)} chỗ phải sửa."
    if more > 0:
        text += f" Dưới đây là {_SHOWN_PROBLEMS} chỗ đầu tiên."
    return Invalid(text, tuple(problems[:_SHOWN_PROBLEMS]))


def _too_many(name: str, entries: int, limits: ZipLimits) -> TooLarge:
    count, limit = (f"{n:,}".replace(",", ".") for n in (entries, limits.entries))
    return TooLarge(
        f"Tệp {name} chứa {count} tệp con, trong khi cổng chỉ nhận {limit}. "
        "Hãy chia danh sách thành nhiều tệp .zip nhỏ hơn."
    )


def _too_big(name: str, size: int, limit: int) -> Problem:
    return Problem(
        f"nặng {megabytes(size)}, quá mức {megabytes(limit)} cho một tệp.",
        where=name,
        fix="Hãy thu nhỏ tệp này rồi nén lại.",
    )


def _broken(name: str) -> Invalid:
    return Invalid(
        f"Tệp {name} không mở được như một tệp .zip: tệp hỏng hoặc tải lên chưa trọn. "
        f"{_PACK_AGAIN}"
    )


def _broken_entry(name: str) -> Invalid:
    return Invalid(
        f"Tệp {name} trong tệp nén bị hỏng, không đọc trọn được. {_PACK_AGAIN}"
    )


def _unknown_method(name: str) -> Invalid:
    return Invalid(f"Tệp {name} dùng kiểu nén lạ nên không đọc được. {_PACK_AGAIN}")
