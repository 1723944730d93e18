"""The prescribed package (P2: one zip of the Excel list and the photos), in and out."""

import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self
from zipfile import ZipFile, ZipInfo

from portal.domain.errors import Invalid, Problem, TooLarge
from portal.files.entry_names import entry_name, is_junk
from portal.files.storage import atomic_file
from portal.files.zip_guard import MB, ZipLimits, megabytes, open_zip, read_entry

ROSTER_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv"})

# Picture formats that we do not read count as photos too: the photo's own check
# then names the file and says what to save it as, instead of leaving it out.
_READ = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".heic", ".heif"})
PHOTO_SUFFIXES = _READ | {".gif", ".tif", ".tiff", ".svg", ".avif"}
_ARCHIVE_SUFFIXES = frozenset(
    (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
)
_OTHER_ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}
_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLimits:
    """What one upload may hold; sizes in bytes."""

    archive: ZipLimits = field(default_factory=ZipLimits)
    photo_bytes: int = 30 * MB
    roster_bytes: int = 30 * MB


@dataclass(slots=True)
class Package:
    """One list with its photos, read piece by piece; a context manager.

    ``roster_name`` and ``photo_names`` are names inside the zip (NFC, folders
    parted by ``/``): text to match and show, never paths. ``other_names`` is what
    was left aside because it is neither a list nor a picture.
    """

    roster_name: str
    photo_names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    limits: PackageLimits = field(default_factory=PackageLimits)
    _file: BinaryIO = field(default_factory=BytesIO, repr=False)
    _archive: ZipFile | None = field(default=None, repr=False)
    _infos: dict[str, ZipInfo] = field(default_factory=dict, repr=False)
    _owns_file: bool = field(default=False, repr=False)

    def roster_bytes(self) -> bytes:
        """Return the list's bytes; Invalid where they are broken."""
        if self._archive is not None:
            info = self._infos[self.roster_name]
            return read_entry(self._archive, info, limit=self.limits.roster_bytes)
        self._file.seek(0)
        data = self._file.read(self.limits.roster_bytes + 1)
        if len(data) > self.limits.roster_bytes:
            raise _roster_too_big(self.roster_name, self.limits)
        return data

    def read_photo(self, name: str) -> bytes:
        """Return one photo of ``photo_names``; Invalid or TooLarge naming the file."""
        if self._archive is None:
            raise KeyError(name)
        info = self._infos[name]
        return read_entry(self._archive, info, limit=self.limits.photo_bytes)

    def close(self) -> None:
        """Close what ``open_package`` opened itself."""
        if self._archive is not None:
            self._archive.close()
        if self._owns_file:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_package(
    source: str | os.PathLike[str] | BinaryIO,
    *,
    filename: str = "",
    limits: PackageLimits | None = None,
) -> Package:
    """Open an uploaded zip, or a bare .xlsx/.xls/.csv as a package without photos.

    ``filename`` is the name the officer gave (the path's own name otherwise). The
    whole directory is checked before anything is read. Raises Invalid or TooLarge,
    with one problem for each file inside that has to be mended.
    """
    limits = limits or PackageLimits()
    if not isinstance(source, str | os.PathLike):
        return _open(source, filename or "tệp tải lên", limits)
    file = Path(source).open("rb")  # noqa: SIM115 (the package closes it)
    try:
        package = _open(file, filename or Path(source).name, limits)
    except BaseException:
        file.close()
        raise
    package._owns_file = True
    return package


def write_zip(
    out_path: str | os.PathLike[str],
    entries: Iterable[tuple[str, bytes | Path]],
) -> int:
    """Write a zip of (ASCII name, bytes or file) as a stream; return its entries.

    Pictures and PDF are stored, the rest is deflated; the same entries give the
    same bytes. The file appears whole or not at all. Raises StorageFull when the
    disk is full, ValueError on a name that is not plain or comes twice.
    """
    seen: set[str] = set()
    with atomic_file(Path(out_path)) as out, ZipFile(out, "w") as archive:
        for name, content in entries:
            _check_export_name(name, seen)
            info = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = _compression(name)
            info.external_attr = 0o644 << 16
            if isinstance(content, bytes):
                archive.writestr(info, content)
                continue
            info.file_size = content.stat().st_size
            with content.open("rb") as source, archive.open(info, "w") as target:
                while chunk := source.read(MB):
                    target.write(chunk)
    return len(seen)


