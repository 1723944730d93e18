"""What the shell of every page shows: the officer, the menu, assets."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, request, send_from_directory, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access.actor import Actor
from portal.access.policy import ROLE_LABELS, Action
from portal.domain.errors import NotFound
from portal.web.guard import public

# endpoint, label, icon, right; the first three are the phone's bottom bar, the
# others stand behind its "Mục khác".
MENU: tuple[tuple[str, str, str, Action], ...] = (
    ("desk.index", "Việc cần làm", "inbox", Action.ACCOUNT_SELF),
    ("members.index", "Đoàn viên", "people", Action.MEMBER_VIEW),
    ("renewals.index", "Đợt đổi thẻ", "card-list", Action.CAMPAIGN_VIEW),
    ("imports.index", "Nhập Excel và ảnh", "file-earmark-arrow-up", Action.IMPORT_RUN),
    ("prints.index", "Lô in thẻ", "printer", Action.PRINT_VIEW),
    ("designer.index", "Mẫu thẻ", "credit-card-2-front", Action.DESIGN_VIEW),
    ("bank.index", "Thẻ liên kết", "bank", Action.BANK_EXPORT),
    ("units.index", "Cây đơn vị", "diagram-3", Action.UNIT_VIEW),
    ("officers.index", "Tài khoản cán bộ", "person-badge", Action.OFFICER_MANAGE),
    ("jobs.index", "Việc đang chạy", "hourglass-split", Action.JOB_VIEW),
    ("policy.index", "Ai được làm gì", "shield-check", Action.POLICY_VIEW),
    ("account.index", "Tài khoản của tôi", "gear", Action.ACCOUNT_SELF),
)

# Pages that belong to another's entry of the menu.
_FAMILY_OF = {"photos": "members"}


# The folder also holds what the assets are built from.
_SERVED_FOLDERS = frozenset({"css", "img", "js", "vendor"})


def init_navigation(app: Flask) -> None:
    """Serve the assets and hand the shell its values."""
    static = Path(app.static_folder or "")
    app.jinja_env.globals["asset"] = lambda path: _asset_url(static, path)
    app.jinja_env.globals["demo"] = app.config["PORTAL_DEMO"]
    app.context_processor(_shell)

    @public
    def static_file(filename: str) -> Response:
        """Serve one asset, compressed where the browser takes it."""
        folders = filename.split("/")
        if folders[0] not in _SERVED_FOLDERS or ".." in folders:
            raise NotFound
        return _send_asset(static, filename)

    app.add_url_rule("/static/<path:filename>", "static", static_file)


def _shell() -> dict[str, Any]:
    if not current_user.is_authenticated:
        return {"me": None, "navigation": []}
    actor = current_user.actor
    return {
        "me": {
            "name": actor.name,
            "unit_name": actor.unit_name,
            "role_label": ROLE_LABELS[actor.role],
        },
        "navigation": _menu(actor),
        "account_url": url_for("account.index"),
        "sign_out_url": url_for("sign_in.sign_out"),
    }


def _menu(actor: Actor) -> list[dict[str, Any]]:
    family = (request.endpoint or "").split(".")[0]
    family = _FAMILY_OF.get(family, family)
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "icon": icon,
            "active": endpoint.split(".")[0] == family,
        }
        for endpoint, label, icon, action in MENU
        if actor.may(action)
    ]


def _asset_url(static: Path, path: str) -> str:
    return url_for("static", filename=path, v=_fingerprint(static / path))


@cache
def _fingerprint(path: Path) -> str:
    # A missing asset is a broken installation: say so at once, not with a bare page.
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@cache
def _gzipped(path: Path, _fingerprint: str) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


_TEXT_SUFFIXES = {".css", ".js", ".mjs", ".svg", ".json", ".txt"}


def _send_asset(static: Path, filename: str) -> Response:
    response = send_from_directory(static, filename)
    path = static / filename
    if path.suffix in _TEXT_SUFFIXES and "gzip" in request.headers.get(
        "Accept-Encoding", ""
    ):
        etag = response.headers.get("ETag", "")
        response.close()  # it holds the file open
        response = Response(
            _gzipped(path, str(path.stat().st_mtime_ns)), mimetype=response.mimetype
        )
        response.headers["Content-Encoding"] = "gzip"
        if etag:
            response.headers["ETag"] = etag
    response.vary.add("Accept-Encoding")
    if "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
