"""A flood at the door is slowed before it costs the machine its breath."""

from pathlib import Path

from portal.db.migrate import upgrade
from portal.db.session import db
from portal.factory import create_app
from tests.conftest import new_client


def test_a_flood_at_the_sign_in_page_is_answered_with_429(tmp_path: Path) -> None:
    settings = {"PORTAL_INSTANCE": str(tmp_path), "TESTING": True}
    # One app without limits must not take them from the next in the same process.
    create_app({**settings, "RATELIMIT_ENABLED": False})
    app = create_app(settings)
    with app.app_context():
        upgrade()
    browser = new_client(app)

    # More than twice the limit: the minute may turn on the way.
    answers = {browser.get("/dang-nhap").status_code for _ in range(250)}

    assert 429 in answers
    assert browser.get("/tai-khoan/").status_code == 302
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
