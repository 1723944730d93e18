"""Commands: serve the pages, and the worker beside them."""

import errno
import fcntl
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask

from portal.config import LOOPBACK, PROJECT

# Waitress buffers slow uploads, so that few threads serve many phones.
WEB_THREADS = 8

# Recognised here, not bound.
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # nosec B104


_DOOR_SHUT = {
    errno.EACCES: "cổng dưới 1024 cần quyền quản trị máy",
    errno.EADDRINUSE: "chương trình khác đang dùng cổng này",
    errno.EADDRNOTAVAIL: "máy này không mang địa chỉ đó",
}

HOST = click.option("--host", help="Địa chỉ lắng nghe (mặc định 127.0.0.1).")
PORT = click.option(
    "--port", type=click.IntRange(1, 65535), help="Cổng lắng nghe (mặc định 8000)."
)


@click.command()
@HOST
@PORT
def serve(host: str | None = None, port: int | None = None) -> None:
    """Chạy cổng: trang web và tiến trình làm việc nền."""
    app = ready_app(listening_at(host, port))
    serve_app(app, open_door(app), say=lambda: announce(app))


def listening_at(host: str | None, port: int | None) -> dict[str, Any]:
    """Give the settings that the words ``--host`` and ``--port`` stand for."""
    given = {"PORTAL_HOST": host, "PORTAL_PORT": port}
    return {name: value for name, value in given.items() if value}


@click.command()
@click.option("--with-parent", is_flag=True, hidden=True)
def worker(with_parent: bool) -> None:
    """Chỉ chạy tiến trình làm việc nền (khi trang web chạy ở máy khác)."""
    from portal.jobs.worker import run_worker

    logging.basicConfig(level=logging.WARNING)
    run_worker(ready_app(), with_parent=with_parent)


def ready_app(overrides: dict[str, Any] | None = None) -> Flask:
    """Build the app on an up-to-date database, or stop with a sentence."""
    from portal.db.migrate import upgrade
    from portal.domain.errors import DomainError
    from portal.factory import create_app
    from portal.services.health import refuse_unsafe_start

    app = create_app(overrides)
    try:
        with app.app_context():
            refuse_unsafe_start()
            upgrade()
    except DomainError as error:
        raise click.ClickException(error.text) from error
    return app


def public_url(app: Flask) -> str:
    """Give the address that people type, without a slash at its end."""
    config = app.config
    given: str = config["PORTAL_PUBLIC_URL"]
    host = config["PORTAL_HOST"]
    if host in _EVERYWHERE:
        host = _own_address()
    return (given or f"http://{host}:{config['PORTAL_PORT']}").rstrip("/")


def _own_address() -> str:
    """Give the address under which others on the network find this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing: it only asks which way a packet would leave.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def announce(app: Flask) -> None:
    """Print the address and, on an empty installation, the founding link."""
    from portal.services import first_run
    from portal.services.health import reach

    with app.app_context():
        link = first_run.founding_link()
        found = reach()
    if not found.well:
        click.echo(f"Chú ý: {found.seen}. {found.fix}", err=True)
    click.echo(f"Cổng đoàn viên: {public_url(app)}{from_elsewhere(app)}")
    if link:
        click.echo(
            "Cổng chưa có dữ liệu. Mở liên kết dùng một lần này để bắt đầu:\n"
            f"  {public_url(app)}{link}"
        )


def from_elsewhere(app: Flask) -> str:
    """Tell how another machine opens a portal that only this one, a server, hears.

    Gives "" where there is a screen, or an address for others.
    """
    config = app.config
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen or config["PORTAL_PUBLIC_URL"] or config["PORTAL_HOST"] not in LOOPBACK:
        return ""
    port = config["PORTAL_PORT"]
    return (
        "\nMáy này không có màn hình? Trên máy bạn ngồi, chạy"
        f" ssh -L {port}:127.0.0.1:{port} tên-máy-chủ rồi mở địa chỉ trên."
    )


def open_door(app: Flask) -> socket.socket:
    """Take the portal's own port, or stop with a sentence that says why not."""
    host, port = app.config["PORTAL_HOST"], app.config["PORTAL_PORT"]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = "không có địa chỉ này"
        if not isinstance(error, socket.gaierror):
            why = _DOOR_SHUT.get(error.errno or 0, error.strerror or str(error))
        other = port + 1 if 1024 <= port < 65535 else 8000
        raise click.ClickException(
            f"Không mở được cổng {port} tại {host}: {why}. Chọn cổng khác: thêm"
            f" --port {other} vào lệnh, hoặc đặt PORTAL_PORT={other}."
        ) from error


def serve_app(app: Flask, door: socket.socket, *, say: Callable[[], None]) -> None:
    """Serve at an open door until interrupted, with a worker that is kept alive.

    ``say`` is called once nothing more can keep people out.
    """
    from waitress import create_server

    with serving_mark(app, exclusive=False) as ours:
        if not ours:
            raise click.ClickException(
                "Dữ liệu mẫu ở thư mục này đang được dựng hoặc xoá. Chờ xong rồi chạy"
                " lại."
            )
        server = create_server(
            app,
            sockets=[door],
            threads=WEB_THREADS,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            ident=None,
        )
        say()
        over = threading.Event()
        keeper = threading.Thread(target=_keep_worker, args=(app, over), daemon=True)
        keeper.start()
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            over.set()
            server.close()
            keeper.join(timeout=15)
    click.echo("Đã dừng cổng.")


@contextmanager
def serving_mark(app: Flask, *, exclusive: bool) -> Iterator[bool]:
    """Hold the mark that the portal is being served; False where others bar it.

    Portals share it; who wants the folder to itself (removal) asks exclusively.
    """
    path = Path(app.config["PORTAL_INSTANCE"]) / "serving.lock"
    with path.open("w") as mark:
        try:
            kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
            fcntl.flock(mark, kind | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def start_worker(app: Flask) -> subprocess.Popen[bytes]:
    """Start a worker process on the same instance; it ends with this one."""
    environment = os.environ | {
        "PORTAL_INSTANCE": app.config["PORTAL_INSTANCE"],
        "DATABASE_URL": app.config["DATABASE_URL"],
        "JOBS_URL": app.config["JOBS_URL"],
    }
    return subprocess.Popen(  # noqa: S603 - our own program, no outside words
        [sys.executable, str(Path(PROJECT) / "app.py"), "worker", "--with-parent"],
        stdin=subprocess.PIPE,
        env=environment,
        # Ctrl+C is for us: a worker that is just starting would print a traceback.
        start_new_session=True,
    )


def _keep_worker(app: Flask, over: threading.Event) -> None:
    while not over.is_set():
        process = start_worker(app)
        while process.poll() is None and not over.wait(1):
            pass
        if not over.is_set():
            # It died of itself; its job is taken up by the next one.
            over.wait(2)
            continue
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


COMMANDS: tuple[click.Command, ...] = (serve, worker)
