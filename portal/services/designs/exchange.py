"""Designs in and out: a zip of the folder, an SVG drawn elsewhere, pictures."""

import hashlib
import io
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from card_designs import Finding
from card_designs.design_import import import_svg
from card_designs.findings import Level
from card_designs.sandbox import guard_files
from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import CardDesign
from portal.db.queries import designs as designs_q
from portal.db.session import transaction
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid, NotAllowed, Problem, TooLarge
from portal.files.archive import write_zip
from portal.files.art import normalise_art
from portal.files.entry_names import entry_name, is_junk
from portal.files.zip_guard import MB, ZipLimits, megabytes, open_zip, read_entry
from portal.services.designs import access, contents, drawing, gallery

MOST_BYTES = 40 * MB
_LIMITS = ZipLimits(
    total_bytes=80 * MB, entry_bytes=20 * MB, entries=100, directory_bytes=MB
)
_PICTURES = {".png", ".jpg", ".jpeg"}
_MOST_SETTINGS_BYTES = 64 * 1024
_TOLD = 20


def import_design(
    data: bytes, *, file_name: str, name: str, kind: CardKind, by: Actor
) -> tuple[CardDesign, list[str]]:
    """Make a design of an uploaded .zip (a whole folder) or .svg (its front).

    ``kind`` is for an SVG, which does not say; a zip's design.toml does. Returns the
    design and what was left aside or should be looked at. Raises Invalid or TooLarge
    with every reason, each with file and line.
    """
    by.require(Action.DESIGN_EDIT)
    refuse_too_large(data, file_name, most=MOST_BYTES)
    title = name or PurePosixPath(file_name).stem
    if data.startswith(b"PK"):
        files, told = _unpacked(data, file_name=file_name)
    else:
        files, told = _drawn_elsewhere(data, file_name, gallery.named(title), kind)
    if not name:
        settings = contents.read_settings(files[contents.SETTINGS])
        title = str(settings.get("title", title))
    # Whatever the guard has missed ends in the child, not here.
    drawing.inspect(files)
    return gallery.add(title, files, by=by, origin=file_name), told


def export_zip(design_id: int, number: int | None, *, by: Actor) -> tuple[bytes, str]:
    """Pack a version, or the draft where ``number`` is None; the bytes and a name.

    Raises NotAllowed for a superior's design that may not be copied.
    """
    if number is None:
        design = access.own(design_id, by=by)
        files = contents.of_draft(designs_q.draft_of(design.id))
    else:
        version = access.version_of(design_id, number, by=by)
        design = version.design
        files = contents.of_version(version)
    if not access.may_take(design, by=by):
        raise NotAllowed(f"{design.unit.name} không cho đơn vị khác tải mẫu này về.")
    with transaction() as session:
        access.record(session, "design.export", design, by=by, number=number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "design.zip"
        write_zip(path, sorted(files.items()))
        what = f"ban-{number}" if number else "ban-nhap"
        return path.read_bytes(), f"mau-the-{design.id}-{what}.zip"


def _unpacked(data: bytes, *, file_name: str) -> tuple[dict[str, bytes], list[str]]:
    archive = open_zip(io.BytesIO(data), name=file_name, limits=_LIMITS)
    with archive:
        entries = _entries(archive)
    files: dict[str, bytes] = {}
    told = []
    top = _top_folder(entries)
    for full_name, content in entries.items():
        name = full_name.removeprefix(top)
        suffix = PurePosixPath(name).suffix.lower()
        if name in contents.PARTS:
            files[name] = content
        elif suffix in _PICTURES:
            files[name] = normalise_art(content, name=name).content
        else:
            told.append(f"Bỏ qua tệp {name}: không phải tệp của mẫu thẻ.")
    _refuse_incomplete(files, file_name)
    refuse_findings(guard_files(files), file_name)
    if contents.BACK not in files:
        kind = contents.kind_in(files[contents.SETTINGS])
        files[contents.BACK] = contents.blank("", kind)[contents.BACK]
        told.append("Tệp nén không có back.svg: mặt sau để trắng.")
    return files, told


def _entries(archive: ZipFile) -> dict[str, bytes]:
    return {
        name: read_entry(archive, info, limit=_LIMITS.entry_bytes)
        for info in archive.infolist()
        if not (name := entry_name(info)).endswith("/") and not is_junk(name)
    }


def _top_folder(names: Iterable[str]) -> str:
    """Give the one folder that everything may lie in, with its slash, or nothing."""
    tops = {name.split("/")[0] for name in names if "/" in name}
    inside = all("/" in name for name in names)
    return f"{tops.pop()}/" if inside and len(tops) == 1 else ""


def _refuse_incomplete(files: dict[str, bytes], file_name: str) -> None:
    missing = [one for one in (contents.SETTINGS, contents.FRONT) if one not in files]
    if missing:
        raise Invalid(
            f"Tệp {file_name} thiếu {', '.join(missing)}. Tệp nén của một mẫu thẻ có"
            " design.toml, front.svg, back.svg và các hình PNG, JPEG."
        )
    if len(files[contents.SETTINGS]) > _MOST_SETTINGS_BYTES:
        raise Invalid("Tệp design.toml dài quá 64 KB: đây không phải tệp của mẫu thẻ.")


def _drawn_elsewhere(
    data: bytes, file_name: str, title: str, kind: CardKind
) -> tuple[dict[str, bytes], list[str]]:
    imported = import_svg(data, file=file_name)
    refuse_findings(imported.findings, file_name)
    files = contents.blank(title, kind) | {contents.FRONT: imported.svg}
    told = [f"{one.where}: {one.message}" for one in imported.findings]
    return files, told


def refuse_findings(findings: Iterable[Finding], file_name: str) -> None:
    """Raise Invalid with the errors among what was found in a file, where any is."""
    bad = [one for one in findings if one.level is Level.ERROR]
    if bad:
        problems = tuple(Problem(one.message, one.where) for one in bad[:_TOLD])
        raise Invalid(f"Không nhận tệp {file_name}. {problems[0]}", problems)


def refuse_too_large(data: bytes, file_name: str, *, most: int) -> None:
    """Raise TooLarge where an upload has more bytes than we read."""
    if len(data) > most:
        raise TooLarge(
            f"Tệp {file_name} nặng hơn {megabytes(most)}. Hãy thu nhỏ hình rồi gửi lại."
        )


def picture_name(content: bytes, suffix: str) -> str:
    """Name a picture after its bytes: the same one twice is one file."""
    return f"hinh-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
