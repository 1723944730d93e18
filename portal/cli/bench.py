"""Commands: bench, which measures pages and imports on synthetic data."""

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import click

LIMIT_MS = 150
_RUNS = 21


@click.group()
def bench() -> None:
    """Đo tốc độ trên dữ liệu tổng hợp, không đụng dữ liệu thật."""


@bench.command("list")
@click.option("--members", default=200_000, show_default=True, help="Số đoàn viên.")
@click.option("--runs", default=_RUNS, show_default=True, help="Số lần đo mỗi trang.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def list_pages(*, members: int, runs: int, as_json: bool) -> None:
    """Đo danh sách, tìm kiếm, hồ sơ và cây đơn vị khi có nhiều đoàn viên."""
    if members < 1000 or runs < 1:
        raise click.UsageError("Cần ít nhất 1000 đoàn viên và một lần đo.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        figures = measure(Path(folder), members=members, runs=runs)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{figures['members']} đoàn viên, {figures['units']} đơn vị,"
        f" dựng trong {figures['built_s']} giây. Mức cần đạt: {LIMIT_MS} ms."
    )
    click.echo(f"{'Trang':42}{'trung vị':>10}{'p95':>10}")
    for page in figures["pages"]:
        met = "đạt" if page["median_ms"] <= LIMIT_MS else f"CHẬM hơn {LIMIT_MS} ms"
        click.echo(
            f"{page['label']:42}{page['median_ms']:>10}{page['p95_ms']:>10}  {met}"
        )


@bench.command("import")
@click.option("--rows", default=10_000, show_default=True, help="Số dòng danh sách.")
@click.option("--photos", default=1_000, show_default=True, help="Số dòng có ảnh.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def imports(*, rows: int, photos: int, as_json: bool) -> None:
    """Đo đọc và nhận danh sách, có ảnh và không ảnh, cạnh calamine đọc trơ cùng tệp."""
    if not 10 <= rows <= 20_000 or not 0 <= photos <= 20_000:
        raise click.UsageError("Số dòng từ 10 đến 20000; số ảnh từ 0 đến 20000.")
    from portal.cli.bench_import import TARGETS, measure_import

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        figures = measure_import(Path(folder), rows=rows, photos=photos)
    if as_json:
        click.echo(json.dumps({**figures, "targets": TARGETS}, indent=2))
        return
    click.echo(f"{rows} dòng; {photos} dòng có ảnh. Mỗi bước một tiến trình riêng.")
    click.echo(
        f"{'Bước':34}{'dòng/s':>9}{'cần':>7}{'/s CPU':>9}{'RAM MB':>8}{'trang':>9}"
    )
    for name, label in _IMPORT_STEPS.items():
        if name in figures:
            cost = figures[name]
            page = cost["page_median_ms"]
            click.echo(
                f"{label:34}{cost['rows_per_s']:>9}{TARGETS.get(name, ''):>7}"
                f"{cost['rows_per_cpu_s']:>9}{cost['peak_mb']:>8}"
                f"{f'{page} ms' if page else '':>9}"
            )


_IMPORT_STEPS = {
    "calamine": "calamine đọc trơ",
    "evaluate": "đọc và đối chiếu, không ảnh",
    "evaluate_tenth": "như trên, một phần mười số dòng",
    "evaluate_again": "đọc lại tệp đã nhận",
    "accept": "nhận vào sổ",
    "evaluate_with_photos": "đọc và đối chiếu, có ảnh",
}


def measure(folder: Path, *, members: int, runs: int) -> dict[str, Any]:
    """Build the database in ``folder`` and time its pages, in milliseconds."""
    from portal.cli.crowd import build_crowd
    from portal.factory import create_app

    app = create_app(
        {
            "PORTAL_INSTANCE": str(folder),
            "DATABASE_URL": "",
            "PORTAL_PLAIN_HTTP": True,
            "RATELIMIT_ENABLED": False,
        }
    )
    with app.app_context():
        began = time.perf_counter()
        crowd = build_crowd(members)
        built_s = round(time.perf_counter() - began, 1)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = crowd.token
        session["_fresh"] = True
    pages = [
        {"name": name, "label": label, **_timed(client, address, runs=runs)}
        for name, label, address in crowd.addresses()
    ]
    return {
        "members": members,
        "units": crowd.units,
        "built_s": built_s,
        "limit_ms": LIMIT_MS,
        "within_limit": all(page["median_ms"] <= LIMIT_MS for page in pages),
        "pages": pages,
    }


def _timed(client: Any, address: str, *, runs: int) -> dict[str, Any]:
    took: list[float] = []
    for run in range(runs + 2):
        began = time.perf_counter()
        answer = client.get(address)
        spent = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise click.ClickException(f"{address}: {answer.status_code}")
        if run >= 2:  # the first two compile templates and fill caches
            took.append(spent)
    took.sort()
    return {
        "median_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[min(len(took) - 1, int(len(took) * 0.95))], 1),
        "bytes": len(answer.data),
    }


COMMANDS: tuple[click.Command, ...] = (bench,)
