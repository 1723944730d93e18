"""Judge a member's photo and cut it to the sizes that cards are printed from."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageStat, UnidentifiedImageError

from portal.domain.errors import Invalid, Problem, TooLarge

# 20 × 30 mm on the card (P2: "ảnh 2×3"): 236 × 354 px are 300 dpi, the card photo
# has 600 dpi.
PRINT_SIZE_PX = (236, 354)
CARD_SIZE_PX = (472, 708)
PHOTO_WIDTH_MM = 20
ORIGINAL_SIDE_PX = 2000
MAX_KEPT_BYTES = 1024 * 1024  # P2: 1 MB is the most that is kept
MAX_PIXELS = 25_000_000

# Nearly all holes of Pillow are in formats that nobody photographs in.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "HEIF")

_RATIO = 2 / 3
_CUT_WARNED = 0.2  # a phone's 3:4 loses 11 %, a square a third
_DARK, _BRIGHT = 40, 242  # mean of 0..255; white walls reach 225
_QUALITY = 90
_WHITE = (255, 255, 255)
_MM_PER_INCH = 25.4

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoVerdict:
    """What is to be said of one photo before it is taken.

    ``width_px`` and ``height_px`` are upright; ``dpi`` is what the centred 2:3 cut
    reaches on 20 × 30 mm; ``brightness`` is the mean of 0..255. ``problems`` refuse
    the photo, ``warnings`` want a look, ``repairs`` is what we mend by ourselves.
    """

    name: str
    format: str = ""
    width_px: int = 0
    height_px: int = 0
    dpi: int = 0
    brightness: int = 0
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    repairs: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Say whether the photo can be printed."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalisedPhoto:
    """One photo as JPEG bytes without EXIF: for cards, for print, for a new cut.

    ``card`` is 472 × 708 px, ``print`` 236 × 354 px, ``original`` the whole upright
    picture within 2000 px and 1 MB. ``crop`` is the box that was cut, as fractions
    (left, top, width, height) of the upright picture; ``dpi`` what it reaches.
    """

    card: bytes
    print: bytes
    original: bytes
    crop: tuple[float, float, float, float]
    dpi: int


def inspect_photo(data: bytes, *, name: str) -> PhotoVerdict:
    """Judge a photo; never raises: what is wrong stands in ``problems``."""
    try:
        with opened_picture(data, name=name) as image:
            kind = "JPEG" if image.format == "MPO" else image.format or ""
            turned = orientation(image) in (5, 6, 7, 8)
            width, height = image.size[::-1] if turned else image.size
            image.draft("L", (60, 90))
            brightness = _brightness(image)
    except (Invalid, TooLarge) as refusal:
        return PhotoVerdict(name=name, problems=refusal.problems)
    return _verdict(data, name, kind, (width, height), brightness)


def take_photo(
    data: bytes,
    *,
    name: str,
    crop: tuple[float, float, float, float] | None = None,
) -> tuple[PhotoVerdict, NormalisedPhoto]:
    """Judge and cut a photo in one go, decoding it once; raises like the cutting."""
    with opened_picture(data, name=name) as image:
        kind = "JPEG" if image.format == "MPO" else image.format or ""
        turned = orientation(image) in (5, 6, 7, 8)
        size = image.size[::-1] if turned else image.size
        upright = _decoded(image)
    grey = upright.reduce(max(1, _long_side(upright) // 180)).convert("L")
    brightness = round(ImageStat.Stat(grey).mean[0])
    cut = _cut_out(upright, crop, full=max(size), name=name)
    return _verdict(data, name, kind, size, brightness), cut


def normalise_photo(
    data: bytes,
    *,
    crop: tuple[float, float, float, float] | None = None,
    name: str = "Ảnh",
) -> NormalisedPhoto:
    """Turn upright, strip EXIF and GPS, cut to 2:3 and encode anew.

    ``crop`` is (left, top, width, height) as fractions of the upright picture,
    trimmed to 2:3 around its middle; the centred cut without it. Raises Invalid or
    TooLarge with a sentence.
    """
    with opened_picture(data, name=name) as image:
        full = _long_side(image)
        upright = _decoded(image)
    return _cut_out(upright, crop, full=full, name=name)


def _decoded(image: Image.Image) -> Image.Image:
    # JPEG decodes to a half or a quarter for a fraction of the time.
    image.draft("RGB", (ORIGINAL_SIDE_PX * 3 // 4, ORIGINAL_SIDE_PX * 3 // 4))
    return _upright_rgb(image)


def _cut_out(
    upright: Image.Image,
    crop: tuple[float, float, float, float] | None,
    *,
    full: int,
    name: str,
) -> NormalisedPhoto:
    """Cut and encode; ``full`` is the long side of the picture before decoding."""
    scale = full / _long_side(upright)
    box = _cut(upright.size, crop)
    cut_width = (box[2] - box[0]) * scale
    for problem in _size_problems(name, cut_width):
        raise Invalid(str(problem), (problem,))
    # Bicubic, and a gap that lets Pillow halve big pictures first: a quarter of the
    # time of Lanczos, and no eye tells them apart at 600 dpi.
    card = upright.resize(CARD_SIZE_PX, Image.Resampling.BICUBIC, box, reducing_gap=1.1)
    small = card.reduce(CARD_SIZE_PX[0] // PRINT_SIZE_PX[0])
    left, top, right, bottom = box
    width, height = upright.size
    return NormalisedPhoto(
        card=_jpeg(card, dpi=_dpi(CARD_SIZE_PX[0])),
        print=_jpeg(small, dpi=_dpi(PRINT_SIZE_PX[0])),
        original=_original(upright),
        crop=(
            left / width,
            top / height,
            (right - left) / width,
            (bottom - top) / height,
        ),
        dpi=_dpi(cut_width),
    )


def turned(data: bytes, *, quarters: int) -> bytes:
    """Turn a kept picture clockwise by quarters; JPEG in, JPEG out, no metadata."""
    turns = {
        1: Image.Transpose.ROTATE_270,
        2: Image.Transpose.ROTATE_180,
        3: Image.Transpose.ROTATE_90,
    }
    with opened_picture(data, name="Ảnh") as image:
        upright = _upright_rgb(image)
    turn = turns.get(quarters % 4)
    return _original(upright.transpose(turn) if turn is not None else upright)


def preview(data: bytes, *, width_px: int) -> bytes:
    """Make a picture that we drew small enough for a screen; PNG in, PNG out."""
    with opened_picture(data, name="Ảnh thẻ") as image:
        image.load()
        small = _flat(image)
    small.thumbnail((width_px, small.height), Image.Resampling.BICUBIC)
    small.info.clear()
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _verdict(
    data: bytes, name: str, kind: str, size: tuple[int, int], brightness: int
) -> PhotoVerdict:
    width, height = size
    cut_width = min(width, height * _RATIO)
    return PhotoVerdict(
        name=name,
        format=kind,
        width_px=width,
        height_px=height,
        dpi=_dpi(cut_width),
        brightness=brightness,
        problems=tuple(_size_problems(name, cut_width)),
        warnings=tuple(_doubts(name, width, height, brightness)),
        repairs=tuple(_repairs(data)),
    )


@contextmanager
def opened_picture(data: bytes, *, name: str) -> Iterator[Image.Image]:
    """Open a picture of a known format and size; every failure becomes a sentence."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            # Ours, not Pillow's own limit, which holds for the whole process.
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            yield image
    except (Invalid, TooLarge):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except UnidentifiedImageError as error:
        raise _refused(_not_a_picture(data, name)) from error
    except Exception as error:  # broken pictures raise a dozen kinds
        problem = Problem(
            "ảnh hỏng hoặc tải lên chưa trọn nên không đọc hết được.",
            where=name,
            fix="Hãy gửi lại ảnh gốc.",
        )
        raise _refused(problem) from error


