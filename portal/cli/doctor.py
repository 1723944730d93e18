"""Commands: say what is wrong with the installation."""

import sys
from dataclasses import asdict

import click

from portal.cli.context import print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def doctor(as_json: bool) -> None:
    """Kiểm tra cổng và chỉ cách sửa; kết thúc với mã 1 nếu có chỗ hỏng."""
    from portal.factory import create_app
    from portal.services.health import examine

    with create_app().app_context():
        findings = examine()
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "tốt " if finding.well else "HỎNG"
            click.echo(f"[{mark}] {finding.name}: {finding.seen}")
            if finding.fix:
                click.echo(f"       → {finding.fix}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


COMMANDS: tuple[click.Command, ...] = (doctor,)
