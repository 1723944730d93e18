"""The union tree."""

from flask import Blueprint, flash, url_for
from werkzeug.wrappers import Response

from portal.access.policy import ROLE_LABELS, Action
from portal.db.models import Unit
from portal.domain.union_units import UnionLevel, child_levels
from portal.forms.mistakes import shown_on
from portal.forms.units import MoveForm, NewUnitForm, UnitForm
from portal.services import units
from portal.web.asked import search_asked
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("units", __name__, url_prefix="/don-vi")


@bp.get("/")
@requires(Action.UNIT_VIEW)
def index() -> Response:
    """Search the tree, or show the officer's own unit."""
    text = search_asked()
    if not text:
        return _unit_page(current_actor().unit_id)
    return page_or_block(
        "units/search.html",
        "unit_list",
        text=text,
        found=units.search(text, by=current_actor()),
    )


@bp.get("/<int:unit_id>")
@requires(Action.UNIT_VIEW)
def show(unit_id: int) -> Response:
    """Show one unit: its place, its contact, the units and figures below it."""
    return _unit_page(unit_id)


@bp.route("/<int:unit_id>/them", methods=["GET", "POST"])
@requires(Action.UNIT_MANAGE)
def add(unit_id: int) -> Response:
    """Add a unit below this one."""
    actor = current_actor()
    page = units.page_of(unit_id, by=actor)
    form = NewUnitForm()
    form.offer_levels(child_levels(page.unit.level))
    form.offer_codes(page.province_code)
    if form.is_submitted() and form.validate():
        with shown_on(form):
            unit = units.add_unit(
                form.draft(),
                level=UnionLevel(form.level.data),
                parent_id=unit_id,
                by=actor,
            )
            flash(f"Đã thêm {unit.name}.", "success")
            return see_other(url_for(".show", unit_id=unit.id))
    return _form_page("units/form.html", form, page, title="Thêm đơn vị trực thuộc")


@bp.route("/<int:unit_id>/sua", methods=["GET", "POST"])
@requires(Action.UNIT_MANAGE)
def edit(unit_id: int) -> Response:
    """Rename a unit, or change its code and contact."""
    actor = current_actor()
    page = units.page_of(unit_id, by=actor)
    form = UnitForm(obj=page.unit)
    form.offer_codes(page.inherited_code)
    if form.is_submitted() and form.validate():
        with shown_on(form):
            unit = units.edit_unit(
                unit_id, form.draft(), version=form.version.data or 0, by=actor
            )
            flash(f"Đã lưu {unit.name}.", "success")
            return see_other(url_for(".show", unit_id=unit_id))
    return _form_page("units/form.html", form, page, title="Sửa thông tin đơn vị")


@bp.route("/<int:unit_id>/chuyen", methods=["GET", "POST"])
@requires(Action.UNIT_MANAGE)
def move(unit_id: int) -> Response:
    """Put a unit, with all below it, under another parent."""
    actor = current_actor()
    page = units.page_of(unit_id, by=actor)
    text = search_asked()
    parents = units.new_parents(page.unit, text=text, by=actor)
    form = MoveForm(version=page.unit.version, q=text)
    form.offer_parents(parents)
    if form.is_submitted() and form.validate():
        with shown_on(form):
            unit = units.move_unit(
                unit_id,
                new_parent_id=int(form.new_parent.data),
                version=form.version.data or 0,
                by=actor,
            )
            flash(f"Đã chuyển {unit.name} cùng mọi dữ liệu của đơn vị.", "success")
            return see_other(url_for(".show", unit_id=unit_id))
    return _form_page("units/move.html", form, page, parents=parents, text=text)


def _unit_page(unit_id: int) -> Response:
    actor = current_actor()
    page = units.page_of(unit_id, by=actor)
    return page_or_block(
        "units/show.html",
        "unit_card",
        page=page,
        role_labels=ROLE_LABELS,
        actions=_actions(page.unit),
    )


def _form_page(
    template: str, form: UnitForm | MoveForm, page: units.UnitPage, **context: object
) -> Response:
    return page_or_block(
        template,
        "unit_form",
        status=422 if form.is_submitted() else 200,
        form=form,
        page=page,
        **context,
    )


def _actions(unit: Unit) -> set[str]:
    actor = current_actor()
    found = set()
    if actor.may(Action.UNIT_MANAGE):
        found.add("edit")
        if child_levels(unit.level):
            found.add("add")
        if unit.path != actor.unit_path:
            found.add("move")
    if actor.may(Action.OFFICER_MANAGE):
        found.add("officers")
    if actor.may(Action.MEMBER_VIEW):
        found.add("members")
    return found
