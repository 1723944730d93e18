"""What an officer had typed when the session ended: shown again, so nothing is lost."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from flask import current_app, request, url_for
from flask_login import current_user

from portal.domain.member_fields import FIELDS_BY_NAME, FieldKind
from portal.web.guard import PUBLIC, right_of

# Chosen in one tap, and sent as a code that says nothing to its reader.
_CHOSEN = frozenset(
    {FieldKind.SEX, FieldKind.FLAG, FieldKind.CARD_KIND, FieldKind.DUES}
)
_LABELS = {
    "reason": "Lý do",
    "name": "Tên",
    "code": "Mã",
    "contact_name": "Người liên hệ",
    "address": "Địa chỉ",
} | {
    name: known.label
    for name, known in FIELDS_BY_NAME.items()
    if known.kind not in _CHOSEN
}


@dataclass(frozen=True, slots=True)
class EndedSession:
    """The way back in, and (label, value) of each field that was typed."""

    sign_in_url: str
    typed: tuple[tuple[str, str], ...]


def ended_session() -> EndedSession | None:
    """Describe the form whose session has ended; None where that is not the matter.

    Only what our own page sent is shown again: another site must not write here.
    """
    if current_user.is_authenticated or request.endpoint is None:
        return None
    if right_of(current_app.view_functions[request.endpoint]) == PUBLIC:
        return None
    came_from = _came_from()
    ours = came_from.netloc == request.host
    page = came_from._replace(scheme="", netloc="", fragment="").geturl()
    return EndedSession(
        sign_in_url=url_for("sign_in.sign_in", next=page if ours else None),
        typed=_typed() if ours else (),
    )


def _came_from() -> SplitResult:
    try:
        return urlsplit(request.referrer or "")
    except ValueError:  # "http://[::": no page of ours has such an address
        return urlsplit("")


def _typed() -> tuple[tuple[str, str], ...]:
    return tuple(
        (_LABELS[name], value.strip())
        for name, value in request.form.items(multi=True)
        if name in _LABELS and value.strip()
    )
