"""Other programs that draw cards, measured where they are installed; CPU time.

rsvg-convert, Inkscape and resvg get the naive way's filled SVG; gLabels gets a label of
its own with photo, name and bar code, fewer things than our card has.
"""

import csv
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from card_designs.bench_data import make_cards, photo_file
from card_designs.bench_naive import naive_sides, naive_svg
from card_designs.profiles import PROFILES, Frame

_LABEL = """<?xml version="1.0"?>
<Glabels-document xmlns="http://glabels.org/xmlns/3.0/">
 <Template brand="Bench" part="CR80" size="other" width="242.64pt" height="153.12pt">
  <Label-rectangle id="0" width="242.64pt" height="153.12pt" round="0pt"
    x_waste="0pt" y_waste="0pt">
   <Layout nx="1" ny="1" x0="0pt" y0="0pt" dx="0pt" dy="0pt"/>
  </Label-rectangle>
 </Template>
 <Objects id="0" rotate="False">
  <Object-image x="175pt" y="0pt" w="56.7pt" h="85pt" field="photo"/>
  <Object-text x="8pt" y="45pt" w="160pt" h="24pt" justify="Left">
   <Span font_family="Sans" font_size="9" font_weight="Bold" font_italic="False"
     color="0x000000ff" line_spacing="1"><Field name="full_name"/></Span>
  </Object-text>
  <Object-barcode x="20pt" y="110pt" w="90pt" h="30pt" style="Code128" text="False"
    checksum="True" color="0x000000ff" field="member_number"/>
 </Objects>
 <Merge type="Text/Comma/Line1Keys" src="cards.csv"/>
</Glabels-document>
"""
_FEW, _MORE = 5, 20
"""Cards of one go: of a process a side, and of a process for all."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What one program took: CPU milliseconds and bytes of a card."""

    name: str
    ms_per_card: float
    bytes_per_card: float
    makes_pdf: bool = False


def measure_peers(folder: Path, design: str, dpi: int) -> Iterator[Peer]:
    """Measure each program that is there; ``folder`` holds the benchmark's photos."""
    filled = list(_filled(folder, design))
    for command, draw in (("rsvg-convert", _rsvg), ("inkscape", _inkscape)):
        if shutil.which(command):
            yield _peer(command, _FEW, partial(draw, filled, folder, dpi))
    if shutil.which("glabels-3-batch"):
        yield _peer("glabels (pdf)", _MORE, partial(_glabels, folder), makes_pdf=True)


def _peer(
    name: str, cards: int, run: Callable[[], list[Path]], *, makes_pdf: bool = False
) -> Peer:
    before = _childrens_seconds()
    made = run()
    spent = _childrens_seconds() - before
    size = sum(path.stat().st_size for path in made)
    for path in made:
        path.unlink()
    return Peer(name, spent / cards * 1000, size / cards, makes_pdf)


def _filled(folder: Path, design: str) -> Iterator[dict[str, str]]:
    sides = naive_sides(Path(__file__).parent / design)
    for number, card in enumerate(make_cards(_FEW)):
        photo = photo_file(folder, "phone", number).read_bytes()
        whole = card.with_photo(photo)
        yield {side: naive_svg(svg, whole) for side, svg in sides.items()}


def _rsvg(cards: list[dict[str, str]], folder: Path, dpi: int) -> list[Path]:
    """One command for each side, as it takes one file."""
    width = str(Frame(PROFILES["cr80"], dpi).width_px)
    made = []
    for number, card in enumerate(cards):
        for side, svg in card.items():
            made.append(folder / f"rsvg-{number}-{side}.png")
            _run(["rsvg-convert", "-w", width, "-o", str(made[-1])], svg.encode())
    return made


def _inkscape(cards: list[dict[str, str]], folder: Path, dpi: int) -> list[Path]:
    """One command for all files: its start takes longest."""
    files = []
    for number, card in enumerate(cards):
        for side, svg in card.items():
            files.append(folder / f"inkscape-{number}-{side}.svg")
            files[-1].write_text(svg, encoding="utf-8")
    width = str(Frame(PROFILES["cr80"], dpi).width_px)
    options = ["--export-type=png", "--export-area-page", f"--export-width={width}"]
    _run(["inkscape", *options, *map(str, files)])
    for file in files:
        file.unlink()
    return [file.with_suffix(".png") for file in files]


def _glabels(folder: Path) -> list[Path]:
    """One command for all cards, merged from a CSV into one PDF."""
    label, data, out = (folder / f"cards.{kind}" for kind in ("glabels", "csv", "pdf"))
    label.write_text(_LABEL, encoding="utf-8")
    with data.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("member_number", "full_name", "photo"))
        for number, card in enumerate(make_cards(_MORE)):
            photo = photo_file(folder, "phone", number)
            rows.writerow((card.member_number, card.full_name, photo))
    _run(["glabels-3-batch", "-i", str(data), "-o", str(out), str(label)])
    label.unlink()
    data.unlink()
    return [out]


def _run(command: list[str], content: bytes = b"") -> None:
    subprocess.run(  # noqa: S603 - fixed commands
        command, input=content, capture_output=True, check=True
    )


def _childrens_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
