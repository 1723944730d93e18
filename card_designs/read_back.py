"""Read codes back from drawn pixels, as a reader at the counter would."""

from io import BytesIO

import zxingcpp
from PIL import Image

from card_designs.card_data import CardData
from card_designs.codes import encode, place
from card_designs.design import Design
from card_designs.fields import CARD_FIELDS
from card_designs.findings import Finding, error
from card_designs.geometry import SIDE_LABELS
from card_designs.profiles import Frame
from card_designs.slots import CodeSlot

_FORMATS = {
    "code128": zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128]),
    "qr": zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
}


def read_back(
    design: Design,
    side: str,
    card: CardData,
    picture: Image.Image | bytes,
    frame: Frame,
) -> list[Finding]:
    """Compare each code on a drawn side with what it must hold; say what is wrong.

    Also wrong: a pixel that is neither black nor white, which printers send to another
    ribbon panel than the bars.
    """
    slots = [
        slot
        for slot in design.side(side).slots
        if isinstance(slot, CodeSlot) and slot.shown(card)
    ]
    if not slots:
        return []
    if isinstance(picture, bytes):
        picture = Image.open(BytesIO(picture), formats=["PNG"])
    return [
        finding
        for slot in slots
        for finding in _code_findings(side, slot, card, picture, frame)
    ]


def read_codes(
    design: Design, side: str, card: CardData, picture: Image.Image, frame: Frame
) -> list[tuple[CodeSlot, str]]:
    """Give what a reader makes of each code on a drawn side, empty for nothing."""
    found = []
    for slot in design.side(side).slots:
        if not isinstance(slot, CodeSlot) or not slot.shown(card):
            continue
        modules = encode(CARD_FIELDS[slot.field].read(card), slot.symbology)
        placed = place(modules, slot, frame) if modules else None
        read = None
        if placed is not None:
            drawn = picture.crop(placed.box).convert("L")
            read = zxingcpp.read_barcode(drawn, formats=_FORMATS[slot.symbology])
        found.append((slot, read.text if read else ""))
    return found


def _code_findings(
    side: str, slot: CodeSlot, card: CardData, picture: Image.Image, frame: Frame
) -> list[Finding]:
    wanted, label = CARD_FIELDS[slot.field].read(card), CARD_FIELDS[slot.field].label
    where = f"{label}, {SIDE_LABELS[side]}"
    modules = encode(wanted, slot.symbology)
    placed = place(modules, slot, frame) if modules else None
    if placed is None:
        message = f"Không có mã nào của “{label}” trên {SIDE_LABELS[side]}."
        return [error("code-unreadable", where, message)]
    drawn = picture.crop(placed.box).convert("L")
    found = zxingcpp.read_barcode(drawn, formats=_FORMATS[slot.symbology])
    if found is None:
        message = f"Máy không đọc lại được mã của “{label}” trên hình đã vẽ."
        return [error("code-unreadable", where, message)]
    if found.text != wanted:
        message = f"Mã của “{label}” đọc lại ra “{found.text}”, phải là “{wanted}”."
        return [error("code-differs", where, message)]
    shades = drawn.histogram()
    if shades[0] + shades[255] != drawn.width * drawn.height:
        message = f"Mã của “{label}” có điểm xám, máy in thẻ sẽ in sai mực."
        return [error("code-grey", where, message)]
    return []
