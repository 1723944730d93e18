"""Where variable data may stand: on the face, in the safe area, outside bank zones."""

from card_designs.design import Design
from card_designs.fields import CARD_FIELDS
from card_designs.findings import Finding, error, warning
from card_designs.fit import Box
from card_designs.profiles import CARD_HEIGHT_MM, CARD_WIDTH_MM
from card_designs.slots import PhotoSlot, Slot

SAFE_MM = 3.0
"""Printers and cutters stray: letters and bars stay this far inside the edge."""

_HAIR_MM = 0.01
SIDE_LABELS = {"front": "mặt trước", "back": "mặt sau"}


def place_findings(design: Design, side: str, slot: Slot, box: Box) -> list[Finding]:
    """Say where ``box``, what a slot covers in millimetres, must not be.

    A photo may come closer to the edge than letters and bars.
    """
    label = CARD_FIELDS[slot.field].label
    where = f"{label}, {SIDE_LABELS[side]}"
    for zone in design.clear_zones:
        edge = (zone.x_mm, zone.y_mm, zone.width_mm, zone.height_mm)
        taken = (edge[0], edge[1], edge[0] + edge[2], edge[1] + edge[3])
        if zone.side == side and overlap(box, taken):
            message = f"{label} lấn vào vùng phải chừa trống “{zone.name}”."
            return [error("in-clear-zone", where, message)]
    if not _inside(box, 0.0):
        message = f"{label} tràn ra ngoài mép thẻ, in ra sẽ bị cắt mất."
        return [error("off-the-card", where, message)]
    if not isinstance(slot, PhotoSlot) and not _inside(box, SAFE_MM):
        message = f"{label} nằm ngoài vùng an toàn, cách mép thẻ chưa đủ 3 mm."
        return [warning("outside-safe-area", where, message)]
    return []


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share more than an edge."""
    return (
        one[0] < other[2] - _HAIR_MM
        and other[0] < one[2] - _HAIR_MM
        and one[1] < other[3] - _HAIR_MM
        and other[1] < one[3] - _HAIR_MM
    )


def _inside(box: Box, margin: float) -> bool:
    margin -= _HAIR_MM
    return (
        box[0] >= margin
        and box[1] >= margin
        and box[2] <= CARD_WIDTH_MM - margin
        and box[3] <= CARD_HEIGHT_MM - margin
    )
