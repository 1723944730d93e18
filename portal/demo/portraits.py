"""Drawn portraits in place of photos: varied, friendly, nobody's face."""

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from portal.domain.membership import Sex

# Drawn at twice the size and reduced: Pillow's shapes have no smooth edges.
_WIDTH, _HEIGHT = 800, 1200
_FRAME = (60, 150, 740, 1170)  # what the camera sees of it, 2:3
_SIZE_PX = (400, 600)
_BIG_SIZE_PX = (2400, 3600)

_WALLS = ("#dfe9f5", "#e9eef2", "#cfe0f2", "#f1ede4", "#d5e5dc", "#e3dcec")
_SKINS = ("#f2cfae", "#e9bf99", "#dcaa80", "#cd9a70", "#f6dabd")
_HAIRS = ("#15110f", "#241a16", "#33241c", "#0d0d12", "#4a4a4e")
_SHIRTS = ("#ffffff", "#1f4f8f", "#2f6f5e", "#7a2f3b", "#3b3f4c", "#5b7fb0", "#e7e2d6")
_LIPS = {Sex.MALE: "#b26b5c", Sex.FEMALE: "#c4485a"}


@dataclass(frozen=True, slots=True)
class _Face:
    """The measures of one drawn face, in pixels of the big canvas."""

    half_width: int
    half_height: int
    eye_gap: int
    smile: int
    skin: str
    hair: str
    shirt: str
    glasses: bool
    long_hair: bool


