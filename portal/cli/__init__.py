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
@click.pass_context
def main(context: click.Context) -> None:
    """Cổng đoàn viên công đoàn. Không có lệnh nào thì chạy cổng (serve)."""
    if context.invoked_subcommand is None:
        context.invoke(serve.serve)


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
