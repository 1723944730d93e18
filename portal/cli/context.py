"""What every command stands on: a migrated database and an officer to act as."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import click

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.domain.errors import DomainError, NotFound
from portal.domain.faults import refusal_for


@contextmanager
def app_context(options: Mapping[str, str] | None = None) -> Iterator[None]:
    """Stand inside the app on an up-to-date database.

    A refusal becomes its sentence on the error stream and exit code 1. ``options``
    gives the command's option for the fields that services name in their problems.
    """
    from portal.db.migrate import upgrade
    from portal.factory import create_app

    app = create_app()
    with app.app_context():
        upgrade()
        try:
            yield
        except DomainError as error:
            _stop(error, options or {})
        except Exception as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            _stop(refusal, options or {})


def _stop(error: DomainError, options: Mapping[str, str]) -> NoReturn:
    click.echo(error.text, err=True)
    for problem in error.problems:
        where = options.get(problem.where, problem.where)
        click.echo(f"  - {replace(problem, where=where)}", err=True)
    sys.exit(1)


def command_actor(
    unit_code: str, action: Action, *, as_name: str | None = None
) -> Actor:
    """Give the officer in whose name a command acts at a unit.

    That is the one named by ``--as``; else whoever holds the right at the unit or
    nearest above it; else the installation's own account "Dòng lệnh máy chủ",
    which cannot sign in. Raises NotFound for an unknown unit.
    """
    from portal.services import command_line

    actor = command_line.actor_for(unit_code, action, as_name=as_name)
    if actor is None:
        raise NotFound(f"Không có đơn vị mang mã “{unit_code}”.")
    return actor


def print_json(value: Any) -> None:
    """Print a value as one JSON document in readable Vietnamese."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
