"""The rules of a member's photo: 2×3, at least 236×354 px, at most 1 MB (P2)."""

from dataclasses import dataclass

from portal.domain.errors import Problem
from portal.domain.photo_matching import (
    MATCH_RULE_LABELS,
    MatchRule,
    PhotoMatch,
    PhotoMatching,
    PhotoState,
    match_photos,
)

__all__ = [
    "MATCH_RULE_LABELS",
    "CropBox",
    "MatchRule",
    "PhotoMatch",
    "PhotoMatching",
    "PhotoState",
    "centred_box",
    "effective_dpi",
    "fitted_box",
    "match_photos",
    "parse_box",
    "size_problems",
]

WIDTH_MM, HEIGHT_MM = 20, 30
RATIO = WIDTH_MM / HEIGHT_MM
SMALLEST_PX = (236, 354)
MOST_KEPT_BYTES = 1024 * 1024
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class CropBox:
    """The part of an upright picture to print, as fractions of its two sides."""

    left: float
    top: float
    width: float
    height: float

    def pixels(self, width_px: int, height_px: int) -> tuple[int, int, int, int]:
        """Return (left, top, right, bottom) in whole pixels inside the picture."""
        left, top = round(self.left * width_px), round(self.top * height_px)
        right = round((self.left + self.width) * width_px)
        bottom = round((self.top + self.height) * height_px)
        right, bottom = min(right, width_px), min(bottom, height_px)
        return min(left, right - 1), min(top, bottom - 1), right, bottom

    def __str__(self) -> str:
        """Write the box as forms carry it: "left,top,width,height"."""
        parts = (self.left, self.top, self.width, self.height)
        return ",".join(f"{part:.5f}" for part in parts)


def centred_box(width_px: int, height_px: int) -> CropBox:
    """Return the largest 2:3 box in the middle of a picture."""
    width = min(1.0, RATIO * height_px / width_px)
    height = min(1.0, width_px / RATIO / height_px)
    return CropBox((1 - width) / 2, (1 - height) / 2, width, height)


def fitted_box(box: CropBox, width_px: int, height_px: int) -> CropBox:
    """Return the box nearest to a wished one that is 2:3 and inside the picture.

    Its centre and width are kept where they can be.
    """
    largest = centred_box(width_px, height_px)
    smallest = min(largest.width, 1 / width_px)
    width = min(max(box.width, smallest), largest.width)
    height = min(1.0, width * width_px / RATIO / height_px)
    left = box.left + (box.width - width) / 2
    top = box.top + (box.height - height) / 2
    return CropBox(
        min(max(left, 0.0), 1 - width), min(max(top, 0.0), 1 - height), width, height
    )


def parse_box(text: str) -> CropBox | None:
    """Read "left,top,width,height"; None if it is no box inside the picture."""
    try:
        parts = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    # A comparison with NaN is false, so it ends here as well.
    if len(parts) != 4 or not all(0 <= part <= 1 for part in parts):
        return None
    box = CropBox(*parts)
    inside = box.left + box.width <= 1.001 and box.top + box.height <= 1.001
    return box if inside and box.width > 0 and box.height > 0 else None


def effective_dpi(box: CropBox, width_px: int, height_px: int) -> int:
    """Return the dots per inch that the box has when printed 20 × 30 mm."""
    across = box.width * width_px / WIDTH_MM
    down = box.height * height_px / HEIGHT_MM
    return int(min(across, down) * _MM_PER_INCH + 0.5)


def size_problems(
    width_px: int, height_px: int, box: CropBox | None = None
) -> tuple[Problem, ...]:
    """Say whether the printed part is too small: under 236×354 px."""
    chosen = box or centred_box(width_px, height_px)
    left, top, right, bottom = chosen.pixels(width_px, height_px)
    width, height = right - left, bottom - top
    # One pixel of rounding is no reason to send a photo back.
    if width + 1 >= SMALLEST_PX[0] and height + 1 >= SMALLEST_PX[1]:
        return ()
    return (
        Problem(
            f"Phần ảnh in ra chỉ có {width}×{height} điểm ảnh, "
            f"cần ít nhất {SMALLEST_PX[0]}×{SMALLEST_PX[1]}.",
            "Ảnh",
            "Chụp lại gần hơn hoặc gửi ảnh gốc, không gửi ảnh chụp màn hình.",
        ),
    )
