"""Commands: a list comes in from a file on the server."""

from pathlib import Path
from typing import Any

import click

from portal.access.policy import Action
from portal.cli.context import app_context, command_actor, print_json
from portal.db.models import RosterImport
from portal.db.models.intake import ImportState
from portal.db.queries import intake as intake_q
from portal.domain.errors import Conflict, DomainError
from portal.services import intake
from portal.services.intake.report import summary
from portal.services.progress import Unwatched

_STATE_LABELS = {
    "new": "mới",
    "changed": "thay đổi",
    "same": "giống sổ",
    "duplicate": "trùng",
    "error": "lỗi",
}


@click.command("import-package")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)
@click.option("--unit", "unit_code", required=True, help="Mã đơn vị nhận danh sách.")
@click.option("--accept", is_flag=True, help="Nhận luôn các dòng tốt vào sổ.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.option("--as", "as_name", help="Làm nhân danh cán bộ này.")
def import_package(
    file: Path, unit_code: str, accept: bool, as_json: bool, as_name: str | None
) -> None:
    """Đọc gói .zip (danh sách Excel và ảnh) hoặc danh sách rời, nhập vào một đơn vị.

    Trả về 0 khi đọc được, 1 khi bị từ chối cả gói, 2 khi gọi sai.
    """
    with app_context():
        try:
            outcome = _import(file, unit_code, accept=accept, as_name=as_name)
        except DomainError as error:
            if as_json:
                told = [str(problem) for problem in error.problems]
                print_json({"problems": [error.text, *told]})
            raise
        notes = outcome.pop("notes", [])
        if as_json:
            print_json(outcome)
        else:
            _print(outcome, file.name, notes)
        if "rows" not in outcome:
            raise SystemExit(1)


def _import(
    file: Path, unit_code: str, *, accept: bool, as_name: str | None
) -> dict[str, Any]:
    by = command_actor(unit_code, Action.IMPORT_RUN, as_name=as_name)
    unit_id = intake_q.unit_id_of(unit_code, scope=by.scope)
    with file.open("rb") as stream:
        received = intake.receive(
            stream, file_name=file.name, unit_id=unit_id, by=by, in_background=False
        )
    intake.evaluate(received.id, by=by, progress=Unwatched())
    found: RosterImport = intake_q.get(received.id, scope=by.scope)
    if found.state is ImportState.FAILED:
        return {"problems": found.problems}
    # The states as judged: accepting may turn rows down that the world overtook.
    outcome = summary(found, intake_q.rows(found.id, scope=by.scope))
    outcome["notes"] = found.problems
    if accept:
        intake.begin_accept(found.id, version=found.version, by=by, in_background=False)
        intake.accept(found.id, by=by, progress=Unwatched())
        counts = intake_q.get(found.id, scope=by.scope).counts
        if "accepted" not in counts:
            raise Conflict("Sổ vừa thay đổi, chưa có dòng nào được ghi. Hãy chạy lại.")
        outcome["accepted"] = counts["accepted"]
    return outcome


def _print(outcome: dict[str, Any], name: str, notes: list[str]) -> None:
    if "rows" not in outcome:
        for problem in outcome["problems"]:
            click.echo(problem, err=True)
        return
    states = ", ".join(f"{outcome[s]} {label}" for s, label in _STATE_LABELS.items())
    click.echo(f"{name}: {outcome['rows_in']} dòng = {states}.")
    photos = outcome["photos"]
    click.echo(
        f"Ảnh: {photos['matched']} dòng có ảnh, {photos['missing']} dòng thiếu,"
        f" {photos['ambiguous']} dòng chưa rõ, {photos['refused']} dòng có ảnh không"
        f" dùng được; {photos['unmatched']} ảnh thừa."
    )
    for note in notes:
        click.echo(f"Lưu ý: {note}")
    for row in outcome["rows"]:
        for problem in row["problems"]:
            click.echo(f"  {row['sheet']}, dòng {row['row']}: {problem}")
    if "accepted" in outcome:
        accepted = outcome["accepted"]
        click.echo(
            f"Đã nhận: {accepted['new']} người mới, {accepted['changed']} người thay"
            f" đổi; {accepted['refused']} dòng không nhận."
        )
    elif outcome["new"] or outcome["changed"]:
        click.echo(
            "Chưa ghi gì vào sổ đoàn viên. Xem kỹ rồi chạy lại với --accept, hoặc nhận"
            " ở trang “Nhập Excel và ảnh”."
        )
    else:
        click.echo("Chưa ghi gì vào sổ đoàn viên: gói này không có gì mới.")


COMMANDS: tuple[click.Command, ...] = (import_package,)