def _open(file: BinaryIO, name: str, limits: PackageLimits) -> Package:
    file.seek(0)
    head = file.read(8)
    if not head:
        raise Invalid(f"Tệp {name} rỗng. Hãy chọn lại tệp danh sách hoặc tệp .zip.")
    for magic, kind in _OTHER_ARCHIVES.items():
        if head.startswith(magic):
            raise Invalid(
                f"Tệp {name} là tệp nén {kind}, cổng không đọc được. Hãy nén lại thành "
                "tệp .zip."
            )
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in ROSTER_SUFFIXES:
        return _bare(file, name, limits)
    if suffix != ".zip" and not head.startswith(b"PK"):
        raise Invalid(
            f"Tệp {name} không phải tệp .zip hay danh sách Excel. Hãy gửi một tệp .zip "
            "gồm danh sách và ảnh, hoặc một tệp .xlsx, .xls, .ods hay .csv."
        )
    archive = open_zip(file, name=name, limits=limits.archive)
    package = Package("", limits=limits, _file=file, _archive=archive)
    try:
        return _sorted_out(package, archive, name)
    except BaseException:
        archive.close()
        raise


def _bare(file: BinaryIO, name: str, limits: PackageLimits) -> Package:
    if file.seek(0, 2) > limits.roster_bytes:
        raise _roster_too_big(name, limits)
    return Package(PurePosixPath(name).name, limits=limits, _file=file)


def _sorted_out(package: Package, archive: ZipFile, zip_name: str) -> Package:
    """Tell the list from the photos and the rest, and refuse what is not one list."""
    names: dict[str, ZipInfo] = {}
    for info in archive.infolist():
        name = entry_name(info)
        if not is_junk(name) and not name.endswith("/"):
            names[name] = info
    by_suffix = {name: PurePosixPath(name).suffix.lower() for name in names}
    nested = [name for name, suffix in by_suffix.items() if suffix in _ARCHIVE_SUFFIXES]
    rosters = [name for name, suffix in by_suffix.items() if suffix in ROSTER_SUFFIXES]
    photos = [name for name, suffix in by_suffix.items() if suffix in PHOTO_SUFFIXES]
    if nested:
        raise _nested(zip_name, nested)
    if len(rosters) != 1:
        raise _not_one_roster(zip_name, rosters, list(names))
    known = {*rosters, *photos}
    return replace(
        package,
        roster_name=rosters[0],
        photo_names=tuple(photos),
        other_names=tuple(name for name in names if name not in known),
        _infos=names,
    )


def _nested(zip_name: str, nested: list[str]) -> Invalid:
    problems = tuple(
        Problem(
            "là tệp nén nằm trong tệp nén.",
            where=name,
            fix="Hãy bung ra, rồi nén chung danh sách và ảnh vào một tệp .zip.",
        )
        for name in nested[:_LISTED]
    )
    return Invalid(f"Không nhận tệp {zip_name}. {problems[0]}", problems)


def _not_one_roster(zip_name: str, rosters: list[str], names: list[str]) -> Invalid:
    if rosters:
        return Invalid(
            f"Tệp {zip_name} có {len(rosters)} danh sách: {_listing(rosters)}. Mỗi tệp "
            ".zip chỉ được có một; hãy giữ lại danh sách đúng rồi nén lại.",
            tuple(Problem("là một danh sách.", where=name) for name in rosters),
        )
    found = f"chỉ thấy: {_listing(names)}" if names else "tệp nén rỗng"
    return Invalid(
        f"Tệp {zip_name} không có danh sách Excel nào ({found}). Hãy thêm danh sách "
        "theo mẫu (.xlsx) vào cùng tệp .zip với ảnh."
    )


def _listing(names: list[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    more = len(names) - _LISTED
    return f"{shown} và {more} tệp khác" if more > 0 else shown


def _roster_too_big(name: str, limits: PackageLimits) -> TooLarge:
    return TooLarge(
        f"Danh sách {name} nặng quá {megabytes(limits.roster_bytes)}. Hãy bỏ ảnh dán "
        "trong Excel, hoặc chia danh sách thành nhiều tệp."
    )


def _check_export_name(name: str, seen: set[str]) -> None:
    plain = name.isascii() and name.isprintable() and "\\" not in name
    if not plain or name.startswith("/") or ".." in name.split("/") or name in seen:
        raise ValueError(f"not a plain new entry name: {name!r}")
    seen.add(name)


def _compression(name: str) -> int:
    packed = name.lower().endswith((".png", ".jpg", ".jpeg", ".pdf", ".zip", ".xlsx"))
    return zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
