"""The desk of the levels above: review, approval, numbers that TLĐ gave."""

from collections import defaultdict
from typing import Any

from flask import flash, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.queries import renewals as renewals_q
from portal.db.queries import units as units_q
from portal.db.queries.renewals import QueueGroup, RequestLine
from portal.domain.errors import Invalid
from portal.domain.renewal import MOVE_LABELS, MOVES_UP, Move
from portal.domain.text import clean
from portal.forms.mistakes import shown_on
from portal.forms.renewals import ApprovalForm, NumberSheetForm
from portal.forms.reviews import Marks, row_id
from portal.services import approvals, number_results, numbers, renewals
from portal.views.renewals import bp, request_page, tell
from portal.web.asked import page_asked
from portal.web.filters import count, number
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor

PAGE_ROWS = 50
_BRIEFLY = {Move.APPROVE: "Duyệt", Move.REGISTER: "Trình", Move.FORWARD: "Chuyển"}
_DONE = {
    Move.REGISTER: "Đã trình {} đề nghị lên Tổng Liên đoàn.",
    Move.FORWARD: "Đã chuyển {} đề nghị lên cấp trên.",
    Move.RETURN: "Đã trả lại {} đề nghị, kèm lý do từng người.",
    Move.REJECT: "Đã ghi không duyệt {} đề nghị, kèm lý do từng người.",
}


@bp.get("/duyet")
@requires(Action.REQUEST_REVIEW)
def review() -> Response:
    """Show what waits for the officer's unit, by the unions that sent it."""
    return _review_page()


@bp.post("/duyet/tat-ca")
@requires(Action.REQUEST_REVIEW)
def send_on_clean() -> Response:
    """Send on every row that nothing speaks against, while none is marked."""
    move = _move_up()
    unit_id = _asked_unit()
    marks = Marks.read(request.form)
    if marks.ticked or marks.common.strip():
        return _review_page(status=422, error=_marks_stand(marks, move), marks=marks)
    if move is Move.APPROVE:
        return see_other(url_for(".approve", **{"don-vi": unit_id}))
    actor = current_actor()
    under = _path_under(unit_id)
    tell(renewals.forward_clean(move=move, by=actor, under=under), _DONE[move])
    return see_other(url_for(".review"))


def _marks_stand(marks: Marks, move: Move) -> str:
    verb = _BRIEFLY[move].lower()
    many = len(marks.ticked)
    if not many:
        return (
            "Bạn đang ghi lý do để trả lại. Đánh dấu người cần trả lại và trả lại"
            f" trước, hoặc xóa lý do, rồi {verb} tất cả."
        )
    who = "người đó" if many == 1 else "những người đó"
    return (
        f"Bạn đang đánh dấu {count(many)} người để trả lại. Trả lại {who} trước,"
        f" hoặc bỏ đánh dấu{' và xóa lý do' if marks.reasons else ''},"
        f" rồi {verb} tất cả."
    )


@bp.post("/duyet/da-chon")
@requires(Action.REQUEST_REVIEW)
def act_on_chosen() -> Response:
    """Send the marked rows on, or back with their reasons."""
    marks = Marks.read(request.form)
    if not marks.ticked:
        return _review_page(
            status=422, error="Chưa đánh dấu ai. Đánh dấu rồi bấm lại.", marks=marks
        )
    act = request.form.get("act", "")
    if act in {Move.RETURN, Move.REJECT}:
        return _send_back(marks, Move(act))
    move = _move_up()
    if marks.reasons or marks.common.strip():
        return _review_page(status=422, error=_reasons_stand(move), marks=marks)
    if move is Move.APPROVE:
        return see_other(url_for(".approve", dong=marks.ticked))
    tell(
        renewals.forward_chosen(marks.ticked, move=move, by=current_actor()),
        _DONE[move],
    )
    return see_other(url_for(".review"))


def _reasons_stand(move: Move) -> str:
    verb = _BRIEFLY[move].lower()
    return (
        "Bạn đang ghi lý do để trả lại. Trả lại trước, hoặc xóa lý do, rồi"
        f" {verb} những người đã đánh dấu."
    )


def _send_back(marks: Marks, move: Move) -> Response:
    checked = marks.checked(longest=renewals.LONGEST_REASON)
    if checked.wanting or checked.common_wanting:
        return _review_page(status=422, error=_mistake(checked, move), marks=checked)
    outcome = renewals.send_back(marks.said(), move=move, by=current_actor())
    tell(outcome, _DONE[move])
    return see_other(url_for(".review"))


