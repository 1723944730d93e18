"""The first steps of an empty installation."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal.domain.errors import Invalid
from portal.domain.union_units import UnionLevel
from portal.forms.first_run import FoundingForm
from portal.forms.mistakes import shown_on
from portal.services import first_run
from portal.services.units import UnitDraft
from portal.views.sign_in import visitor
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import public
from portal.web.identity import begin_session

bp = Blueprint("first_run", __name__, url_prefix="/bat-dau")


@bp.get("/")
@public
def index() -> Response:
    """Tell whoever runs the server where the one-time link is."""
    if not first_run.is_empty():
        return see_other(url_for("sign_in.sign_in"))
    return page_or_block("first_run/index.html", "content")


@bp.route("/<token>", methods=["GET", "POST"])
@public
def found(token: str) -> Response:
    """Name the top unit and its first administrator."""
    first_run.check_link(token)
    form = FoundingForm()
    status = 200
    if form.is_submitted():
        status = 422
        with shown_on(form):
            if _is_right(form):
                opened = first_run.found(token, _founding(form), visitor=visitor())
                begin_session(opened)
                flash("Đã thiết lập xong. Làm lần lượt các bước dưới đây.", "success")
                return see_other("/")
    return page_or_block(
        "first_run/found.html", "founding", status=status, form=form, token=token
    )


def _is_right(form: FoundingForm) -> bool:
    """Check the form and the rules behind it in one round.

    Raises Invalid for what the form itself did not see.
    """
    form.validate()
    wrong = set(form.errors)
    if "level" in wrong:
        return False
    unseen = tuple(
        problem
        for problem in first_run.problems_of(_founding(form))
        if problem.where not in wrong
    )
    if unseen:
        raise Invalid("Thông tin chưa đúng.", unseen)
    return not wrong


def _founding(form: FoundingForm) -> first_run.Founding:
    return first_run.Founding(
        unit=UnitDraft(
            code=form.code.data or "",
            name=form.name.data or "",
            province_code=form.province_code.data or None,
        ),
        level=UnionLevel(form.level.data),
        full_name=form.full_name.data or "",
        sign_in_name=(form.sign_in_name.data or "").strip().lower(),
        password=form.password.data or "",
    )
