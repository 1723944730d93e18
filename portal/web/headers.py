"""Security headers, and compression of the pages themselves."""

import gzip

from flask import Flask, Response, request

from portal.extensions import talisman

_SMALL_BYTES = 1024

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # data: and blob: for the crop box, which shows a photo not yet uploaded.
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}


def init_headers(app: Flask) -> None:
    """Send the policy with every answer, and keep personal pages out of caches."""
    over_https = not app.config["PORTAL_PLAIN_HTTP"]
    talisman.init_app(
        app,
        # The proxy redirects; here it would break a first look on localhost.
        force_https=False,
        strict_transport_security=over_https,
        session_cookie_secure=over_https,
        content_security_policy=POLICY,
        content_security_policy_nonce_in=["script-src"],
        referrer_policy="same-origin",
        frame_options="DENY",
        permissions_policy={"geolocation": "()", "microphone": "()"},
    )
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    # Everything but a fingerprinted asset may hold personal data.
    response.headers.setdefault("Cache-Control", "no-store")
    _compress(response)
    return response


def _compress(response: Response) -> None:
    if (
        response.mimetype != "text/html"
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return
    body = response.get_data()
    if len(body) < _SMALL_BYTES:
        return
    response.set_data(gzip.compress(body, 5))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
