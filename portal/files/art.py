"""Pictures for card designs: judged, turned upright, re-encoded without metadata."""

import io
from dataclasses import dataclass

from PIL import Image

from portal.files.images import opened_picture, orientation, turn_upright

# A whole side with its bleed, 89.6 × 57.98 mm, at 600 dpi: more is never printed.
MOST_SIZE_PX = (2120, 1372)
_QUALITY = 92
_DPI = 600


@dataclass(frozen=True, slots=True)
class Art:
    """One picture as PNG (what has transparency or was PNG) or JPEG bytes."""

    content: bytes
    suffix: str
    width_px: int
    height_px: int


def normalise_art(data: bytes, *, name: str) -> Art:
    """Encode a picture anew, no larger than a side at 600 dpi.

    Raises Invalid or TooLarge with a sentence that names the file.
    """
    with opened_picture(data, name=name) as image:
        was_png, turn = image.format == "PNG", orientation(image)
        clear = image.has_transparency_data
        image.load()
        if image.mode.startswith("I"):  # 16-bit grey would be clipped to white
            image = image.point(lambda value: value / 256).convert("L")
        picture = turn_upright(image.convert("RGBA" if clear else "RGB"), turn=turn)
    # Pillow copies comments and colour profiles along, into every file saved later.
    picture.info.clear()
    picture.thumbnail(MOST_SIZE_PX, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if clear or was_png:
        picture.save(out, "PNG", dpi=(_DPI, _DPI), compress_level=6)
    else:
        picture.save(out, "JPEG", quality=_QUALITY, dpi=(_DPI, _DPI))
    suffix = ".png" if clear or was_png else ".jpg"
    return Art(out.getvalue(), suffix, picture.width, picture.height)
