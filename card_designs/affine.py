"""Transforms of SVG: what becomes of a point, and whether upright things stay so."""

import re
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, isclose, radians, sin, tan

_STEP = re.compile(r"(\w+)\s*\(([^()]*)\)[\s,]*")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COUNTS = {
    "translate": (1, 2),
    "scale": (1, 2),
    "rotate": (1, 3),
    "matrix": (6,),
    "skewX": (1,),
    "skewY": (1,),
}


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a·x + c·y + e, y' = b·x + d·y + f, as in SVG's matrix(a b c d e f)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: "Affine") -> "Affine":
        """Give the transform that does ``inner`` first and this one then."""
        return Affine(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            *self.at(inner.e, inner.f),
        )

    def moved(self, x: float, y: float) -> tuple[float, float]:
        """Give what becomes of a way from one point to another."""
        return self.a * x + self.c * y, self.b * x + self.d * y

    def inverse(self) -> "Affine":
        """Give the transform that takes all back; raises ZeroDivisionError."""
        area = self.a * self.d - self.b * self.c
        a, b = self.d / area, -self.b / area
        c, d = -self.c / area, self.a / area
        return Affine(a, b, c, d, -a * self.e - c * self.f, -b * self.e - d * self.f)

    @property
    def scale(self) -> float:
        """How much longer things become, where they do so evenly."""
        return hypot(self.a, self.b) if self.b else abs(self.a)

    @property
    def is_even(self) -> bool:
        """Whether shapes stay what they are: no stretching, skewing or mirroring."""
        near = self.scale * 1e-6
        return (
            self.scale > 0
            and isclose(self.a, self.d, abs_tol=near)
            and isclose(self.b, -self.c, abs_tol=near)
        )

    @property
    def turn(self) -> int | None:
        """Quarter turns clockwise, 0 to 3; None for any other angle."""
        angle = degrees(atan2(self.b, self.a)) % 360
        quarters = round(angle / 90)
        return quarters % 4 if isclose(angle, quarters * 90, abs_tol=1e-4) else None


UPRIGHT = Affine()


def read_transform(text: str, *, skew: bool = False) -> Affine:
    """Read an SVG ``transform``; raises ValueError for what is not one.

    Also for skewX and skewY, which no slot can bear, unless ``skew`` lets them in.
    """
    whole = Affine()
    rest = text.strip()
    while rest:
        match = _STEP.match(rest)
        if match is None:
            raise ValueError(text)
        if match[1].startswith("skew") and not skew:
            raise ValueError(text)
        whole = whole.after(_step(match[1], match[2]))
        rest = rest[match.end() :]
    return whole


def _step(kind: str, arguments: str) -> Affine:
    if _NUMBER.sub("", arguments).strip(" ,\t\r\n"):
        raise ValueError(arguments)
    values = [float(number) for number in _NUMBER.findall(arguments)]
    if len(values) not in _COUNTS.get(kind, ()):
        raise ValueError(kind)
    if kind == "matrix":
        return Affine(*values)
    if kind == "translate":
        return Affine(e=values[0], f=values[1] if len(values) > 1 else 0.0)
    if kind == "scale":
        return Affine(a=values[0], d=values[-1])
    if kind == "rotate":
        return _rotation(*values)
    slope = tan(radians(values[0]))
    return Affine(c=slope) if kind == "skewX" else Affine(b=slope)


def _rotation(angle: float, x: float = 0.0, y: float = 0.0) -> Affine:
    quarters = round(angle / 90)
    c, s = cos(radians(angle)), sin(radians(angle))
    if angle == quarters * 90:
        # Exactly, so that boxes stay on the pixels they were drawn on.
        c, s = float(round(c)), float(round(s))
    turned = Affine(c, s, -s, c)
    return Affine(e=x, f=y).after(turned).after(Affine(e=-x, f=-y))
