"""Commands: say what is wrong with the installation."""

import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.context import print_json
from portal.config import COMMAND, BadSetting, instance_folder, is_installed

if TYPE_CHECKING:
    from portal.services.health import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def doctor(as_json: bool) -> None:
    """Kiểm tra cổng và chỉ cách sửa; kết thúc với mã 1 nếu có chỗ hỏng."""
    instance = instance_folder()
    findings = _look(instance)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        if not is_installed(instance):
            click.echo(
                f"Chưa cài: {instance} chưa có dữ liệu. Chạy {COMMAND} để bắt đầu."
            )
        for finding in findings:
            mark = "tốt " if finding.well else "HỎNG"
            click.echo(f"[{mark}] {finding.name}: {finding.seen}")
            if finding.fix:
                click.echo(f"       → {finding.fix}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


def _look(instance: Path) -> "list[Finding]":
    from portal.factory import create_app
    from portal.services.health import Finding, examine

    try:
        if is_installed(instance):
            with create_app().app_context():
                return examine()
        # Looking makes nothing: what is not there yet is looked at from beside it.
        with tempfile.TemporaryDirectory(prefix="portal-doctor-") as beside:
            if (instance / "config.py").exists():
                shutil.copy(instance / "config.py", beside)
            with create_app({"PORTAL_INSTANCE": beside}).app_context():
                return examine(disk_of=instance)
    except BadSetting as error:
        fix = "Sửa trong biến môi trường hoặc trong config.py của thư mục dữ liệu."
        return [Finding("Thiết lập", False, error.text, fix)]


COMMANDS: tuple[click.Command, ...] = (doctor,)
