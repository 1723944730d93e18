"""Page or block: the only place that reads the htmx headers."""

from typing import Any

from flask import Flask, make_response, render_template, request
from htmx_flask import Htmx
from jinja2_fragments.flask import render_block
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response

htmx = Htmx()


def init_fragments(app: Flask) -> None:
    """Tell caches that a page and its block share an address."""
    htmx.init_app(app)
    app.after_request(_vary)


def wants_block() -> bool:
    """Say whether htmx will swap a part of the page.

    Boosted links and a restored history want the whole page.
    """
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_block(
    template: str, block: str, *, status: int = 200, **context: Any
) -> Response:
    """Answer with one block of the page where htmx swaps it, else the page."""
    if wants_block():
        body = render_block(template, block, **context)
    else:
        body = render_template(template, **context)
    return make_response(body, status)


def redirect_or_block(
    location: str, template: str, block: str, **context: Any
) -> Response:
    """Answer a finished form: the changed block for htmx, else 303 to ``location``."""
    if wants_block():
        return make_response(render_block(template, block, **context), 200)
    return see_other(location)


def see_other(location: str) -> Response:
    """Send the browser on with 303, so that reloading repeats nothing.

    htmx follows a 303 by itself and would swap a whole page into a part, so it is
    told to load the page. Headers are ASCII: other letters travel percent-encoded.
    """
    location = iri_to_uri(location)
    if wants_block():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = location
        return response
    response = make_response("", 303)
    response.headers["Location"] = location
    return response


def stop_polling(response: Response) -> Response:
    """Mark a polled block as the last one (htmx ends polling on 286)."""
    if wants_block():
        response.status_code = 286
    return response


def _vary(response: Response) -> Response:
    response.vary.add("HX-Request")
    return response
