"""One request by one visitor, and what is wrong with its answer."""

import html
import io
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access.actor import Actor
from portal.access.policy import Action, Role
from tests.conftest import ADDRESS, new_client
from tests.views.world import (
    BATCH_FILE,
    DRAFT_PICTURE,
    GRASSROOTS,
    UNITS,
    UNKNOWN,
    World,
    add_session,
    is_in,
)

# What else stands in an address, besides ids.
FIXED: dict[str, dict[str, str]] = {
    "designer.built_in_image": {"name": "standard", "side": "front"},
    "designer.difference_image": {"number": "2", "other": "1", "side": "front"},
    "designer.restore": {"number": "1"},
    "designer.version": {"number": "2"},
    "designer.version_image": {"number": "2", "side": "front"},
    "designer_api.add_picture": {"side": "front"},
    "designer_api.apply": {"side": "front"},
    "designer_api.picture": {"name": DRAFT_PICTURE},
    "designer_api.preview": {"side": "front"},
    "designer_api.redo": {"side": "front"},
    "designer_api.show": {"side": "front"},
    "designer_api.undo": {"side": "front"},
    "first_run.found": {"token": "khong-co-phieu-nay"},
    "imports.template": {"kind": "standard"},
    "members.check": {"name": "citizen_id"},
    "members.reveal": {"what": "identity"},
    "photos.show": {"size": "print"},
    "prints.download": {"name": BATCH_FILE},
    "prints.image": {"side": "front"},
    "sign_in.first_use": {"token": "khong-co-phieu-nay"},
    "static": {"filename": "css/portal.css"},
}

# A campaign is announced to all units below the one that opens it: they see it
# and are refused, not told that it is absent, where they would change it. So it is
# with a design: what is published is seen from below, the draft is not.
SEEN_FROM_BELOW = {
    "designer.difference_image": "given",
    "designer.edit": "refused",
    "designer.export": "given",
    "designer.publish": "refused",
    "designer.restore": "refused",
    "designer.resume": "refused",
    "designer.retire": "refused",
    "designer.show": "given",
    "designer.test": "given",
    "designer.test_file": "given",
    "designer.update": "refused",
    "designer.version": "given",
    "designer.version_image": "given",
    "designer.versions": "given",
    "designer_api.add_picture": "refused",
    "designer_api.apply": "refused",
    "designer_api.check": "refused",
    "designer_api.members": "refused",
    "designer_api.palette": "refused",
    "designer_api.picture": "refused",
    "designer_api.preview": "refused",
    "designer_api.redo": "refused",
    "designer_api.show": "refused",
    "designer_api.undo": "refused",
    "renewals.show": "given",
    "renewals.close": "refused",
    "renewals.reopen": "refused",
}

# Only grassroots unions have lists: at another unit there is none to find.
LISTS = frozenset(
    {
        "renewals.roster",
        "renewals.declare",
        "renewals.submit",
    }
)

# The address of this form only leads back to the list: what it acts on are the
# requests named in the form.
ACTS_ON_FORM = "renewals.leave_out"

# Seeing a job is one right, steering it another: that of the work itself. The
# world's jobs are imports.
STEERS_IMPORTS = frozenset({"jobs.cancel", "jobs.retry"})

# Where a full identity number may be read: each of these leaves a record.
SHOWS_NUMBERS = frozenset(
    {"members.reveal", "imports.original", "imports.refused", "bank.download"}
    | {"mending.grid", "mending.row"}
)


@dataclass
class Visitor:
    """Who asks, in which browser; ``actor`` is None where nobody is signed in."""

    name: str
    browser: FlaskClient
    actor: Actor | None
    own_session: int = 0


@dataclass(frozen=True)
class Case:
    """One request and the answer it must get: sign-in, refused, absent or given."""

    endpoint: str
    method: str
    expected: str
    # The unit whose object is asked for, or a word for what it is.
    of: str = ""
    params: dict[str, object] = field(default_factory=dict)
    # What the address or the form carries besides; None: what the route needs.
    carried: dict[str, object] | None = None

    def __str__(self) -> str:
        """Name the request as a fault's beginning."""
        return f"{self.method} {self.endpoint} of {self.of or 'no object'}"


