"""Templates: whole, found, and without anything that the browser would refuse."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path.relative_to(PROJECT / "templates").as_posix()
    for path in (PROJECT / "templates").rglob("*.html")
)

_INLINE_STYLE = re.compile(r"\sstyle\s*=|<style\b", re.I)
_EVENT = re.compile(r"\son[a-z]+\s*=", re.I)
_EVALUATED = re.compile(r"hx-on|hx-vals=[\"']js:|hx-vars|javascript:", re.I)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.I | re.S)
_POST_FORM = re.compile(
    r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", re.I | re.S
)
_OUTSIDE = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(app: Flask, name: str) -> None:
    """A page that nobody opened yet opens too."""
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_names_only_templates_and_pages_that_exist(
    app: Flask, name: str
) -> None:
    """What it extends, imports, includes, and links to."""
    tree = app.jinja_env.parse(_source(name))
    assert set(meta.find_referenced_templates(tree)) - {None} <= set(TEMPLATES)
    family = name.split("/")[0]
    for endpoint in _endpoints(tree):
        if endpoint.startswith("."):
            endpoint = f"{family}{endpoint}"
        assert endpoint in app.view_functions, endpoint


def test_views_name_only_templates_and_blocks_that_exist(app: Flask) -> None:
    """The name stands beside the block that htmx gets."""
    call = re.compile(
        r"(page_or_block|redirect_or_block|render_template)\(\s*(?:[\w.(){}=, \"]*?)"
        r"\"([\w/]+\.html)\"(?:,\s*\"(\w+)\")?"
    )
    found = 0
    for path in (PROJECT / "portal").rglob("*.py"):
        for _function, template, block in call.findall(path.read_text("utf-8")):
            found += 1
            blocks = app.jinja_env.get_template(template).blocks
            assert not block or block in blocks, f"{path.name}: {template} {block}"
    assert found > 30


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_holds_nothing_that_the_policy_forbids(name: str) -> None:
    """No inline style, no event attribute, no script without nonce, nothing outside."""
    source = _source(name)
    for pattern in (_INLINE_STYLE, _EVENT, _EVALUATED, _OUTSIDE):
        assert pattern.search(source) is None, pattern.pattern
    for attributes, body in _SCRIPT.findall(source):
        assert 'nonce="{{ csp_nonce() }}"' in attributes
        assert not body.strip()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_writes_carries_the_token(name: str) -> None:
    """Without JavaScript nothing else would send it."""
    for form in _POST_FORM.findall(_source(name)):
        assert "csrf" in form


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_escapes_the_escaping(name: str) -> None:
    """Names of people are text, never markup."""
    assert "|safe" not in _source(name).replace(" ", "")
    assert "autoescape false" not in _source(name)


def _source(name: str) -> str:
    return (PROJECT / "templates" / name).read_text("utf-8")


def _endpoints(tree: nodes.Template) -> set[str]:
    """List the endpoints that are named in so many words."""
    return {
        call.args[0].value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name == "url_for"
        and call.args
        and isinstance(call.args[0], nodes.Const)
    }
