"""Made-up cards and photos for the tests of the card library."""

from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from card_designs import CardData

NUMBER = "085000012345"
VERIFY_URL = "https://congdoan.example/k/7Qm2xVtB9rLpW4sKdJ8nYc"
LONG_NAME = (
    "Công Tằng Tôn Nữ Huyền Trân Phương Anh Thục Đoan Trang Nhã Uyên"
    " Quỳnh Như Diễm Hương Kiều Oanh M"
)
LONG_UNIT = (
    "Công đoàn cơ sở Công ty Trách nhiệm hữu hạn Một thành viên"
    " Khai thác Công trình Thủy lợi A"
)


def make_card(**values: Any) -> CardData:
    """Make a whole card; name what is to be different."""
    whole: dict[str, Any] = {
        "member_number": NUMBER,
        "full_name": "Nguyễn Thị Hồng Ánh",
        "birth_date": "02/09/1985",
        "unit_name": "CĐCS Công ty May Phương Nam",
        "province_code": "85",
        "vpoint_code": "VP00012345",
        "issue_date": "28/07/2026",
        "verify_url": VERIFY_URL,
        "photo": make_photo(),
    }
    return CardData(**{**whole, **values})


@lru_cache
def make_photo(
    *,
    size: tuple[int, int] = (472, 709),
    kind: str = "JPEG",
    mode: str = "RGB",
    turned: int = 1,
) -> bytes:
    """Draw a portrait of sorts: blue above, red below."""
    picture = Image.new("RGB", size, (30, 60, 200))
    lower = (0, size[1] // 2, size[0], size[1])
    ImageDraw.Draw(picture).rectangle(lower, fill=(200, 40, 30))
    exif = Image.Exif()
    exif[0x0112] = turned
    file = BytesIO()
    picture.convert(mode).save(file, kind, exif=exif)
    return file.getvalue()


def open_png(content: bytes) -> Image.Image:
    """Open a PNG wholly."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture
