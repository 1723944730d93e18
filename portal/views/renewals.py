"""Campaigns and the lists of grassroots unions: compiled, thinned out, sent."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.queries import campaigns as campaigns_q
from portal.db.queries import renewals as renewals_q
from portal.domain.bank_needs import OPEN_FIELDS
from portal.domain.errors import NotFound
from portal.domain.renewal import Move, State
from portal.domain.union_units import UnionLevel
from portal.forms.renewals import CampaignForm
from portal.services import campaigns, numbers, renewals, rosters
from portal.services.renewals import Outcome
from portal.services.rosters import RosterView
from portal.web.asked import page_asked, whole
from portal.web.filters import count
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("renewals", __name__, url_prefix="/doi-the")

PAGE_ROWS = 100
_TOLD = 5
_FOR_APPROVAL = "; chờ người phê duyệt của đơn vị xem và duyệt."
_SHOWN_STATES = tuple(state for state in State if state is not State.LEFT_OUT)


@bp.get("/")
@requires(Action.CAMPAIGN_VIEW)
def index() -> str:
    """List the campaigns and where the officer's unit stands in each."""
    actor = current_actor()
    waiting: list[Any] = []
    if actor.may(Action.REQUEST_REVIEW):
        waiting = renewals.queue(by=actor)
    states = campaigns_q.states_by_campaign(scope=actor.scope)
    return render_template(
        "renewals/index.html",
        campaigns=campaigns_q.listed(scope=actor.scope),
        states=states,
        state_order=_SHOWN_STATES,
        waiting=sum(group.requests for group, _move in waiting),
        may_announce=campaigns.may_announce(actor),
        may_import=actor.may(Action.NUMBER_IMPORT) and not numbers.allots_numbers(),
        may_review=actor.may(Action.REQUEST_REVIEW),
        own_roster=actor.level is UnionLevel.GRASSROOTS,
        actor=actor,
    )


@bp.get("/dot-moi")
@requires(Action.CAMPAIGN_MANAGE)
def new() -> str:
    """Offer the form of a new campaign."""
    return render_template(
        "renewals/new.html",
        form=CampaignForm(),
        alone=_is_alone(),
        may_announce=campaigns.may_announce(current_actor()),
    )


@bp.post("/dot-moi")
@requires(Action.CAMPAIGN_MANAGE)
def create() -> Response:
    """Open a campaign for all units below."""
    form = CampaignForm()
    if not form.validate_on_submit():
        return page_or_block(
            "renewals/new.html",
            "campaign_form",
            status=422,
            form=form,
            alone=_is_alone(),
            may_announce=campaigns.may_announce(current_actor()),
        )
    campaign = campaigns.announce(
        name=form.name.data, card_kinds=form.kinds(), by=current_actor()
    )
    whom = "" if _is_alone() else " cho mọi đơn vị cấp dưới"
    flash(f"Đã mở đợt “{campaign.name}”{whom}.", "success")
    return see_other(url_for(".show", campaign_id=campaign.id))


def _is_alone() -> bool:
    """Say whether a campaign is for nobody but one's own union."""
    return current_actor().level is UnionLevel.GRASSROOTS


@bp.get("/<int:campaign_id>")
@requires(Action.CAMPAIGN_VIEW)
def show(campaign_id: int) -> str:
    """Show a campaign and the lists of the unions in the scope."""
    actor = current_actor()
    campaign = campaigns_q.get(campaign_id, scope=actor.scope)
    return render_template(
        "renewals/show.html",
        campaign=campaign,
        standings=campaigns_q.standings(campaign.id, scope=actor.scope),
        state_order=_SHOWN_STATES,
        may_manage=campaigns.may_manage(campaign, by=actor),
    )


@bp.post("/<int:campaign_id>/dong")
@requires(Action.CAMPAIGN_MANAGE)
def close(campaign_id: int) -> Response:
    """Take no more lists."""
    campaign = campaigns.close(campaign_id, version=_version(), by=current_actor())
    flash(f"Đã đóng đợt “{campaign.name}”. Danh sách đã gửi vẫn đi tiếp.", "success")
    return see_other(url_for(".show", campaign_id=campaign.id))


@bp.post("/<int:campaign_id>/mo-lai")
@requires(Action.CAMPAIGN_MANAGE)
def reopen(campaign_id: int) -> Response:
    """Take lists again."""
    campaign = campaigns.reopen(campaign_id, version=_version(), by=current_actor())
    flash(f"Đã mở lại đợt “{campaign.name}”.", "success")
    return see_other(url_for(".show", campaign_id=campaign.id))


def _version() -> int:
    return request.form.get("version", 0, type=whole)


@bp.get("/<int:campaign_id>/don-vi/<int:unit_id>")
@requires(Action.CAMPAIGN_VIEW)
def roster(campaign_id: int, unit_id: int) -> Response:
    """Show a union's list: who is on it, who may be, who not and why."""
    found = rosters.view(campaign_id, unit_id, by=current_actor())
    parts = _parts(found)
    part = request.args.get("phan", "")
    if part not in parts:
        part = next((name for name, (_, lines) in parts.items() if lines), "du")
    lines = parts[part][1]
    page = page_asked()
    start = (page - 1) * PAGE_ROWS
    here = {"campaign_id": campaign_id, "unit_id": unit_id}
    return page_or_block(
        "renewals/roster.html",
        "roster_part",
        view=found,
        part=part,
        lines=lines[start : start + PAGE_ROWS],
        total=len(lines),
        chips=[
            {
                "label": label,
                "count": len(its),
                "active": name == part,
                "url": url_for(".roster", **here, phan=name),
            }
            for name, (label, its) in parts.items()
        ],
        prev_url=url_for(".roster", **here, phan=part, trang=page - 1)
        if page > 1
        else None,
        next_url=url_for(".roster", **here, phan=part, trang=page + 1)
        if start + PAGE_ROWS < len(lines)
        else None,
        open_fields=OPEN_FIELDS,
        may_edit=current_actor().may(Action.MEMBER_EDIT),
        may_submit=current_actor().may(Action.ROSTER_SUBMIT),
    )


