"""PDF pages as pictures, drawn by whatever programs are installed."""

import shutil
import subprocess
from pathlib import Path

from PIL import Image

# None of them compresses: the pictures are looked at once and thrown away.
_COMMANDS = {
    "pdftoppm": ["pdftoppm", "-r", "{dpi}", "{pdf}", "{folder}/page"],
    "mutool": [
        *("mutool", "draw", "-q", "-r", "{dpi}", "-c", "rgb"),
        *("-o", "{folder}/page-%02d.ppm", "{pdf}"),
    ],
    "gs": [
        *("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-r{dpi}"),
        *("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", "-sDEVICE=ppmraw"),
        *("-sOutputFile={folder}/page-%02d.ppm", "{pdf}"),
    ],
}


def installed() -> list[str]:
    """Name the programs found, poppler's always: its absence must show."""
    return [name for name in _COMMANDS if name == "pdftoppm" or shutil.which(name)]


def pages(pdf: Path, *, dpi: int, by: str = "pdftoppm") -> list[Image.Image]:
    """Draw all pages of a PDF as RGB pictures."""
    folder = pdf.with_name(f"{pdf.stem}-{by}-{dpi}")
    folder.mkdir()
    values = {"dpi": dpi, "pdf": pdf, "folder": folder}
    command = [part.format(**values) for part in _COMMANDS[by]]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return [
        Image.open(path).convert("RGB") for path in sorted(folder.glob("page*.ppm"))
    ]
