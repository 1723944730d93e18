"""Settings of one installation: environment first, then instance/config.py."""

import os
import secrets
from pathlib import Path
from typing import Any

from flask import Config

from portal.domain.errors import DomainError


class BadSetting(DomainError):
    """A setting that cannot be read: its name, what stands there, what should."""


PROJECT = Path(__file__).resolve().parent.parent

# A file of this name in the instance folder says that its data is made up.
DEMO_MARK = "demo.json"

# Names of ours that are no settings of an installation.
_NOT_SETTINGS = {"PORTAL_REQUIRE_ALL": ()}

# Names under which a machine speaks to itself alone.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

MEGABYTE = 1024 * 1024

# name → (default, what it is for). README lists every one; a test compares.
SETTINGS: dict[str, tuple[Any, str]] = {
    "PORTAL_INSTANCE": ("instance", "thư mục dữ liệu"),
    "DATABASE_URL": ("", "cơ sở dữ liệu; trống = SQLite trong thư mục dữ liệu"),
    "JOBS_URL": ("", "hàng đợi việc nền; trống = SQLite trong thư mục dữ liệu"),
    "PORTAL_HOST": ("127.0.0.1", "địa chỉ lắng nghe"),
    "PORTAL_PORT": (8000, "cổng lắng nghe"),
    "PORTAL_PUBLIC_URL": ("", "địa chỉ mà cán bộ gõ vào trình duyệt"),
    "PORTAL_PLAIN_HTTP": (False, "cho phép http không mã hoá trong mạng nội bộ"),
    "PORTAL_PROXIES": (0, "số máy chủ proxy đứng trước, để đọc đúng địa chỉ khách"),
    "PORTAL_ALLOTS_NUMBERS": (True, "tự cấp mã số khi duyệt, hay chờ TLĐ"),
    "PORTAL_FIRST_NUMBER": (1, "mã số đoàn viên đầu tiên mà nơi này cấp"),
    "PORTAL_UPLOAD_MB": (3072, "cỡ tệp tải lên lớn nhất, MB"),
}


def load_settings(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """Gather the settings; ``overrides`` win (tests and commands use them)."""
    given = overrides or {}
    instance = Path(
        given.get("PORTAL_INSTANCE")
        or os.environ.get("PORTAL_INSTANCE")
        or PROJECT / "instance"
    ).resolve()
    # Its owner's alone: it holds thousands of people's data.
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings: dict[str, Any] = {
        name: default for name, (default, _why) in SETTINGS.items()
    }
    settings |= _from_file(instance / "config.py")
    settings |= {
        name: _typed(name, os.environ[name]) for name in SETTINGS if name in os.environ
    }
    settings |= given
    settings["PORTAL_INSTANCE"] = str(instance)
    settings["PORTAL_DEMO"] = (instance / DEMO_MARK).exists()
    return settings | _flask_settings(settings, instance)


def unknown_settings(instance: Path) -> list[str]:
    """List names that look like ours and are none: a misspelt setting does nothing."""
    given = {*os.environ, *_values_of(instance / "config.py")}
    return sorted(
        name
        for name in given
        if name.startswith("PORTAL_") and name not in SETTINGS | _NOT_SETTINGS
    )


def _from_file(path: Path) -> dict[str, Any]:
    return {
        name: _typed(name, value)
        for name, value in _values_of(path).items()
        if name in SETTINGS
    }


def _values_of(path: Path) -> Config:
    values = Config(str(path.parent))
    try:
        values.from_pyfile(str(path), silent=True)
    except SyntaxError as error:
        raise BadSetting(
            f"{path.name} dòng {error.lineno} không đọc được. Chữ phải để trong"
            ' ngoặc kép, số thì không: PORTAL_HOST = "0.0.0.0", PORTAL_PORT = 8080.'
        ) from error
    except Exception as error:
        raise BadSetting(
            f"{path.name} không đọc được ({type(error).__name__}: {error}). Mỗi dòng"
            " là TÊN = giá trị."
        ) from error
    return values


def _typed(name: str, value: Any) -> Any:
    like = SETTINGS[name][0]
    if not isinstance(value, str):
        return value
    if isinstance(like, bool):
        return value.strip().lower() in {"1", "true", "yes", "on"}
    if not isinstance(like, int):
        return value
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(f"{name} phải là một số, đang là “{value}”.") from error


def _flask_settings(settings: dict[str, Any], instance: Path) -> dict[str, Any]:
    plain = settings["PORTAL_PLAIN_HTTP"]
    return {
        "SECRET_KEY": settings.get("SECRET_KEY") or _secret_key(instance),
        "SQLALCHEMY_DATABASE_URI": _database_url(settings["DATABASE_URL"], instance),
        # The __Host- prefix ties the cookie to this host over https.
        "SESSION_COOKIE_NAME": "portal" if plain else "__Host-portal",
        "SESSION_COOKIE_SECURE": not plain,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": settings["PORTAL_UPLOAD_MB"] * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 4 * MEGABYTE,
        "MAX_FORM_PARTS": 2000,
    }


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'portal.sqlite3'}"
    # Hosting panels print the short form; SQLAlchemy wants the driver named.
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _secret_key(instance: Path) -> str:
    """Read the installation's own key, made once and readable by its owner only."""
    path = instance / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32))
    return path.read_text("ascii").strip()
