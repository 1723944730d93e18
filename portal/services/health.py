"""What keeps an installation from working, each with the way to mend it."""

import ctypes
import shutil
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2
from flask import current_app

from portal.config import COMMAND, LOOPBACK, unknown_settings
from portal.db.migrate import is_current, is_untouched
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


def examine(*, disk_of: Path | None = None) -> list[Finding]:
    """Look at everything that the portal stands on.

    ``disk_of`` is the folder whose disk counts, where it is not the app's own: that
    of an installation which is still to be made.
    """
    folder = disk_of or Path(current_app.config["PORTAL_INSTANCE"])
    return [
        _drawing(),
        _assets(),
        _sqlite(),
        _tables(),
        _disk(folder),
        _settings(),
        reach(),
        _audit_chain(),
    ]


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
            "Chạy lại: .venv/bin/pip install -c constraints.txt -e .",
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
            name,
            False,
            seen,
            "Cài lại pysqlite3: .venv/bin/pip install -c constraints.txt -e .",
        )
    return Finding(name, True, seen)


def _tables() -> Finding:
    name = "Bảng dữ liệu"
    if is_current():
        return Finding(name, True, "đúng phiên bản")
    if is_untouched():
        return Finding(name, True, f"chưa cài; lần đầu chạy {COMMAND} sẽ tự lập")
    return Finding(name, False, "chưa nâng cấp", f"Chạy: {COMMAND} (tự nâng cấp).")


def _disk(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
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


def reach() -> Finding:
    """Look whether people can come in, and stay signed in, at the address given."""
    name = "Đường vào"
    config = current_app.config
    if config["PORTAL_PUBLIC_URL"].startswith("https://"):
        if config["PORTAL_PROXIES"]:
            return Finding(name, True, config["PORTAL_PUBLIC_URL"])
        return Finding(
            name,
            False,
            "địa chỉ là https nhưng cổng chưa biết có máy chủ https đứng trước, nên mọi"
            " người cùng bị tính là một địa chỉ",
            "Đặt PORTAL_PROXIES=1 (số máy chủ đứng trước).",
        )
    if (
        config["PORTAL_HOST"] in LOOPBACK
        or config["PORTAL_PLAIN_HTTP"]
        or config["PORTAL_PROXIES"]
    ):
        return Finding(name, True, "hợp lệ")
    return Finding(
        name,
        False,
        "cổng mở ra mạng mà không có https nên trình duyệt không giữ được đăng nhập",
        "Đặt PORTAL_PLAIN_HTTP=1 (mạng nội bộ tin được), hoặc đặt máy chủ https phía"
        " trước và PORTAL_PROXIES=1.",
    )


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
