"""What axe finds wrong with a page for those who cannot see it or use a mouse."""

import json
from typing import Any

from tests.browser.officer import Officer
from tests.browser.portal_process import PROJECT

AXE = (PROJECT / "static/vendor/dev/axe.min.js").read_text("utf-8")


def found_by_axe(officer: Officer) -> list[dict[str, Any]]:
    """List the violations: rule, help, and the elements that break it."""
    # Told to the browser itself: the page's own policy lets no strange script in.
    wire = officer.context.new_cdp_session(officer.page)
    wire.send("Runtime.evaluate", {"expression": AXE})
    answer = wire.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run(document, {resultTypes: ['violations']})"
            ".then(found => JSON.stringify(found.violations.map(v => ({rule: v.id,"
            " help: v.help, at: v.nodes.map(n => n.html)}))))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    wire.detach()
    found: list[dict[str, Any]] = json.loads(answer["result"]["value"])
    return found