def _mistake(marks: Marks, move: Move) -> str:
    if set(marks.ticked) <= {one for one, text in marks.said().items() if text}:
        return (
            f"Lý do dài quá {renewals.LONGEST_REASON} chữ. Viết gọn lại ở ô được"
            " đánh dấu bên dưới."
        )
    who = "không được duyệt" if move is Move.REJECT else "bị trả lại"
    return f"Mỗi người {who} cần một lý do. Ghi vào ô được đánh dấu bên dưới."


@bp.post("/de-nghi/<int:request_id>/tra-lai")
@requires(Action.REQUEST_REVIEW)
def send_back(request_id: int) -> Response:
    """Send one request back from its own page, also one that is approved."""
    reason = request.form.get("ly-do", "")
    if not 0 < len(clean(reason)) <= renewals.LONGEST_REASON:
        return request_page(
            request_id,
            status=422,
            reason=reason,
            error=f"Ghi điều đơn vị cần sửa, không quá {renewals.LONGEST_REASON} chữ.",
        )
    reasons = {request_id: reason}
    outcome = renewals.send_back(reasons, move=Move.RETURN, by=current_actor())
    tell(outcome, "Đã trả lại đề nghị, kèm lý do.")
    return see_other(url_for(".history", request_id=request_id))


def _move_up() -> Move:
    act = request.form.get("act", "")
    if act not in MOVES_UP:
        raise Invalid("Thao tác này không có ở bước duyệt. Tải lại trang.")
    return Move(act)


def _review_page(
    *, status: int = 200, error: str = "", marks: Marks | None = None
) -> Response:
    actor = current_actor()
    unit_id = _asked_unit()
    queue = renewals.queue(by=actor)
    shown = [one for one in queue if unit_id in (None, one[0].unit_id)]
    if unit_id is not None and not shown:
        units_q.get(unit_id, scope=actor.scope)
    groups = [group for group, _move in shown]
    total = sum(group.requests for group in groups)
    page = page_asked()
    start = (page - 1) * PAGE_ROWS
    lines = (
        renewals_q.lines_of_groups(
            groups, scope=actor.scope, offset=start, limit=PAGE_ROWS
        )
        if groups
        else []
    )
    return page_or_block(
        "renewals/review.html",
        "review_table",
        status=status,
        title=_title(queue),
        units=_by_unit(lines, groups, actor),
        moves=[move for move in MOVES_UP if move in {its for _group, its in shown}],
        back=renewals.moves_back(lines[0], by=actor) if lines else (),
        chips=_unit_chips(queue, unit_id),
        unit_id=unit_id,
        clean=_clean_labels(shown, actor),
        total=total,
        page=page,
        row_count=len(lines),
        move_labels=_labels(),
        prev_url=_page_url(unit_id, page - 1) if page > 1 else None,
        next_url=_page_url(unit_id, page + 1) if start + PAGE_ROWS < total else None,
        error=error,
        marks=marks or Marks(),
        longest_reason=renewals.LONGEST_REASON,
    )


def _title(queue: list[tuple[QueueGroup, Move]]) -> str:
    """Call the page after what is done on it here: checking, or approving."""
    moves = {move for _group, move in queue}
    return "Kiểm tra danh sách" if moves - {Move.APPROVE} else "Duyệt danh sách"


def _clean_labels(queue: list[tuple[QueueGroup, Move]], by: Actor) -> dict[Move, str]:
    """Say on each button how many it sends on; a long queue is not counted."""
    counted = renewals.clean_counts(queue, by=by)
    waiting = {move for _group, move in queue}
    labels = {}
    for move in MOVES_UP:
        if move in waiting and (counted is None or counted[move]):
            many = "tất cả " if counted is None else _how_many(counted[move])
            labels[move] = f"{_BRIEFLY[move]} {many}đề nghị không có cảnh báo"
    return labels


def _how_many(requests: int) -> str:
    return f"{'tất cả ' if requests > 1 else ''}{count(requests)} "


def _labels() -> dict[Move, str]:
    if numbers.allots_numbers():
        return MOVE_LABELS
    return {**MOVE_LABELS, Move.APPROVE: MOVE_LABELS[Move.ENDORSE]}


def _page_url(unit_id: int | None, page: int) -> str:
    return url_for(".review", **{"don-vi": unit_id, "trang": page})


def _by_unit(
    lines: list[RequestLine], groups: list[QueueGroup], actor: Actor
) -> list[dict[str, Any]]:
    """Gather the page's rows under their union, with what speaks against each."""
    alike = renewals.likenesses(lines, by=actor)
    returns = renewals_q.returns_of([line.id for line in lines], scope=actor.scope)
    names = {group.roster_id: group.unit_name for group in groups}
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        rows[line.roster_id].append(
            {
                "line": line,
                "problems": renewals.hindrances(line),
                "alike": alike.get(line.member_id, ()),
                "returns": returns.get(line.id),
            }
        )
    return [{"name": names[one], "rows": its} for one, its in rows.items()]


