"""Drive the demo down the whole road: packages in, printed cards out."""

import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from card_designs import check_card, draw_pdf, draw_png, load_design
from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import Campaign
from portal.db.models.cards import PrintCardState
from portal.db.models.intake import RowState
from portal.db.queries import intake as intake_q
from portal.db.queries import prints as prints_q
from portal.db.queries.intake_rows import BAD
from portal.demo.cast import PACKAGES, Package, Union, build_union
from portal.demo.package import write_package
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import Move
from portal.services import (
    approvals,
    bank,
    campaigns,
    intake,
    prints,
    renewals,
    rosters,
    stores,
)
from portal.services.prints import PrintSettings
from portal.services.progress import Unwatched

SEED = 20170401

# How many pictures are laid beside the archive for a quick look.
_SAMPLES = 3

# The grassroots union whose list is left for the reader to send.
PRACTICE_UNIT = "85-BS-01"

Say = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """What the demo did, refused and made; plain values for ``--json``."""

    members: int
    units: int = 0
    imports: list[dict[str, Any]] = field(default_factory=list)
    submitted: int = 0
    approved: int = 0
    first_number: str = ""
    last_number: str = ""
    printed: int = 0
    sent_to_bank: int = 0
    linked_proofs: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    sign_in_links: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0


def drive(folder: Path, *, members: int, say: Say) -> Report:
    """Build the union in the current app and run its lists to files in ``folder``."""
    started = time.monotonic()
    report = Report(members=members)
    folder.mkdir(parents=True, exist_ok=True)
    say("Lập cây đơn vị và tài khoản cán bộ…")
    union = build_union()
    report.units = len(union.units) + 1
    campaign = campaigns.announce(
        name="Đợt đổi thẻ mẫu",
        card_kinds=list(CardKind),
        by=union.actor("TLD", Role.APPROVER),
    )
    for number, package in enumerate(PACKAGES):
        wanted = _share(members, number)
        if wanted:
            _take_in(union, package, wanted, folder, report, say, seed=SEED + number)
            _submit(union, package, campaign, report)
    _review(union, report, say)
    _approve(union, report, say)
    _print(union, folder, report, say)
    _to_bank(union, folder, report, say)
    _proof_linked(union, folder, report, say)
    _leave_practice(union, folder, report)
    report.sign_in_links = [asdict(one) for one in union.links]
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _share(members: int, number: int) -> int:
    shares = [round(members * package.share) for package in PACKAGES]
    shares[0] += members - sum(shares)
    return shares[number]


def _take_in(
    union: Union,
    package: Package,
    wanted: int,
    folder: Path,
    report: Report,
    say: Say,
    *,
    seed: int,
) -> None:
    unit = union.units[package.unit]
    by = union.actor(package.unit, Role.DATA_ENTRY)
    path = folder / f"goi-{package.unit}.zip"
    write_package(
        path, members=wanted, seed=seed, unit_name=unit.name, kind=package.kind
    )
    report.files.append(str(path))
    with path.open("rb") as stream:
        received = intake.receive(
            stream,
            file_name=path.name,
            unit_id=unit.id,
            by=by,
            in_background=False,
        )
    intake.evaluate(received.id, by=by, progress=Unwatched())
    shown = intake_q.get(received.id, scope=by.scope)
    begun = intake.begin_accept(
        received.id, version=shown.version, by=by, in_background=False
    )
    intake.accept(begun.id, by=by, progress=Unwatched())
    counts = intake_q.get(received.id, scope=by.scope).counts
    say(
        f"Nhập {path.name}: {counts['rows_in']} dòng = {counts['new']} mới"
        f" + {counts['changed']} thay đổi + {counts['same']} giống"
        f" + {counts['duplicate']} trùng + {counts['error']} lỗi."
    )
    report.imports.append(
        {
            "unit": package.unit,
            "file": path.name,
            "rows_in": counts["rows_in"],
            **{state.value: counts[state.value] for state in RowState},
            "photos": counts["photos"],
        }
    )
    refused = intake.refused_workbook(received.id, by=by)
    _lay(folder / f"dong-bi-tra-{package.unit}.xlsx", refused, report)
    for row in intake_q.rows(received.id, scope=by.scope, states=BAD):
        for problem in row.problems:
            report.refused.append(
                {
                    "step": "nhập danh sách",
                    "unit": package.unit,
                    "what": f"{path.name}, {row.sheet}, dòng {row.row_number}",
                    "reason": problem,
                }
            )


def _submit(union: Union, package: Package, campaign: Campaign, report: Report) -> None:
    by = union.actor(package.unit, Role.DATA_ENTRY)
    unit = union.units[package.unit]
    view = rosters.view(campaign.id, unit.id, by=by)
    for line in view.hindered:
        for problem in rosters.problems_of(line, campaign):
            report.refused.append(
                {
                    "step": "lập danh sách đề nghị",
                    "unit": package.unit,
                    "what": line.full_name,
                    "reason": str(problem),
                }
            )
    rosters.declare(campaign.id, unit.id, by=by)
    report.submitted += len(rosters.submit(campaign.id, unit.id, by=by).done)


