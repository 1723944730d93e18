"""Sign in, sign out, and the first use of an account."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.forms.sign_in import ChoosePasswordForm, SignInForm
from portal.services import first_run, sign_in
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import public
from portal.web.identity import begin_session, end_session

bp = Blueprint("sign_in", __name__)

# Part of the browser's own words → what its owner calls it; the first that fits.
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "điện thoại Android"),
    ("Windows", "máy tính Windows"),
    ("Macintosh", "máy Mac"),
    ("Linux", "máy tính Linux"),
)


@bp.route("/dang-nhap", methods=["GET", "POST"], endpoint="sign_in")
@public
def sign_in_page() -> Response:
    """Ask for name and password, and let the officer in."""
    if first_run.is_empty():
        return see_other(url_for("first_run.index"))
    form = SignInForm(next=request.args.get("next", ""))
    if request.method == "GET" and current_user.is_authenticated:
        return see_other(way_back(form.next.data))
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            opening = sign_in.open_session(
                form.name.data or "", form.password.data or "", visitor=visitor()
            )
            if opening.token:
                begin_session(opening.token)
                return see_other(way_back(form.next.data))
            status = 429 if opening.locked else 422
            form.password.errors = [opening.refusal]
    return page_or_block("sign_in/sign_in.html", "sign_in", status=status, form=form)


@bp.post("/dang-xuat")
@public
def sign_out() -> Response:
    """End the session here and in the table."""
    if current_user.is_authenticated:
        sign_in.end_session(current_user.token)
    end_session()
    flash("Bạn đã đăng xuất.", "success")
    return see_other(url_for(".sign_in"))


@bp.route("/lan-dau/<token>", methods=["GET", "POST"])
@public
def first_use(token: str) -> Response:
    """Let the holder of a slip choose their own password; opening it spends nothing."""
    if not sign_in.is_open(token):
        return page_or_block("sign_in/spent.html", "spent", status=404)
    invitation = sign_in.first_use(token)
    form = ChoosePasswordForm()
    status = 200
    if form.is_submitted():
        status = 422
        if _good_password(token, form):
            begin_session(
                sign_in.choose_password(
                    token, form.password.data or "", visitor=visitor()
                )
            )
            flash(
                "Đã lưu mật khẩu. Từ nay đăng nhập bằng tên"
                f" “{invitation.sign_in_name}” và mật khẩu vừa chọn.",
                "success",
            )
            return see_other("/")
    return page_or_block(
        "sign_in/first_use.html",
        "choose_password",
        status=status,
        form=form,
        invitation=invitation,
        token=token,
    )


def visitor() -> sign_in.Visitor:
    """Describe the browser that asks, as its owner would."""
    words = request.user_agent.string
    browser = next((name for part, name in _BROWSERS if part in words), "Trình duyệt")
    system = next((name for part, name in _SYSTEMS if part in words), "thiết bị lạ")
    return sign_in.Visitor(
        address=request.remote_addr or "", device=f"{browser} trên {system}"
    )


def way_back(wanted: str | None) -> str:
    """Give the page asked for before signing in, if it is one of ours."""
    path = wanted or ""
    # "//host", "/\host" and "/<tab>/host" leave this site in one browser or another.
    ours = (
        path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
        and not urlsplit(path).netloc
    )
    return path if ours else "/"


def _good_password(token: str, form: ChoosePasswordForm) -> bool:
    """Judge the form and the password itself, so that both are told at once."""
    valid = form.validate()
    weak = sign_in.weakness_for(token, form.password.data or "")
    if weak and not form.password.errors:
        form.password.errors = [weak]
    return valid and not weak
