"""The commands of `python app.py`, one module a family; no command = serve."""

import click

from portal.cli import (
    bench,
    demo,
    doctor,
    intake,
    officers,
    prints,
    renewals,
    serve,
    units,
)
from portal.cli.wrong_use import VietnameseGroup


@click.group(
    cls=VietnameseGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@serve.HOST
@serve.PORT
@click.pass_context
def main(context: click.Context, host: str | None, port: int | None) -> None:
    """Cổng đoàn viên công đoàn. Không có lệnh nào thì chạy cổng (serve)."""
    if context.invoked_subcommand is None:
        context.invoke(serve.serve, host=host, port=port)
    elif host or port:
        raise click.UsageError("Viết --host và --port sau tên lệnh.")


for family in (
    bench,
    demo,
    doctor,
    intake,
    officers,
    prints,
    renewals,
    serve,
    units,
):
    for command in family.COMMANDS:
        main.add_command(command)
