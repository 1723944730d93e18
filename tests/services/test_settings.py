"""Settings that mean nothing are refused by name, each with what it should be."""

from pathlib import Path

import pytest

from portal import config
from portal.config import BadSetting, load_settings

WRONG = (
    ("PORTAL_ALLOTS_NUMBERS", "khong", "1 (có) hoặc 0 (không)"),
    ("PORTAL_FIRST_NUMBER", "0", "từ 1 đến 999999999999"),
    ("PORTAL_HOST", " ", "không được trống"),
    ("PORTAL_PORT", "70000", "từ 1 đến 65535"),
    ("PORTAL_PORT", "tám nghìn", "một số nguyên"),
    ("PORTAL_PROXIES", "-1", "từ 0"),
    ("PORTAL_PUBLIC_URL", "the.congdoan.example", "https://the.congdoan.example"),
    ("PORTAL_PUBLIC_URL", "https://a.example/portal", "tên máy và cổng"),
    ("PORTAL_UPLOAD_MB", "-1", "từ 1"),
    ("DATABASE_URL", "mysql://localhost/x", "postgresql://"),
    ("JOBS_URL", "amqp://localhost", "redis://"),
)


@pytest.fixture(autouse=True)
def _empty_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAL_INSTANCE", str(tmp_path / "instance"))


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_a_value_that_means_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert name in refused.value.text
    assert said in refused.value.text
    assert not (tmp_path / "instance").exists()


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PORT", "0")
    monkeypatch.setenv("PORTAL_UPLOAD_MB", "nhiều")
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert "PORTAL_PORT" in refused.value.text
    assert "PORTAL_UPLOAD_MB" in refused.value.text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("PORTAL_PUBLIC_URL = 8000", "chữ trong ngoặc kép"),
        ("PORTAL_PLAIN_HTTP = 2", "1 (có) hoặc 0 (không)"),
        ("PORTAL_PORT = 80.5", "một số nguyên"),
    ],
)
def test_the_file_is_read_as_strictly(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.py").write_text(f"{written}\n", "utf-8")
    with pytest.raises(BadSetting, match="PORTAL_") as refused:
        load_settings()
    assert said in refused.value.text


def test_a_blank_number_or_switch_leaves_the_file_its_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.py").write_text("PORTAL_PORT = 8080\n", "utf-8")
    monkeypatch.setenv("PORTAL_PORT", "")
    monkeypatch.setenv("PORTAL_ALLOTS_NUMBERS", " ")
    settings = load_settings()
    assert settings["PORTAL_PORT"] == 8080
    assert settings["PORTAL_ALLOTS_NUMBERS"] is True


@pytest.mark.parametrize(
    ("name", "value", "install"),
    [
        ("DATABASE_URL", "postgresql://localhost/p", "-e '.[postgres]'"),
        ("JOBS_URL", "redis://localhost", "redis"),
    ],
)
def test_a_server_whose_package_is_missing_is_told_with_the_command(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, install: str
) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert f"pip install -c constraints.txt {install}" in refused.value.text