def _not_a_picture(data: bytes, name: str) -> Problem:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"<svg" in head:
        what = "là hình vẽ SVG, không phải ảnh chụp."
    elif head.startswith((b"gif8", b"ii*\0", b"mm\0*")) or b"ftypavif" in head:
        what = "có định dạng ảnh mà cổng không nhận (GIF, TIFF, AVIF)."
    elif not data:
        what = "là tệp rỗng."
    else:
        what = "không phải là ảnh."
    return Problem(what, where=name, fix="Hãy dùng ảnh JPEG, PNG, WebP, BMP hoặc HEIC.")


def _too_many_pixels(name: str) -> TooLarge:
    problem = Problem(
        f"ảnh quá lớn, trên {MAX_PIXELS // 1_000_000} triệu điểm ảnh.",
        where=name,
        fix="Hãy thu nhỏ ảnh rồi gửi lại.",
    )
    return TooLarge(str(problem), (problem,))


def _refused(problem: Problem) -> Invalid:
    return Invalid(str(problem), (problem,))


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 where there is none or it cannot be read."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # EXIF is free-form bytes: any reader error means "not said"
        return 1


def _upright_rgb(image: Image.Image) -> Image.Image:
    """Return the picture turned upright, on white, in RGB, without metadata."""
    image.load()
    upright = turn_upright(_flat(image), turn=orientation(image))
    # Pillow copies comments and colour profiles along, into every file saved later.
    upright.info.clear()
    return upright


