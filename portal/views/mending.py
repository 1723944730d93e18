"""Rows of a preview mended in the page: in place, one by one, in a grid, by column."""

import re

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.models import ImportRow, RosterImport
from portal.db.models.intake import ImportState, RowChoice
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_rows
from portal.domain.errors import Invalid
from portal.domain.member_fields import FIELDS_BY_NAME, MEMBER_FIELDS
from portal.services import intake
from portal.views.import_pages import filter_asked, filters, here, pages, preview_page
from portal.views.import_rows import shown_row
from portal.views.row_forms import row_form
from portal.web.asked import page_asked
from portal.web.fragments import page_or_block, see_other, wants_block
from portal.web.guard import recorded, requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("mending", __name__, url_prefix="/nhap")

GRID_ROWS = 25
_CELL = re.compile(r"c-(\d{1,9})-([a-z_]{1,40})")


@bp.get("/<int:import_id>/bang")
@requires(Action.IMPORT_RUN)
@recorded
def grid(import_id: int) -> str:
    """Show rows as cells to type in; whole numbers are read here, on record."""
    scope, only, page = current_scope(), filter_asked(), page_asked()
    found = intake_q.get(import_id, scope=scope)
    _check_read(found)
    intake.record_download(import_id, "cells", by=current_actor())
    rows = intake_rows.page(
        import_id,
        scope=scope,
        only=only,
        offset=(page - 1) * GRID_ROWS,
        limit=GRID_ROWS,
    )
    total = intake_rows.count(import_id, scope=scope, only=only)
    return render_template(
        "imports/grid.html",
        found=found,
        fields=_fields(found, rows),
        rows=[(shown_row(row), intake.shown_cells(row)) for row in rows],
        filters=filters(found, "mending.grid", only),
        pages=pages(found, "mending.grid", only, page, total, GRID_ROWS),
        only=only,
        page=page,
        open=found.state is ImportState.READY,
    )


@bp.post("/<int:import_id>/bang")
@requires(Action.IMPORT_RUN)
def save_grid(import_id: int) -> Response:
    """Take the cells that were typed; answer scripts with the rows judged anew."""
    touched = intake.mend(import_id, _cells(), by=current_actor())
    if wants_block():
        found = intake_q.get(import_id, scope=current_scope())
        return page_or_block(
            "imports/grid.html",
            "grid_states",
            found=found,
            states=[shown_row(row) for row in touched],
            filters=filters(found, "mending.grid", filter_asked()),
        )
    flash(_told(touched), "success" if touched else "info")
    back = url_for(
        ".grid",
        import_id=import_id,
        loai=filter_asked().value or None,
        trang=page_asked(),
    )
    return see_other(back)


@bp.get("/<int:import_id>/dong/<int:row_id>")
@requires(Action.IMPORT_RUN)
@recorded
def row(import_id: int, row_id: int) -> str:
    """Show one row with all its cells, its photo and what may be done with it."""
    found = intake_q.get(import_id, scope=current_scope())
    one = intake_rows.find(import_id, row_id, scope=current_scope())
    intake.record_download(import_id, "cells", by=current_actor())
    return render_template(
        "imports/row.html",
        found=found,
        row=shown_row(one),
        form=row_form(found, one),
        open=found.state is ImportState.READY,
        only=filter_asked(),
        page=page_asked(),
        back=here(import_id, row_id=row_id),
    )


@bp.post("/<int:import_id>/dong/<int:row_id>")
@requires(Action.IMPORT_RUN)
def save_row(import_id: int, row_id: int) -> Response:
    """Take one row's cells, and go on to the next row that needs a hand."""
    cells = {
        name: request.form[f"c-{name}"]
        for name in intake.MENDABLE
        if f"c-{name}" in request.form
    }
    # A masked cell that was left empty keeps its number.
    masked = {name for name in cells if f"m-{name}" in request.form}
    cells = {n: text for n, text in cells.items() if text.strip() or n not in masked}
    intake_rows.find(import_id, row_id, scope=current_scope())
    touched = intake.mend(import_id, {row_id: cells}, by=current_actor())
    if wants_block():
        return preview_page(import_id)
    if "tiep" in request.form:
        return _next(import_id, row_id)
    flash(_told(touched), "success" if touched else "info")
    if "trong-trang" in request.form:
        return see_other(here(import_id, row_id=row_id))
    return see_other(url_for(".row", import_id=import_id, row_id=row_id))


@bp.post("/<int:import_id>/dong/<int:row_id>/chon")
@requires(Action.IMPORT_RUN)
def choose(import_id: int, row_id: int) -> Response:
    """Say what is to become of one row."""
    intake_rows.find(import_id, row_id, scope=current_scope())
    intake.choose(import_id, row_id, _choice(), by=current_actor())
    if wants_block():
        return preview_page(import_id)
    return see_other(here(import_id, row_id=row_id))


