"""The names under which the portal answers: links of slips carry the name asked for."""

import ipaddress
import socket
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest

from portal.config import LOOPBACK


class UntrustedHost(BadRequest):
    """A request under a name that is not the portal's."""


def init_hosts(app: Flask) -> None:
    """Answer only under the portal's own names."""
    app.before_request(_check)


def is_trusted(host: str, *, public_url: str, bound_to: str) -> bool:
    """Say whether ``host`` (a Host header) names this portal.

    The configured address and the machine itself always do. Without a configured
    address, a portal that listens everywhere cannot know its own addresses: then
    every IP address and the machine's name do, but no other name.
    """
    name = _name_of(f"//{host}")
    if name in LOOPBACK or name in {_name_of(public_url), bound_to.lower()} - {""}:
        return True
    everywhere = _is_address(bound_to) and ipaddress.ip_address(bound_to).is_unspecified
    if public_url or not everywhere:
        return False
    return _is_address(name) or name == socket.gethostname().lower()


def _check() -> None:
    config = current_app.config
    if not is_trusted(
        request.host,
        public_url=config["PORTAL_PUBLIC_URL"],
        bound_to=config["PORTAL_HOST"],
    ):
        raise UntrustedHost


def _name_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