def visitors_of(world: World) -> dict[str, Visitor]:
    """Sign the cast in, one visitor of each kind."""
    who: dict[str, tuple[str, Role]] = {
        "data entry of a grassroots union": ("a1", Role.DATA_ENTRY),
        "data entry of another grassroots union": ("b1", Role.DATA_ENTRY),
        "administrator of a grassroots union": ("a1", Role.ADMINISTRATOR),
        "approver of an upper union": ("upper_a", Role.APPROVER),
        "administrator of an upper union": ("upper_a", Role.ADMINISTRATOR),
        "approver of a federation": ("f85", Role.APPROVER),
        "printer of a federation": ("f85", Role.PRINTER),
        "designer of a federation": ("f85", Role.DESIGNER),
        "reader of a federation": ("f85", Role.READ_ONLY),
        "approver of the confederation": ("tld", Role.APPROVER),
    }
    dead = world.cast.actor("a1", Role.ADMINISTRATOR)
    found = {
        "nobody": Visitor("nobody", _browser(world, None), None),
        "a dead session": sign_in(world, dead, ended=True),
        "a suspended officer": sign_in(world, world.cast.suspended["a1"]),
    }
    for name in ("a dead session", "a suspended officer"):
        found[name].name, found[name].actor = name, None
    for name, (unit, role) in who.items():
        found[name] = sign_in(world, world.cast.actor(unit, role), name=name)
    world.save()
    return found


def sign_in(
    world: World, actor: Actor, *, name: str = "", ended: bool = False
) -> Visitor:
    """Give an officer a session row and a browser that carries it."""
    token = secrets.token_urlsafe(32)
    with world.app.app_context():
        session_id = add_session(actor, token=token, ended=ended)
    return Visitor(name or actor.name, _browser(world, token), actor, session_id)


def _browser(world: World, token: str | None) -> FlaskClient:
    """Give a browser that comes with the same cookie every time and keeps none."""
    signed = new_client(world.app)
    browser = world.app.test_client(use_cookies=False)
    browser.environ_base.update(signed.environ_base)
    if token is not None:
        with signed.session_transaction(base_url=ADDRESS) as session:
            session["_user_id"] = token
            session["_fresh"] = True
        name = world.app.config["SESSION_COOKIE_NAME"]
        cookie = signed.get_cookie(name)
        assert cookie is not None
        browser.environ_base["HTTP_COOKIE"] = f"{name}={cookie.value}"
    return browser