@bp.post("/<int:import_id>/chon")
@requires(Action.IMPORT_RUN)
def choose_kind(import_id: int) -> Response:
    """Say it of every row of a kind."""
    intake_q.get(import_id, scope=current_scope())
    rows = intake.choose_for_kind(
        import_id, filter_asked(), _choice(), by=current_actor()
    )
    flash(f"Đã chọn cho {rows} dòng.", "success")
    return see_other(here(import_id))


@bp.get("/<int:import_id>/cot")
@requires(Action.IMPORT_RUN)
def columns(import_id: int) -> str:
    """Show what each column of the list was taken for."""
    found = intake_q.get(import_id, scope=current_scope())
    return render_template(
        "imports/columns.html",
        found=found,
        columns=intake.columns_of(found, by=current_actor()),
        fields=[(known.name, known.label) for known in MEMBER_FIELDS],
        open=found.state in {ImportState.READY, ImportState.TAKEN_BACK},
        unread=found.state is ImportState.FAILED,
    )


@bp.post("/<int:import_id>/cot")
@requires(Action.IMPORT_RUN)
def choose_columns(import_id: int) -> Response:
    """Remember what the unit's headers mean, and read the file anew."""
    headers = request.form.getlist("header")
    chosen = dict(zip(headers, request.form.getlist("field"), strict=False))
    intake.choose_columns(import_id, chosen, by=current_actor())
    return see_other(url_for("imports.show", import_id=import_id))


@bp.post("/<int:import_id>/phong-chu")
@requires(Action.IMPORT_RUN)
def keep_as_typed(import_id: int) -> Response:
    """Say which columns are in no old font after all, and read the file anew."""
    pairs = [value.partition("\t") for value in request.form.getlist("cot")]
    chosen = {(sheet, header) for sheet, _tab, header in pairs}
    intake.keep_as_typed(import_id, chosen, by=current_actor())
    return see_other(url_for("imports.show", import_id=import_id))


@bp.post("/<int:import_id>/doc-lai")
@requires(Action.IMPORT_RUN)
def read_anew(import_id: int) -> Response:
    """Read the uploaded file once more against the members of now."""
    intake.read_anew(import_id, by=current_actor())
    return see_other(url_for("imports.show", import_id=import_id))


def _cells() -> dict[int, dict[str, str]]:
    """Read the cells of a grid: "c-<row>-<field>"."""
    cells: dict[int, dict[str, str]] = {}
    for key, text in request.form.items():
        found = _CELL.fullmatch(key)
        if found:
            cells.setdefault(int(found[1]), {})[found[2]] = text
    return cells


def _choice() -> RowChoice:
    asked = request.form.get("viec", "")
    if asked not in set(RowChoice):
        raise Invalid("Chưa chọn cách nhận dòng này. Hãy chọn một mục trong danh sách.")
    return RowChoice(asked)


def _next(import_id: int, row_id: int) -> Response:
    scope = current_scope()
    one = intake_rows.find(import_id, row_id, scope=scope)
    following = intake_rows.next_bad(import_id, after=one.position, scope=scope)
    if following is None:
        flash("Không còn dòng nào cần sửa.", "success")
        return see_other(url_for("imports.show", import_id=import_id))
    if following.id == row_id:
        flash("Dòng này vẫn còn chỗ cần sửa.", "warning")
    return see_other(
        url_for(".row", import_id=import_id, row_id=following.id, loai="bad")
    )


def _fields(found: RosterImport, rows: list[ImportRow]) -> list[tuple[str, str]]:
    """Give the columns of the grid: those of the list, then those that are wanting."""
    listed = [
        column["field"]
        for column in found.columns
        if isinstance(column, dict) and column["field"] in intake.MENDABLE
    ]
    needed = [known.name for known in MEMBER_FIELDS if known.required]
    there = [name for row in rows for name in row.raw if name in intake.MENDABLE]
    names = dict.fromkeys([*listed, *needed, "citizen_id", *there])
    return [(name, FIELDS_BY_NAME[name].label) for name in names]


def _check_read(found: RosterImport) -> None:
    if "rows_in" not in found.counts:
        raise Invalid("Danh sách này chưa có dòng nào để sửa.")


def _told(touched: list[ImportRow]) -> str:
    if not touched:
        return "Không có ô nào khác trước."
    bad = sum(one.state in intake_rows.BAD for one in touched)
    if bad:
        return f"Đã lưu và kiểm tra lại; còn {bad} dòng cần sửa."
    return "Đã lưu và kiểm tra lại: không còn gì cần sửa ở đây."
