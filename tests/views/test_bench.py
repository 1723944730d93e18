"""The bench command: every page answers and every figure is printed."""

import json

import pytest
from click.testing import CliRunner

from portal.cli import bench
from portal.cli.bench import COMMANDS


def test_the_bench_prints_median_and_p95_of_every_page() -> None:
    arguments = ["list", "--members", "1000", "--runs", "1", "--json"]
    result = CliRunner().invoke(COMMANDS[0], arguments)
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    measured = {page["name"] for page in figures["pages"]}
    assert {
        "first_page",
        "page_500",
        "search_common_surname",
        "search_rare_name",
        "member",
        "unit_tree",
    } <= measured
    assert all(page["median_ms"] <= page["p95_ms"] for page in figures["pages"])


def test_too_small_a_bench_is_wrong_use() -> None:
    result = CliRunner().invoke(COMMANDS[0], ["list", "--members", "10"])
    assert result.exit_code == 2


def test_each_figure_says_whether_the_goal_was_met(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = [
        {"label": "Trang đầu", "median_ms": 149.9, "p95_ms": 300.0},
        {"label": "Tìm kiếm", "median_ms": 150.1, "p95_ms": 151.0},
    ]
    figures = {"members": 1000, "units": 3, "built_s": 1.0, "pages": pages}
    monkeypatch.setattr(bench, "measure", lambda *_args, **_more: figures)
    result = CliRunner().invoke(COMMANDS[0], ["list", "--members", "1000"])
    lines = result.output.splitlines()
    assert lines[-2].endswith("  đạt")
    assert lines[-1].endswith("  CHẬM hơn 150 ms")


def test_the_bench_of_imports_prints_every_step_beside_its_target() -> None:
    arguments = ["import", "--rows", "20", "--photos", "2", "--json"]
    result = CliRunner().invoke(COMMANDS[0], arguments)
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    steps = set(figures) - {"rows", "photos", "targets"}
    assert steps == {
        "calamine",
        "evaluate",
        "evaluate_tenth",
        "evaluate_again",
        "accept",
        "evaluate_with_photos",
    }
    for step in steps:
        assert figures[step]["wall_s"] > 0
        assert figures[step]["rows_per_cpu_s"] > 0
        assert figures[step]["peak_mb"] > 0
    assert figures["targets"]["evaluate"] == 4000