def _unit_chips(
    queue: list[tuple[QueueGroup, Move]], unit_id: int | None
) -> list[dict[str, Any]]:
    totals: dict[tuple[int, str], int] = defaultdict(int)
    for group, _move in queue:
        totals[group.unit_id, group.unit_name] += group.requests
    every = {
        "label": "Tất cả đơn vị",
        "count": sum(totals.values()),
        "active": unit_id is None,
        "url": url_for(".review"),
    }
    return [
        every,
        *(
            {
                "label": name,
                "count": its,
                "active": one == unit_id,
                "url": url_for(".review", **{"don-vi": one}),
            }
            for (one, name), its in totals.items()
        ),
    ]


@bp.get("/cap-ma")
@requires(Action.REQUEST_APPROVE)
def approve() -> Response:
    """Show what approving would do, before anything is done."""
    plan = _plan()
    form = ApprovalForm(expected=len(plan.request_ids))
    form.fingerprint.data = plan.fingerprint
    return _approval_page(plan, form)


@bp.post("/cap-ma")
@requires(Action.REQUEST_APPROVE)
def approve_now() -> Response:
    """Approve exactly what the page showed, once the number is typed."""
    plan = _plan()
    form = ApprovalForm(expected=len(plan.request_ids))
    if form.fingerprint.data != plan.fingerprint:
        form.fingerprint.data, form.typed.data = plan.fingerprint, ""
        return _approval_page(
            plan,
            form,
            status=409,
            error="Danh sách vừa thay đổi. Xem lại con số mới rồi xác nhận lần nữa.",
        )
    if not form.validate_on_submit():
        return _approval_page(plan, form, status=422)
    outcome = approvals.approve(plan.request_ids, by=current_actor())
    numbers_told = (
        f" Mã số {_span(plan.new_numbers)}."
        if plan.new_numbers.count and len(outcome.done) == len(plan.request_ids)
        else ""
    )
    tell(outcome, f"Đã duyệt {{}} đề nghị.{numbers_told}")
    return see_other(url_for(".review"))


def _span(given: numbers.Range) -> str:
    if given.count == 1:
        return number(given.first)
    return f"từ {number(given.first)} đến {number(given.last)}"


def _plan() -> approvals.Plan:
    actor = current_actor()
    chosen, under = _asked_requests(), _path_under(_asked_unit())
    return approvals.plan(by=actor, under=under, request_ids=chosen or None)


def _asked_unit() -> int | None:
    """Give the unit that the page is narrowed to; None where none is named.

    One that cannot be read is not there: to drop it would widen an act to all.
    """
    text = request.values.get("don-vi")
    return None if text is None else row_id(text)


def _asked_requests() -> list[int]:
    """Give the requests that are named, none of them dropped in silence."""
    return [row_id(text) for text in request.values.getlist("dong")]


def _path_under(unit_id: int | None) -> str | None:
    if unit_id is None:
        return None
    return units_q.get(unit_id, scope=current_actor().scope).path


def _approval_page(
    plan: approvals.Plan, form: ApprovalForm, *, status: int = 200, error: str = ""
) -> Response:
    return page_or_block(
        "renewals/approve.html",
        "approval_form",
        status=status,
        plan=plan,
        form=form,
        chosen=_asked_requests(),
        unit_id=_asked_unit(),
        error=error,
        allots=numbers.allots_numbers(),
    )


@bp.get("/nhap-ma-so")
@requires(Action.NUMBER_IMPORT)
def numbers_form() -> str:
    """Offer the form for TLĐ's answer, where this installation waits for one."""
    return render_template(
        "renewals/numbers.html",
        form=NumberSheetForm(),
        result=None,
        allots=numbers.allots_numbers(),
    )


@bp.post("/nhap-ma-so")
@requires(Action.NUMBER_IMPORT)
def import_numbers() -> Response:
    """Take the numbers over and account for every row."""
    form = NumberSheetForm()
    result = None
    if form.validate_on_submit():
        with shown_on(form):
            actor, name = current_actor(), form.file.data.filename or ""
            data = number_results.read_upload(form.file.data.stream, name, by=actor)
            result = number_results.import_results(data, name, by=actor)
    if result and not result.refused:
        flash(f"Đã nhận mã số của {count(result.numbered)} đoàn viên.", "success")
    return page_or_block(
        "renewals/numbers.html",
        "number_sheet",
        status=200 if result else 422,
        form=form,
        result=result,
        allots=numbers.allots_numbers(),
    )
