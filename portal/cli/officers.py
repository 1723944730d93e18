"""Commands: accounts of officers, their posts and their sign-in slips."""

from typing import TYPE_CHECKING, Any

import click

from portal.access.actor import Actor
from portal.access.policy import ROLE_LABELS, Action, Role
from portal.cli.context import app_context, command_actor, print_json
from portal.domain.errors import Conflict, Invalid, NotFound, Problem
from portal.domain.text import clean

if TYPE_CHECKING:
    from portal.db.models import Officer
    from portal.services.officers import Slip

_UNIT = click.option("--unit", "unit_code", required=True, help="Mã đơn vị.")
_ROLE = click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="Vai trò.",
)
_WHO = click.option(
    "--name", required=True, help="Tên đăng nhập, hoặc họ và tên, của tài khoản đã có."
)
_AS = click.option("--as", "as_name", help="Làm nhân danh cán bộ này.")
_JSON = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
_OPTIONS = {"full_name": "--name", "phone": "--phone", "email": "--email"}


@click.command("add-officer")
@_UNIT
@click.option("--name", required=True, help="Họ và tên.")
@_ROLE
@click.option("--phone", default="", help="Điện thoại; phân biệt người trùng tên.")
@click.option("--email", default="", help="Email.")
@_AS
@_JSON
def add_officer(
    unit_code: str,
    name: str,
    role: str,
    phone: str,
    email: str,
    as_name: str | None,
    as_json: bool,
) -> None:
    """Tạo tài khoản cán bộ và in đường dẫn đăng nhập lần đầu."""
    from portal.services import officers, units

    with app_context(_OPTIONS):
        actor = command_actor(unit_code, Action.OFFICER_MANAGE, as_name=as_name)
        unit = units.find_by_code(unit_code, by=actor)
        draft = officers.OfficerDraft(full_name=name, phone=phone, email=email)
        try:
            officer = officers.create_officer(
                draft, _post(unit.id if unit else actor.unit_id, role), by=actor
            )
        except Invalid as error:
            raise _with_ways_out(error, name, unit_code, role, actor) from error
        slip = officers.make_slip(officer.id, by=actor)
        link = _link(slip)
    if as_json:
        print_json(
            {
                "id": officer.id,
                "sign_in_name": officer.sign_in_name,
                "unit": unit_code,
                "role": role,
                "link": link,
                "until": slip.until.isoformat(),
            }
        )
        return
    click.echo(
        f"Đã tạo tài khoản {officer.sign_in_name} cho {officer.full_name}"
        f" ({ROLE_LABELS[Role(role)]}, {slip.unit_name})."
    )
    click.echo(f"Đường dẫn đăng nhập lần đầu, dùng một lần:\n  {link}")


@click.command("add-post")
@_WHO
@_UNIT
@_ROLE
@_AS
@_JSON
def add_post(
    name: str, unit_code: str, role: str, as_name: str | None, as_json: bool
) -> None:
    """Giao cho cán bộ đã có tài khoản thêm một nhiệm vụ."""
    from portal.services import command_line, posts, units

    with app_context({"role": "--role"}):
        by = command_line.ruler_of_accounts(as_name=as_name)
        officer = _account(name, by)
        unit = units.find_by_code(unit_code, by=by)
        if unit is None:
            raise NotFound(f"Không có đơn vị mang mã “{unit_code}”.")
        post = posts.add_post(officer.id, _post(unit.id, role), by=by)
        told = {
            "id": post.id,
            "sign_in_name": officer.sign_in_name,
            "unit": unit.code,
            "role": role,
        }
        done = (
            f"Đã giao cho {officer.full_name} ({officer.sign_in_name}) nhiệm vụ"
            f" “{ROLE_LABELS[Role(role)]}” ở {unit.name}."
        )
    print_json(told) if as_json else click.echo(done)


@click.command("officer-slip")
@_WHO
@_AS
@_JSON
def officer_slip(name: str, as_name: str | None, as_json: bool) -> None:
    """Lập phiếu đăng nhập mới cho cán bộ mất đường dẫn hoặc quên mật khẩu."""
    from portal.services import command_line, officers

    with app_context():
        by = command_line.ruler_of_accounts(as_name=as_name)
        slip = officers.make_slip(_account(name, by).id, by=by)
        link = _link(slip)
    if as_json:
        print_json(
            {
                "sign_in_name": slip.sign_in_name,
                "link": link,
                "until": slip.until.isoformat(),
            }
        )
        return
    click.echo(f"Phiếu mới cho {slip.full_name}, tên đăng nhập {slip.sign_in_name}.")
    click.echo(f"Đường dẫn dùng một lần (đường dẫn trước hết hiệu lực):\n  {link}")


@click.command("suspend-officer")
@_WHO
@click.option("--resume", is_flag=True, help="Cho tài khoản làm việc lại.")
@_AS
@_JSON
def suspend_officer(
    name: str, resume: bool, as_name: str | None, as_json: bool
) -> None:
    """Tạm dừng tài khoản ngay lập tức, hoặc cho làm việc lại."""
    from portal.services import command_line, officers

    with app_context():
        by = command_line.ruler_of_accounts(as_name=as_name)
        act = officers.resume if resume else officers.suspend
        officer = act(_account(name, by).id, by=by)
        told = {"sign_in_name": officer.sign_in_name, "suspended": not resume}
        done = "làm việc lại" if resume else "tạm dừng, có hiệu lực ngay"
        done = f"Tài khoản {officer.sign_in_name} của {officer.full_name} đã {done}."
    print_json(told) if as_json else click.echo(done)


def _post(unit_id: int, role: str) -> Any:
    from portal.domain import clock
    from portal.services.officers import PostDraft

    return PostDraft(unit_id=unit_id, role=Role(role), valid_from=clock.today())


def _link(slip: "Slip") -> str:
    from flask import current_app

    from portal.cli.serve import public_url

    return public_url(current_app) + slip.path


def _account(name: str, by: Actor) -> "Officer":
    from portal.db.queries import officers as officers_q

    found = officers_q.named(clean(name), scope=by.scope)
    if not found:
        raise NotFound(f"Không có tài khoản nào mang tên “{name}”.")
    if len(found) > 1:
        names = ", ".join(officer.sign_in_name for officer in found)
        raise Conflict(
            f"Có {len(found)} tài khoản mang tên “{name}”: {names}. Gọi bằng tên đăng"
            " nhập."
        )
    return found[0]


def _with_ways_out(
    error: Invalid, name: str, unit_code: str, role: str, by: Actor
) -> Invalid:
    """Add the commands for an account that exists, where it is what is in the way."""
    from portal.db.queries import officers as officers_q

    known = officers_q.named(clean(name), scope=by.scope)
    if not known:
        return error
    who = known[0].sign_in_name
    ways = (
        Problem(
            f"add-post --name {who} --unit {unit_code} --role {role}",
            "Cùng người, thêm nhiệm vụ",
        ),
        Problem(f"officer-slip --name {who}", "Cùng người, mất đường dẫn"),
        Problem("thêm --phone với số điện thoại của người mới", "Người khác trùng tên"),
    )
    return Invalid(error.text, (*error.problems, *ways))


COMMANDS: tuple[click.Command, ...] = (
    add_officer,
    add_post,
    officer_slip,
    suspend_officer,
)