def _parts(found: RosterView) -> dict[str, tuple[str, tuple[Any, ...]]]:
    turned_down = tuple(one for one in found.sent if one.state is State.REJECTED)
    under_way = tuple(one for one in found.sent if one.state is not State.REJECTED)
    # Those that ask for something come first, and only where there is somebody.
    parts = {"tra-lai": ("Bị trả lại", found.returned)} if found.returned else {}
    if found.lacking:
        parts["bo-sung"] = ("Ngân hàng cần thêm", found.lacking)
    parts |= {
        "trong": ("Chờ gửi", found.to_send),
        "du": ("Đủ điều kiện", found.eligible),
        "thieu": ("Còn thiếu", found.hindered),
        "da-gui": ("Đã gửi", under_way),
    }
    if turned_down:
        parts["khong-duyet"] = ("Không duyệt", turned_down)
    return parts


@bp.post("/<int:campaign_id>/don-vi/<int:unit_id>/lap")
@requires(Action.ROSTER_SUBMIT)
def declare(campaign_id: int, unit_id: int) -> Response:
    """Put everyone eligible, or those ticked, on the list."""
    chosen = request.form.getlist("member", type=whole)
    if "all" not in request.form and not chosen:
        flash("Chưa đánh dấu ai để đưa vào danh sách.", "warning")
        return _to_roster(campaign_id, unit_id, part="du")
    outcome = rosters.declare(
        campaign_id,
        unit_id,
        member_ids=None if "all" in request.form else chosen,
        by=current_actor(),
    )
    tell(outcome, "Đã đưa {} người vào danh sách.")
    return _to_roster(campaign_id, unit_id, part="trong")


@bp.post("/<int:campaign_id>/don-vi/<int:unit_id>/bo")
@requires(Action.ROSTER_SUBMIT)
def leave_out(campaign_id: int, unit_id: int) -> Response:
    """Take those ticked off the list."""
    chosen = request.form.getlist("request", type=whole)
    if not chosen:
        flash("Chưa đánh dấu ai để bỏ khỏi danh sách.", "warning")
        return _to_roster(campaign_id, unit_id, part="trong")
    outcome = rosters.leave_out(chosen, by=current_actor())
    tell(outcome, "Đã bỏ {} người khỏi danh sách. Có thể đưa vào lại bất cứ lúc nào.")
    return _to_roster(campaign_id, unit_id, part="trong")


@bp.post("/<int:campaign_id>/don-vi/<int:unit_id>/gui")
@requires(Action.ROSTER_SUBMIT)
def submit(campaign_id: int, unit_id: int) -> Response:
    """Send the list upwards."""
    outcome = rosters.submit(campaign_id, unit_id, by=current_actor())
    checker = rosters.checker(unit_id, by=current_actor())
    where = f" đến {checker}; chờ nơi đó kiểm tra." if checker else _FOR_APPROVAL
    tell(outcome, f"Đã gửi {{}} người{where}")
    return _to_roster(campaign_id, unit_id, part="da-gui")


def _to_roster(campaign_id: int, unit_id: int, *, part: str = "") -> Response:
    return see_other(
        url_for(".roster", campaign_id=campaign_id, unit_id=unit_id, phan=part or None)
    )


@bp.get("/de-nghi/<int:request_id>")
@requires(Action.CAMPAIGN_VIEW)
def history(request_id: int) -> Response:
    """Show one request with everything that happened to it."""
    return request_page(request_id)


def request_page(
    request_id: int, *, status: int = 200, reason: str = "", error: str = ""
) -> Response:
    """Draw the page of a request; ``reason`` and ``error`` are of its return form."""
    actor, scope = current_actor(), current_scope()
    found = renewals_q.get(request_id, scope=scope)
    if not actor.may(Action.MEMBER_VIEW):
        raise NotFound
    return page_or_block(
        "renewals/request.html",
        "send_back_form",
        status=status,
        request_row=found,
        events=renewals_q.events_of(request_id, scope=scope),
        returns=renewals_q.returns_of([request_id], scope=scope).get(request_id),
        may_return=actor.may(Action.REQUEST_REVIEW)
        and Move.RETURN in renewals.moves_back(found, by=actor),
        keeps_number=found.state is State.APPROVED,
        longest_reason=renewals.LONGEST_REASON,
        reason=reason,
        error=error,
    )


def tell(outcome: Outcome, done: str) -> None:
    """Say what was done, and of the rest the first few with their reasons."""
    if outcome.done:
        flash(done.format(count(len(outcome.done))), "success")
    for one in outcome.refused[:_TOLD]:
        flash(f"{one.full_name}: {one.reason}", "warning")
    if len(outcome.refused) > _TOLD:
        flash(f"… và {count(len(outcome.refused) - _TOLD)} người khác.", "warning")
