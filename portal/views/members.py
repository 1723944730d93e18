"""The members: list, record, history."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.models import Member
from portal.db.queries.members import MOST_COUNTED, Only
from portal.domain.membership import DUES_LABELS, MEMBER_STATUS_LABELS
from portal.domain.renewal import State
from portal.forms.members import GROUPS
from portal.services import members
from portal.services.member_history import history, label_of, value_shown
from portal.web.asked import search_asked, whole
from portal.web.fragments import page_or_block
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("members", __name__, url_prefix="/doan-vien")

FILTERS: tuple[tuple[Only, str], ...] = (
    (Only.ALL, "Tất cả"),
    (Only.NO_PHOTO, "Thiếu ảnh"),
    (Only.ACTIVE, "Đang sinh hoạt"),
    (Only.PAUSED, "Tạm dừng"),
    (Only.NO_NUMBER, "Chưa có mã số"),
    (Only.DUES, "Nợ, chưa rõ đoàn phí"),
    (Only.LEFT, "Đã ra khỏi công đoàn"),
)


@bp.get("")
@requires(Action.MEMBER_VIEW)
def index() -> Response:
    """List the members, fifty a page; all of its state is in the address."""
    by = current_actor()
    state = _list_state()
    found = members.listing(
        by=by,
        query=state.get("q", ""),
        only=Only(state.get("filter", "")),
        unit_code=state.get("unit", ""),
        after=request.args.get("after", type=whole),
        before=request.args.get("before", type=whole),
    )
    return page_or_block(
        "members/index.html",
        "member_list",
        found=found,
        rows=found.page.rows,
        query=state.get("q", ""),
        only=state.get("filter", ""),
        total=_total(found, Only(state.get("filter", ""))),
        chips=_chips(found, state),
        pages=_neighbours(found.page, state),
        clear_url=url_for(".index", **_without(state, "q", "filter")),
        own_unit_id=by.unit_id,
        may_edit=by.may(Action.MEMBER_EDIT),
        may_import=by.may(Action.IMPORT_RUN),
        status_tones=_STATUS_TONES,
    )


@bp.get("/<int:member_id>")
@requires(Action.MEMBER_VIEW)
def show(member_id: int) -> Response:
    """Show one member's record, with masked numbers."""
    return _record(members.find(member_id, by=current_actor()))


@bp.post("/<int:member_id>/hien/<what>")
@requires(Action.MEMBER_REVEAL)
def reveal(member_id: int, what: str) -> Response:
    """Show masked numbers once; the view is recorded."""
    member = members.reveal(member_id, what, by=current_actor())
    return _record(member, revealed=members.REVEALABLE[what])


# The list


def _list_state() -> dict[str, str]:
    """Read what the address says about the list; an unknown filter is none."""
    state = {"q": search_asked(), "unit": request.args.get("unit", "").strip()}
    chosen = request.args.get("filter", "")
    state["filter"] = chosen if chosen in {only.value for only in Only} else ""
    return {name: value for name, value in state.items() if value}


def _without(state: dict[str, str], *names: str) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in names}


def _chips(found: members.Listing, state: dict[str, str]) -> list[dict[str, Any]]:
    chosen = state.get("filter", "")
    return [
        {
            "label": label,
            "count": found.counts.get(only),
            "url": url_for(".index", **(state | {"filter": only.value or None})),
            "active": only.value == chosen,
        }
        for only, label in FILTERS
    ]


def _neighbours(page: Any, state: dict[str, str]) -> dict[str, str | None]:
    return {
        name: url_for(".index", **state, **{name: cursor}) if cursor else None
        for name, cursor in (("before", page.before), ("after", page.after))
    }


def _total(found: members.Listing, only: Only) -> int | str | None:
    if found.counts:
        return found.counts[only]
    total = found.page.total
    return "hơn 1.000" if total is not None and total > MOST_COUNTED else total


# The record


_STATUS_TONES = {"active": "ok", "paused": "wait", "left": "idle"}
_DUES_TONES = {"paying": "ok", "exempt": "ok", "arrears": "warn", "unknown": "warn"}


def _record(member: Member, *, revealed: tuple[str, ...] = ()) -> Response:
    by = current_actor()
    requests = members.requests_of(member.id, by=by)
    return page_or_block(
        "members/show.html",
        "member_record",
        member=member,
        sections=_sections(member, revealed),
        pills=(
            (MEMBER_STATUS_LABELS[member.status], _STATUS_TONES[member.status]),
            (DUES_LABELS[member.dues_standing], _DUES_TONES[member.dues_standing]),
        ),
        requests=requests,
        returned=[one for one in requests if one.state is State.RETURNED],
        may_submit=by.may(Action.ROSTER_SUBMIT),
        entries=history(member.id, by=by),
        crumbs_of=members.steps_to(member.unit, by=by),
        may_edit=by.may(Action.MEMBER_EDIT),
        may_reveal=by.may(Action.MEMBER_REVEAL),
        revealed=revealed,
    )


_MAIN = ("full_name", "birth_date", "sex", "citizen_id", "card_kind")


def _sections(member: Member, revealed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Give the groups of fields that hold something; the main one whole."""
    groups = (("main", "Thông tin chính", _MAIN), *GROUPS)
    found = []
    for key, title, names in groups:
        shown = [(name, _value(member, name, revealed)) for name in names]
        rows = [
            (label_of(name), text)
            for name, text in shown
            if key == "main" or text not in {"", "Không"}
        ]
        masked = _masked_kind(member, names, revealed)
        if rows:
            found.append({"key": key, "title": title, "rows": rows, "masked": masked})
    return found


def masked_text(member: Member, name: str) -> str:
    """Give a field as it is shown to whoever has not asked for more."""
    return _value(member, name, ())


def _value(member: Member, name: str, revealed: tuple[str, ...]) -> str:
    value = members.shown_value(member, name)
    if name not in revealed:
        value = members.masked_value(name, value)
    return value_shown(name, value)


def _masked_kind(
    member: Member, names: tuple[str, ...], revealed: tuple[str, ...]
) -> str:
    for kind, hidden in members.REVEALABLE.items():
        here = [n for n in names if n in hidden and members.shown_value(member, n)]
        if here and not revealed:
            return kind
    return ""
