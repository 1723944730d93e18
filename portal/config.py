"""Settings of one installation: environment first, then instance/config.py."""

import os
import re
import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Config

from portal.domain.errors import DomainError
from portal.domain.numbering import LARGEST_NUMBER


class BadSetting(DomainError):
    """A setting that cannot be read: its name, what stands there, what should."""


PROJECT = Path(__file__).resolve().parent.parent

# How a person who only followed the README calls us: words of ours repeat it.
COMMAND = ".venv/bin/python app.py"

# A file of this name in the instance folder says that its data is made up.
DEMO_MARK = "demo.json"

_KEY_FILE = "secret_key"

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


# Whole numbers: the smallest and the largest that mean anything.
_BOUNDS = {
    "PORTAL_PORT": (1, 65535),
    "PORTAL_PROXIES": (0, 9),
    "PORTAL_FIRST_NUMBER": (1, LARGEST_NUMBER),
    "PORTAL_UPLOAD_MB": (1, 1_000_000),
}
_SWITCHES = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_POSTGRES = r"postgres(ql)?(\+psycopg)?://"
_DATABASES = re.compile(rf"sqlite://|{_POSTGRES}")
_QUEUES = re.compile(r"postgres(ql)?://|rediss?://")


def load_settings(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """Gather the settings; ``overrides`` win (tests and commands use them).

    Raises BadSetting that names every one that means nothing.
    """
    given = overrides or {}
    instance = instance_folder(given)
    settings: dict[str, Any] = {
        name: default for name, (default, _why) in SETTINGS.items()
    }
    from_file = _values_of(instance / "config.py")
    settings |= {name: from_file[name] for name in SETTINGS if name in from_file}
    settings |= {
        name: os.environ[name] for name in SETTINGS if not _is_unset(name, os.environ)
    }
    settings |= given
    settings["PORTAL_INSTANCE"] = str(instance)
    settings |= _checked(settings)
    # Its owner's alone: it holds thousands of people's data.
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings["PORTAL_DEMO"] = (instance / DEMO_MARK).exists()
    return settings | _flask_settings(settings, instance)


def instance_folder(given: Mapping[str, Any] | None = None) -> Path:
    """Give the folder of the installation's data, which need not exist yet."""
    chosen = (given or {}).get("PORTAL_INSTANCE") or os.environ.get("PORTAL_INSTANCE")
    return Path(chosen or PROJECT / "instance").resolve()


def is_installed(instance: Path) -> bool:
    """Say whether a portal was ever started on this folder: its key is made first."""
    return (instance / _KEY_FILE).exists()


def unknown_settings(instance: Path) -> list[str]:
    """List names that look like ours and are none: a misspelt setting does nothing."""
    given = {*os.environ, *_values_of(instance / "config.py")}
    return sorted(
        name
        for name in given
        if name.startswith("PORTAL_") and name not in SETTINGS | _NOT_SETTINGS
    )


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


def _is_unset(name: str, environment: Mapping[str, str]) -> bool:
    """Say whether a number or switch is absent; blank is what hosting panels leave."""
    if name not in environment:
        return True
    return isinstance(SETTINGS[name][0], int) and not environment[name].strip()


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    read, wrong = {}, []
    for name in SETTINGS:
        try:
            read[name] = _typed(name, settings[name])
        except BadSetting as error:
            wrong.append(error.text)
    if wrong:
        raise BadSetting("\n".join(wrong))
    return read


def _typed(name: str, value: Any) -> Any:
    default = SETTINGS[name][0]
    if isinstance(default, bool):
        return _switch(name, value)
    if isinstance(default, int):
        return _whole(name, value)
    if not isinstance(value, str):
        raise BadSetting(f"{name} phải là chữ trong ngoặc kép, đang là “{value}”.")
    return _text(name, value.strip())


def _switch(name: str, value: Any) -> bool:
    meant = _SWITCHES.get(str(value).strip().lower())
    if meant is None:
        raise BadSetting(f"{name} phải là 1 (có) hoặc 0 (không), đang là “{value}”.")
    return meant


def _whole(name: str, value: Any) -> int:
    least, most = _BOUNDS[name]
    try:
        number = int(str(value))
    except ValueError as error:
        raise BadSetting(
            f"{name} phải là một số nguyên từ {least} đến {most}, đang là “{value}”."
        ) from error
    if not least <= number <= most:
        raise BadSetting(f"{name} phải từ {least} đến {most}, đang là “{value}”.")
    return number


def _text(name: str, value: str) -> str:
    match name:
        case "PORTAL_HOST" if not value:
            raise BadSetting(f"{name} không được trống; trong máy là 127.0.0.1.")
        case "PORTAL_PUBLIC_URL" if value and not _is_web_address(value):
            raise BadSetting(
                f"{name} phải là địa chỉ đầy đủ, chỉ gồm http:// hoặc https://, tên máy"
                f" và cổng, ví dụ https://the.congdoan.example; đang là “{value}”."
            )
        case "DATABASE_URL" if value and not _DATABASES.match(value):
            raise BadSetting(
                f"{name} phải bắt đầu bằng postgresql://, hoặc trống để dùng SQLite."
            )
        case "JOBS_URL" if value and not _QUEUES.match(value):
            raise BadSetting(
                f"{name} phải bắt đầu bằng postgresql:// hoặc redis://, hoặc để trống."
            )
    _need_driver(name, value)
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return False
    beyond = parts.path.strip("/") or parts.query or parts.fragment
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not beyond


def _need_driver(name: str, value: str) -> None:
    """Raise BadSetting where the package that speaks to this server is missing."""
    kind, driver, install = "PostgreSQL", "psycopg", "-e '.[postgres]'"
    if value.startswith("redis"):
        kind, driver, install = "Redis", "redis", "redis"
    elif not re.match(_POSTGRES, value):
        return
    if find_spec(driver) is None:
        raise BadSetting(
            f"{name} trỏ tới {kind} nhưng máy chưa cài gói {driver}. Cài bằng:"
            f" .venv/bin/pip install -c constraints.txt {install}"
        )


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
    path = instance / _KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32))
    return path.read_text("ascii").strip()
