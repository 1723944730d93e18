"""Commands: a campaign, and the way of its lists to numbers and the bank."""

from pathlib import Path
from typing import Any

import click

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.cli.context import app_context, command_actor, print_json
from portal.cli.targets import kept_elsewhere, require_file
from portal.cli.told import moved, stop_where_nothing_was_done, tell
from portal.domain.card_kinds import CARD_KIND_LABELS, CardKind
from portal.domain.errors import Conflict, NotAllowed, NotFound
from portal.domain.renewal import MOVE_LABELS, Move
from portal.domain.union_units import UNION_LEVEL_LABELS, UnionLevel

_UNIT = click.option("--unit", "code", required=True, help="Mã đơn vị.")
_AS = click.option("--as", "as_name", help="Làm thay cán bộ có tên này.")
_ALIKE = click.option(
    "--alike-too",
    is_flag=True,
    help="Cả những dòng trùng tên, trùng ảnh: đã có người xem kỹ.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")


@click.command("campaign")
@_UNIT
@click.option("--name", required=True, help="Tên đợt đổi thẻ.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in CardKind]),
    help="Loại thẻ nhận trong đợt; bỏ trống = cả hai.",
)
@_AS
@_JSON
def campaign(
    code: str, name: str, kinds: tuple[str, ...], as_name: str | None, as_json: bool
) -> None:
    """Mở một đợt đổi thẻ cho mọi đơn vị dưới đơn vị này."""
    from portal.db.queries import rosters as rosters_q
    from portal.services import campaigns

    with app_context():
        by = command_actor(code, Action.CAMPAIGN_MANAGE, as_name=as_name)
        # Whoever acts may stand above it: the campaign is of the unit named.
        unit = rosters_q.units_above(code)[-1]
        opened = campaigns.announce(
            name=name,
            card_kinds=[CardKind(kind) for kind in kinds or CardKind],
            by=by,
            unit_id=unit.id,
        )
        if as_json:
            print_json(
                {
                    "campaign": opened.id,
                    "name": opened.name,
                    "unit": unit.name,
                    "card_kinds": opened.card_kinds,
                }
            )
            return
        labels = ", ".join(CARD_KIND_LABELS[CardKind(k)] for k in opened.card_kinds)
        click.echo(f"Đã mở đợt {opened.id} “{opened.name}” ({labels}) của {unit.name}.")


@click.command("submit")
@_UNIT
@click.option("--campaign", "campaign_id", type=int, help="Mặc định: đợt mở mới nhất.")
@_AS
@_JSON
def submit(
    code: str, campaign_id: int | None, as_name: str | None, as_json: bool
) -> None:
    """Lập danh sách đề nghị của các công đoàn cơ sở và gửi lên cấp trên."""
    from portal.db.queries import campaigns as campaigns_q
    from portal.db.queries import rosters as rosters_q
    from portal.services import rosters
    from portal.services.renewals import Outcome

    with app_context():
        by = command_actor(code, Action.ROSTER_SUBMIT, as_name=as_name)
        path = _path_of(code, by)
        if campaign_id is None:
            latest = campaigns_q.latest_open(scope=_scope(path))
            if latest is None:
                raise NotFound(
                    "Chưa có đợt đổi thẻ nào đang mở cho đơn vị này. Mở bằng lệnh"
                    " campaign."
                )
            campaign_id = latest.id
        outcome = Outcome()
        for unit in rosters_q.grassroots(scope=_scope(path)):
            rosters.declare(campaign_id, unit.id, by=by)
            seen = rosters.view(campaign_id, unit.id, by=by)
            outcome += Outcome(
                refused=tuple(
                    _hindered(line, seen.problems[line.member_id])
                    for line in seen.hindered
                )
            )
            if seen.to_send:
                outcome += rosters.submit(campaign_id, unit.id, by=by)
        tell(
            outcome, moved(Move.SUBMIT, outcome), as_json=as_json, campaign=campaign_id
        )
        stop_where_nothing_was_done(outcome)


def _hindered(line: Any, problems: tuple[Any, ...]) -> Any:
    from portal.services.renewals import Refusal

    return Refusal(0, line.full_name, " ".join(map(str, problems)))


