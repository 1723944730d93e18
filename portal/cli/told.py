"""What commands tell of requests: how many moved, and why the others did not."""

from typing import Any

import click

from portal.cli.context import print_json
from portal.domain.errors import DomainError
from portal.domain.renewal import MOVE_LABELS, Move


def moved(move: Move, outcome: Any) -> str:
    """Name a move and how many made it."""
    return f"{MOVE_LABELS[move]}: {len(outcome.done)}"


def tell(outcome: Any, what: str, *, as_json: bool, **more: Any) -> None:
    """Print what was done and what was not, with the reason for each row."""
    if as_json:
        print_json(
            {
                "done": len(outcome.done),
                **more,
                "refused": [
                    {"full_name": one.full_name, "reason": one.reason}
                    for one in outcome.refused
                ],
            }
        )
        return
    click.echo(f"{what}. Ở lại: {len(outcome.refused)}.")
    if more.get("first"):
        click.echo(f"Mã số từ {more['first']} đến {more['last']}.")
    if more.get("awaiting"):
        click.echo("Có kết quả của TLĐ thì nhập bằng lệnh import-numbers.")
    for one in outcome.refused:
        click.echo(f"  {one.full_name}: {one.reason}")


def stop_where_nothing_was_done(outcome: Any) -> None:
    """End with exit code 1 where rows were refused and none was taken."""
    if outcome.refused and not outcome.done:
        raise DomainError("Chưa làm được dòng nào; xem lý do ở trên.")
