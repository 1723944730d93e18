"""Linked cards: the list for the bank."""

import io

from flask import Blueprint, flash, send_file, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.queries import bank as bank_q
from portal.domain.bank_needs import OPEN_FIELDS
from portal.forms.renewals import BankForm
from portal.services import bank
from portal.web.asked import page_asked
from portal.web.filters import count
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import recorded, requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("bank", __name__, url_prefix="/the-lien-ket")

PAGE_ROWS = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires(Action.BANK_EXPORT)
def index() -> Response:
    """List who can go to the bank, who lacks something, and what went before."""
    return _page(BankForm())


@bp.post("/xuat")
@requires(Action.BANK_EXPORT)
def export() -> Response:
    """Write the list and mark its requests as sent."""
    form = BankForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    exported = bank.export(consent_confirmed=form.consent.data, by=current_actor())
    flash(
        f"Đã lập danh sách {count(exported.rows)} thẻ liên kết."
        " Tải tệp ở mục “Danh sách đã xuất” rồi gửi ngân hàng.",
        "success",
    )
    return see_other(url_for(".index"))


@bp.get("/danh-sach/<int:export_id>")
@requires(Action.BANK_EXPORT)
@recorded
def download(export_id: int) -> Response:
    """Hand a list out; each time is recorded."""
    exported, data = bank.download(export_id, by=current_actor())
    return send_file(
        io.BytesIO(data),
        mimetype=_XLSX,
        as_attachment=True,
        download_name=exported.file_name,
    )


def _page(form: BankForm, *, status: int = 200) -> Response:
    actor = current_actor()
    found = bank.waiting(by=actor)
    page = page_asked()
    start = (page - 1) * PAGE_ROWS
    return page_or_block(
        "bank/index.html",
        "bank_list",
        status=status,
        form=form,
        lines=found.ready[start : start + PAGE_ROWS],
        total=len(found.ready),
        lacking=[
            (line, its, any(one.where not in OPEN_FIELDS for one in its))
            for line, its in found.lacking
        ],
        held=found.held,
        exports=bank_q.exports(scope=current_scope()),
        consent=bank.CONSENT,
        may_export=bank.may_export(actor),
        prev_url=url_for(".index", trang=page - 1) if page > 1 else None,
        next_url=url_for(".index", trang=page + 1)
        if start + PAGE_ROWS < len(found.ready)
        else None,
    )
