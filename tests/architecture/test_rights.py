"""What keeps the next feature from leaving a door open."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.access.policy import ACTION_LABELS, ROLE_ACTIONS, ROLE_LABELS, Action, Role
from portal.db import models
from portal.db.models.units import InUnit
from portal.db.session import db
from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind
from portal.domain.membership import (
    DUES_LABELS,
    MEMBER_STATUS_LABELS,
    SEX_LABELS,
    DuesStanding,
    MemberStatus,
    Sex,
)
from portal.domain.renewal import MOVE_LABELS, STATE_LABELS, Move, State
from portal.domain.union_units import UNION_LEVEL_LABELS, UnionLevel
from portal.services.jobs import JOB_LABELS
from portal.web.guard import public, refuse_unguarded, right_of
from portal.web.navigation import MENU

PROJECT = Path(__file__).resolve().parents[2]

# Tables whose rows tell something of a person.
PERSONAL = {mapper.class_.__name__ for mapper in db.Model.registry.mappers} - {
    "NumberCounter",
    "Unit",
}

# Queries without a scope, each with the reason why it may have none.
WITHOUT_SCOPE = {
    "audit.append": "writes one row; reads only the hash before it",
    "audit.append_all": "writes; reads only the hash before the first row",
    "audit.broken_links": "the whole chain, for the command that verifies it",
    "audit.hash_of": "computes",
    "campaigns.visible": "is itself a condition on the scope",
    "designs.add_edit": "writes; of a design that its caller found in scope",
    "designs.draft_of": "of a design that its caller found in scope",
    "designs.last_edit": "of a design that its caller found in scope",
    "designs.readable": "is itself a condition on the scope",
    "designs.version": "of a batch that its caller found in scope",
    "evaluated.ids_by_position": "of an import that its caller found in scope",
    "evaluated.insert_likenesses": "writes; of rows found in scope",
    "evaluated.insert_rows": "writes; of an import that its caller found in scope",
    "intake.accepted_member_ids": "of an import that its caller found in scope",
    "intake.clear": "writes; of an import that its caller found in scope",
    "intake.count_accepted": "counts; of an import found in scope",
    "intake.count_states": "counts; of an import found in scope",
    "intake.photos_by_id": "ids come from rows found in scope",
    "intake.rows_to_accept": "of an import that its caller found in scope",
    "intake.upload_is_shared": "yes or no, for clearing a file",
    "intake_lookup.add_different": "writes; of an import found in scope",
    "intake_photos.has_any": "yes or no; of an import found in scope",
    "intake_photos.count_refused_on_rows": "counts; of an import found in scope",
    "intake_photos.let_go": "writes; of a row found in scope",
    "intake_photos.refusals": "of a row that its caller found in scope",
    "intake_photos.same_picture": "a row number of the same import",
    "intake_photos.was_brought_before": "yes or no; of a member found in scope",
    "intake_rows.at_places": "of an import that its caller found in scope",
    "intake_rows.choose_for_all": "writes; of an import found in scope",
    "intake_rows.counts": "counts; of an import found in scope",
    "intake_undo.count_taken_back": "counts; of an import found in scope",
    "intake_undo.delete_members": "writes; members of rows found in scope",
    "intake_undo.free_rows": "of an import that its caller found in scope",
    "intake_undo.members_of": "of rows that its caller found in scope",
    "jobs.note_life": "the worker's own job",
    "jobs.running": "the worker's sweep: ids and runners",
    "jobs.standing_still": "the worker's sweep: ids",
    "member_writing.insert_members": "writes; reads only the ids it has made",
    "numbers.holders": "a number is unique over the whole installation",
    "numbers.reserve": "writes; a number is unique over the whole installation",
    "numbers.reserved": "a number is unique over the whole installation",
    "numbers.vpoint_holders": "a code is unique over the whole installation",
    "officers.actor_of": "of a post that signs in",
    "officers.live_posts": "an officer's own posts",
    "officers.live_session": "found by its secret",
    "officers.name_taken": "yes or no: sign-in names are unique",
    "officers.namesakes": "at one unit that its caller found in scope",
    "officers.nearest_holder": "for commands on the server",
    "officers.same_post": "of an officer and a unit found in scope",
    "photos.hashes_of_import": "of an import that its caller found in scope",
    "photos.unused_hashes": "names of files that no photo shows",
    "prints.cards_of": "of a batch that its caller found in scope",
    "prints.counts_of": "counts; of a batch found in scope",
    "prints.doubtful_cards": "of a batch that its caller found in scope",
    "prints.inactive_members": "of a batch that its caller found in scope",
    "renewals.movers_before_approval": "of requests that its caller found in scope",
    "renewals.write_move": "writes; of requests found in scope",
    "rosters.add_requests": "writes; of lines found in scope",
    "rosters.set_kind": "writes; of requests found in scope",
    "sign_in.attempts_by_address": "moments alone",
    "sign_in.attempts_by_name": "moments and addresses alone",
    "sign_in.came_in_from": "yes or no, at the door; names nobody",
    "sign_in.drop_attempts_before": "clears old tries",
    "sign_in.end_sessions": "writes; of an officer found in scope",
    "sign_in.forget_attempts": "clears the tries of one who came in",
    "sign_in.has_code": "yes or no; of an officer found in scope",
    "sign_in.live_code": "found by its secret",
    "sign_in.note_seen": "writes; of the session that asks",
    "sign_in.open_codes": "of an officer found in scope; to void them",
    "sign_in.officer_by_name": "at the door, where nobody has a scope yet",
    "sign_in.sessions_of": "an officer's own sessions",
    "sign_in.void_codes": "writes; of an officer found in scope",
}

LABELS = (
    (Action, ACTION_LABELS),
    (Role, ROLE_LABELS),
    (Role, ROLE_ACTIONS),
    (State, STATE_LABELS),
    (Move, MOVE_LABELS),
    (UnionLevel, UNION_LEVEL_LABELS),
    (CardKind, CARD_KIND_LABELS),
    (MemberStatus, MEMBER_STATUS_LABELS),
    (DuesStanding, DUES_LABELS),
    (Sex, SEX_LABELS),
)


def test_every_route_declares_its_right(app: Flask) -> None:
    """Deny by default: the guard knows what each view needs."""
    for rule in app.url_map.iter_rules():
        assert right_of(app.view_functions[rule.endpoint]) is not None, rule


def test_an_app_with_an_unguarded_route_does_not_start(app: Flask) -> None:
    """The sentence names the route that was forgotten."""
    app.add_url_rule("/quen", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        refuse_unguarded(app)


def test_a_public_mark_is_a_decision_and_starts(app: Flask) -> None:
    """What is for anybody says so."""
    app.add_url_rule("/mo", "open", public(lambda: ""))
    refuse_unguarded(app)


def test_every_query_of_personal_data_takes_a_scope() -> None:
    """Or is named above, with its reason; and no reason outlives its query."""
    without = {
        name
        for name, function in _queries()
        if _reads_personal_data(function) and not _takes_scope(function)
    }
    assert without == set(WITHOUT_SCOPE)


@pytest.mark.parametrize(
    "model", InUnit.__subclasses__(), ids=lambda model: model.__name__
)
def test_what_belongs_to_a_unit_moves_with_it(model: type) -> None:
    """Moving a unit rewrites every table with these two columns."""
    columns = model.__table__.c  # type: ignore[attr-defined]
    assert {"unit_id", "unit_path"} <= set(columns.keys())
    assert columns.unit_path.index


def test_every_table_with_a_path_is_of_a_unit_or_a_record() -> None:
    """A path that nobody moves would become somebody else's scope."""
    owned = {model.__tablename__ for model in InUnit.__subclasses__()}  # type: ignore[attr-defined]
    with_path = {
        table.name for table in db.metadata.sorted_tables if "unit_path" in table.c
    }
    assert with_path - owned == {models.AuditEntry.__tablename__}


@pytest.mark.parametrize(("kind", "labels"), LABELS, ids=lambda value: str(value)[:20])
def test_every_member_of_an_enum_has_its_label(
    kind: type, labels: dict[object, object]
) -> None:
    """A page never shows a bare English value."""
    assert set(labels) == set(kind)  # type: ignore[call-overload]


def test_every_kind_of_job_has_its_label() -> None:
    """The bar says what it is about."""
    from portal.jobs.handlers import HANDLERS

    assert set(JOB_LABELS) == set(HANDLERS)


def test_every_entry_of_the_menu_leads_to_a_page_with_the_same_right(
    app: Flask,
) -> None:
    """No officer is shown a door that is shut to them."""
    for endpoint, label, _icon, action in MENU:
        assert right_of(app.view_functions[endpoint]) is action, label


def _queries() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted((PROJECT / "portal/db/queries").glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{path.stem}.{node.name}", node


def _reads_personal_data(function: ast.FunctionDef) -> bool:
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return bool(named & PERSONAL)


def _takes_scope(function: ast.FunctionDef) -> bool:
    return "scope" in {argument.arg for argument in function.args.kwonlyargs}
