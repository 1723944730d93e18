"""The command ``python -m card_designs``: draw cards, list fields."""

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from card_designs import cli_bench, cli_checks
from card_designs.command_line import CommandLine
from card_designs.design import SIDES, load_design
from card_designs.fields import CARD_FIELDS
from card_designs.findings import DesignBroken
from card_designs.panels import PANELS
from card_designs.profiles import DPI_CHOICES, NATIVE_DPI, PROFILES
from card_designs.roster import COLUMNS, RosterBroken, Row, read_roster

if TYPE_CHECKING:
    from card_designs.sheets import Sheet

ALL_DRAWN, WRONG_USE, SOME_REFUSED, INTERRUPTED, CUT_OFF = 0, 2, 3, 130, 141
MOST_WORKERS = 64


def main(arguments: list[str] | None = None) -> int:
    """Run one command; gives 0 all well, 3 some refused, 2 wrong use, 130 Ctrl-C.

    141 says that the reader of what it prints has gone.
    """
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except (DesignBroken, RosterBroken) as problem:
        print(f"Lỗi: {problem}", file=sys.stderr)
    except BrokenPipeError:
        # Whoever read (head, less) has seen enough; Python flushes again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_OFF
    except OSError as problem:
        print(f"Lỗi: không ghi được kết quả: {problem}", file=sys.stderr)
    except KeyboardInterrupt:
        message = "Đã dừng. Thẻ vẽ xong vẫn còn; thêm --resume vào lệnh để vẽ tiếp."
        print(message, file=sys.stderr)
        return INTERRUPTED
    return WRONG_USE


def _parser() -> CommandLine:
    parser = CommandLine(
        prog="python -m card_designs", description="Vẽ thẻ đoàn viên sẵn sàng để in."
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")
    render = commands.add_parser(
        "render",
        help="vẽ thẻ từ một tệp CSV và thư mục ảnh",
        epilog=f"Các cột của tệp CSV: {', '.join(COLUMNS)}."
        " Mã thoát: 0 vẽ hết, 3 có thẻ bị từ chối (refused.csv), 2 dùng sai lệnh,"
        " 130 bị dừng bằng Ctrl-C.",
    )
    render.set_defaults(run=_render)
    render.add_argument("--design", required=True, help="tên mẫu hoặc thư mục mẫu")
    render.add_argument("--data", required=True, type=Path, help="tệp CSV, mã UTF-8")
    render.add_argument("--photos", required=True, type=Path, help="thư mục ảnh")
    render.add_argument("--out", required=True, type=Path, help="thư mục kết quả")
    render.add_argument("--dpi", type=int, choices=DPI_CHOICES, default=NATIVE_DPI)
    render.add_argument("--profile", choices=tuple(PROFILES), default="cr80")
    render.add_argument("--format", choices=("png", "pdf", "both"), default="png")
    render.add_argument("--sides", type=_sides, default=SIDES, help="front,back")
    render.add_argument(
        "--overprint", action="store_true", help="bỏ hình nền, in lên phôi có sẵn"
    )
    render.add_argument(
        "--workers", type=_count, default=_processors(), help="số tiến trình cùng vẽ"
    )
    render.add_argument(
        "--resume", action="store_true", help="vẽ tiếp lần trước bị dừng giữa chừng"
    )
    render.add_argument(
        "--sheet", choices=("a4",), help="xếp nhiều thẻ lên một tờ PDF để in văn phòng"
    )
    render.add_argument(
        "--panel",
        type=_panels,
        default=(),
        metavar="merged,colour,k",
        help="tách mực của máy in thẻ: ảnh ghép, ảnh màu, ảnh 1 bit mực đen K",
    )
    render.add_argument(
        "--prove",
        action="store_true",
        help="xét cả ảnh và vị trí, đọc lại mã trên từng hình trước khi ghi",
    )
    render.add_argument(
        "--accept-warnings",
        action="store_true",
        help="cùng --prove: vẫn vẽ thẻ chỉ có cảnh báo",
    )
    fields = commands.add_parser("fields", help="liệt kê các trường của thẻ")
    fields.set_defaults(run=_fields)
    cli_checks.add_commands(commands)
    cli_bench.add_command(commands)
    return parser


def _sides(text: str) -> tuple[str, ...]:
    sides = tuple(text.split(","))
    if len(set(sides)) != len(sides) or not set(sides) <= set(SIDES):
        raise argparse.ArgumentTypeError("chọn front, back hoặc front,back")
    return sides


def _panels(text: str) -> tuple[str, ...]:
    panels = tuple(text.split(","))
    if len(set(panels)) != len(panels) or not set(panels) <= set(PANELS):
        raise argparse.ArgumentTypeError(f"chọn trong: {', '.join(PANELS)}")
    return panels


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"số từ 1 đến {MOST_WORKERS}")
    return int(text)


def _processors() -> int:
    return min(os.cpu_count() or 1, MOST_WORKERS)


def _render(options: argparse.Namespace) -> int:
    # Here, not above: listing fields needs no cairo.
    from card_designs.output import Order, print_run

    design = load_design(options.design)
    absent = [side for side in options.sides if side not in design.sides]
    if options.sheet and options.format == "png":
        raise DesignBroken("--sheet chỉ dùng với --format pdf hoặc both.")
    if options.panel and options.format == "pdf":
        raise DesignBroken("--panel chỉ dùng với --format png hoặc both.")
    if absent and options.sides != SIDES:
        raise DesignBroken(f"Mẫu thẻ không có mặt: {', '.join(absent)}.")
    order = Order(
        sides=options.sides,
        dpi=options.dpi,
        profile=options.profile,
        overprint=options.overprint,
        png=options.format in ("png", "both"),
        pdf=options.format in ("pdf", "both"),
        sheet=_sheet(options.sheet),
        panels=options.panel,
        prove=options.prove,
        accept_warnings=options.accept_warnings,
    )
    roster = read_roster(options.data, options.photos, with_photos=False)
    account = print_run(
        design,
        _at_least_one(roster, options.data),
        options.out,
        order,
        workers=options.workers,
        resume=options.resume,
    )
    print(f"Đã vẽ {account.drawn} thẻ, từ chối {len(account.refused)}: {options.out}")
    for number, reason in account.refused:
        print(f"Dòng {number}: {reason}", file=sys.stderr)
    return SOME_REFUSED if account.refused else ALL_DRAWN


def _sheet(name: str | None) -> "Sheet | None":
    if name is None:
        return None
    from card_designs.sheets import SHEETS

    return SHEETS[name]


def _at_least_one(rows: Iterator[Row], data: Path) -> Iterator[Row]:
    """Look at the first row at once, so that wrong use leaves no folder behind."""
    first = next(rows, None)
    if first is None:
        raise RosterBroken(f"Tệp “{data.name}” không có dòng dữ liệu nào.")
    return chain((first,), rows)


def _fields(options: argparse.Namespace) -> int:
    for field in CARD_FIELDS.values():
        print(f"{field.name}\t{field.label}\t{field.kind}\t{field.sample}")
    return ALL_DRAWN


if __name__ == "__main__":
    sys.exit(main())
