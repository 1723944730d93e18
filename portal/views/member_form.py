"""The form of a member: add, edit, look at one field, suggest units."""

from dataclasses import replace
from typing import Any

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from portal.access.policy import Action
from portal.db.models import Member
from portal.domain import clock
from portal.domain.errors import NotFound, Problem
from portal.forms.members import (
    CHECKED,
    GROUPS,
    KEPT_IF_EMPTY,
    TOP,
    FormReading,
    make_form,
    read_form,
)
from portal.services import member_entry, member_units, members
from portal.services.member_entry import Outcome, Stale
from portal.views.members import bp, masked_text
from portal.web.asked import search_asked, whole
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor


@bp.get("/them")
@requires(Action.MEMBER_EDIT)
def new() -> Response:
    """Offer an empty form at the officer's own unit, or the one in the address."""
    by = current_actor()
    code = member_units.default_code(
        request.args.get("unit", ""), member_units.choices(by=by), by=by
    )
    texts = {"unit": code, "status": "active", "dues_standing": "unknown"}
    return _form_page(_form(texts))


@bp.post("/them")
@requires(Action.MEMBER_EDIT)
def create() -> Response:
    """Add a member, or show the form with what is to be mended."""
    form = _form({}, sent=request.form)
    reading = _reading(form)
    outcome = member_entry.add(
        reading.draft, confirmed=_confirmed(), by=current_actor()
    )
    if outcome.member_id is None:
        return _form_page(form, reading=reading, outcome=outcome)
    _say_saved(reading, f"Đã thêm đoàn viên {reading.draft.values['full_name']}.")
    if request.form.get("then") == "new":
        return see_other(url_for(".new", unit=form["unit"].data.partition(" – ")[0]))
    return see_other(url_for(".show", member_id=outcome.member_id))


@bp.get("/<int:member_id>/sua")
@requires(Action.MEMBER_EDIT)
def edit(member_id: int) -> Response:
    """Offer the form of a member; masked fields stand empty."""
    member = members.find(member_id, by=current_actor())
    return _form_page(_form(_texts(member), member=member), member=member)


@bp.post("/<int:member_id>/sua")
@requires(Action.MEMBER_EDIT)
def update(member_id: int) -> Response:
    """Change a member; a stale form answers 409 with what others wrote."""
    by = current_actor()
    member = members.find(member_id, by=by)
    form = _form({}, sent=request.form, member=member)
    reading = _reading(form, member=member)
    outcome = member_entry.edit(
        member_id,
        reading.draft,
        version=request.form.get("version", 0, type=whole),
        confirmed=_confirmed(),
        by=by,
    )
    if outcome.stale:
        _take_over(form, outcome.stale, member)
    if outcome.member_id is None:
        return _form_page(form, member=member, reading=reading, outcome=outcome)
    _say_saved(reading, "Đã lưu." if outcome.changes else "Không có gì thay đổi.")
    return see_other(url_for(".show", member_id=member_id))


@bp.post("/kiem-tra/<name>")
@requires(Action.MEMBER_EDIT)
def check(name: str) -> Response:
    """Look at one field as soon as it is left; answers that field alone."""
    if name not in CHECKED:
        raise NotFound
    by = current_actor()
    member_id = request.form.get("member_id", type=whole)
    member = members.find(member_id, by=by) if member_id else None
    form = _form({}, sent=request.form, member=member)
    reading = _reading(form, member=member)
    holders, doubts = member_entry.remarks(reading.draft, member_id=member_id, by=by)
    notes = {name: reading.notes.get(name, ())}
    if name in member_entry.DOUBTFUL:
        notes[name] += tuple(f"{doubt.text} {doubt.fix}" for doubt in doubts)
    form[name].errors = [str_of(p) for p in reading.draft.problems.get(name, ())]
    body = render_template(
        "members/_field.html",
        form=form,
        name=name,
        notes=notes,
        holders=holders,
        checked=CHECKED,
    )
    return Response(body, mimetype="text/html")


