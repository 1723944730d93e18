"""Accounts and posts of officers, first sign-in slips."""

from flask import Blueprint, current_app, flash, request, url_for
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from werkzeug.wrappers import Response

from portal.access.policy import ROLE_LABELS, ROLE_PURPOSES, Action, Role
from portal.db.models import Unit
from portal.domain import clock
from portal.forms.mistakes import shown_on
from portal.forms.officers import NewOfficerForm, PersonForm, PostForm, TermsForm
from portal.services import officer_pages, officers, posts, units
from portal.web.asked import whole
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor
from portal.web.one_view import new_secret, take_secret

bp = Blueprint("officers", __name__, url_prefix="/can-bo")

_QUIET_MODULES = 4  # the white border that a QR code needs (ISO/IEC 18004)


@bp.get("/")
@requires(Action.OFFICER_MANAGE)
def index() -> Response:
    """List the officers of the subtree: by unit, by state, by name."""
    wanted = officer_pages.Wanted.of(request.args)
    page = officer_pages.list_page(wanted, by=current_actor())
    return page_or_block(
        "officers/index.html",
        "officer_table",
        page=page,
        wanted=wanted,
        chips=_chips(wanted),
        role_labels=ROLE_LABELS,
        today=clock.today(),
    )


@bp.route("/moi", methods=["GET", "POST"])
@requires(Action.OFFICER_MANAGE)
def new() -> Response:
    """Make an account with its first post."""
    actor = current_actor()
    form = NewOfficerForm(unit_id=_asked_unit().id)
    form.offer_units(_unit_choices())
    if form.is_submitted() and form.validate():
        with shown_on(form):
            officer = officers.create_officer(form.person(), form.post(), by=actor)
            flash(
                "Đã tạo tài khoản. Lập phiếu đăng nhập rồi gửi cho cán bộ.", "success"
            )
            return see_other(url_for(".show", officer_id=officer.id))
    return page_or_block(
        "officers/new.html",
        "officer_form",
        status=_form_status(form),
        form=form,
        unit=_asked_unit(),
        role_purposes=ROLE_PURPOSES,
    )


@bp.get("/<int:officer_id>")
@requires(Action.OFFICER_MANAGE)
def show(officer_id: int) -> Response:
    """Show an account: its posts, its state, what was done to it."""
    return page_or_block(
        "officers/show.html",
        "content",
        page=officer_pages.page_of(officer_id, by=current_actor()),
        role_labels=ROLE_LABELS,
        action_labels=officer_pages.HISTORY_LABELS,
        today=clock.today(),
    )


@bp.route("/<int:officer_id>/sua", methods=["GET", "POST"])
@requires(Action.OFFICER_MANAGE)
def edit(officer_id: int) -> Response:
    """Correct the name or contact of an officer."""
    page = officer_pages.page_of(officer_id, by=current_actor())
    form = PersonForm(obj=page.officer)
    if form.is_submitted() and form.validate():
        with shown_on(form):
            officers.edit_officer(officer_id, form.person(), by=current_actor())
            flash("Đã lưu.", "success")
            return see_other(url_for(".show", officer_id=officer_id))
    return page_or_block(
        "officers/edit.html",
        "officer_form",
        status=_form_status(form),
        form=form,
        page=page,
    )


@bp.route("/<int:officer_id>/nhiem-vu", methods=["GET", "POST"])
@requires(Action.OFFICER_MANAGE)
def add_post(officer_id: int) -> Response:
    """Give an officer one more post."""
    page = officer_pages.page_of(officer_id, by=current_actor())
    form = PostForm(unit_id=page.posts[0].unit_id)
    form.offer_units(_unit_choices(page.posts[0].unit))
    if form.is_submitted() and form.validate():
        with shown_on(form):
            posts.add_post(officer_id, form.post(), by=current_actor())
            flash("Đã giao thêm nhiệm vụ.", "success")
            return see_other(url_for(".show", officer_id=officer_id))
    return page_or_block(
        "officers/post.html",
        "post_form",
        status=_form_status(form),
        form=form,
        page=page,
        title="Giao thêm nhiệm vụ",
        target=url_for(".add_post", officer_id=officer_id),
        role_purposes=ROLE_PURPOSES,
    )


