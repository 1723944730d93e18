"""What every answer carries, what a cookie is worth, and pages for what went wrong."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from portal.access.actor import Actor
from portal.access.policy import Action, Role
from portal.db.session import db, transaction
from portal.domain.clock import now
from portal.factory import create_app
from portal.web.guard import public, requires
from portal.web.hosts import is_trusted
from tests.cast import Cast, build_cast
from tests.conftest import ADDRESS, new_client
from tests.make import make_member

SignIn = Callable[[Actor], FlaskClient]

PASSWORD = "Một mật khẩu dài để thử 2026"


@pytest.fixture
def officer(cast: Cast, client_of: SignIn) -> FlaskClient:
    """Give the browser of a grassroots data-entry officer."""
    return client_of(cast.actor("a1", Role.DATA_ENTRY))


@pytest.fixture
def locked_app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """Give the app as it really runs, with the token demanded of every form."""
    app = create_app(
        {
            "PORTAL_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "TESTING": True,
            "RATELIMIT_ENABLED": False,
        }
    )
    with app.app_context():
        build_cast()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    "path", ["/", "/dang-nhap", "/doan-vien", "/static/css/portal.css", "/khong-co"]
)
def test_every_answer_carries_a_policy_without_loopholes(
    officer: FlaskClient, path: str
) -> None:
    with officer.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe-" not in policy
        assert "*" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "max-age" in response.headers["Strict-Transport-Security"]


def test_scripts_bear_the_nonce_of_their_own_answer(officer: FlaskClient) -> None:
    first, second = officer.get("/"), officer.get("/")
    nonces = []
    for response in (first, second):
        (nonce,) = re.findall(
            r"script-src 'self' 'nonce-([^']+)'",
            response.headers["Content-Security-Policy"],
        )
        shown = re.findall(r"<script[^>]*>", response.text)
        assert shown
        assert all(f'nonce="{nonce}"' in script for script in shown)
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


def test_no_cache_keeps_a_personal_page_or_photo(
    app: Flask, cast: Cast, officer: FlaskClient
) -> None:
    with app.app_context():
        member = make_member(unit_id=cast.unit_ids["a1"])
    for path in (
        "/",
        "/doan-vien",
        f"/doan-vien/{member.id}",
        f"/anh/{member.id}/card",
    ):
        response = officer.get(path)
        assert response.headers["Cache-Control"] == "no-store", path
        assert "HX-Request" in response.headers["Vary"], path


def test_a_named_version_of_an_asset_is_kept_for_ever(client: FlaskClient) -> None:
    with client.get("/static/css/portal.css?v=abc") as response:
        assert "immutable" in response.headers["Cache-Control"]


def test_a_compressed_asset_is_whole_and_its_file_closed(client: FlaskClient) -> None:
    import gzip

    plain = client.get("/static/css/portal.css")
    packed = client.get("/static/css/portal.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    plain.close()


def test_only_the_asset_folders_are_served(client: FlaskClient) -> None:
    for path in ("package.json", "icons.txt", "../app.py", "css/../package.json"):
        with client.get(f"/static/{path}") as response:
            assert response.status_code == 404, path


def test_the_cookie_is_tied_to_this_host_over_https(app: Flask) -> None:
    cookie = _cookie_set_by(app, ADDRESS)
    assert cookie.startswith("__Host-portal=")
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_the_switch_for_a_plain_network_gives_a_cookie_that_http_carries(
    tmp_path: Path, database_url: str
) -> None:
    app = create_app(
        {
            "PORTAL_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "PORTAL_PLAIN_HTTP": True,
            "TESTING": True,
        }
    )
    cookie = _cookie_set_by(app, "http://localhost")
    assert cookie.startswith("portal=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie
    with app.test_client().get("/dang-nhap") as response:
        assert "Strict-Transport-Security" not in response.headers
    with app.app_context():
        db.engine.dispose()


def test_a_copied_cookie_is_dead_after_sign_out(
    app: Flask, officer: FlaskClient
) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = officer.get_cookie(name)
    assert cookie is not None
    thief = new_client(app)
    thief.set_cookie(name, cookie.value, secure=True)
    assert thief.get("/doan-vien").status_code == 200
    assert officer.post("/dang-xuat").status_code == 303
    thief.set_cookie(name, cookie.value, secure=True)
    assert thief.get("/doan-vien").status_code == 302


def test_signing_in_gives_another_session_than_before(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    _give_password(app, cast.actor("a1"))
    with client.session_transaction(base_url=ADDRESS) as session:
        session["left_by"] = "someone"
    response = _sign_in(client, cast.actor("a1"))
    assert response.status_code == 303
    with client.session_transaction(base_url=ADDRESS) as session:
        assert "left_by" not in session


def test_a_form_without_token_changes_nothing(locked_app: Flask) -> None:
    browser = new_client(locked_app)
    response = browser.post("/dang-nhap", data={"name": "x", "password": "y"})
    assert response.status_code == 400
    assert "Phiên làm việc đã cũ" in response.text


def test_a_form_sent_after_the_session_ended_keeps_what_was_typed(
    locked_app: Flask,
) -> None:
    typed = {
        "full_name": "Trần <b>Thị</b> Mai",
        "password": "không được hiện",
        "csrf_token": "thẻ-cũ",
    }
    response = new_client(locked_app).post(
        "/doan-vien/them",
        data=typed,
        headers={"Referer": f"{ADDRESS}/doan-vien/them?unit=A1"},
    )
    assert response.status_code == 400
    assert "Phiên làm việc đã hết" in response.text
    assert "/dang-nhap?next=/doan-vien/them?unit%3DA1" in response.text
    assert "Trần &lt;b&gt;Thị&lt;/b&gt; Mai" in response.text
    assert typed["password"] not in response.text
    assert typed["csrf_token"] not in response.text


def test_another_site_writes_nothing_on_the_page_of_an_ended_session(
    locked_app: Flask,
) -> None:
    response = new_client(locked_app).post(
        "/doan-vien/them",
        data={"full_name": "Gọi số lạ này"},
        headers={"Referer": "https://evil.example/doan-vien/moi"},
    )
    assert response.status_code == 400
    assert "Gọi số lạ này" not in response.text
    assert "evil.example" not in response.text


@pytest.mark.parametrize("referrer", ["http://[::", "http://[x]/", "//[", "\\"])
def test_a_page_with_no_real_address_leaves_the_form_ended(
    locked_app: Flask, referrer: str
) -> None:
    response = new_client(locked_app).post(
        "/doan-vien/them",
        data={"full_name": "Gọi số lạ này"},
        headers={"Referer": referrer},
    )
    assert response.status_code == 400
    assert "Phiên làm việc đã hết" in response.text
    assert "Gọi số lạ này" not in response.text


def test_a_token_of_another_browser_is_refused(locked_app: Flask) -> None:
    mine, other = new_client(locked_app), new_client(locked_app)
    token = _token_in(other.get("/dang-nhap").text)
    mine.get("/dang-nhap")
    data = {"name": "x", "password": "y", "csrf_token": token}
    origin = {"Referer": f"{ADDRESS}/dang-nhap"}
    assert mine.post("/dang-nhap", data=data, headers=origin).status_code == 400
    assert other.post("/dang-nhap", data=data, headers=origin).status_code == 422


def test_a_form_that_another_site_sends_is_refused(officer: FlaskClient) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        headers = {"Sec-Fetch-Site": site}
        response = officer.post("/tai-khoan/phien/ket-thuc", headers=headers)
        assert response.status_code == status, site


def test_a_token_from_another_site_is_refused(locked_app: Flask) -> None:
    browser = new_client(locked_app)
    token = _token_in(browser.get("/dang-nhap").text)
    data = {"name": "x", "password": "y", "csrf_token": token}
    headers = {"Referer": "https://evil.example/"}
    assert browser.post("/dang-nhap", data=data, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(
    app: Flask, cast: Cast, client: FlaskClient, wanted: str
) -> None:
    _give_password(app, cast.actor("a1"))
    response = _sign_in(client, cast.actor("a1"), next=wanted)
    assert response.headers["Location"] == "/"
    signed_in = client.get("/dang-nhap", query_string={"next": wanted})
    assert signed_in.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/doan-vien", "/dang-nhap", "/khong-co"])
def test_a_false_host_gets_no_page(cast: Cast, client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert "evil.example" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/khong-co-trang-nay", 404, "Không tìm thấy"),
        ("GET", "/doan-vien/999999", 404, "Không tìm thấy"),
        ("GET", "/don-vi/999999", 404, "Không tìm thấy"),
        ("GET", "/doan-vien/99999999999999999999", 404, "Không tìm thấy"),
        ("GET", "/nhap/?don-vi=99999999999999999999", 200, "Nhập Excel"),
        ("GET", "/doan-vien?after=99999999999999999999", 200, "Đoàn viên"),
        ("POST", "/doan-vien", 405, "Trang này không nhận thao tác đó"),
        ("GET", "/can-bo/", 403, "Bạn không có quyền"),
    ],
)
def test_a_refusal_is_a_whole_page_in_vietnamese(
    officer: FlaskClient, method: str, path: str, status: int, said: str
) -> None:
    response = officer.open(path, method=method)
    assert response.status_code == status
    assert said in response.text
    assert '<html lang="vi">' in response.text
    assert "Traceback" not in response.text


def test_a_form_that_is_too_large_is_refused_in_vietnamese(
    app: Flask, cast: Cast, client_of: SignIn
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    officer = client_of(cast.actor("a1"))
    response = officer.post(
        "/nhap/", data={"file": (io.BytesIO(b"x" * 2000), "danh-sach.zip")}
    )
    assert response.status_code == 413
    assert "Tệp quá lớn" in response.text


def test_an_unforeseen_error_shows_and_logs_nothing_of_a_person(
    app: Flask,
    cast: Cast,
    client_of: SignIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    @requires(Action.ACCOUNT_SELF)
    def broken() -> str:
        citizen_id = "085199" + "001234"
        raise LookupError(f"Nguyễn Thị Bí Mật {citizen_id}")

    app.add_url_rule("/hong", "broken", broken)
    with caplog.at_level(logging.DEBUG):
        response = client_of(cast.actor("a1")).get("/hong")
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.text
    assert "unforeseen LookupError" in caplog.text
    for text in (response.text, caplog.text):
        assert "Bí Mật" not in text.split("raise LookupError(")[0]
        assert "085199001234" not in text
    assert "Traceback" not in response.text


def test_an_error_with_a_cause_logs_the_data_of_neither(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "".join(("0851", "9900", "1234"))

    def deeper() -> str:
        raise ValueError(secret)

    @public
    def broken() -> str:
        try:
            return deeper()
        except ValueError as error:
            raise RuntimeError(f"{error}") from error

    app.add_url_rule("/hong", "broken", broken)
    with caplog.at_level(logging.DEBUG):
        assert client.get("/hong").status_code == 500
    assert "unforeseen RuntimeError" in caplog.text
    assert secret not in caplog.text


def _cookie_set_by(app: Flask, address: str) -> str:
    @public
    def start() -> str:
        from flask import session

        session["x"] = 1
        return ""

    app.add_url_rule("/bat-dau-phien", "start", start)
    response = app.test_client().get("/bat-dau-phien", base_url=address)
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert parse_cookie(cookie)
    return cookie


def _token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _give_password(app: Flask, actor: Actor) -> None:
    from portal.db.models import Officer
    from portal.services.passwords import hash_password

    with app.app_context(), transaction() as session:
        officer = session.get_one(Officer, actor.officer_id)
        officer.password_hash = hash_password(PASSWORD)
        officer.sign_in_name = "lan.nt"
        officer.created_at = now()


def _sign_in(client: FlaskClient, _actor: Actor, **form: str):  # type: ignore[no-untyped-def]
    data = {"name": "lan.nt", "password": PASSWORD, **form}
    return client.post("/dang-nhap", data=data)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.PRINTER, "/lo-in/1/tep/the.pdf"),
        (Role.APPROVER, "/the-lien-ket/danh-sach/1"),
        (Role.DATA_ENTRY, "/nhap/1/dong-loi.xlsx"),
        (Role.DATA_ENTRY, "/nhap/1/tep-goc"),
    ],
)
def test_a_download_that_is_recorded_answers_no_head(
    cast: Cast, client_of: SignIn, role: Role, path: str
) -> None:
    """A link checker would else mark a batch as downloaded."""
    answer = client_of(cast.actor("upper_a", role)).head(path)
    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/doi-the/duyet/da-chon", "/doi-the/duyet"),
        ("/the-lien-ket/xuat", "/the-lien-ket"),
        ("/doan-vien/1/hien/identity", "/doan-vien/1"),
        ("/doi-the/1/don-vi/6/gui", "/doi-the/1/don-vi/6"),
    ],
)
def test_the_address_of_a_form_leads_back_to_its_page(
    cast: Cast, client_of: SignIn, asked: str, led_to: str
) -> None:
    """It stands in the address bar after a refusal; loading it again must help."""
    answer = client_of(cast.actor("f85", Role.APPROVER)).get(asked)
    assert answer.status_code == 303
    assert answer.location == led_to


@pytest.mark.parametrize("digits", [10, 25, 5000])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.ADMINISTRATOR, "/can-bo/?page="),
        (Role.ADMINISTRATOR, "/can-bo/?unit="),
        (Role.ADMINISTRATOR, "/can-bo/moi?unit="),
        (Role.APPROVER, "/the-lien-ket/?trang="),
        (Role.APPROVER, "/doi-the/duyet?trang="),
        (Role.APPROVER, "/doi-the/duyet?don-vi="),
        (Role.DATA_ENTRY, "/nhap/?don-vi="),
        (Role.DATA_ENTRY, "/doan-vien?after="),
    ],
)
def test_a_number_in_the_address_may_be_of_any_length(
    cast: Cast, client_of: SignIn, role: Role, path: str, digits: int
) -> None:
    """A page of nonsense is the first one; a unit of nonsense is not there."""
    browser = client_of(cast.actor("upper_a", role))
    for number in ("9" * digits, "-1", "²"):
        answer = browser.get(path + number)
        assert answer.status_code == 200 or "trang=" not in path
        assert answer.status_code in {200, 404}


@pytest.mark.parametrize(
    ("public_url", "bound_to", "host", "trusted"),
    [
        ("", "127.0.0.1", "localhost:8000", True),
        ("", "127.0.0.1", "127.0.0.1:8000", True),
        ("", "127.0.0.1", "[::1]:8000", True),
        ("", "127.0.0.1", "evil.example", False),
        ("", "127.0.0.1", "10.0.0.5:8000", False),
        ("", "127.0.0.1", "localhost.evil.example", False),
        ("", "127.0.0.1", "", False),
        ("", "0.0.0.0", "10.0.0.5:8000", True),  # noqa: S104 (a setting to judge)
        ("", "::", "[fd00::5]:8000", True),
        ("", "0.0.0.0", "evil.example", False),  # noqa: S104
        ("", "10.0.0.5", "10.0.0.5:8000", True),
        ("", "10.0.0.5", "10.0.0.6:8000", False),
        ("", "may-chu", "May-Chu:8000", True),
        ("https://the.example/", "0.0.0.0", "the.example", True),  # noqa: S104
        ("https://the.example", "127.0.0.1", "THE.example:443", True),
        ("https://the.example", "0.0.0.0", "10.0.0.5", False),  # noqa: S104
        ("https://the.example", "127.0.0.1", "evil.example", False),
    ],
)
def test_the_portal_answers_under_its_own_names_alone(
    public_url: str, bound_to: str, host: str, trusted: bool
) -> None:
    assert is_trusted(host, public_url=public_url, bound_to=bound_to) is trusted


def test_a_slip_is_not_made_under_a_strange_name(
    cast: Cast, client_of: SignIn, app: Flask
) -> None:
    """Its link and QR would lead the new officer to another's machine."""
    browser = client_of(cast.actor("upper_a", Role.ADMINISTRATOR))
    here = f"/can-bo/{cast.actor('a1').officer_id}/phieu"
    answer = browser.post(here, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "PORTAL_PUBLIC_URL" in answer.text
    assert "evil.example" not in answer.text
    app.config["PORTAL_PUBLIC_URL"] = "https://the.congdoan.example/"
    made = browser.post(here, follow_redirects=True)
    assert "https://the.congdoan.example/lan-dau/" in made.text
    assert "localhost" not in made.text
