"""What is to be said of the photo of one row, and of photos that found no row."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from portal.db.models import ImportPhoto, ImportRow, Member, Photo
from portal.db.models.intake import PhotoMatch
from portal.db.queries import intake_photos
from portal.domain.renewal import State, person_is_fixed
from portal.services.intake.package_photos import base_name

__all__ = ["base_name", "doubts"]

_WHICH = "Chưa rõ ảnh nào là của dòng này. Chọn ảnh ở mục “Ghép ảnh”."
_NOT_THERE = "Không thấy ảnh “{name}” trong tệp gửi lên. Chọn ảnh ở mục “Ghép ảnh”."
_KEPT = "Giữ ảnh đang có."
_REPLACED = (
    "Ảnh trong tệp là ảnh cũ, đã được thay trong sổ. Muốn dùng lại thì đổi ảnh trong"
    " hồ sơ đoàn viên."
)
_NONE = "Không tìm thấy ảnh của người này. Chọn ảnh ở mục “Ghép ảnh”, hoặc thêm sau."


def doubts(session: Any, row: ImportRow, member: Member | None) -> list[str]:
    """Say what is the matter with a row's photo as it hangs there now."""
    if row.photo_id is not None:
        photo = session.get(Photo, row.photo_id)
        return [*photo.warnings, *_twice(session, row, photo)]
    refused = intake_photos.refusals(session, row.id)
    if refused:
        return refused
    if row.photo_match is PhotoMatch.AMBIGUOUS:
        return [_WHICH]
    named = str(row.values.get("photo_file", ""))
    if named:
        return [_NOT_THERE.format(name=base_name(named))]
    known = member is not None and member.photo_id is not None
    if known or not intake_photos.has_any(session, row.import_id):
        return []
    return [_NONE]


def why_it_stays(
    session: Any, member: Member | None, original_hash: str, state: State | None
) -> str:
    """Say why a member keeps the photo they have, where a list brings another.

    ``state``: where the request stands that the photo was sent with, if any. A photo
    that an earlier list brought and somebody has replaced since is not news either.
    """
    if member is None or member.photo is None:
        return ""
    if member.photo.original_hash == original_hash:
        return ""
    if state is not None:
        return f"{_KEPT} {replace(person_is_fixed(state), where='Ảnh')}"
    if intake_photos.was_brought_before(session, member, original_hash):
        return f"{_KEPT} {_REPLACED}"
    return ""


def _twice(session: Any, row: ImportRow, photo: Photo) -> Iterable[str]:
    """Flag the very same picture on another row of the list."""
    other = intake_photos.same_picture(session, row, photo)
    if other is not None:
        yield f"Ảnh giống hệt ảnh của dòng {other}. Xem lại ảnh của ai."


def attach(session: Any, row: ImportRow, found: ImportPhoto) -> None:
    """Hang a photo of the package on a row; the one it had becomes loose again."""
    release(session, row)
    found.row_id = row.id
    row.photo_id, row.photo_name = found.photo_id, found.name
    row.photo_match = PhotoMatch.MATCHED
    session.flush()


def release(session: Any, row: ImportRow) -> None:
    """Take a row's photo off it; it goes to the side list."""
    intake_photos.let_go(session, row.id)
    row.photo_id, row.photo_name = None, ""
    row.photo_match = PhotoMatch.MISSING
    session.flush()