def _sender(name: str, move: Move, level: UnionLevel, text: str) -> click.Command:
    """Make the command that sends lists on at one level."""

    @click.command(name, help=text)
    @_UNIT
    @_ALIKE
    @_AS
    @_JSON
    def send(code: str, alike_too: bool, as_name: str | None, as_json: bool) -> None:
        from portal.services import renewals

        with app_context():
            by, path = _at_level(code, level, Action.REQUEST_REVIEW, as_name=as_name)
            outcome = renewals.forward_clean(
                move=move, by=by, under=path, alike_too=alike_too
            )
            if not outcome.done and not outcome.refused:
                raise Conflict(
                    f"Không có đề nghị nào của đơn vị này chờ {by.unit_name}"
                    f" “{MOVE_LABELS[move]}”."
                )
            tell(outcome, moved(move, outcome), as_json=as_json)
            stop_where_nothing_was_done(outcome)

    return send


forward = _sender(
    "forward",
    Move.FORWARD,
    UnionLevel.UPPER,
    "Cấp trên trực tiếp cơ sở chuyển danh sách của đơn vị này lên.",
)
register = _sender(
    "register",
    Move.REGISTER,
    UnionLevel.FEDERATION,
    "Liên đoàn tỉnh, công đoàn ngành trình danh sách của đơn vị này lên TLĐ.",
)


@click.command("approve")
@_UNIT
@click.option("--dry-run", is_flag=True, help="Chỉ cho biết sẽ cấp những mã số nào.")
@_ALIKE
@_AS
@_JSON
def approve(
    code: str, dry_run: bool, alike_too: bool, as_name: str | None, as_json: bool
) -> None:
    """Duyệt danh sách của đơn vị này và cấp mã số."""
    from portal.services import approvals
    from portal.services.renewals import Outcome

    with app_context():
        by, path = _at_level(
            code, UnionLevel.CONFEDERATION, Action.REQUEST_APPROVE, as_name=as_name
        )
        plan = approvals.plan(by=by, under=path, alike_too=alike_too)
        numbers = {
            "numbers": plan.new_numbers.count,
            "first": plan.new_numbers.first,
            "last": plan.new_numbers.last,
            "kept": plan.keep_number,
            "awaiting": plan.await_number,
        }
        if dry_run:
            tell(
                Outcome(refused=plan.held),
                approval_line(len(plan.request_ids), plan, planned=True),
                as_json=as_json,
                would_approve=len(plan.request_ids),
                **numbers,
            )
            return
        outcome = approvals.approve(plan.request_ids, by=by)
        outcome += Outcome(refused=plan.held)
        if not outcome.done and not outcome.refused:
            raise Conflict(
                "Không có đề nghị nào của đơn vị này chờ duyệt. Danh sách phải được"
                " gửi (submit), chuyển (forward, nếu có cấp trên trực tiếp) và trình"
                " (register) trước."
            )
        line = approval_line(len(outcome.done), plan, planned=False)
        tell(outcome, line, as_json=as_json, **numbers)
        stop_where_nothing_was_done(outcome)


@click.command("import-numbers")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", help="Mã đơn vị nhập; mặc định là đơn vị cao nhất.")
@_AS
@_JSON
def import_numbers(
    file: Path, code: str | None, as_name: str | None, as_json: bool
) -> None:
    """Nhập tệp mã số do Tổng Liên đoàn cấp (xlsx, xls, ods, csv)."""
    from portal.db.queries import rosters as rosters_q
    from portal.services import number_results

    with app_context():
        by = command_actor(
            code or rosters_q.top_code(), Action.NUMBER_IMPORT, as_name=as_name
        )
        result = number_results.import_results(file.read_bytes(), file.name, by=by)
        refused = [
            {
                "sheet": row.sheet,
                "row": row.row,
                "reasons": [str(problem) for problem in row.problems],
            }
            for row in result.refused
        ]
        if as_json:
            print_json(
                {
                    "rows_in": result.rows_in,
                    "numbered": result.numbered,
                    "same": result.same,
                    "approved": result.approved,
                    "refused": refused,
                }
            )
            return
        click.echo(
            f"{result.rows_in} dòng: {result.numbered} nhận mã số,"
            f" {result.same} đã có, {len(refused)} không nhận."
        )
        for row in refused:
            click.echo(
                f"  {row['sheet']}, dòng {row['row']}: {'; '.join(row['reasons'])}"
            )


