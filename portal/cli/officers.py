"""Commands: accounts of officers."""

import click

from portal.access.policy import ROLE_LABELS, Action, Role
from portal.cli.context import app_context, command_actor, print_json


@click.command("add-officer")
@click.option("--unit", "unit_code", required=True, help="Mã đơn vị.")
@click.option("--name", required=True, help="Họ và tên.")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="Vai trò.",
)
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def add_officer(unit_code: str, name: str, role: str, as_json: bool) -> None:
    """Tạo tài khoản cán bộ và in đường dẫn đăng nhập lần đầu."""
    from flask import current_app

    from portal.cli.serve import public_url
    from portal.domain import clock
    from portal.services import officers, units

    with app_context({"full_name": "--name"}):
        actor = command_actor(unit_code, Action.OFFICER_MANAGE)
        unit = units.find_by_code(unit_code, by=actor)
        officer = officers.create_officer(
            officers.OfficerDraft(full_name=name),
            officers.PostDraft(
                unit_id=unit.id if unit else actor.unit_id,
                role=Role(role),
                valid_from=clock.today(),
            ),
            by=actor,
        )
        slip = officers.make_slip(officer.id, by=actor)
        link = public_url(current_app) + slip.path
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


COMMANDS: tuple[click.Command, ...] = (add_officer,)
