"""Prove that what the benchmark timed is right: codes and art to the pixel."""

from itertools import groupby
from pathlib import Path

from PIL import Image, ImageChops

from card_designs.bench_data import make_cards, photo_file
from card_designs.card_data import CardData
from card_designs.design import Design, load_design
from card_designs.gate import prove_card
from card_designs.profiles import PROFILES, Frame
from card_designs.reference import draw_reference
from card_designs.render import draw_pixels, placed_code
from card_designs.slots import CodeSlot


def check_bench(folder: Path, *, design: str, dpi: int, cards: int) -> list[str]:
    """Draw some of the benchmark's cards and list what is wrong with them."""
    loaded, frame = load_design(design), Frame(PROFILES["cr80"], dpi)
    wrong = []
    for number, bare in enumerate(make_cards(cards)):
        photo = photo_file(folder, f"print{dpi}", number).read_bytes()
        card = bare.with_photo(photo)
        for side in loaded.sides:
            for problem in _side_problems(loaded, side, card, frame):
                wrong.append(f"{card.member_number} {side}: {problem}")
    return wrong


def _side_problems(
    design: Design, side: str, card: CardData, frame: Frame
) -> list[str]:
    picture = draw_pixels(design, side, card, frame=frame, overprint=False)
    found = prove_card(
        design, card, sides=(side,), dpi=frame.dpi, pictures={side: picture}
    )
    problems = [each.message for each in found]
    for slot in design.side(side).slots:
        if isinstance(slot, CodeSlot) and slot.shown(card):
            problems += _code_problems(slot, card, picture, frame)
    reference = draw_reference(design, side, card, frame=frame, overprint=False)
    apart = ImageChops.difference(picture, reference)
    if any(apart.convert("L").histogram()[2:]):
        problems.append(f"không giống hình của CairoSVG: {apart.getbbox()}")
    return problems


def _code_problems(
    slot: CodeSlot, card: CardData, picture: Image.Image, frame: Frame
) -> list[str]:
    code = placed_code(slot, card, frame)
    drawn = picture.crop(code.box)
    levels = [any(drawn.histogram()[level::256]) for level in range(256)]
    if any(levels[1:255]):
        return ["mã có điểm ảnh xám"]
    left, top, right, bottom = code.dark_area
    middle = (top + bottom) // 2
    row = list(picture.crop((left, middle, right, middle + 1)).convert("L").tobytes())
    runs = [len(list(run)) for _, run in groupby(row)]
    if not slot.turn and any(run % code.module_px for run in runs):
        return [f"bề rộng vạch không phải bội của {code.module_px} điểm ảnh"]
    return []