@click.command("bank-export")
@_UNIT
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp .xlsx sẽ ghi.",
)
@_AS
@_JSON
def bank_export(code: str, out: Path, as_name: str | None, as_json: bool) -> None:
    """Xuất danh sách thẻ liên kết cho ngân hàng và đánh dấu đã gửi.

    Chạy lệnh này là xác nhận các đoàn viên trong danh sách đã đồng ý bằng văn bản
    cho chuyển dữ liệu sang ngân hàng.
    """
    from portal.services import bank

    with app_context():
        by, path = _at_level(
            code, UnionLevel.FEDERATION, Action.BANK_EXPORT, as_name=as_name
        )
        require_file(out)
        found = bank.waiting(by=by, under=path)
        exported = bank.export(consent_confirmed=True, by=by, under=path)
        exported, data = bank.download(exported.id, by=by)
        kept = (
            f"Danh sách {exported.id} đã lập và đánh dấu đã gửi; tải lại tệp ở trang"
            " “Thẻ liên kết”."
        )
        with kept_elsewhere(out, kept):
            out.write_bytes(data)
        refused = [
            {"full_name": line.full_name, "reasons": [str(one) for one in problems]}
            for line, problems in found.lacking
        ]
        refused += [
            {"full_name": line.full_name, "reasons": [bank.reason_to_hold(line)]}
            for line in found.held
        ]
        if as_json:
            print_json(
                {
                    "export": exported.id,
                    "rows": exported.rows,
                    "file": str(out),
                    "sha256": exported.content_hash,
                    "refused": refused,
                }
            )
            return
        click.echo(f"Đã ghi {exported.rows} thẻ liên kết vào {out}.")
        for row in refused:
            click.echo(f"  {row['full_name']}: {'; '.join(row['reasons'])}")


def _at_level(
    code: str, level: UnionLevel, action: Action, *, as_name: str | None
) -> tuple[Actor, str]:
    """Give the officer who acts for ``level`` above a unit, and the unit's path.

    The acting unit is found by walking up from the unit; the top stands in for
    every level above it.
    """
    from portal.db.queries import rosters as rosters_q

    above = rosters_q.units_above(code)
    if not above:
        raise NotFound(f"Không có đơn vị mang mã “{code}”.")
    acting = next(
        (unit for unit in reversed(above) if level in rosters_q.levels_of(unit)), None
    )
    if acting is None:
        raise NotAllowed(
            f"Từ đơn vị “{code}” lên trên không có"
            f" {UNION_LEVEL_LABELS[level]} nào làm việc này."
        )
    by = command_actor(acting.code, action, as_name=as_name)
    if level not in by.levels:
        raise NotAllowed(
            f"{acting.name} chưa có cán bộ nào làm được việc này. Tạo bằng lệnh:"
            f" add-officer --unit {acting.code} --role approver."
        )
    return by, above[-1].path


def _path_of(code: str, by: Actor) -> str:
    from portal.db.queries import rosters as rosters_q

    path = rosters_q.units_above(code)[-1].path
    if not by.scope.covers(path):
        raise NotFound(f"Không có đơn vị mang mã “{code}” trong phạm vi của bạn.")
    return path


def _scope(path: str) -> Any:
    from portal.access.scope import Scope

    return Scope(path)


def approval_line(approved: int, plan: Any, *, planned: bool) -> str:
    """Say what approving does or did, in the same words before and after."""
    awaiting = min(plan.await_number, approved)
    if awaiting and awaiting == approved:
        what = f"Duyệt {approved}; chờ mã số của TLĐ"
    elif awaiting:
        what = f"Duyệt {approved}, trong đó {awaiting} chờ mã số của TLĐ"
    else:
        what = f"{MOVE_LABELS[Move.APPROVE]}: {approved}"
    return f"Xem thử, chưa ghi gì. {what}" if planned else what


COMMANDS: tuple[click.Command, ...] = (
    approve,
    bank_export,
    campaign,
    forward,
    import_numbers,
    register,
    submit,
)
