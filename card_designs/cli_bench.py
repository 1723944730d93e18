"""The command bench: the report of ``bench`` as a table or as JSON."""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from card_designs.profiles import DPI_CHOICES, NATIVE_DPI

if TYPE_CHECKING:
    from card_designs.bench import Line

_SAMPLE = 5


def add_command(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command; gives 0, or 3 where ``--check`` finds anything wrong."""
    bench = commands.add_parser("bench", help="đo tốc độ vẽ so với cách thông thường")
    bench.set_defaults(run=_bench)
    bench.add_argument("--cards", type=int, default=1000, help="số thẻ của một lần in")
    bench.add_argument("--workers", type=int, default=2, help="số tiến trình cùng vẽ")
    bench.add_argument("--dpi", type=int, choices=DPI_CHOICES, default=NATIVE_DPI)
    bench.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    bench.add_argument(
        "--check", action="store_true", help="soát lại hình của vài thẻ vừa đo"
    )
    bench.add_argument(
        "--peers", action="store_true", help="đo cả các chương trình khác có trên máy"
    )


def _bench(options: argparse.Namespace) -> int:
    # Here, not above: other commands need none of it.
    from card_designs.bench import DESIGN, run_bench
    from card_designs.bench_check import check_bench

    with TemporaryDirectory(prefix="card-bench-") as name:
        folder = Path(name)
        lines = run_bench(
            folder,
            cards=max(options.cards, 4),
            workers=options.workers,
            dpi=options.dpi,
            peers=options.peers,
        )
        wrong = []
        if options.check:
            wrong = check_bench(folder, design=DESIGN, dpi=options.dpi, cards=_SAMPLE)
    if options.json:
        report = {"lines": [line.as_json() for line in lines], "wrong": wrong}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print_table(lines)
        if options.check:
            print("\n".join(wrong) or f"Đã soát {_SAMPLE} thẻ: đúng từng điểm ảnh.")
    return 3 if wrong else 0


def _print_table(lines: "list[Line]") -> None:
    print(
        f"{'Việc':<54}{'ms/thẻ':>9}{'ít nhất':>9}{'kia':>9}{'tỉ số':>8}"
        f"{'MB':>6}{'KB/thẻ':>8}  Cần"
    )
    for line in lines:
        size = line.bytes_per_card
        print(
            f"{line.name:<54}{_shown(line.ms_per_card, 2):>9}"
            f"{_shown(line.least_ms, 2):>9}{_shown(line.naive_ms_per_card, 0):>9}"
            f"{_shown(line.ratio, 2):>8}{_shown(line.peak_mb, 0):>6}"
            f"{_shown(size / 1000 if size else None, 0):>8}  {line.wanted}"
            f"{'  ' if line.wanted else ''}{line.note}"
        )


def _shown(value: float | None, digits: int) -> str:
    return f"{value:.{digits}f}" if value else ""
