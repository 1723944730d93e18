"""Commands: serve the pages, and the worker beside them."""

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


@click.command()
@click.option("--host", help="Địa chỉ lắng nghe (mặc định 127.0.0.1).")
@click.option("--port", type=int, help="Cổng lắng nghe (mặc định 8000).")
def serve(host: str | None = None, port: int | None = None) -> None:
    """Chạy cổng: trang web và tiến trình làm việc nền."""
    overrides: dict[str, Any] = {}
    if host:
        overrides["PORTAL_HOST"] = host
    if port:
        overrides["PORTAL_PORT"] = port
    app = ready_app(overrides)
    serve_app(app, say=lambda: announce(app))


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

    with app.app_context():
        link = first_run.founding_link()
    config = app.config
    if not (config["PORTAL_PLAIN_HTTP"] or config["PORTAL_PROXIES"]) and (
        config["PORTAL_HOST"] not in LOOPBACK
    ):
        click.echo(
            "Chú ý: cổng mở ra mạng mà không có https nên trình duyệt không giữ được"
            " đăng nhập. Đặt PORTAL_PLAIN_HTTP=1 (mạng nội bộ tin được), hoặc đặt"
            " máy chủ https phía trước và PORTAL_PROXIES=1.",
            err=True,
        )
    click.echo(f"Cổng đoàn viên: {public_url(app)}")
    if link:
        click.echo(
            "Cổng chưa có dữ liệu. Mở liên kết dùng một lần này để bắt đầu:\n"
            f"  {public_url(app)}{link}"
        )


def serve_app(app: Flask, *, say: Callable[[], None]) -> None:
    """Serve until interrupted, with a worker process that is kept alive.

    ``say`` is called once the port is open: nobody is sent to a closed door.
    """
    from waitress import create_server

    config = app.config
    try:
        server = create_server(
            app,
            host=config["PORTAL_HOST"],
            port=config["PORTAL_PORT"],
            threads=WEB_THREADS,
            max_request_body_size=config["MAX_CONTENT_LENGTH"],
            ident=None,
        )
    except OSError as error:
        raise click.ClickException(
            f"Không mở được cổng {config['PORTAL_PORT']}"
            f" tại {config['PORTAL_HOST']}: {error.strerror}."
            " Chọn cổng khác bằng --port."
        ) from error
    say()
    over = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(app, over), daemon=True)
    keeper.start()
    with serving_mark(app, exclusive=False):
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
