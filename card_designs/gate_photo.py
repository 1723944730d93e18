"""Whether a photo has enough pixels and the right shape for its slot."""

from io import BytesIO

from PIL import Image
from PIL.ExifTags import Base

from card_designs.fields import CARD_FIELDS
from card_designs.findings import Finding, error, warning
from card_designs.photo import FORMATS
from card_designs.profiles import MM_PER_INCH
from card_designs.slots import PhotoSlot

MIN_PHOTO_DPI = 150
"""Below this a face of 20 × 30 mm shows its pixels."""

GOOD_PHOTO_DPI = 250

_CUT_A_LITTLE, _CUT_TOO_MUCH = 0.02, 0.30
"""Shares of the picture that fill the slot's shape only by being cut away."""


def photo_findings(photo: bytes, slot: PhotoSlot) -> list[Finding]:
    """Judge resolution and shape of a picture that can be decoded."""
    width, height = _upright_size(photo)
    wide, high = slot.width_mm, slot.height_mm
    if slot.turn % 2:
        wide, high = high, wide
    per_mm = min(width / wide, height / high)
    label = CARD_FIELDS["photo"].label
    found = []
    dpi = round(per_mm * MM_PER_INCH)
    if dpi < GOOD_PHOTO_DPI:
        message = (
            f"Ảnh {width} × {height} điểm chỉ in được {dpi} dpi, cần ít nhất"
            f" {MIN_PHOTO_DPI} dpi, nên từ {GOOD_PHOTO_DPI} dpi; hãy dùng ảnh lớn hơn."
        )
        level = error if dpi < MIN_PHOTO_DPI else warning
        found.append(level("photo-resolution", label, message))
    cut = 1 - per_mm * per_mm * wide * high / (width * height)
    if cut > _CUT_A_LITTLE:
        message = (
            f"Ảnh {width} × {height} điểm không đúng tỉ lệ 2:3, phải cắt bỏ"
            f" {cut:.0%} ảnh; hãy cắt lại ảnh cho đúng."
        )
        level = error if cut > _CUT_TOO_MUCH else warning
        found.append(level("photo-ratio", label, message))
    return found


def _upright_size(photo: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(photo), formats=FORMATS) as header:
        width, height = header.size
        lying = header.getexif().get(Base.Orientation, 1) in (5, 6, 7, 8)
    return (height, width) if lying else (width, height)