@bp.get("/don-vi")
@requires(Action.MEMBER_EDIT)
def units() -> Response:
    """Suggest units for what is being typed."""
    found = member_units.suggestions(search_asked("unit"), by=current_actor())
    body = render_template("members/_units.html", units=found)
    return Response(body, mimetype="text/html")


def str_of(problem: Problem) -> str:
    """Give a problem without the name of the field that it stands beside."""
    return f"{problem.text} {problem.fix}".strip()


def _kept(member: Member | None) -> dict[str, str]:
    """Give the masked fields that hold something, as they may be shown."""
    if member is None:
        return {}
    shown = {name: masked_text(member, name) for name in KEPT_IF_EMPTY}
    return {name: text for name, text in shown.items() if text}


def _texts(member: Member) -> dict[str, Any]:
    shown = {
        name: members.shown_value(member, name)
        for name in members.EDITABLE
        if name not in KEPT_IF_EMPTY
    }
    return shown | {"unit": member.unit.code, "version": member.version}


def _form(
    texts: dict[str, Any], *, sent: Any = None, member: Member | None = None
) -> Form:
    found = member_units.choices(by=current_actor())
    listed = None if found is None else [(unit.code, unit.name) for unit in found]
    if listed is None and member is not None and "unit" in texts:
        texts["unit"] = f"{member.unit.code} – {member.unit.name}"
    form = make_form(texts, sent=sent, units=listed, kept=_kept(member))
    form["member_id"].data = member.id if member else ""
    return form


def _reading(form: Form, *, member: Member | None = None) -> FormReading:
    reading = read_form(form, today=clock.today(), kept=_kept(member))
    unit = member_units.resolve(form["unit"].data or "", by=current_actor())
    if isinstance(unit, Problem):
        problems = reading.draft.problems | {"unit": (unit,)}
        return replace(reading, draft=replace(reading.draft, problems=problems))
    return replace(reading, draft=replace(reading.draft, unit_id=unit))


def _confirmed() -> str:
    return request.form.get("confirmed", "")


def _say_saved(reading: FormReading, text: str) -> None:
    flash(text, "success")
    for repair in reading.draft.repairs:
        flash(repair, "info")


def _take_over(form: Form, stale: Stale, member: Member) -> None:
    """Put into the form what only others changed; the officer's own words stay."""
    for name, value in stale.take_over.items():
        form[name].data = value
    if stale.unit_id:
        form["unit"].data = member.unit.code
    form["version"].data = stale.version


def _form_page(
    form: Form,
    *,
    member: Member | None = None,
    reading: FormReading | None = None,
    outcome: Outcome | None = None,
) -> Response:
    outcome = outcome or Outcome()
    status = 200 if reading is None else 409 if outcome.stale else 422
    for name, problems in outcome.problems.items():
        form[name].errors = [str_of(problem) for problem in problems]
    notes = reading.notes if reading else {}
    attention = {*outcome.problems, *outcome.holders, *notes}
    if "citizen_id" in outcome.problems:  # the way out lies among the other papers
        attention.add("id_card_number")
    return page_or_block(
        "members/form.html",
        "member_form",
        status=status,
        form=form,
        member=member,
        top=TOP,
        groups=GROUPS,
        checked=CHECKED,
        refused=bool(outcome.problems or outcome.holders),
        open_groups={"union"}
        | {key for key, _title, names in GROUPS if attention.intersection(names)},
        notes=notes,
        holders=outcome.holders,
        doubts=outcome.doubts,
        doubts_key=member_entry.doubts_key(outcome.doubts),
        stale=outcome.stale,
        units_as_text=form["unit"].type == "StringField",
        fixed=member_entry.fixed_person(member, by=current_actor()) if member else None,
        cancel_url=_cancel_url(member),
    )


def _cancel_url(member: Member | None) -> str:
    if member is None:
        return url_for(".index")
    return url_for(".show", member_id=member.id)
