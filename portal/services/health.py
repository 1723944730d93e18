"""What keeps an installation from working, each with the way to mend it."""

import ctypes
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2
from flask import current_app

from portal.config import LOOPBACK, unknown_settings
from portal.db.migrate import is_current
from portal.db.queries import audit as audit_q
from portal.db.session import SAFE_SQLITE
from portal.domain.errors import DomainError

_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, how to mend it."""

    name: str
    well: bool
    seen: str
    fix: str = ""


def examine() -> list[Finding]:
    """Look at everything that the portal stands on."""
    looks: tuple[Callable[[], Finding], ...] = (
        _drawing,
        _assets,
        _sqlite,
        _tables,
        _disk,
        _settings,
        _audit_chain,
    )
    return [look() for look in looks]


def refuse_unsafe_start() -> None:
    """Raise DomainError where starting would put data at risk."""
    for look in (_sqlite, _settings):
        finding = look()
        if not finding.well:
            raise DomainError(f"{finding.name}: {finding.seen}. {finding.fix}")


def _drawing() -> Finding:
    name = "Thư viện dựng thẻ (cairo)"
    try:
        # The same file that the card library loads when it draws.
        ctypes.CDLL("libcairo.so.2")
    except OSError:
        return Finding(
            name, False, "máy thiếu libcairo2", "Cài bằng: apt-get install libcairo2"
        )
    return Finding(name, True, "có")


def _assets() -> Finding:
    name = "Tệp giao diện"
    static = Path(current_app.static_folder or "")
    missing = [
        path
        for path in ("vendor/htmx.min.js", "vendor/bootstrap.min.css")
        if not (static / path).exists()
    ]
    if missing:
        return Finding(
            name,
            False,
            f"thiếu {', '.join(missing)}",
            "Chạy lại: pip install -c constraints.txt -e .",
        )
    return Finding(name, True, "đủ")


def _sqlite() -> Finding:
    name = "SQLite"
    if not current_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return Finding("Cơ sở dữ liệu", True, "PostgreSQL")
    seen = pysqlite3.dbapi2.sqlite_version
    if pysqlite3.dbapi2.sqlite_version_info < SAFE_SQLITE:
        # Older ones can corrupt a database that two processes write.
        return Finding(
            name, False, seen, "Cài pysqlite3 từ 0.6.1: pip install -c constraints.txt"
        )
    return Finding(name, True, seen)


def _tables() -> Finding:
    if is_current():
        return Finding("Bảng dữ liệu", True, "đúng phiên bản")
    return Finding(
        "Bảng dữ liệu", False, "chưa nâng cấp", "Chạy: python app.py (tự nâng cấp)."
    )


def _disk() -> Finding:
    free = shutil.disk_usage(current_app.config["PORTAL_INSTANCE"]).free
    seen = f"còn {free // 1024**2:,} MB".replace(",", ".")
    if free < _FREE_BYTES:
        return Finding("Ổ đĩa", False, seen, "Dọn bớt để còn ít nhất 2 GB.")
    return Finding("Ổ đĩa", True, seen)


def _settings() -> Finding:
    name = "Thiết lập"
    config = current_app.config
    public_bind = config["PORTAL_HOST"] not in LOOPBACK
    if config["DEBUG"] and public_bind:
        return Finding(
            name,
            False,
            "chế độ gỡ lỗi đang mở ra mạng",
            "Tắt FLASK_DEBUG, hoặc chỉ lắng nghe ở 127.0.0.1.",
        )
    unknown = unknown_settings(Path(config["PORTAL_INSTANCE"]))
    if unknown:
        return Finding(
            name,
            False,
            f"không có thiết lập nào tên {', '.join(unknown)}",
            "Xem đúng tên trong bảng Thiết lập của README.",
        )
    if len(config["SECRET_KEY"]) < 32:
        return Finding(
            name, False, "khoá bí mật quá ngắn", "Xoá tệp secret_key rồi chạy lại."
        )
    return Finding(name, True, "hợp lệ")


def _audit_chain() -> Finding:
    name = "Nhật ký"
    if not is_current():
        return Finding(name, True, "chưa có")
    broken = next(audit_q.broken_links(), None)
    if broken is not None:
        return Finding(
            name,
            False,
            f"dòng {broken} đã bị sửa",
            "Giữ nguyên máy, báo người phụ trách an ninh; khôi phục từ bản sao lưu.",
        )
    return Finding(name, True, "nguyên vẹn")
