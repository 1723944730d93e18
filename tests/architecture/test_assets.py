"""What the browser gets: pinned, licensed, small, and nothing inline."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from portal.web.navigation import MENU

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "static"
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))

# Of the 120 KB that a first page may take, the page itself gets 20.
SHELL_BUDGET_BYTES = 100_000
SHELL = (
    "css/portal.css",
    "img/emblem.svg",
    "js/portal.js",
    "vendor/bootstrap.min.css",
    "vendor/htmx.min.js",
    "vendor/icons.svg",
)

# Where the macros of templates/_ui/ take the name of an icon.
ICON_ARGUMENT = {"icon": 0, "_icon": 0, "submit": 1, "link_button": 2, "pill": 2}


def test_shell_fits_its_share_of_the_first_page() -> None:
    sizes = {name: _squeezed(STATIC / name) for name in SHELL}
    assert sum(sizes.values()) <= SHELL_BUDGET_BYTES, sizes


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_icons_of_a_template_are_in_the_sprite(template: Path) -> None:
    assert set(_icons_of(template)) <= _icons_listed()


def test_icons_of_the_menu_are_in_the_sprite() -> None:
    assert {icon for _, _, icon, _ in MENU} <= _icons_listed()


def test_installed_sprite_holds_the_listed_icons() -> None:
    sprite = (STATIC / "vendor/icons.svg").read_text("utf-8")
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == _icons_listed()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_assets_of_a_template_exist(template: Path) -> None:
    named = re.findall(r"asset\(['\"]([^'\"]+)", template.read_text("utf-8"))
    assert [name for name in named if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_holds_nothing_the_policy_would_block(template: Path) -> None:
    source = template.read_text("utf-8")
    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+|hx-on[:a-z-]*)\s*=", source) == []
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|javascript:", source) == []


def test_lock_pins_what_package_json_asks_for() -> None:
    wanted = json.loads((STATIC / "package.json").read_text("utf-8"))
    packages = json.loads((STATIC / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(
        "integrity" in package and "resolved" not in package
        for path, package in packages.items()
        if path
    )


def test_vendor_files_come_with_their_licences() -> None:
    vendor = STATIC / "vendor"
    families = {path.name.split(".")[0] for path in vendor.rglob("*.min.*")}
    families |= {"bootstrap-icons", "card-fonts"}
    licences = {path.name.split(".")[0] for path in vendor.rglob("*.LICENSE")}
    assert families == licences


def _squeezed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _icons_listed() -> set[str]:
    return set((STATIC / "icons.txt").read_text("utf-8").split())


def _icons_of(template: Path) -> Iterator[str]:
    tree = Environment(autoescape=True).parse(template.read_text("utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ICON_ARGUMENT:
            at = ICON_ARGUMENT[call.node.name]
            yield from _names(call.args[at] if at < len(call.args) else None)
            for keyword in call.kwargs:
                if keyword.key == "icon":
                    yield from _names(keyword.value)


def _names(expression: nodes.Node | None) -> Iterator[str]:
    """Yield the icon names that an expression can give, as far as it spells them."""
    match expression:
        case nodes.Const(value=str(name)) if name:
            yield name
        case nodes.CondExpr(expr1=first, expr2=second):
            yield from _names(first)
            yield from _names(second)
        case nodes.Or(left=first, right=second):
            yield from _names(first)
            yield from _names(second)
        case nodes.Getitem(node=nodes.Dict(items=items)):
            for pair in items:
                yield from _names(pair.value)
        case nodes.Call(node=nodes.Getattr(node=nodes.Dict(items=items)), args=args):
            for pair in items:
                yield from _names(pair.value)
            for fallback in args[1:]:
                yield from _names(fallback)
