"""The project as a folder: settings described, nothing of a workplace in it."""

import subprocess
from pathlib import Path

import pytest

from portal.config import SETTINGS

PROJECT = Path(__file__).resolve().parents[2]

# Split, so that this file does not hold them itself.
FORBIDDEN = (
    "../" + "shared",
    "/work" + "/",
    "/tm" + "p/venv",
    "/home/" + "user",
    "/root" + "/",
    "TO" + "DO",
    "FIX" + "ME",
    "XX" + "X:",
    "DESIGN" + ".md",
    "DOMAIN" + ".md",
    "TRUST" + ".md",
    "(TRU" + "ST",
    "SCREENS" + ".md",
    "STYLE" + ".md",
)
VAGUE = {"utils", "helpers", "common", "misc"}


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=False
    )
    if listed.returncode == 0:
        return [name for name in listed.stdout.decode().split("\0") if name]
    return [
        path.relative_to(PROJECT).as_posix()
        for folder in ("card_designs", "portal", "static", "templates", "tests")
        for path in (PROJECT / folder).rglob("*")
        if path.is_file() and "vendor" not in path.parts
    ]


FILES = [name for name in _files() if (PROJECT / name).is_file()]


def test_no_file_speaks_of_the_place_where_it_was_made() -> None:
    """No machine path, no note to oneself, no document that is not here."""
    found = []
    for name in FILES:
        data = (PROJECT / name).read_bytes()
        if b"\0" in data:
            continue
        text = data.decode("utf-8", "replace")
        found += [f"{name}: {word}" for word in FORBIDDEN if word in text]
    assert found == []


def test_readme_names_every_setting() -> None:
    """Whoever runs the portal finds what can be set."""
    readme = PROJECT / "README.md"
    if not readme.exists():
        pytest.skip("README.md is not written yet")
    text = readme.read_text("utf-8")
    assert [name for name in SETTINGS if name not in text] == []


def test_every_setting_says_what_it_is_for() -> None:
    """In Vietnamese, for the one who sets it."""
    assert all(why.strip() for _default, why in SETTINGS.values())


def test_modules_are_named_after_what_they_do() -> None:
    """A drawer for everything is a drawer for nothing."""
    stems = {Path(name).stem for name in FILES if name.endswith(".py")}
    assert stems & VAGUE == set()


@pytest.mark.parametrize(
    "name",
    [name for name in FILES if name.endswith(".py") and not name.startswith("tests/")],
)
def test_module_begins_with_its_docstring(name: str) -> None:
    """One sentence says what the module is for."""
    text = (PROJECT / name).read_text("utf-8")
    assert not text or text.lstrip("#! \n").startswith(('"""', "usr/bin/env"))
