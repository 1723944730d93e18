"""Printer profiles, and the only place where millimetres become pixels."""

from dataclasses import dataclass, field
from math import floor

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72

CARD_WIDTH_MM = 85.6
CARD_HEIGHT_MM = 53.98
"""Face of an ID-1 / CR80 card (ISO 7810)."""

NATIVE_DPI = 300
"""The grid that codes are laid out on; 600 dpi doubles it exactly."""

DPI_CHOICES = (300, 600)


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of printer takes: the size of the picture of a side.

    The art is centred on it and bleeds over the edge; it is never stretched.
    """

    name: str
    label: str
    width_mm: float
    height_mm: float

    def size_px(self, dpi: int) -> tuple[int, int]:
        """Give width and height in whole pixels at ``dpi``."""
        return whole_pixels(self.width_mm, dpi), whole_pixels(self.height_mm, dpi)


def pixels(length_mm: float, dpi: int) -> float:
    """Turn a length into pixels, fractions kept."""
    return length_mm / MM_PER_INCH * dpi


def whole_pixels(length_mm: float, dpi: int) -> int:
    """Turn a length into the nearest whole number of pixels, halves upwards."""
    # Rounded first: 1016 px kept as millimetres must come back as 1016.
    return floor(round(pixels(length_mm, dpi), 6) + 0.5)


def millimetres(length_px: float, dpi: int) -> float:
    """Turn pixels at ``dpi`` into millimetres."""
    return length_px * MM_PER_INCH / dpi


def _native(name: str, label: str, width_px: int, height_px: int) -> Profile:
    """Describe a printer whose maker gives pixels at 300 dpi."""
    width_mm = millimetres(width_px, NATIVE_DPI)
    return Profile(name, label, width_mm, millimetres(height_px, NATIVE_DPI))


# Pixels as the makers of the printers give them.
PROFILES = {
    profile.name: profile
    for profile in (
        Profile("cr80", "Thẻ ISO 85,60 × 53,98 mm", CARD_WIDTH_MM, CARD_HEIGHT_MM),
        Profile(
            "cr80_inch",
            "Thẻ 3,375 × 2,125 inch",
            3.375 * MM_PER_INCH,
            2.125 * MM_PER_INCH,
        ),
        _native("evolis", "Máy in Evolis", 1016, 648),
        _native("fargo_hdp", "Máy in Fargo HDP", 1035, 661),
        _native("retransfer", "Máy in chuyển nhiệt (Matica, XID)", 1036, 664),
    )
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The pixel grid of one side: a profile at a resolution.

    ``x`` and ``y`` turn millimetres from the face's top left corner into pixels from
    the picture's, so that the face stands in the middle of the picture.
    """

    profile: Profile
    dpi: int
    width_px: int = field(init=False, compare=False)
    height_px: int = field(init=False, compare=False)
    left_mm: float = field(init=False, compare=False)
    """How far the picture reaches beyond the face on the left (and right)."""
    top_mm: float = field(init=False, compare=False)
    """How far the picture reaches beyond the face at the top (and bottom)."""

    def __post_init__(self) -> None:
        width, height = self.profile.size_px(self.dpi)
        left = (millimetres(width, self.dpi) - CARD_WIDTH_MM) / 2
        top = (millimetres(height, self.dpi) - CARD_HEIGHT_MM) / 2
        # Reckoned once: every slot of every card asks for them.
        for name, value in zip(
            ("width_px", "height_px", "left_mm", "top_mm"),
            (width, height, left, top),
            strict=True,
        ):
            object.__setattr__(self, name, value)

    @property
    def scale(self) -> float:
        """Pixels per millimetre."""
        return self.dpi / MM_PER_INCH

    @property
    def view_box(self) -> tuple[float, float, float, float]:
        """Give the picture's area in the design's millimetres: x, y, width, height."""
        return (
            -self.left_mm,
            -self.top_mm,
            millimetres(self.width_px, self.dpi),
            millimetres(self.height_px, self.dpi),
        )

    def x(self, x_mm: float) -> float:
        """Give the pixel column of a place on the face."""
        return pixels(x_mm + self.left_mm, self.dpi)

    def y(self, y_mm: float) -> float:
        """Give the pixel row of a place on the face."""
        return pixels(y_mm + self.top_mm, self.dpi)

    def box(
        self, x_mm: float, y_mm: float, width_mm: float, height_mm: float
    ) -> tuple[int, int, int, int]:
        """Give a box in whole pixels: left, top, right, bottom."""
        return (
            round(self.x(x_mm)),
            round(self.y(y_mm)),
            round(self.x(x_mm + width_mm)),
            round(self.y(y_mm + height_mm)),
        )
