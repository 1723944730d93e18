"""Drawn art kept on disk by its content, so that a new process need not draw it."""

import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

import cairocffi
from PIL import Image

from card_designs.profiles import Frame

_VARIABLE = "CARD_DESIGNS_CACHE"
_FORMAT = b"card-art 1"
_KEPT_FILES = 64


def kept(
    svg: bytes, frame: Frame, mode: str, draw: Callable[[bytes, Frame], Image.Image]
) -> Image.Image:
    """Give the picture of ``svg`` from the cache, or draw it and keep it.

    The folder is ``CARD_DESIGNS_CACHE``, by default ``card-designs`` in the user's
    cache folder; an empty value turns keeping off. A cache that cannot be read or
    written only costs the time to draw.
    """
    folder = _folder()
    if folder is None:
        return draw(svg, frame)
    size = frame.width_px, frame.height_px
    path = folder / f"{_key(svg, frame, mode)}.art"
    try:
        pixels = zlib.decompress(path.read_bytes())
        return Image.frombytes(mode, size, pixels)
    except (OSError, zlib.error, ValueError):
        picture = draw(svg, frame)
    with suppress(OSError):
        _keep(path, zlib.compress(picture.tobytes(), 1))
    return picture


def _folder() -> Path | None:
    chosen = os.environ.get(_VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "card-designs"
    except RuntimeError:  # There is no home.
        return None


def _key(svg: bytes, frame: Frame, mode: str) -> str:
    seen = sha256(_FORMAT)
    view = f"{mode} {frame.view_box} {frame.width_px} {frame.height_px}"
    for part in (_versions(), view.encode(), svg):
        seen.update(len(part).to_bytes(8) + part)
    return seen.hexdigest()


@lru_cache
def _versions() -> bytes:
    """Name all that the picture of an SVG depends on besides the SVG."""
    names = ("CairoSVG", "cairocffi", "fontpkg-be-vietnam-pro", "pillow")
    found = " ".join(f"{name} {version(name)}" for name in names)
    return f"{found} cairo {cairocffi.cairo_version_string()}".encode()


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(content)
            file.close()
            os.replace(part, path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    old = sorted(path.parent.glob("*.art"), key=lambda each: each.stat().st_mtime)
    for each in old[:-_KEPT_FILES]:
        each.unlink(missing_ok=True)
