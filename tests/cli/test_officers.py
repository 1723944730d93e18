"""Accounts by commands: what the pages of accounts can do, the commands can."""

import json
from pathlib import Path

import pytest

from tests.cli.run import portal

UNIT = ("--unit", "F85")
NAME = "Trần Thị Bình"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Found a federation whose only administrator is NAME."""
    folder = tmp_path_factory.mktemp("officers") / "instance"
    folder.mkdir()
    words = ("--code", "F85", "--name", "LĐLĐ tỉnh", "--level", "federation")
    for command in (
        ("add-unit", *words),
        ("add-officer", *UNIT, "--name", NAME, "--role", "administrator"),
    ):
        done = portal(*command, instance=folder)
        assert done.returncode == 0, done.stderr
    return folder


def test_a_namesake_is_told_every_way_on_and_each_works(instance: Path) -> None:
    words = ("add-officer", *UNIT, "--name", NAME, "--role", "approver")
    refused = portal(*words, instance=instance)
    assert refused.returncode == 1
    for way in ("add-post --name binh.tt", "officer-slip --name binh.tt", "--phone"):
        assert way in refused.stderr

    def run(*command: str) -> dict:
        done = portal(*command, "--json", instance=instance)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    post = run("add-post", *UNIT, "--name", NAME, "--role", "approver")
    assert (post["sign_in_name"], post["role"]) == ("binh.tt", "approver")
    # The only administrator, too, gets a new link from the server.
    first, second = (run("officer-slip", "--name", "binh.tt")["link"] for _ in "ab")
    assert first != second
    other = run(*words, "--phone", "0901234567")
    assert other["sign_in_name"] == "binh.tt2"

    vague = portal("officer-slip", "--name", NAME, instance=instance)
    assert vague.returncode == 1
    assert "binh.tt, binh.tt2" in vague.stderr
    assert run("suspend-officer", "--name", "binh.tt2")["suspended"] is True
    asleep = portal("officer-slip", "--name", "binh.tt2", instance=instance)
    assert "tạm dừng" in asleep.stderr
    assert (
        run("suspend-officer", "--name", "binh.tt2", "--resume")["suspended"] is False
    )


def test_an_account_that_is_not_there_is_said(instance: Path) -> None:
    for command in (
        ("officer-slip", "--name", "nope"),
        ("campaign", *UNIT, "--name", "Đợt 1", "--as", "nope"),
    ):
        done = portal(*command, instance=instance)
        assert done.returncode == 1
        assert "Không có tài khoản nào mang tên “nope”" in done.stderr
