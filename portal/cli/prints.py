"""Commands: draw the approved cards of a unit into files."""

import shutil
from pathlib import Path

import click

from portal.access.policy import Action
from portal.cli.context import app_context, command_actor, print_json


@click.command("print-batch")
@click.option("--unit", "unit_code", required=True, help="Mã đơn vị lập lô in.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục để chép tệp in ra.",
)
@click.option(
    "--design",
    default="standard",
    show_default=True,
    help="Mẫu thẻ: tên mẫu có sẵn, hoặc MẪU/BẢN như 12/3 của một mẫu đã phát hành.",
)
@click.option("--profile", default="cr80", show_default=True, help="Loại máy in.")
@click.option("--dpi", default=300, show_default=True, type=click.Choice([300, 600]))
@click.option("--sides", default="front,back", show_default=True, help="Mặt thẻ.")
@click.option("--full", is_flag=True, help="In cả nền thẻ lên phôi trắng, không in đè.")
@click.option("--as", "as_name", help="Tên đăng nhập của cán bộ in thẻ.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def print_batch(
    unit_code: str,
    out: Path | None,
    design: str,
    profile: str,
    dpi: int,
    sides: str,
    full: bool,
    as_name: str | None,
    as_json: bool,
) -> None:
    """Lập lô in mọi thẻ thông thường đã duyệt của đơn vị và cấp dưới."""
    from portal.db.models.cards import PrintCardState
    from portal.db.queries import prints as prints_q
    from portal.services import prints
    from portal.services.progress import Unwatched

    settings = prints.PrintSettings(
        design=design,
        profile=profile,
        dpi=dpi,
        sides=tuple(side.strip() for side in sides.split(",") if side.strip()),
        overprint=not full,
    )
    with app_context():
        by = command_actor(unit_code, Action.PRINT_RUN, as_name=as_name)
        batch = prints.create_batch(None, settings=settings, by=by, in_background=False)
        prints.render(batch.id, by=by, progress=Unwatched())
        drawn = prints_q.counts_of(batch.id)[PrintCardState.DRAWN]
        refused = [
            {
                "member_number": card.card["member_number"],
                "full_name": card.card["full_name"],
                "reason": card.reason,
            }
            for card in prints_q.cards_of(batch.id, state=PrintCardState.REFUSED)
        ]
        files = []
        for file in prints_q.get_batch(batch.id, scope=by.scope).files:
            path = prints.open_file(batch.id, file.name, by=by)
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                path = Path(shutil.copyfile(path, out / file.name))
            files.append(str(path))
    result = {"batch": batch.id, "drawn": drawn, "refused": refused, "files": files}
    if as_json:
        print_json(result)
        return
    click.echo(f"Lô in {batch.id}: dựng {drawn} thẻ, {len(refused)} thẻ ở lại.")
    for one in refused:
        click.echo(f"  - {one['full_name']}: {one['reason']}")
    for path in files:
        click.echo(f"  {path}")


COMMANDS: tuple[click.Command, ...] = (print_batch,)