def turn_upright(image: Image.Image, *, turn: int) -> Image.Image:
    """Return the picture turned as an EXIF orientation of 1 to 8 asks."""
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(turn)
    return image.transpose(method) if method is not None else image


def _flat(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey would be clipped to white
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, _WHITE)
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    # A copy of two million pixels costs as much as encoding them.
    return image if image.mode == "RGB" else image.convert("RGB")


def _brightness(image: Image.Image) -> int:
    """Return the mean grey of the picture; decodes it, so truncation shows here."""
    image.load()
    image.thumbnail((90, 90), Image.Resampling.BOX)
    return round(ImageStat.Stat(_flat(image).convert("L")).mean[0])


def _cut(
    size: tuple[int, int], crop: tuple[float, float, float, float] | None
) -> tuple[float, float, float, float]:
    """Return the 2:3 box in pixels (left, top, right, bottom) within the picture."""
    left, top, width, height = crop or (0.0, 0.0, 1.0, 1.0)
    inside = (
        0 <= left < 1 and 0 <= top < 1 and 0 < width <= 1.001 and 0 < height <= 1.001
    )
    if not (inside and left + width <= 1.001 and top + height <= 1.001):
        raise Invalid("Khung cắt nằm ngoài ảnh. Hãy đặt lại khung rồi lưu.")
    box_left, box_top = left * size[0], top * size[1]
    box_width = min(width * size[0], size[0] - box_left)
    box_height = min(height * size[1], size[1] - box_top)
    cut_width = min(box_width, box_height * _RATIO)
    cut_height = cut_width / _RATIO
    x = box_left + (box_width - cut_width) / 2
    y = box_top + (box_height - cut_height) / 2
    return x, y, x + cut_width, min(y + cut_height, size[1])


def _original(image: Image.Image) -> bytes:
    kept = image
    if _long_side(kept) > ORIGINAL_SIDE_PX:
        kept = image.copy()
        kept.thumbnail((ORIGINAL_SIDE_PX, ORIGINAL_SIDE_PX), reducing_gap=1.1)
    for quality in (88, 75, 60, 40):
        data = _jpeg(kept, quality=quality)
        if len(data) <= MAX_KEPT_BYTES:
            break
    return data


def _jpeg(image: Image.Image, *, dpi: int = 0, quality: int = _QUALITY) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
    return out.getvalue()


def _long_side(image: Image.Image) -> int:
    return max(image.size)


def _dpi(width_px: float) -> int:
    return round(width_px * _MM_PER_INCH / PHOTO_WIDTH_MM)


def _size_problems(name: str, cut_width: float) -> Iterator[Problem]:
    # Half a pixel of a fraction must not refuse a photo of exactly the size.
    if cut_width < PRINT_SIZE_PX[0] - 0.5:
        yield Problem(
            f"ảnh quá nhỏ để in: phần cắt 2:3 chỉ có {cut_width:.0f}×"
            f"{cut_width / _RATIO:.0f} điểm, cần ít nhất "
            f"{PRINT_SIZE_PX[0]}×{PRINT_SIZE_PX[1]}.",
            where=name,
            fix="Hãy gửi ảnh lớn hơn hoặc nới khung cắt.",
        )


def _doubts(name: str, width: int, height: int, brightness: int) -> Iterator[Problem]:
    ratio = width / height
    kept = min(ratio, _RATIO) / max(ratio, _RATIO)
    if kept < 1 - _CUT_WARNED:
        yield Problem(
            f"ảnh {width}×{height} khác xa tỷ lệ 2:3 nên phải cắt bớt nhiều.",
            where=name,
            fix="Hãy xem lại khung cắt.",
        )
    if brightness < _DARK:
        yield Problem("ảnh rất tối.", where=name, fix="Hãy xem lại hoặc chụp lại.")
    if brightness > _BRIGHT:
        yield Problem("ảnh rất sáng.", where=name, fix="Hãy xem lại hoặc chụp lại.")


def _repairs(data: bytes) -> Iterator[str]:
    if len(data) > MAX_KEPT_BYTES:
        size = f"{len(data) / MAX_KEPT_BYTES:.1f}".replace(".", ",")
        yield f"Ảnh {size} MB được thu nhỏ xuống dưới 1 MB."
