"""Commands: the union tree."""

import click

from portal.access.policy import Action
from portal.cli.context import app_context, command_actor, print_json
from portal.domain.errors import NotFound
from portal.domain.union_units import UnionLevel

_OPTIONS = {"code": "--code", "name": "--name", "province_code": "--province-code"}


@click.command("add-unit")
@click.option("--code", required=True, help="Mã đơn vị, không dấu.")
@click.option("--name", required=True, help="Tên đầy đủ.")
@click.option(
    "--level",
    required=True,
    type=click.Choice([level.value for level in UnionLevel]),
    help="Cấp của đơn vị.",
)
@click.option("--parent", help="Mã đơn vị cấp trên; bỏ trống cho đơn vị cao nhất.")
@click.option("--province-code", help="Mã biển số của tỉnh, ví dụ 85.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def add_unit(
    code: str,
    name: str,
    level: str,
    parent: str | None,
    province_code: str | None,
    as_json: bool,
) -> None:
    """Thêm một đơn vị vào cây đơn vị."""
    from portal.services import first_run, units

    draft = units.UnitDraft(code=code, name=name, province_code=province_code)
    with app_context(_OPTIONS):
        if parent is None:
            unit = first_run.found_by_command(draft, level=UnionLevel(level))
        else:
            actor = command_actor(parent, Action.UNIT_MANAGE)
            above = units.find_by_code(parent, by=actor)
            if above is None:
                raise NotFound
            unit = units.add_unit(
                draft, level=UnionLevel(level), parent_id=above.id, by=actor
            )
    if as_json:
        print_json({"id": unit.id, "code": unit.code, "path": unit.path})
    else:
        click.echo(f"Đã thêm {unit.name} (mã {unit.code}).")


COMMANDS: tuple[click.Command, ...] = (add_unit,)