def routes_of(app: Flask) -> list[tuple[str, str]]:
    """List every (endpoint, method) of the app."""
    return sorted(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def id_names(app: Flask, endpoint: str) -> list[str]:
    """List the ids in an endpoint's address, in its order."""
    (rule, *_others) = app.url_map.iter_rules(endpoint)
    return [
        name for name in sorted(rule.arguments) if name not in FIXED.get(endpoint, {})
    ]


def cases_of(
    world: World, route: tuple[str, str], right: Action | str, visitor: Visitor
) -> Iterator[Case]:
    """Give the requests that a visitor makes on a route."""
    endpoint, method = route
    names = id_names(world.app, endpoint)
    actor = visitor.actor
    if not isinstance(right, Action):
        yield Case(endpoint, method, "any", params=dict.fromkeys(names, "1"))
        return
    if actor is None or not actor.may(right):
        expected = "sign-in" if actor is None else "refused"
        for unit in ("a1", "s1") if names else ("",):
            yield Case(endpoint, method, expected, unit, _ids(world, names, unit))
        return
    if not names:
        yield Case(endpoint, method, "given")
    elif names == ["session_id"]:
        yield from _session_cases(world, route, visitor)
    else:
        yield from _object_cases(world, route, names, actor)


def _session_cases(
    world: World, route: tuple[str, str], visitor: Visitor
) -> Iterator[Case]:
    """Another's session is as absent as an unknown one, even a colleague's."""
    others = max(world.ids["session_id"].values())
    for of, expected, session_id in (
        ("oneself", "given", visitor.own_session),
        ("another officer", "absent", others),
        ("nothing", "absent", UNKNOWN),
    ):
        yield Case(*route, expected, of, {"session_id": session_id})


def _object_cases(
    world: World, route: tuple[str, str], names: list[str], actor: Actor
) -> Iterator[Case]:
    for unit in UNITS:
        expected = "given" if world.covers(actor, unit) else "absent"
        if route[0] in LISTS and unit not in GRASSROOTS:
            expected = "absent"
        if world.is_above(actor, unit):
            expected = SEEN_FROM_BELOW.get(route[0], expected)
        barred = route[0] in STEERS_IMPORTS and not actor.may(Action.IMPORT_RUN)
        if barred and expected == "given":
            expected = "refused"
        yield Case(*route, expected, unit, _ids(world, names, unit))
    if route[0] == ACTS_ON_FORM:
        return
    own = world.unit_of(actor)
    for name in names:
        params = _ids(world, names, own)
        yield Case(*route, "absent", f"unknown {name}", params | {name: UNKNOWN})
    far = "s1" if own != "s1" else "a1"
    if len(names) > 1 and own != "tld":
        for name in names:
            mixed = _ids(world, names, own) | {name: world.ids[name][far]}
            yield Case(*route, "absent", f"{own}, but {name} of {far}", mixed)


def _ids(world: World, names: list[str], unit: str) -> dict[str, object]:
    return {name: world.ids[name][unit] for name in names}


def faults_in(world: World, visitor: Visitor, case: Case) -> list[str]:
    """Make the request, put the database back, and name all that was wrong."""
    with world.untouched():
        response = visit(world, visitor, case)
        response.close()
    found = _wrong_status(case, response)
    found += leaks_in(world, visitor.actor, case.endpoint, response)
    return [f"{case}: {fault}" for fault in found]


def visit(
    world: World, visitor: Visitor, case: Case, *, block: bool = False
) -> TestResponse:
    """Make one request, as htmx does where ``block``."""
    headers = {"HX-Request": "true"} if block else {}
    with world.app.test_request_context(base_url=ADDRESS):
        values = case.params | FIXED.get(case.endpoint, {})
        if case.method == "GET":
            values |= case.carried or {}
        url = world.app.url_for(case.endpoint, **values)
    response = visitor.browser.open(
        url.removeprefix(ADDRESS),
        method=case.method,
        headers=headers,
        data=_form(world, visitor, case),
    )
    response.get_data()
    return response


def _form(world: World, visitor: Visitor, case: Case) -> dict[str, object] | None:
    """Fill in what a route needs to come as far as the object; mostly nothing."""
    if case.method != "POST":
        return None
    if case.carried is not None:
        return case.carried
    if case.endpoint == "account.switch_post" and visitor.actor:
        return {"post_id": visitor.actor.post_id}
    if case.endpoint == "renewals.declare":
        return {"all": "1"}
    if case.endpoint == "import_photos.assign" and case.of in UNITS:
        return {"dong": world.ids["row_id"][case.of]}
    if case.endpoint == ACTS_ON_FORM and case.of in UNITS:
        return {"request": world.ids["request_id"][case.of]}
    return {}


def _wrong_status(case: Case, response: TestResponse) -> list[str]:
    status, location = response.status_code, response.headers.get("Location", "")
    signs_in = status == 302 and location.startswith("/dang-nhap")
    right = {
        "any": status < 500,
        "sign-in": signs_in,
        "refused": status == 403,
        "absent": status == 404,
        "given": not signs_in and status not in {403, 404} and status < 500,
    }[case.expected]
    return [] if right else [f"{case.expected} expected, {status} {location} got"]


def leaks_in(
    world: World, actor: Actor | None, endpoint: str, response: TestResponse
) -> list[str]:
    """List texts in an answer that its reader must not see.

    A full identity number is none of them only where it was asked for.
    """
    page = text_of(response)
    found = []
    for unit, canaries in world.canaries.items():
        forbidden: tuple[str, ...] = ()
        if endpoint not in SHOWS_NUMBERS:
            forbidden += canaries.citizen_ids
        if actor is None or not world.covers(actor, unit):
            forbidden += canaries.people + canaries.citizen_ids
            if actor is None or not world.is_above(actor, unit):
                forbidden += canaries.papers
        found += [
            f"shows “{text}” of {unit}" for text in forbidden if is_in(text, page)
        ]
    return found


def text_of(response: TestResponse, *, headers: bool = True) -> str:
    """Give an answer as text: headers, body, and what a zip or workbook holds."""
    body = response.get_data()
    parts = [str(response.headers).encode()] if headers else []
    if not body.startswith(b"PK"):
        parts.append(body)
    else:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    return html.unescape("\n".join(part.decode("utf-8", "replace") for part in parts))