@bp.route("/nhiem-vu/<int:post_id>", methods=["GET", "POST"])
@requires(Action.OFFICER_MANAGE)
def edit_post(post_id: int) -> Response:
    """Change the role or the dates of a post."""
    actor = current_actor()
    post = posts.get_post(post_id, by=actor)
    form = TermsForm(obj=post)
    if form.is_submitted() and form.validate():
        with shown_on(form):
            posts.change_post(
                post_id,
                role=Role(form.role.data),
                valid_from=form.valid_from.data or clock.today(),
                valid_to=form.valid_to.data,
                by=actor,
            )
            flash("Đã lưu nhiệm vụ. Cán bộ cần đăng nhập lại.", "success")
            return see_other(url_for(".show", officer_id=post.officer_id))
    return page_or_block(
        "officers/post.html",
        "post_form",
        status=_form_status(form),
        form=form,
        page=officer_pages.page_of(post.officer_id, by=actor),
        post=post,
        title="Sửa nhiệm vụ",
        target=url_for(".edit_post", post_id=post_id),
        role_purposes=ROLE_PURPOSES,
    )


@bp.post("/nhiem-vu/<int:post_id>/tam-dung")
@requires(Action.OFFICER_MANAGE)
def suspend_post(post_id: int) -> Response:
    """Stop a post at once."""
    post = posts.suspend_post(post_id, by=current_actor())
    flash("Đã tạm dừng nhiệm vụ, có hiệu lực ngay.", "success")
    return see_other(url_for(".show", officer_id=post.officer_id))


@bp.post("/nhiem-vu/<int:post_id>/cho-lam-lai")
@requires(Action.OFFICER_MANAGE)
def resume_post(post_id: int) -> Response:
    """Let a suspended post work again."""
    post = posts.resume_post(post_id, by=current_actor())
    flash("Nhiệm vụ đã làm việc lại.", "success")
    return see_other(url_for(".show", officer_id=post.officer_id))


@bp.post("/<int:officer_id>/tam-dung")
@requires(Action.OFFICER_MANAGE)
def suspend(officer_id: int) -> Response:
    """Shut an account at once."""
    officers.suspend(officer_id, by=current_actor())
    flash("Đã tạm dừng tài khoản, có hiệu lực ngay.", "success")
    return see_other(url_for(".show", officer_id=officer_id))


@bp.post("/<int:officer_id>/cho-lam-lai")
@requires(Action.OFFICER_MANAGE)
def resume(officer_id: int) -> Response:
    """Open a suspended account again."""
    officers.resume(officer_id, by=current_actor())
    flash("Tài khoản đã làm việc lại.", "success")
    return see_other(url_for(".show", officer_id=officer_id))


@bp.post("/<int:officer_id>/phieu")
@requires(Action.OFFICER_MANAGE)
def make_slip(officer_id: int) -> Response:
    """Make a slip; the page that follows shows it once."""
    token = new_secret(f"slip:{officer_id}")
    officers.make_slip(officer_id, by=current_actor(), token=token)
    return see_other(url_for(".slip", officer_id=officer_id))


@bp.get("/<int:officer_id>/phieu")
@requires(Action.OFFICER_MANAGE)
def slip(officer_id: int) -> Response:
    """Show the slip that was just made: its link is kept nowhere."""
    token = take_secret(f"slip:{officer_id}")
    found = officers.open_slip(officer_id, token, by=current_actor())
    if found is None:
        flash(
            "Phiếu chỉ hiện một lần, ngay sau khi lập. Cần xem lại thì lập phiếu mới;"
            " phiếu cũ khi đó hết tác dụng.",
            "info",
        )
        return see_other(url_for(".show", officer_id=officer_id))
    address = _public_address()
    link = address + found.path
    path, size = _qr(link)
    return page_or_block(
        "officers/slip.html",
        "content",
        slip=found,
        link=link,
        address=address,
        qr_path=path,
        qr_size=size,
        officer_id=officer_id,
    )


def _chips(wanted: officer_pages.Wanted) -> list[dict[str, object]]:
    labels = (("", "Tất cả"), ("new", "Chưa đăng nhập"), ("suspended", "Tạm dừng"))
    return [
        {
            "label": label,
            "url": url_for(".index", **wanted.query(state=state)),
            "active": (wanted.standing or "") == state,
        }
        for state, label in labels
    ]


def _asked_unit() -> Unit:
    actor = current_actor()
    asked = request.values.get("unit_id", type=whole) or request.args.get(
        "unit", type=whole
    )
    return units.get(asked or actor.unit_id, by=actor)


def _unit_choices(chosen: Unit | None = None) -> list[Unit]:
    chosen = chosen or _asked_unit()
    found = units.nearby(by=current_actor())
    return found if chosen in found else [chosen, *found]


def _form_status(form: PersonForm | TermsForm) -> int:
    return 422 if form.is_submitted() else 200


def _public_address() -> str:
    configured = str(current_app.config["PORTAL_PUBLIC_URL"])
    return (configured or request.url_root).rstrip("/")


def _qr(text: str) -> tuple[str, int]:
    """Draw a QR code as the path of an SVG, one unit a module; and its size."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_MODULES)
    code.add_data(text)
    code.make()
    matrix = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return path, len(matrix)
