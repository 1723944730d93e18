"""Commands: draw the approved cards of a unit into files."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.cli.context import app_context, command_actor, print_json
from portal.cli.targets import kept_elsewhere, require_folder
from portal.domain.errors import Conflict, Invalid, NotFound, Problem

_FOLDER = click.Path(file_okay=False, path_type=Path)
_BATCH = click.option(
    "--batch", "batch_id", required=True, type=int, help="Số của lô in."
)
_AS = click.option("--as", "as_name", help="Tên đăng nhập của cán bộ in thẻ.")
_NO_BATCH = "Không có lô in số {}."
# Batches named where no card is left to print.
_RECENT = 3
_JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")

if TYPE_CHECKING:
    from portal.db.models import PrintCard


@click.command("print-batch")
@click.option("--unit", "unit_code", required=True, help="Mã đơn vị lập lô in.")
@click.option("--out", type=_FOLDER, help="Thư mục để chép tệp in ra; trống = để đó.")
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
@click.option(
    "--accept-warnings", is_flag=True, help="Vẫn lấy tệp in của thẻ có cảnh báo."
)
@_AS
@_JSON
def print_batch(
    unit_code: str,
    out: Path | None,
    design: str,
    profile: str,
    dpi: int,
    sides: str,
    full: bool,
    accept_warnings: bool,
    as_name: str | None,
    as_json: bool,
) -> None:
    """Lập lô in mọi thẻ thông thường đã duyệt của đơn vị và cấp dưới."""
    from portal.db.models.cards import PrintCardState
    from portal.db.queries import prints as prints_q
    from portal.db.queries import rosters as rosters_q
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
        if out:
            require_folder(out)
        # Whoever acts may stand above it: the cards are of the unit named.
        path = rosters_q.units_above(unit_code)[-1].path
        held = _held(path)
        try:
            batch = prints.create_batch(
                None,
                unit_path=path,
                settings=settings,
                by=by,
                in_background=False,
            )
        except Invalid as error:
            raise _with_ways_out(error, held, by) from error
        prints.render(batch.id, by=by, progress=Unwatched())
        doubtful = prints.waiting_for_a_say_so(
            prints_q.get_batch(batch.id, scope=by.scope)
        )
        if doubtful and accept_warnings:
            prints.accept_warnings(batch.id, by=by)
        elif doubtful:
            prints.give_up(batch.id, by=by)
            raise click.ClickException(_doubts(doubtful))
        drawn = prints_q.counts_of(batch.id)[PrintCardState.DRAWN]
        refused = [
            {
                "member_number": card.card["member_number"],
                "full_name": card.card["full_name"],
                "reason": card.reason,
            }
            for card in prints_q.cards_of(batch.id, state=PrintCardState.REFUSED)
        ]
        names = [f.name for f in prints_q.get_batch(batch.id, scope=by.scope).files]
        files = _take(batch.id, names, out, by=by) if out else []
    result = {
        "batch": batch.id,
        "drawn": drawn,
        "refused": refused,
        "held": held,
        "files": files or names,
        "taken": bool(files),
    }
    if as_json:
        print_json(result)
        return
    click.echo(f"Lô in {batch.id}: dựng {drawn} thẻ, {len(refused)} thẻ ở lại.")
    for one in refused:
        click.echo(f"  - {one['full_name']}: {one['reason']}")
    for one in held:
        click.echo(f"  - {one['full_name']}: {one['reason']}")
    for file in files:
        click.echo(f"  {file}")
    if names and not files:
        click.echo(
            f"Chưa lấy tệp nào. Lấy về: batch-files --batch {batch.id} --out ./in. Bỏ"
            f" lô để dựng cách khác: give-up-batch --batch {batch.id}"
        )


def _held(unit_path: str) -> list[dict[str, str]]:
    """List whose approved cards are held back under a unit, and why."""
    from portal.access.scope import Scope
    from portal.db.queries import prints as prints_q
    from portal.services.print_cards import reason_to_hold

    return [
        {"full_name": one.full_name, "reason": reason_to_hold(one.status)}
        for one in prints_q.held_back(scope=Scope(unit_path))
    ]


def _doubts(cards: list["PrintCard"]) -> str:
    """Say which cards are doubtful, and that nothing was kept."""
    lines = [f"{card.card['full_name']}: {card.warnings}" for card in cards]
    return (
        f"{len(cards)} thẻ có cảnh báo nên lô in đã được bỏ, thẻ trở lại chờ in. Sửa"
        " rồi chạy lại, hoặc thêm --accept-warnings để vẫn in.\n  - "
        + "\n  - ".join(lines)
    )


@click.command("batch-files")
@_BATCH
@click.option("--out", required=True, type=_FOLDER, help="Thư mục để chép tệp in ra.")
@_AS
@_JSON
def batch_files(batch_id: int, out: Path, as_name: str | None, as_json: bool) -> None:
    """Lấy tệp in của một lô đã dựng. Lấy rồi thì không bỏ lô được nữa."""
    from portal.db.queries import prints as prints_q

    with app_context():
        by = _holder(batch_id, Action.PRINT_DOWNLOAD, as_name)
        batch = prints_q.get_batch(batch_id, scope=by.scope)
        if not batch.files:
            raise Conflict(
                f"Lô in {batch_id} không có tệp: chưa dựng xong, hoặc đã bỏ."
            )
        files = _take(batch_id, [file.name for file in batch.files], out, by=by)
    if as_json:
        print_json({"batch": batch_id, "files": files})
        return
    for path in files:
        click.echo(path)


@click.command("give-up-batch")
@_BATCH
@_AS
@_JSON
def give_up_batch(batch_id: int, as_name: str | None, as_json: bool) -> None:
    """Bỏ một lô in chưa ai lấy tệp; các thẻ trở lại chờ in."""
    from portal.services import prints

    with app_context():
        by = _holder(batch_id, Action.PRINT_RUN, as_name)
        prints.give_up(batch_id, by=by)
    if as_json:
        print_json({"batch": batch_id})
    else:
        click.echo(f"Đã bỏ lô in {batch_id}. Các thẻ trở lại danh sách chờ in.")


def _holder(batch_id: int, action: Action, as_name: str | None) -> Actor:
    """Give who acts for a batch: an officer of the unit that made it, or above."""
    from portal.access.scope import Scope
    from portal.db.queries import prints as prints_q
    from portal.db.queries import rosters as rosters_q

    top = rosters_q.units_above(rosters_q.top_code())
    if not top:
        raise NotFound(_NO_BATCH.format(batch_id))
    try:
        batch = prints_q.get_batch(batch_id, scope=Scope(top[0].path))
    except NotFound as error:
        raise NotFound(_NO_BATCH.format(batch_id)) from error
    return command_actor(batch.unit.code, action, as_name=as_name)


def _with_ways_out(error: Invalid, held: list[dict[str, str]], by: Actor) -> Invalid:
    """Add what can be done with the batches that hold the cards now, and who waits."""
    from portal.db.models.cards import BatchState
    from portal.db.queries import prints as prints_q

    ways = {
        BatchState.RENDERED: "chưa lấy tệp. Muốn dựng lại: give-up-batch --batch {}",
        BatchState.DOWNLOADED: (
            "đã lấy tệp, thẻ có thể đã in. Lấy lại đúng các tệp đó: batch-files"
            " --batch {} --out ./in"
        ),
    }
    recent = prints_q.latest_batches(scope=by.scope, limit=_RECENT)
    problems = [
        Problem(ways[batch.state].format(batch.id), f"Lô in {batch.id}")
        for batch in recent
        if batch.state in ways
    ]
    problems += [Problem(one["reason"], one["full_name"]) for one in held]
    return Invalid(error.text, (*error.problems, *problems))


def _take(batch_id: int, names: list[str], out: Path, *, by: Actor) -> list[str]:
    """Copy files of a batch into a folder; each taking is recorded."""
    from portal.services import prints

    require_folder(out)
    taken = []
    kept = (
        f"Tệp in vẫn còn trên cổng. Lấy lại: batch-files --batch {batch_id} --out ./in"
    )
    for name in names:
        source = prints.open_file(batch_id, name, by=by)
        with kept_elsewhere(out / name, kept):
            taken.append(str(shutil.copyfile(source, out / name)))
    return taken


COMMANDS: tuple[click.Command, ...] = (batch_files, give_up_batch, print_batch)
