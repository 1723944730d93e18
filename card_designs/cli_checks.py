"""The commands check, gate and fonts: what is wrong, for people and as JSON."""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from card_designs.card_data import clean_text
from card_designs.design import (
    BUILT_IN,
    SETTINGS_FILE,
    SIDES,
    design_folder,
    folder_files,
    load_design,
)
from card_designs.design_checks import check_design
from card_designs.design_import import import_svg
from card_designs.findings import Finding, Level, error
from card_designs.fonts import BOLD, FAMILY, REGULAR, VIETNAMESE, font_path, metrics
from card_designs.gate import prove_card
from card_designs.profiles import DPI_CHOICES, NATIVE_DPI, PROFILES
from card_designs.roster import RosterBroken, Row, read_roster
from card_designs.sandbox import Sandbox, guard_files

if TYPE_CHECKING:
    from card_designs.design import Design

ALL_WELL, SOME_WRONG = 0, 3

_SIGNS = {Level.ERROR: "LỖI", Level.WARNING: "Cảnh báo"}


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding, and which row it is about."""

    finding: Finding
    row: int
    number: str


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the three commands; each gives 0 all well, 3 something wrong."""
    check = commands.add_parser(
        "check",
        help="kiểm tra một mẫu thẻ, hoặc một tệp SVG sắp nhập",
        epilog="Mẫu từ ngoài chỉ được đọc và vẽ trong tiến trình con có giới hạn.",
    )
    check.set_defaults(run=_check)
    check.add_argument(
        "design", metavar="MẪU", help="tên mẫu, thư mục mẫu, hoặc tệp .svg"
    )
    check.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    _add_gate(commands)
    fonts = commands.add_parser("fonts", help="liệt kê phông chữ và chữ vẽ được")
    fonts.set_defaults(run=_fonts)
    fonts.add_argument("--text", default="", help="thử xem phông có đủ chữ này không")


def _add_gate(commands: "argparse._SubParsersAction[Any]") -> None:
    gate = commands.add_parser(
        "gate",
        help="kiểm tra từng thẻ trước khi in: vẽ thử, đọc lại mã",
        epilog="Mã thoát: 0 không có lỗi, 3 có thẻ lỗi, 2 dùng sai lệnh.",
    )
    gate.set_defaults(run=_gate)
    gate.add_argument("--design", required=True, help="tên mẫu hoặc thư mục mẫu")
    gate.add_argument("--data", required=True, type=Path, help="tệp CSV, mã UTF-8")
    gate.add_argument("--photos", required=True, type=Path, help="thư mục ảnh")
    gate.add_argument("--dpi", type=int, choices=DPI_CHOICES, default=NATIVE_DPI)
    gate.add_argument("--profile", choices=tuple(PROFILES), default="cr80")
    gate.add_argument("--overprint", action="store_true", help="in lên phôi có sẵn")
    gate.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def _check(options: argparse.Namespace) -> int:
    found = _design_findings(options.design)
    if options.json:
        _print_json(_as_dict(each) for each in found)
    else:
        for each in found:
            print(_line(each))
        print(_summary(found, "Mẫu thẻ"))
    return _exit_code(found)


def _design_findings(name: str) -> list[Finding]:
    """Check what we ship here, and whatever else in a child with limits."""
    if name in BUILT_IN:
        return check_design(load_design(name))
    path, found = Path(name), list[Finding]()
    if path.suffix.lower() == ".svg" and path.is_file():
        imported = import_svg(path.read_bytes(), file=path.name)
        found = imported.findings
        if not imported.svg:
            return found
        files = {SETTINGS_FILE: b"", "front.svg": imported.svg}
    else:
        files = folder_files(design_folder(name))
        if refused := guard_files(files):
            return refused
    sandbox = Sandbox()
    try:
        return [*found, *sandbox.inspect(files).findings]
    finally:
        sandbox.close()


def _gate(options: argparse.Namespace) -> int:
    design = load_design(options.design)
    rows = read_roster(options.data, options.photos)
    found = []
    for each in _judged(design, rows, options):
        found.append(each.finding)
        if not options.json:
            print(f"Dòng {each.row}, {each.number or 'chưa có mã số'}: ", end="")
            print(_line(each.finding))
            continue
        told = {"row": each.row, "member_number": each.number}
        # A line each, so that a run of any length can be read as it goes.
        print("[" if len(found) == 1 else ",", end="")
        print(json.dumps(told | _as_dict(each.finding), ensure_ascii=False))
    if options.json:
        print("]" if found else "[]")
    else:
        print(_summary(found, "Danh sách thẻ"))
    return _exit_code(found)


def _judged(
    design: "Design", rows: Iterable[Row], options: argparse.Namespace
) -> Iterator[_Told]:
    seen: dict[str, int] = {}
    row = None
    for row in rows:
        number = row.card.member_number
        found = list(row.findings)
        if number and number in seen:
            message = f"Mã số {number} đã có ở dòng {seen[number]}."
            found.append(error("number-doubled", "Mã số đoàn viên", message))
        seen.setdefault(number, row.number)
        told = {each.code for each in found}
        found += [
            each
            for each in prove_card(
                design,
                row.card,
                sides=SIDES,
                profile=options.profile,
                dpi=options.dpi,
                overprint=options.overprint,
            )
            if each.code not in told
        ]
        for each in found:
            yield _Told(each, row.number, number)
    if row is None:
        raise RosterBroken(f"Tệp “{options.data.name}” không có dòng dữ liệu nào.")


def _fonts(options: argparse.Namespace) -> int:
    wanted, lacking = clean_text(options.text), False
    for bold, weight in ((False, REGULAR), (True, BOLD)):
        font = metrics(bold=bold)
        whole = "đủ chữ tiếng Việt" if not font.missing(VIETNAMESE) else "thiếu chữ"
        name = font_path(bold=bold).name
        print(f"{FAMILY}\t{weight}\t{name}\t{len(font.advances)} ký tự\t{whole}")
        for letter in font.missing(wanted):
            lacking = True
            print(f"{FAMILY}\t{weight}\tkhông có “{letter}” (U+{ord(letter):04X})")
    return SOME_WRONG if lacking else ALL_WELL


def _as_dict(finding: Finding) -> dict[str, str]:
    return {
        "level": finding.level.value,
        "code": finding.code,
        "where": finding.where,
        "message": finding.message,
    }


def _print_json(found: Iterable[dict[str, str]]) -> None:
    print(json.dumps(list(found), ensure_ascii=False, indent=2))


def _line(finding: Finding) -> str:
    return f"{_SIGNS[finding.level]} ({finding.where}): {finding.message}"


def _summary(found: list[Finding], what: str) -> str:
    wrong = sum(each.level is Level.ERROR for each in found)
    if not found:
        return f"{what} không có lỗi."
    return f"{what}: {wrong} lỗi, {len(found) - wrong} cảnh báo."


def _exit_code(found: list[Finding]) -> int:
    return SOME_WRONG if any(e.level is Level.ERROR for e in found) else ALL_WELL
