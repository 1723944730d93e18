"""Print batches: choose, render, download."""

from flask import Blueprint, flash, make_response, render_template, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from portal.access.policy import Action
from portal.db.models.cards import BatchState, PrintCardState
from portal.db.queries import jobs as jobs_q
from portal.db.queries import prints as prints_q
from portal.forms.prints import PrintForm
from portal.services import print_designs, prints
from portal.web.fragments import page_or_block, see_other, stop_polling
from portal.web.guard import recorded, requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("prints", __name__, url_prefix="/lo-in")

_EVERYBODY = "all"
_SHOWN_CARDS = 60


@bp.get("/")
@requires(Action.PRINT_VIEW)
def index() -> str:
    """List the batches and say how many cards wait."""
    scope = current_scope()
    waiting = prints_q.printable_by_unit(scope=scope)
    return render_template(
        "prints/index.html",
        batches=prints_q.latest_batches(scope=scope),
        waiting=sum(number for _unit, number in waiting),
        held=prints_q.held_back(scope=scope),
        may_print=current_actor().may(Action.PRINT_RUN),
    )


@bp.get("/moi")
@requires(Action.PRINT_RUN)
def new() -> str:
    """Offer what can be printed now."""
    form = _form()
    if form.overprint.data is None or not form.is_submitted():
        form.overprint.data = True
    return render_template("prints/new.html", form=form, photos=_photos(), held=_held())


@bp.post("/moi")
@requires(Action.PRINT_RUN)
def create() -> Response:
    """Make the batch and begin to draw it."""
    form = _form()
    if not form.validate_on_submit():
        return page_or_block(
            "prints/new.html",
            "print_form",
            status=422,
            form=form,
            photos=_photos(),
            held=_held(),
        )
    unit_path = None if form.unit.data == _EVERYBODY else form.unit.data
    batch = prints.create_batch(
        None, unit_path=unit_path, settings=form.settings(), by=current_actor()
    )
    return see_other(url_for(".show", batch_id=batch.id))


@bp.get("/<int:batch_id>")
@requires(Action.PRINT_VIEW)
def show(batch_id: int) -> Response:
    """Show a batch: its bar, then its files and cards."""
    scope = current_scope()
    batch = prints_q.get_batch(batch_id, scope=scope)
    actor = current_actor()
    response = page_or_block(
        "prints/show.html",
        "batch_status",
        batch=batch,
        labels=print_designs.labels_of(batch),
        counts=prints_q.counts_of(batch.id),
        job=jobs_q.latest_of("print.render", batch.id, scope=scope),
        cards=prints_q.cards_of(
            batch.id, state=PrintCardState.DRAWN, limit=_SHOWN_CARDS
        ),
        doubtful=prints.waiting_for_a_say_so(batch),
        refused=prints_q.cards_of(batch.id, state=PrintCardState.REFUSED),
        may_download=actor.may(Action.PRINT_DOWNLOAD),
        may_view_jobs=actor.may(Action.JOB_VIEW),
        may_print=actor.may(Action.PRINT_RUN),
    )
    waiting = batch.state is BatchState.WAITING
    return response if waiting else stop_polling(response)


@bp.post("/<int:batch_id>/bo")
@requires(Action.PRINT_RUN)
def give_up(batch_id: int) -> Response:
    """Give up a batch that cannot be drawn."""
    prints.give_up(batch_id, by=current_actor())
    flash("Đã bỏ lô in. Các thẻ trở lại danh sách chờ in.", "success")
    return see_other(url_for(".show", batch_id=batch_id))


@bp.post("/<int:batch_id>/van-in")
@requires(Action.PRINT_RUN)
def accept_warnings(batch_id: int) -> Response:
    """Take the say-so of somebody who has read the warnings."""
    prints.accept_warnings(batch_id, by=current_actor())
    flash("Đã ghi nhận: in cả các thẻ có cảnh báo.", "success")
    return see_other(url_for(".show", batch_id=batch_id))


@bp.get("/<int:batch_id>/tep/<name>")
@requires(Action.PRINT_DOWNLOAD)
@recorded
def download(batch_id: int, name: str) -> Response:
    """Hand out one file of the batch; the download is logged."""
    path = prints.open_file(batch_id, name, by=current_actor())
    return send_file(path, as_attachment=True, download_name=name)


@bp.get("/the/<int:card_id>/<side>.png")
@requires(Action.PRINT_VIEW)
def image(card_id: int, side: str) -> Response:
    """Show one side of one drawn card, small."""
    response = make_response(prints.read_image(card_id, side, by=current_actor()))
    response.mimetype = "image/png"
    return response


def _held() -> list[prints_q.HeldCard]:
    return prints_q.held_back(scope=current_scope())


def _photos() -> tuple[int, int]:
    return prints_q.photos_to_look_at(scope=current_scope())


def _form() -> PrintForm:
    waiting = prints_q.printable_by_unit(scope=current_scope())
    total = sum(number for _unit, number in waiting)
    form = PrintForm()
    form.unit.choices = [
        SelectChoice(_EVERYBODY, f"Tất cả đơn vị ({total} thẻ)"),
        *(
            SelectChoice(unit.path, f"{unit.name} ({number} thẻ)")
            for unit, number in waiting
        ),
    ]
    form.design.choices = [
        SelectChoice(value, label)
        for value, label in print_designs.choices(by=current_actor())
    ]
    return form
