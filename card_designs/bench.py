"""Measure this library against the naive way and its peers, in one run on one machine.

Every way has a warm process of its own; rounds of all ways are shuffled, so that a busy
minute strikes all alike. A card is both sides of the linked design. Times are CPU time.
"""

import csv
import os
import random
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from card_designs.bench_data import PREPARED, make_cards, photo_file, write_photos
from card_designs.bench_peers import Peer, measure_peers
from card_designs.bench_ways import Measured, PdfWay, Way
from card_designs.card_data import CardData
from card_designs.design import SIDES
from card_designs.parallel import Crew, Lost

DESIGN = "vietinbank_linked"
_STEPS = ("checks", "letters", "photo", "codes")
"""Steps of a card that can be taken alone; what is left is putting it together."""

_QUICK, _SLOW = 12, 1
"""Cards of a round: of the ways that take milliseconds, and of the others."""

_WARM = 240
"""Cards to begin with, of a thousand: a long run is in full swing by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the report; ``wanted`` is what the row must reach, in words."""

    name: str
    ms_per_card: float
    least_ms: float = 0.0
    naive_ms_per_card: float | None = None
    ratio: float | None = None
    peak_mb: float | None = None
    bytes_per_card: float | None = None
    wanted: str = ""
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if value != ""}


def run_bench(
    folder: Path, *, cards: int, workers: int, dpi: int, peers: bool
) -> list[Line]:
    """Measure all ways; a few minutes for a thousand cards on two cores.

    ``folder`` is empty, holds all that is made, and is the caller's to remove.
    """
    write_photos(folder)
    rounds, warm = max(min(cards // 100, 10), 1), min(cards // 4, _WARM)
    found = _rounds(_ways(folder, dpi, peers=peers), rounds, warm)
    found["pdf"] = _measure_pdf(folder, cards)
    lines = _picture_lines(found, dpi)
    lines += _pdf_lines(folder, cards, found)
    lines += _command_lines(folder, cards, workers, dpi)
    if peers:
        lines += _peer_lines(folder, found, dpi)
    return lines


def _ways(folder: Path, dpi: int, *, peers: bool) -> dict[str, Way]:
    def way(
        how: str,
        photo: str,
        at: int = dpi,
        *,
        plain: bool = False,
        sides: tuple[str, ...] = SIDES,
    ) -> Way:
        return Way(how, photo, at, folder, DESIGN, plain=plain, sides=sides)

    prepared = f"print{dpi}"
    ways = {
        "fast phone": way("fast", "phone"),
        "fast prepared": way("fast", prepared),
        "fast big": way("fast", "big"),
        "plain phone": way("fast", "phone", plain=True),
        "plain prepared": way("fast", prepared, plain=True),
        "floor phone": way("floor", "phone"),
        "floor prepared": way("floor", prepared),
        "draw": way("draw", prepared),
        "draw and gate": way("draw_and_gate", prepared),
        "preview": way("preview", prepared),
        "naive phone": way("naive", "phone"),
        "naive prepared": way("naive", prepared),
        "naive big": way("naive", "big"),
        "fast front, phone": way("fast", "phone", sides=SIDES[:1]),
        "fast front, prepared": way("fast", prepared, sides=SIDES[:1]),
        "floor front, prepared": way("floor", prepared, sides=SIDES[:1]),
        "naive front": way("naive", "phone", sides=SIDES[:1]),
        "naive pdf": way("naive_pdf", "phone"),
    }
    ways |= {f"step {step}": way(step, prepared) for step in _STEPS}
    if dpi != 600:
        ways["fast 600"] = way("fast", "print600", 600)
        ways["naive 600"] = way("naive", "phone", 600)
    if peers and find_spec("resvg_py"):
        ways["resvg"] = way("resvg", "phone")
    return ways


def _rounds(ways: dict[str, Way], rounds: int, warm: int) -> dict[str, Measured]:
    """Run all ways round after round, each in its own process, in shuffled order."""
    order, chance = list(ways), random.Random(1)  # noqa: S311 - no secret
    found: dict[str, list[Measured]] = {name: [] for name in ways}
    with ExitStack() as stack:
        crews = {
            name: stack.enter_context(Crew(way, workers=1))
            for name, way in ways.items()
        }
        for number in range(rounds + 1):
            chance.shuffle(order)
            for name in order:
                slow = name.startswith(("naive", "resvg"))
                count = _SLOW if slow else _QUICK
                first = number * count + warm
                batch = range(first, first + count)
                if not number:
                    batch = range(min(count, warm // 10) if slow else warm)
                for result in crews[name].results([batch]):
                    if isinstance(result, Lost):
                        raise RuntimeError(f"{name}: the process died")
                    # The first round wakes fonts and draws the art.
                    if number:
                        found[name].append(result)
    return {name: _together(results) for name, results in found.items()}


def _together(results: list[Measured]) -> Measured:
    return Measured(
        tuple(second for each in results for second in each.seconds),
        sum(each.size for each in results),
        max(each.peak_mb for each in results),
    )


def _picture_lines(found: dict[str, Measured], dpi: int) -> list[Line]:
    naive = {kind: _ms(found[f"naive {kind}"]) for kind in ("phone", "big", "prepared")}
    prepared = found["fast prepared"]
    lines = [
        _line(f"png {dpi}, phone photos", found["fast phone"], naive["phone"], "≥ 35×"),
        _line(f"png {dpi}, print-size photos", prepared, naive["phone"], "≥ 70×"),
        _line(
            f"png {dpi}, print-size photos, naive given the same",
            prepared,
            naive["prepared"],
        ),
        _line(f"png {dpi}, 1 MB photos", found["fast big"], naive["big"], "≥ 45×"),
        _line(f"png {dpi}, 1 MB photos prepared", prepared, naive["big"], "≥ 130×"),
        _line(
            f"png {dpi}, phone photos, stdlib zlib",
            found["plain phone"],
            naive["phone"],
            "≥ 16×",
        ),
        _line(
            f"png {dpi}, print-size photos, stdlib zlib",
            found["plain prepared"],
            naive["phone"],
            "≥ 24×",
        ),
    ]
    front = _ms(found["naive front"])
    lines += [
        _line(f"png {dpi}, front alone, {kind} photos", one, front, wanted)
        for kind, one, wanted in (
            ("phone", found["fast front, phone"], "≥ 35×"),
            ("print-size", found["fast front, prepared"], "≥ 70×"),
        )
    ]
    if "fast 600" in found:
        slow = _ms(found["naive 600"])
        lines.append(
            _line("png 600, print-size photos", found["fast 600"], slow, "≥ 33×")
        )
    lines += [
        _share("share of the floor, phone photos", found, " phone"),
        _share("share of the floor, prepared photos", found, " prepared"),
        _share("share of the floor, front alone", found, " front, prepared"),
    ]
    lines += _step_lines(found)
    gate = _ms(found["draw and gate"]) - _ms(found["draw"])
    lines.append(
        Line(name="gate with read-back", ms_per_card=gate, wanted="≤ 12 ms a card")
    )
    lines.append(_line("warm preview of a side", found["preview"], None, "≤ 20 ms"))
    return lines


def _line(name: str, one: Measured, naive: float | None, wanted: str = "") -> Line:
    ms = _ms(one)
    return Line(
        name=name,
        ms_per_card=ms,
        least_ms=min(one.seconds) * 1000,
        naive_ms_per_card=naive,
        ratio=naive / ms if naive else None,
        peak_mb=one.peak_mb,
        bytes_per_card=one.size / len(one.seconds),
        wanted=wanted,
    )


def _share(name: str, found: dict[str, Measured], kind: str) -> Line:
    floor, ms = _ms(found[f"floor{kind}"]), _ms(found[f"fast{kind}"])
    return Line(
        name=name,
        ms_per_card=ms,
        ratio=floor / ms,
        wanted="≥ 0,80",
        note=f"floor {floor:.2f} ms",
    )


def _step_lines(found: dict[str, Measured]) -> list[Line]:
    """Share a card's time out among its steps: prepared photos, both sides."""
    whole = _ms(found["fast prepared"])
    steps = {step: _ms(found[f"step {step}"]) for step in _STEPS}
    steps["paste, filter, deflate"] = max(whole - sum(steps.values()), 0.0)
    return [
        Line(name=f"step: {step}", ms_per_card=ms, ratio=ms / whole, note="of a card")
        for step, ms in steps.items()
    ]


def _ms(one: Measured) -> float:
    return median(one.seconds) * 1000


def _measure_pdf(folder: Path, cards: int) -> Measured:
    """Write the same PDF three times in one process, after a small one."""
    with Crew(PdfWay(folder, DESIGN), workers=1) as crew:
        results = list(crew.results([2, cards, cards, cards]))
    done = [each for each in results[1:] if not isinstance(each, Lost)]
    return Measured(
        tuple(second for each in done for second in each.seconds),
        sum(each.size for each in done) // cards,
        max(each.peak_mb for each in done),
    )


def _pdf_lines(folder: Path, cards: int, found: dict[str, Measured]) -> list[Line]:
    book, naive = found["pdf"], found["naive pdf"]
    line = _line(f"pdf of {cards} cards", book, _ms(naive), "≥ 300×")
    size = book.size / len(book.seconds)
    beyond = size - PdfWay(folder, DESIGN).photo_bytes(cards) / cards
    return [
        _without_bytes(line),
        Line(
            name="pdf size",
            ms_per_card=line.ms_per_card,
            ratio=naive.size / len(naive.seconds) / size,
            bytes_per_card=size,
            wanted="≥ 10× nhỏ hơn; ≤ 4 KB mỗi thẻ + 500 KB ngoài ảnh",
            note=f"{beyond / 1000:.2f} KB a card beyond the photos, all included",
        ),
    ]


def _without_bytes(line: Line) -> Line:
    return Line(**{**asdict(line), "bytes_per_card": None})


def _command_lines(folder: Path, cards: int, workers: int, dpi: int) -> list[Line]:
    """Run the whole command: files written, first card, memory."""
    few = max(cards // 10, 4)
    alone, together = [], []
    for _ in range(3 if cards >= 100 else 1):
        alone.append(_command(folder, few * 3, 1, dpi)[0])
        together.append(_command(folder, few * 3, workers, dpi)[0])
    gain = median(alone) / median(together)
    cache = folder / "cache"
    cold, _, cold_cpu = _command(folder, 1, 1, dpi, cache=cache)
    again, _, again_cpu = _command(folder, 1, 1, dpi, cache=cache)
    small, large = (_command(folder, count, 1, dpi)[1] for count in (few, cards))
    whole, _, whole_cpu = _command(folder, cards, workers, dpi)
    return [
        Line(
            name=f"{workers} processes against one, files written (wall)",
            ms_per_card=median(together) / few / 3 * 1000,
            ratio=gain,
            wanted="≥ 1,8×",
        ),
        Line(
            name=f"whole command, {cards} cards (wall)",
            ms_per_card=whole / cards * 1000,
            note=f"{cards / whole:.0f} cards a second;"
            f" CPU {whole_cpu / cards * 1000:.2f} ms a card, all processes",
        ),
        Line(
            name="first card, cold (wall)",
            ms_per_card=cold * 1000,
            wanted="≤ 800 ms",
            note=f"CPU {cold_cpu * 1000:.0f} ms",
        ),
        Line(
            name="first card, art kept (wall)",
            ms_per_card=again * 1000,
            wanted="≤ 500 ms",
            note=f"CPU {again_cpu * 1000:.0f} ms",
        ),
        Line(
            name=f"memory for {cards} cards against {few}",
            ms_per_card=0.0,
            ratio=large / small,
            peak_mb=large,
            wanted="≤ 110 MB, the same for both",
            note=f"{small:.0f} MB for {few}",
        ),
    ]


def _command(
    folder: Path, cards: int, workers: int, dpi: int, *, cache: Path | None = None
) -> tuple[float, float, float]:
    """Run ``render`` as users do: wall seconds, peak MB of any process, CPU seconds."""
    data = folder / "cards.csv"
    _write_roster(data, make_cards(cards), folder, dpi)
    with TemporaryDirectory(dir=folder) as out:
        command = [sys.executable, "-m", "card_designs", "render", "--design", DESIGN]
        command += ["--data", str(data), "--photos", str(folder), "--out", out]
        command += ["--workers", str(workers), "--dpi", str(dpi)]
        settings = {"CARD_DESIGNS_CACHE": str(cache or folder / "warm")}
        begun = perf_counter()
        run = subprocess.Popen(  # noqa: S603 - our own command
            command, stdout=subprocess.DEVNULL, env={**os.environ, **settings}
        )
        _, state, used = os.wait4(run.pid, 0)
        spent = perf_counter() - begun
        run.returncode = os.waitstatus_to_exitcode(state)
        if run.returncode:
            raise RuntimeError(f"render ended with {run.returncode}")
    return spent, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def _write_roster(data: Path, cards: list[CardData], folder: Path, dpi: int) -> None:
    names = (
        "member_number",
        "full_name",
        "birth_date",
        "unit_name",
        "card_kind",
        "province_code",
        "vpoint_code",
        "issue_date",
        "verify_url",
    )
    kind = f"print{dpi}" if dpi in PREPARED else "phone"
    with data.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow((*names, "photo"))
        for number, card in enumerate(cards):
            values = (getattr(card, name) for name in names)
            rows.writerow((*values, photo_file(folder, kind, number).name))


def _peer_lines(folder: Path, found: dict[str, Measured], dpi: int) -> list[Line]:
    """Compare with what is installed, a warm process of ours against theirs."""
    prepared, book = found["fast prepared"], found["pdf"]
    peers = []
    if "resvg" in found:
        resvg = found["resvg"]
        peers = [Peer("resvg-py", _ms(resvg), resvg.size / len(resvg.seconds))]
    lines = []
    for peer in [*peers, *measure_peers(folder, DESIGN, dpi)]:
        ours = book if peer.makes_pdf else prepared
        smaller = peer.bytes_per_card / (ours.size / len(ours.seconds))
        lines.append(
            Line(
                name=f"against {peer.name}",
                ms_per_card=_ms(ours),
                naive_ms_per_card=peer.ms_per_card,
                ratio=peer.ms_per_card / _ms(ours),
                bytes_per_card=peer.bytes_per_card,
                wanted="≥ 60×; ≥ 10× nhỏ hơn" if peer.makes_pdf else "≥ 25×",
                note=f"{smaller:.1f}× our size",
            )
        )
    return lines
