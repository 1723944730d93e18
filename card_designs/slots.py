"""The places on a side that cards fill: text, photo, code."""

from dataclasses import dataclass

from card_designs.card_data import CardData
from card_designs.fields import CARD_FIELDS, has_value


@dataclass(frozen=True, slots=True)
class Condition:
    """When a slot is drawn: ``field``, ``field=value`` or ``field!=value``."""

    field: str
    operator: str = ""
    value: str = ""

    def holds(self, card: CardData) -> bool:
        if not self.operator:
            return has_value(card, self.field)
        same = getattr(card, self.field) == self.value
        return same if self.operator == "=" else not same


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place that cards fill; ``line`` is where the SVG says so.

    ``turn``: quarter turns clockwise, 0 to 3, about the slot's own place. ``layer``:
    the slot lies above the side's static layer of this number and below the next.
    """

    field: str
    line: int
    condition: Condition | None
    panel: str
    turn: int = 0
    layer: int = 0

    def shown(self, card: CardData) -> bool:
        return self.condition is None or self.condition.holds(card)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSlot(Slot):
    """Text; lengths in millimetres, ``y_mm`` the baseline of a single line.

    With a ``turn`` the whole is turned about ``x_mm, y_mm``; ``place`` does that.
    """

    x_mm: float
    y_mm: float
    size_mm: float
    min_size_mm: float
    max_width_mm: float
    max_height_mm: float
    lines: int
    line_height: float
    grow: str
    bold: bool
    colour: tuple[float, float, float]
    anchor: str
    letter_spacing_mm: float
    upper: bool
    format: str

    def place(self, right_mm: float, down_mm: float) -> tuple[float, float]:
        """Give the place on the face of a point as the reader of the text sees it."""
        right, down = right_mm, down_mm
        for _ in range(self.turn):
            right, down = -down, right
        return self.x_mm + right, self.y_mm + down

    def text(self, card: CardData) -> str:
        """Give what is printed here, empty where the card has nothing.

        A format is words with ``{}`` for the value, ``{groups}`` for 0850 0001 2345.
        """
        text = CARD_FIELDS[self.field].read(card)
        if not text:
            return ""
        if self.format:
            groups = " ".join(text[i : i + 4] for i in range(0, len(text), 4))
            text = self.format.replace("{groups}", groups).replace("{}", text)
        return text.upper() if self.upper else text


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxSlot(Slot):
    """An upright box on the face, in millimetres, as it stands after any turn.

    Its content is turned: with an odd ``turn`` a bar code runs down the height.
    """

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


class PhotoSlot(BoxSlot):
    """The member's photo, cropped to cover the box."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSlot(BoxSlot):
    """A bar code (``code128``) or QR code (``qr``) with its quiet zone."""

    symbology: str
