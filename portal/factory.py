"""Put the portal together: settings, extensions, guard, pages."""

from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import PROJECT, load_settings
from portal.db.session import db, init_database
from portal.extensions import babel, csrf, migrate
from portal.jobs.queue import init_queue
from portal.views import BLUEPRINTS, sign_in
from portal.web.errors import init_errors
from portal.web.filters import init_filters
from portal.web.fragments import init_fragments
from portal.web.guard import init_guard, refuse_unguarded
from portal.web.headers import init_headers
from portal.web.hosts import init_hosts
from portal.web.identity import init_identity
from portal.web.navigation import init_navigation


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """Build the app; raises RuntimeError where a route declares no right."""
    settings = load_settings(overrides)
    app = Flask(
        "portal",
        root_path=str(PROJECT),
        static_folder=None,
        template_folder="templates",
        instance_path=settings["PORTAL_INSTANCE"],
    )
    app.static_folder = str(PROJECT / "static")
    app.config.update(settings)
    # An address typed with or without its last slash is the same page.
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if app.config["PORTAL_PROXIES"]:
        hops = app.config["PORTAL_PROXIES"]
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    init_database(app)
    migrate.init_app(app, db, directory=str(PROJECT / "portal/db/migrations"))
    babel.init_app(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh")
    csrf.init_app(app)
    # Made per app: a limiter switched off for one app would stay off for the next.
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    # The lockout guards accounts; this guards the machine, which hashes slowly.
    limiter.limit("120 per minute")(sign_in.bp)
    init_headers(app)
    init_hosts(app)
    init_identity(app)
    init_guard(app)
    init_errors(app)
    init_filters(app)
    init_fragments(app)
    init_navigation(app)
    init_queue(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    refuse_unguarded(app)
    return app