def draw_portrait(seed: int, *, sex: Sex) -> Image.Image:
    """Draw one head and shoulders, 400 × 600 px; the same seed, the same face."""
    dice = random.Random(f"{seed}-{sex}")  # noqa: S311 (pictures, not secrets)
    face = _Face(
        half_width=dice.randint(146, 176),
        half_height=dice.randint(206, 234),
        eye_gap=dice.randint(66, 82),
        smile=dice.randint(16, 34),
        skin=dice.choice(_SKINS),
        hair=dice.choice(_HAIRS),
        shirt=dice.choice(_SHIRTS),
        glasses=dice.random() < 0.22,
        long_hair=sex is Sex.FEMALE and dice.random() < 0.8,
    )
    image = _wall(dice)
    pen = ImageDraw.Draw(image)
    centre = (_WIDTH // 2 + dice.randint(-8, 8), 520 + dice.randint(-15, 15))
    if face.long_hair:
        _long_hair(pen, centre, face)
    _shoulders(pen, centre, face, collar=dice.random() < 0.75)
    _head(pen, centre, face)
    _fringe(pen, centre, face, side=dice.choice((-1, 1)), sex=sex)
    _features(pen, centre, face, lips=_LIPS[sex])
    return image.resize(_SIZE_PX, Image.Resampling.BOX, _FRAME, reducing_gap=1.0)


def jpeg(image: Image.Image, *, turned: bool = False) -> bytes:
    """Encode like a phone does; ``turned`` lays it down and says so in EXIF."""
    out = io.BytesIO()
    if not turned:
        image.save(out, "JPEG", quality=88)
        return out.getvalue()
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me a quarter clockwise"
    lying = image.transpose(Image.Transpose.ROTATE_90)
    lying.save(out, "JPEG", quality=88, exif=exif)
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """Encode as PNG, as screenshots and scanners give it."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def oversized_jpeg(image: Image.Image, *, seed: int) -> bytes:
    """Encode as a camera's full picture with its grain: more than the plan's 1 MB."""
    grain = Image.effect_noise(_BIG_SIZE_PX, 22 + seed % 5).convert("RGB")
    big = Image.blend(image.resize(_BIG_SIZE_PX, Image.Resampling.BICUBIC), grain, 0.09)
    out = io.BytesIO()
    big.save(out, "JPEG", quality=93)
    return out.getvalue()


def _wall(dice: random.Random) -> Image.Image:
    light = Image.new("RGB", (_WIDTH, _HEIGHT), "#ffffff")
    wall = Image.new("RGB", (_WIDTH, _HEIGHT), dice.choice(_WALLS))
    fade = Image.linear_gradient("L").resize((_WIDTH, _HEIGHT))
    return Image.composite(wall, light, fade.point(lambda value: 120 + value // 2))


def _shoulders(
    pen: ImageDraw.ImageDraw, centre: tuple[int, int], face: _Face, *, collar: bool
) -> None:
    x, y = centre
    chin = y + face.half_height
    pen.rounded_rectangle((x - 320, chin + 95, x + 320, 1500), 190, fill=face.shirt)
    neck = _darker(face.skin, 0.9)
    pen.rounded_rectangle((x - 74, chin - 80, x + 74, chin + 150), 60, fill=neck)
    pen.polygon(
        ((x - 92, chin + 96), (x + 92, chin + 96), (x, chin + 236)), fill=face.skin
    )
    if not collar:
        return
    edge = _darker(face.shirt, 0.86)
    for side in (-1, 1):
        points = ((74, 70), (150, 120), (52, 268), (0, 232), (92, 106))
        pen.polygon([(x + side * dx, chin + dy) for dx, dy in points], fill=edge)


def _long_hair(pen: ImageDraw.ImageDraw, centre: tuple[int, int], face: _Face) -> None:
    x, y = centre
    wide = face.half_width + 56
    box = (x - wide, y - face.half_height - 60, x + wide, y + face.half_height + 190)
    pen.rounded_rectangle(box, 190, fill=face.hair)


def _head(pen: ImageDraw.ImageDraw, centre: tuple[int, int], face: _Face) -> None:
    x, y = centre
    shade = _darker(face.skin, 0.93)
    for side in (-1, 1):
        ear = x + side * (face.half_width - 4)
        pen.ellipse((ear - 26, y - 40, ear + 26, y + 58), fill=shade)
    w, h = face.half_width, face.half_height
    pen.ellipse((x - w, y - h, x + w, y + h * 0.72), fill=face.skin)
    pen.ellipse((x - w * 0.86, y - h * 0.5, x + w * 0.86, y + h), fill=face.skin)


def _features(
    pen: ImageDraw.ImageDraw, centre: tuple[int, int], face: _Face, *, lips: str
) -> None:
    x, y = centre
    line = _darker(face.skin, 0.72)
    for side in (-1, 1):
        eye = x + side * face.eye_gap
        pen.ellipse((eye - 34, y - 26, eye + 34, y + 14), fill="#fbfaf8")
        pen.ellipse((eye - 17, y - 24, eye + 17, y + 10), fill="#2a1c14")
        pen.ellipse((eye + 2, y - 20, eye + 10, y - 12), fill="#ffffff")
        pen.arc((eye - 36, y - 30, eye + 36, y + 22), 190, 350, fill=line, width=6)
        pen.arc(
            (eye - 44, y - 76, eye + 44, y - 20), 205, 335, fill=face.hair, width=11
        )
        cheek = x + side * (face.half_width * 0.6)
        pen.ellipse((cheek - 30, y + 60, cheek + 30, y + 96), fill=_blushed(face.skin))
        if face.glasses:
            pen.rounded_rectangle(
                (eye - 54, y - 44, eye + 54, y + 36), 26, outline="#2c2f36", width=7
            )
    if face.glasses:
        bridge = face.eye_gap - 54
        pen.line((x - bridge, y - 10, x + bridge, y - 10), fill="#2c2f36", width=7)
    pen.arc((x - 26, y + 16, x + 26, y + 72), 20, 160, fill=line, width=6)
    mouth = (x - 58, y + 88, x + 58, y + 112 + face.smile)
    pen.chord(mouth, 8, 172, fill=lips)
    pen.arc(mouth, 4, 176, fill=_darker(lips, 0.8), width=5)


def _fringe(
    pen: ImageDraw.ImageDraw,
    centre: tuple[int, int],
    face: _Face,
    *,
    side: int,
    sex: Sex,
) -> None:
    x, y = centre
    w, h = face.half_width + 14, face.half_height
    top = y - h - 46
    pen.pieslice((x - w, top, x + w, y + h * 0.46), 180, 360, fill=face.hair)
    # The forehead under the parting.
    brow = y - h * (0.36 if sex is Sex.MALE else 0.3)
    left, right = (0.86, 0.62) if side < 0 else (0.62, 0.86)
    pen.polygon(
        (
            (x - w * left, y - h * 0.1),
            (x - w * 0.7, brow),
            (x + side * w * 0.34, brow - h * 0.26),
            (x + w * 0.7, brow),
            (x + w * right, y - h * 0.1),
            (x + w * 0.6, y + 4 - h * 0.22),
            (x - w * 0.6, y + 4 - h * 0.22),
        ),
        fill=face.skin,
    )


def _darker(colour: str, share: float) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * share):02x}" for part in parts)


def _blushed(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"#{min(255, red + 6):02x}{round(green * 0.93):02x}{round(blue * 0.93):02x}"
