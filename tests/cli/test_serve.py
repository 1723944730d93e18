"""`python app.py`: pages and worker start together, end together, say what is wrong."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.run import PROJECT, environment, portal


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: object, *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return
        time.sleep(0.1)
    pytest.fail("it did not come to pass")


def children(pid: int) -> list[int]:
    # Each thread lists the processes that it started itself.
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in lists for child in path.read_text().split()]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    instance = tmp_path / "instance"
    instance.mkdir()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "app.py"), "serve", "--port", str(port)],
        env=environment(instance, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_an_empty_installation_prints_a_founding_link_that_opens(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = server
    assert process.stdout
    said = ""
    while "/bat-dau/" not in said:
        said += process.stdout.readline()
    link = re.search(r"http://\S+/bat-dau/\S+", said)
    assert link
    assert f":{port}/" in link[0]

    def opens() -> bool:
        try:
            with urllib.request.urlopen(link[0]) as page:  # noqa: S310 - our own
                return page.status == 200
        except urllib.error.URLError:
            return False

    wait_until(opens)


def test_a_killed_worker_is_replaced_and_ends_with_the_server(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, _port = server
    wait_until(lambda: children(process.pid))
    first = children(process.pid)[0]

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: any(child != first for child in children(process.pid)))
    second = next(child for child in children(process.pid) if child != first)

    process.kill()
    process.wait()
    wait_until(lambda: not alive(second))


@pytest.mark.parametrize(
    "words",
    [("serve", "--port"), ("--port",), ("demo", "--port")],
)
def test_a_port_in_use_is_said_before_anything_is_made(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "instance").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = portal(*words, str(port), instance=tmp_path / "instance")

    assert done.returncode == 1
    assert "Chọn cổng khác: thêm --port" in done.stderr
    assert "PORTAL_PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "instance" / "demo.json").exists()


def test_doctor_is_content_with_a_migrated_installation(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    portal("demo", "--remove", instance=tmp_path / "instance")  # migrates

    done = portal("doctor", instance=tmp_path / "instance")

    assert done.returncode == 0, done.stdout
    assert "nguyên vẹn" in done.stdout


def test_doctor_makes_nothing_where_nothing_is_installed(tmp_path: Path) -> None:
    done = portal("doctor", instance=tmp_path / "new")

    assert done.returncode == 0, done.stdout
    assert "Chưa cài" in done.stdout
    assert "HỎNG" not in done.stdout
    assert ".venv/bin/python app.py" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "more", "said"),
    [
        ("PORTAL_HOST = 0.0.0.0\n", {}, "config.py dòng 1"),
        ("", {"PORTAL_PORT": "abc"}, "PORTAL_PORT phải là một số"),
        ("PORTAL_PORTT = 8080\n", {}, "PORTAL_PORTT"),
        ("", {"PORTAL_HOST": "127.0.0.2"}, "không có https"),
        ("", {"PORTAL_PUBLIC_URL": "https://a.example"}, "PORTAL_PROXIES=1"),
        ("", {"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "Không kết nối được"),
    ],
)
def test_a_setting_that_means_nothing_is_named(
    tmp_path: Path, file: str, more: dict[str, str], said: str
) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "config.py").write_text(file, "utf-8")

    done = portal("doctor", instance=instance, **more)

    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_the_server_and_its_worker_in_peace(
    tmp_path: Path,
) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "app.py"), "serve", "--port", str(free_port())],
        env=environment(instance, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: children(process.pid))
    worker = children(process.pid)[0]
    # Long enough for the worker to stand where it reads its parent's end.
    time.sleep(3)

    os.killpg(process.pid, signal.SIGINT)
    said, _none = process.communicate(timeout=30)

    assert "Fatal" not in said
    assert "Traceback" not in said
    assert "Đã dừng cổng." in said
    wait_until(lambda: not alive(worker))


def test_demo_data_stays_while_the_portal_runs(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    portal("demo", "--no-serve", "--members", "2", instance=instance)
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "app.py"), "serve", "--port", str(free_port())],
        env=environment(instance, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        assert "Cổng đoàn viên" in process.stdout.readline()
        wait_until(lambda: children(process.pid))
        refused = [
            portal("demo", *words, instance=instance)
            for words in (("--remove",), ("--again", "--no-serve"), ())
        ]
    finally:
        process.kill()
        process.communicate()

    for one in refused:
        assert one.returncode == 1
        assert "Dừng cổng" in one.stderr
    assert (instance / "demo-files").is_dir()
    assert portal("demo", "--remove", instance=instance).returncode == 0
