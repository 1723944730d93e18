"""A secret that is shown on one page, once, after the form that made it.

The browser keeps a nonce in its signed cookie; the secret itself is made from it
with the server's key. So it stands in no address, no log and no database, and a
page that is loaded again shows nothing.
"""

import base64
import hashlib
import hmac
import secrets

from flask import current_app, session

_KEY = "one_view"
_BYTES = 24


def new_secret(subject: str) -> str:
    """Make a secret for ``subject`` and let the next page show it once."""
    nonce = secrets.token_urlsafe(_BYTES)
    session[_KEY] = [subject, nonce]
    return _secret(subject, nonce)


def take_secret(subject: str) -> str:
    """Give the secret of the form before, and forget it; "" where there is none."""
    kept = session.pop(_KEY, None)
    if not kept or kept[0] != subject:
        return ""
    return _secret(*kept)


def _secret(subject: str, nonce: str) -> str:
    text = f"one-view:{subject}:{nonce}".encode()
    key = str(current_app.secret_key).encode()
    digest = hmac.new(key, text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode()