def _review(union: Union, report: Report, say: Say) -> None:
    for code in ("85-AB", "85-BS"):
        by = union.actor(code, Role.APPROVER)
        _note(renewals.forward_clean(move=Move.FORWARD, by=by), "kiểm tra", by, report)
    for code in ("85", "NL"):
        by = union.actor(code, Role.APPROVER)
        moved = renewals.forward_clean(move=Move.REGISTER, by=by)
        _note(moved, "trình duyệt", by, report)
    say(f"Gửi lên, chuyển và trình {report.submitted} đề nghị qua bốn cấp.")


def _approve(union: Union, report: Report, say: Say) -> None:
    by = union.actor("TLD", Role.APPROVER)
    plan = approvals.plan(by=by)
    _note_all(plan.held, "phê duyệt", by, report)
    outcome = approvals.approve(plan.request_ids, by=by)
    report.approved = len(outcome.done)
    numbers = sorted(prints_q.numbers_in(scope=by.scope))
    if numbers:
        report.first_number, report.last_number = numbers[0], numbers[-1]
    say(
        f"Tổng Liên đoàn duyệt {report.approved} đề nghị,"
        f" cấp mã số {report.first_number} … {report.last_number}."
    )


def _print(union: Union, folder: Path, report: Report, say: Say) -> None:
    for code in ("85", "NL"):
        by = union.actor(code, Role.PRINTER)
        if not prints_q.printable(scope=by.scope, limit=1):
            continue
        batch = prints.create_batch(
            None, settings=PrintSettings(overprint=False), by=by
        )
        prints.render(batch.id, by=by, progress=Unwatched())
        drawn = prints_q.counts_of(batch.id)[PrintCardState.DRAWN]
        report.printed += drawn
        for card in prints_q.cards_of(batch.id, state=PrintCardState.REFUSED):
            report.refused.append(
                {
                    "step": "dựng thẻ",
                    "unit": code,
                    "what": card.card["full_name"],
                    "reason": card.reason,
                }
            )
        for file in prints_q.get_batch(batch.id, scope=by.scope).files:
            source = prints.open_file(batch.id, file.name, by=by)
            _lay(folder / file.name, source.read_bytes(), report)
            if file.name.endswith(".zip"):
                _lay_samples(source, folder, report)
        say(f"{union.units[code].name}: dựng {drawn} thẻ để in (PNG và PDF).")


def _leave_practice(union: Union, folder: Path, report: Report) -> None:
    """Leave one package that nobody has sent yet, to walk the road by hand."""
    unit = union.units[PRACTICE_UNIT]
    path = folder / f"goi-tap-lam-{PRACTICE_UNIT}.zip"
    write_package(path, members=12, seed=SEED - 1, unit_name=unit.name)
    report.files.append(str(path))


def _lay_samples(archive_path: Path, folder: Path, report: Report) -> None:
    with zipfile.ZipFile(archive_path) as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".png")]
        for name in pictures[: 2 * _SAMPLES]:
            _lay(folder / "anh-xem-thu" / name, archive.read(name), report)


def _proof_linked(union: Union, folder: Path, report: Report, say: Say) -> None:
    """Draw the linked cards as proofs: the bank prints the cards themselves."""
    design = load_design("vietinbank_linked")
    cards = list(prints.linked_proofs(by=union.actor("85", Role.PRINTER)))
    proofs = folder / "the-lien-ket-ban-thu"
    drawn = []
    for card in cards:
        faults = [one for one in check_card(design, card) if one.level == "error"]
        if faults:
            report.refused += [
                {
                    "step": "bản thử thẻ liên kết",
                    "unit": "85",
                    "what": card.full_name,
                    "reason": fault.message,
                }
                for fault in faults
            ]
            continue
        drawn.append(card)
        for side in ("front", "back"):
            name = f"{card.member_number}_{side}.png"
            _lay(proofs / name, draw_png(design, side, card), report)
    path = folder / "the-lien-ket-ban-thu.pdf"
    draw_pdf(design, drawn, path, sides=("front", "back"), profile="cr80")
    report.files.append(str(path))
    report.linked_proofs = len(drawn)
    say(f"Dựng {len(drawn)} bản thử thẻ liên kết (ngân hàng in thẻ thật).")


def _to_bank(union: Union, folder: Path, report: Report, say: Say) -> None:
    by = union.actor("85", Role.APPROVER)
    export = bank.export(by=by, consent_confirmed=True)
    report.sent_to_bank = export.rows
    _lay(folder / export.file_name, stores.exports().read(export.content_hash), report)
    say(f"Xuất danh sách {export.rows} thẻ liên kết cho ngân hàng.")


def _lay(path: Path, data: bytes, report: Report) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    report.files.append(str(path))


def _note(outcome: Any, step: str, by: Actor, report: Report) -> None:
    _note_all(outcome.refused, step, by, report)


def _note_all(refusals: Any, step: str, by: Actor, report: Report) -> None:
    for refusal in refusals:
        report.refused.append(
            {
                "step": step,
                "unit": by.unit_name,
                "what": refusal.full_name,
                "reason": refusal.reason,
            }
        )
