"""The officer's own account: posts, sessions, password."""

from flask import Blueprint, flash, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.access.policy import ROLE_LABELS, Action
from portal.forms.sign_in import ChangePasswordForm
from portal.services import sign_in
from portal.views.sign_in import visitor, way_back
from portal.web.asked import whole
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import begin_session, current_actor

bp = Blueprint("account", __name__, url_prefix="/tai-khoan")


@bp.get("/")
@requires(Action.ACCOUNT_SELF)
def index() -> Response:
    """Show the officer's posts, where they are signed in, and the password form."""
    return _page(ChangePasswordForm())


@bp.post("/nhiem-vu")
@requires(Action.ACCOUNT_SELF)
def switch_post() -> Response:
    """Act in another of one's posts from now on."""
    post_id = request.form.get("post_id", type=whole) or 0
    sign_in.switch_post(current_user.session_id, post_id, by=current_actor())
    flash("Đã đổi nhiệm vụ.", "success")
    return see_other(way_back(request.form.get("next")))


@bp.post("/mat-khau")
@requires(Action.ACCOUNT_SELF)
def change_password() -> Response:
    """Replace the password; other sessions end."""
    form = ChangePasswordForm()
    if not form.validate():
        weak = sign_in.weakness_of_own(form.password.data or "", by=current_actor())
        if weak and not form.password.errors:
            form.password.errors = [weak]
        return _page(form, status=422)
    opening = sign_in.change_password(
        current_user.session_id,
        current=form.current.data or "",
        new=form.password.data or "",
        by=current_actor(),
        visitor=visitor(),
    )
    if opening.refusal:
        wrong = form.password if opening.field == "new" else form.current
        wrong.errors = [opening.refusal]
        return _page(form, status=429 if opening.locked else 422)
    begin_session(opening.token)
    flash("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất.", "success")
    return see_other(url_for(".index"))


@bp.post("/phien/<int:session_id>/ket-thuc")
@requires(Action.ACCOUNT_SELF)
def end_session(session_id: int) -> Response:
    """Sign out one of one's own devices."""
    sign_in.end_own_session(session_id, by=current_actor())
    flash("Đã đăng xuất thiết bị đó.", "success")
    return see_other(url_for(".index"))


@bp.post("/phien/ket-thuc")
@requires(Action.ACCOUNT_SELF)
def end_other_sessions() -> Response:
    """Sign out everywhere but here."""
    sign_in.end_other_sessions(but=current_user.session_id, by=current_actor())
    flash("Đã đăng xuất mọi thiết bị khác.", "success")
    return see_other(url_for(".index"))


def _page(form: ChangePasswordForm, *, status: int = 200) -> Response:
    actor = current_actor()
    return page_or_block(
        "account/index.html",
        "password_panel",
        status=status,
        form=form,
        actor=actor,
        posts=sign_in.own_posts(by=actor),
        sessions=sign_in.own_sessions(by=actor),
        session_id=current_user.session_id,
        role_labels=ROLE_LABELS,
    )
