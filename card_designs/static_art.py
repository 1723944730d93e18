"""The fixed art of a side as pixels: CairoSVG draws it once, memory and disk keep it.

Also the only place where CairoSVG meets one of our surfaces.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cairocffi
from PIL import Image

from card_designs import art_cache
from card_designs.design import Design
from card_designs.layout import Side
from card_designs.lettering import steady_letters, wake_fonts
from card_designs.overprint import over_blanks
from card_designs.png import Band, squeeze
from card_designs.profiles import NATIVE_DPI, Frame

_STRIP_ROWS = 16
"""At 300 dpi: low enough to leave out what a card does not touch, high enough to
squeeze well."""

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class StaticArt:
    """A side without data, opaque RGB, and its rows squeezed in strips.

    ``overlays`` holds the layers that lie upon slots, RGBA, by number.
    """

    picture: Image.Image
    strip_rows: int
    strips: tuple[Band, ...]
    below: Image.Image
    overlays: dict[int, Image.Image]
    stamps: dict[Any, Any] = field(default_factory=dict, compare=False)
    """What was drawn before and may come again, kept by ``render``."""

    def covered(self, places: list[tuple[int, Box]]) -> list[Box]:
        """Give those boxes, each with its layer, that art of a higher layer covers."""
        if not self.overlays:
            return []
        return [
            box
            for layer, box in places
            if any(
                number > layer and art.getchannel("A").crop(box).getbbox() is not None
                for number, art in self.overlays.items()
            )
        ]


@lru_cache(maxsize=4)
def static_art(design: Design, side: str, frame: Frame, overprint: bool) -> StaticArt:
    """Give the fixed art of a side; of an overprint, what is printed on blanks too."""
    compiled = design.side(side)
    over = over_blanks(compiled) if overprint else compiled
    if over is None:
        picture = Image.new("RGB", (frame.width_px, frame.height_px), "white")
        return _in_strips(picture, frame, picture, {})
    picture = _opaque(over.static_svg, frame)
    if len(over.layers) == 1:
        return _in_strips(picture, frame, picture, {})
    below = _opaque(over.layers[0], frame)
    return _in_strips(picture, frame, below, _overlays(over, frame))


def _in_strips(
    picture: Image.Image,
    frame: Frame,
    below: Image.Image,
    overlays: dict[int, Image.Image],
) -> StaticArt:
    step = _STRIP_ROWS * frame.dpi // NATIVE_DPI
    width, height = picture.size
    strips = tuple(
        squeeze(
            picture.crop((0, top, width, min(top + step, height))),
            last=top + step >= height,
        )
        for top in range(0, height, step)
    )
    return StaticArt(picture, step, strips, below, overlays)


def _overlays(side: Side, frame: Frame) -> dict[int, Image.Image]:
    found = {}
    for number, svg in enumerate(side.layers[1:], start=1):
        picture = art_cache.kept(svg, frame, "RGBA", _drawn_clear)
        if picture.getchannel("A").getbbox() is not None:
            found[number] = picture
    return found


def _opaque(svg: bytes, frame: Frame) -> Image.Image:
    return art_cache.kept(svg, frame, "RGB", _drawn_opaque)


def _drawn_opaque(svg: bytes, frame: Frame) -> Image.Image:
    surface = white_surface(frame)
    draw_static(surface, svg, frame, scale=1.0)
    return as_picture(surface)


def _drawn_clear(svg: bytes, frame: Frame) -> Image.Image:
    wake_fonts()
    size = frame.width_px, frame.height_px
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, *size)
    draw_static(surface, svg, frame, scale=1.0)
    surface.flush()
    premultiplied = Image.frombuffer(
        "RGBa", size, bytes(surface.get_data()), "raw", "BGRa", surface.get_stride(), 1
    )
    return premultiplied.convert("RGBA")


def white_surface(frame: Frame) -> cairocffi.ImageSurface:
    """Give an opaque white surface of the frame's size."""
    wake_fonts()
    surface = cairocffi.ImageSurface(
        cairocffi.FORMAT_RGB24, frame.width_px, frame.height_px
    )
    context = cairocffi.Context(surface)
    context.set_source_rgb(1, 1, 1)
    context.paint()
    return surface


def as_picture(surface: cairocffi.ImageSurface) -> Image.Image:
    """Turn an opaque surface into an RGB picture."""
    surface.flush()
    size = surface.get_width(), surface.get_height()
    pixels = bytes(surface.get_data())
    return Image.frombytes("RGB", size, pixels, "raw", "BGRX", surface.get_stride(), 1)


def draw_static(
    target: cairocffi.Surface, svg: bytes, frame: Frame, *, scale: float
) -> None:
    """Let CairoSVG draw ``svg`` onto a cairo surface of ``scale`` units per pixel."""
    from cairosvg.parser import Tree  # Not needed where the art is kept on disk.

    draw_tree(target, Tree(bytestring=svg), frame, scale=scale)


def draw_tree(
    target: cairocffi.Surface, tree: Any, frame: Frame, *, scale: float
) -> None:
    """Let CairoSVG draw its own tree onto a cairo surface, bleed included."""
    tree["viewBox"] = " ".join(f"{length:.9f}" for length in frame.view_box)
    # CairoSVG clips at the edge of the view box otherwise, softening the last row.
    tree["overflow"] = "visible"
    _surface_class()(
        tree,
        target,
        dpi=96,
        output_width=frame.width_px * scale,
        output_height=frame.height_px * scale,
    )


@lru_cache
def _surface_class() -> Any:
    from cairosvg.surface import Surface

    class OnSurface(Surface):  # type: ignore[misc]
        """CairoSVG drawing on a surface of ours; its ``output`` is that surface."""

        device_units_per_user_units = 1

        def _create_surface(
            self, width: float, height: float
        ) -> tuple[cairocffi.Surface, float, float]:
            return self.output, width, height

        def set_context_size(self, *where: Any) -> None:
            steady_letters(self.context)
            # CairoSVG asks for its own rounding again before each element.
            self.context.set_font_options = lambda options: None
            super().set_context_size(*where)

    return OnSurface
