"""A picture put on a side: as a background under all but the ground, or on top."""

import hashlib

from card_designs.design_import import import_svg
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM
from card_designs.svg_guard import clean_svg
from portal.access.actor import Actor
from portal.files.art import normalise_art
from portal.files.svg_group import above_the_ground, as_group, child_count
from portal.files.zip_guard import MB
from portal.services import stores
from portal.services.designs import access
from portal.services.designs.editing import draft_at, side_of, worked_out, write_steps
from portal.services.designs.exchange import (
    picture_name,
    refuse_findings,
    refuse_too_large,
)

MOST_BYTES = 20 * MB
BLEED_MM = 2.0
# The most that a picture takes when it is put in; it is resized from there.
_PICTURE_MM = (30.0, 27.0)
_BACKGROUND = {"data-name": "Nền", "data-layer": "static", "data-locked": "1"}


def add_picture(
    design_id: int,
    side: str,
    data: bytes,
    *,
    file_name: str,
    background: bool,
    revision: int,
    by: Actor,
) -> list[str]:
    """Put an uploaded picture on a side of the draft; returns where it stands now.

    JPEG, PNG, WebP, BMP and HEIC are encoded anew and kept in the design's folder.
    Raises Invalid with a sentence that names the file, DraftChanged as editing does.
    """
    design = access.editable(design_id, by=by)
    refuse_too_large(data, file_name, most=MOST_BYTES)
    draft = draft_at(design.id, revision)
    source = side_of(draft, side)
    if _is_svg(data):
        svg, pictures = _drawing(data, file_name, background=background), {}
    else:
        svg, pictures = _picture(data, file_name, background=background)
    index = (
        above_the_ground(source, width=CARD_WIDTH_MM, height=CARD_HEIGHT_MM)
        if background
        else child_count(source)
    )
    operations = [{"op": "insert", "into": "", "index": index, "svg": svg}]
    step = worked_out(draft, side, operations, pictures=pictures)
    kept = {name: stores.designs().put(content) for name, content in pictures.items()}
    write_steps(design, {side: step}, revision=revision, by=by, pictures=kept)
    return step.at


def _is_svg(data: bytes) -> bool:
    return b"<svg" in data[:4096]


def _drawing(data: bytes, file_name: str, *, background: bool) -> str:
    """Give a cleaned SVG as a group; Invalid with the lines of what is refused."""
    content, found = clean_svg(data, file=file_name)
    refuse_findings(found, file_name)
    imported = import_svg(content, file=file_name)
    refuse_findings(imported.findings, file_name)
    prefix = f"h{hashlib.sha256(content).hexdigest()[:8]}-"
    attributes = _BACKGROUND if background else {"data-name": "Hình"}
    return as_group(imported.svg, prefix=prefix, attributes=attributes)


def _picture(
    data: bytes, file_name: str, *, background: bool
) -> tuple[str, dict[str, bytes]]:
    """Encode a picture anew; returns its element and the folder's new file."""
    art = normalise_art(data, name=file_name)
    name = picture_name(art.content, art.suffix)
    if background:
        width, height = CARD_WIDTH_MM + 2 * BLEED_MM, CARD_HEIGHT_MM + 2 * BLEED_MM
        place = {"x": -BLEED_MM, "y": -BLEED_MM, "width": width, "height": height}
        fit = {"preserveAspectRatio": "xMidYMid slice", **_BACKGROUND}
    else:
        scale = min(_PICTURE_MM[0] / art.width_px, _PICTURE_MM[1] / art.height_px)
        width, height = art.width_px * scale, art.height_px * scale
        left, top = (CARD_WIDTH_MM - width) / 2, (CARD_HEIGHT_MM - height) / 2
        place = {"x": left, "y": top, "width": width, "height": height}
        fit = {"data-name": "Hình"}
    attributes = {key: f"{value:.2f}" for key, value in place.items()} | fit
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f'<image {written} href="{name}"/>', {name: art.content}
