"""Faults of the machine that people can do something about, in their words."""

import errno

from portal.domain.errors import DomainError


class Busy(DomainError):
    """Another writer held the database longer than we wait (503)."""


class Full(DomainError):
    """The disk, or the database on it, takes no more (507)."""


_UNWRITABLE = (
    "disk I/O error",
    "attempt to write a readonly database",
    "in a read-only transaction",
)


def refusal_for(error: BaseException) -> DomainError | None:
    """Give the refusal that a database's or the system's error means, if any.

    Drivers tell these apart only by their text; nothing was written in either case.
    """
    text = str(error)
    if "database is locked" in text:
        return Busy("Có người khác đang ghi dữ liệu lớn. Chờ một phút rồi thử lại.")
    if "Connection refused" in text or "connection failed" in text:
        return Busy(
            "Không kết nối được cơ sở dữ liệu. Người quản trị máy chủ xem PostgreSQL có"
            " chạy không và DATABASE_URL có đúng không."
        )
    if any(sign in text for sign in _UNWRITABLE):
        return Full(
            "Máy chủ không ghi được lên ổ đĩa, bước này chưa ghi gì. Người quản trị máy"
            " chủ xem ổ đĩa còn chỗ trống và cho phép ghi không, rồi làm lại."
        )
    no_room = isinstance(error, OSError) and error.errno == errno.ENOSPC
    if no_room or "database or disk is full" in text or "No space left" in text:
        return Full(
            "Ổ đĩa máy chủ đã đầy, bước này chưa ghi gì. Dọn bớt chỗ trống rồi làm lại."
        )
    return None
