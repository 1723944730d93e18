"""Made-up members and photos for the benchmark: seeded, so that every run has the same.

The photos are noise of two grains, sized as phones and intake make them.
"""

import random
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from card_designs.card_data import CardData

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Võ", "Bùi", "Đỗ", "Hồ", "Ngô")
_MIDDLE = ("Thị Hồng", "Văn", "Hữu", "Thị Mỹ", "Đức Minh", "Quang", "Ngọc", "Thế")
_GIVEN = ("Ánh", "Bình", "Cường", "Dũng", "Ễnh", "Giang", "Hằng", "Khánh", "Ngự")
_TRADES = ("May", "Thủy sản", "Xây dựng", "Muối", "Điện lực", "Cấp nước")
_PHOTOS = 4
_TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105


@dataclass(frozen=True, slots=True)
class PhotoKind:
    """A size of photo in pixels, how much grain, the JPEG quality."""

    size: tuple[int, int]
    grain: float
    quality: int


PHOTO_KINDS = {
    "phone": PhotoKind((600, 900), 0.4, 92),  # about 270 KB
    "big": PhotoKind((1500, 2250), 0.18, 90),  # about 1 MB, the most the plan allows
}
PREPARED = {300: (236, 354), 600: (472, 709)}
"""What intake makes of them: 20 × 30 mm at print resolution."""


def make_cards(count: int, *, seed: int = 1) -> list[CardData]:
    """Make members without photos."""
    chance = random.Random(seed)  # noqa: S311 - made-up data
    return [_card(number, chance) for number in range(count)]


def write_photos(folder: Path, *, seed: int = 1) -> None:
    """Write the same faces as every kind: ``phone-3.jpg``, ``print300-3.jpg`` …"""
    chance = random.Random(seed)  # noqa: S311 - made-up data
    for number in range(_PHOTOS):
        for name, kind in PHOTO_KINDS.items():
            picture = _noise(kind, chance)
            _save(picture, folder / f"{name}-{number}.jpg", kind.quality)
            if name == "phone":
                for dpi, size in PREPARED.items():
                    small = picture.resize(size, Image.Resampling.LANCZOS)
                    _save(small, folder / f"print{dpi}-{number}.jpg", 90)


def photo_file(folder: Path, kind: str, number: int) -> Path:
    """Give the photo of the member of this number."""
    return folder / f"{kind}-{number % _PHOTOS}.jpg"


def _card(number: int, chance: random.Random) -> CardData:
    unit = f"CĐCS Công ty Cổ phần {chance.choice(_TRADES)} số {chance.randrange(40)}"
    return CardData(
        member_number=f"{85_000_000_000 + number:012d}",
        full_name=" ".join(map(chance.choice, (_FAMILY, _MIDDLE, _MIDDLE, _GIVEN))),
        birth_date=f"{chance.randrange(1, 29):02d}/{chance.randrange(1, 13):02d}"
        f"/{chance.randrange(1962, 2005)}",
        unit_name=unit,
        card_kind="linked",
        province_code="85",
        vpoint_code=f"VP{chance.randrange(10**8):08d}",
        issue_date="28/07/2026",
        verify_url="https://congdoan.example/k/"
        + "".join(chance.choices(_TOKEN, k=22)),
    )


def _noise(kind: PhotoKind, chance: random.Random) -> Image.Image:
    def grained(step: int) -> Image.Image:
        width, height = kind.size[0] // step, kind.size[1] // step
        dots = chance.randbytes(width * height * 3)
        picture = Image.frombytes("RGB", (width, height), dots)
        return picture.resize(kind.size, Image.Resampling.BICUBIC)

    return Image.blend(grained(60), grained(2), kind.grain)


def _save(picture: Image.Image, path: Path, quality: int) -> None:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    path.write_bytes(file.getvalue())
