"""Commands: the whole road on made-up data, and its removal."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

from portal.cli.context import print_json
from portal.cli.serve import (
    HOST,
    PORT,
    from_elsewhere,
    listening_at,
    open_door,
    public_url,
    ready_app,
    serve_app,
    serving_mark,
)
from portal.config import DEMO_MARK

if TYPE_CHECKING:
    from portal.demo.road import Report

FILES_FOLDER = "demo-files"


_BUSY = "Cổng đang chạy trên dữ liệu này. Dừng cổng bằng Ctrl+C rồi chạy lại lệnh này."
_THERE = (
    "Ở đây đã có dữ liệu mẫu. Mở lại: .venv/bin/python app.py. Bỏ đi và dựng lại từ"
    " đầu: .venv/bin/python app.py demo --again"
)
_REAL = (
    "Thư mục dữ liệu này đã có dữ liệu thật nên không ghi dữ liệu mẫu vào. Chạy với"
    " thư mục khác: PORTAL_INSTANCE=thu-muc-moi .venv/bin/python app.py demo"
)


@click.command()
@click.option("--no-serve", is_flag=True, help="Làm xong thì dừng, không chạy cổng.")
@click.option(
    "--members", default=200, type=click.IntRange(1, 5000), help="Số đoàn viên mẫu."
)
@click.option("--again", is_flag=True, help="Bỏ dữ liệu mẫu đang có và dựng lại.")
@click.option("--remove", is_flag=True, help="Xoá sạch dữ liệu mẫu rồi dừng.")
@HOST
@PORT
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def demo(
    no_serve: bool,
    members: int,
    again: bool,
    remove: bool,
    host: str | None,
    port: int | None,
    as_json: bool,
) -> None:
    """Làm thử cả quy trình trên dữ liệu mẫu: gói zip vào, thẻ in ra."""
    overrides = listening_at(host, port)
    app = ready_app(overrides)
    with serving_mark(app, exclusive=True) as alone:
        if not alone:
            raise click.ClickException(_BUSY)
        if remove:
            _remove(app)
            click.echo("Đã xoá dữ liệu mẫu.")
            return
        _refuse_data(app, again=again)
        # Before anything is cleared or made: the links must lead to this portal.
        door = None if no_serve else open_door(app)
        if app.config["PORTAL_DEMO"]:
            _remove(app)
            app = ready_app(overrides)
        report = _drive(app, members, quiet=as_json)
    if as_json:
        print_json(asdict(report))
    else:
        _print(report, app)
    if door is not None:
        serve_app(
            app,
            door,
            say=lambda: click.echo(
                f"\nCổng đang chạy tại {public_url(app)} – dừng bằng Ctrl+C."
                f"{from_elsewhere(app)}"
            ),
        )


def _drive(app: Flask, members: int, *, quiet: bool) -> "Report":
    from portal.demo.road import drive

    instance = Path(app.config["PORTAL_INSTANCE"])
    mark = instance / DEMO_MARK
    # Marked first: whatever happens next, this data is made up and may be removed.
    mark.write_text(json.dumps({"members": members, "unfinished": True}), "utf-8")
    app.config["PORTAL_DEMO"] = True
    app.jinja_env.globals["demo"] = True
    with app.app_context():
        report = drive(
            instance / FILES_FOLDER,
            members=members,
            say=(lambda _line: None) if quiet else click.echo,
        )
    mark.write_text(json.dumps({"members": members}), "utf-8")
    return report


def _refuse_data(app: Flask, *, again: bool) -> None:
    """Refuse where real data lies, or made-up data that nobody asked to rebuild.

    Made-up data that was never finished is in nobody's use.
    """
    from portal.services import first_run

    if not app.config["PORTAL_DEMO"]:
        with app.app_context():
            if not first_run.is_empty():
                raise click.ClickException(_REAL)
        return
    if not again and _is_finished(Path(app.config["PORTAL_INSTANCE"]) / DEMO_MARK):
        raise click.ClickException(_THERE)


def _is_finished(mark: Path) -> bool:
    try:
        return not json.loads(mark.read_text("utf-8")).get("unfinished")
    except ValueError:  # cut off while it was written
        return False


def _remove(app: Flask) -> None:
    from portal.db.migrate import remove_everything

    if not app.config["PORTAL_DEMO"]:
        raise click.ClickException("Ở đây không có dữ liệu mẫu, nên không xoá gì cả.")
    instance = Path(app.config["PORTAL_INSTANCE"])
    with app.app_context():
        remove_everything()
    for name in ("photos", "uploads", "exports", FILES_FOLDER):
        shutil.rmtree(instance / name, ignore_errors=True)
    for path in instance.glob("queue.sqlite3*"):
        path.unlink()
    (instance / DEMO_MARK).unlink()


def _print(report: "Report", app: Flask) -> None:
    click.echo(
        f"\nXong trong {report.seconds} giây: {report.approved} đoàn viên có mã số,"
        f" {report.printed} thẻ thông thường đã dựng,"
        f" {report.sent_to_bank} thẻ liên kết đã chuyển danh sách cho ngân hàng."
    )
    click.echo(f"\nKhông nhận {len(report.refused)} chỗ, mỗi chỗ kèm lý do:")
    for one in report.refused:
        click.echo(f"  - [{one['step']}] {one['what']}: {one['reason']}")
    folder = Path(app.config["PORTAL_INSTANCE"]) / FILES_FOLDER
    click.echo(f"\nGói đưa vào và tệp đã làm ra:\n  {folder}{os.sep}")
    for path in report.files:
        if Path(path).parent == folder:
            click.echo(f"    {Path(path).name}")
    for below in sorted({Path(path).parent for path in report.files} - {folder}):
        click.echo(f"    {below.name}{os.sep} (ảnh PNG của từng mặt thẻ)")
    click.echo("\nĐăng nhập lần đầu (mỗi liên kết dùng một lần, tự đặt mật khẩu):")
    for link in report.sign_in_links:
        click.echo(f"  {link['unit']} · {link['role']} · {link['name']}")
        click.echo(f"    tên đăng nhập: {link['sign_in_name']}")
        click.echo(f"    {public_url(app)}{link['path']}")
    click.echo(
        "\nTự làm thử: đăng nhập bằng tài khoản của CĐCS Hợp tác xã Muối Cát Trắng,"
        " vào “Nhập Excel và ảnh”, tải lên goi-tap-lam-85-BS-01.zip."
    )
    click.echo("\nXoá dữ liệu mẫu: .venv/bin/python app.py demo --remove")


COMMANDS: tuple[click.Command, ...] = (demo,)
