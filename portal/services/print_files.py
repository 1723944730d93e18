"""The files of a drawn batch: images as zip, PDF, and the list to check against."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal.db.models import PrintBatch, PrintCard
from portal.db.models.cards import PrintCardState
from portal.db.queries import prints as prints_q
from portal.domain import clock
from portal.domain.text import fold
from portal.files.archive import write_zip
from portal.files.workbook_writer import FORMULA_STARTS, write_table
from portal.services import stores
from portal.services.press import Press
from portal.services.print_cards import order_of

CHECK_HEADERS = ("STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Mã số", "Ký nhận")


def make_files(press: Press, batch: PrintBatch) -> list[tuple[str, str, int]]:
    """Make the zip of images, the PDF and the list to check against.

    Gives name, hash and bytes of each.
    """
    cards = prints_q.cards_of(batch.id, state=PrintCardState.DRAWN)
    if not cards:
        return []
    stem = f"lo-in-{batch.id}"
    with tempfile.TemporaryDirectory() as folder:
        paths = {
            f"{stem}-anh.zip": Path(folder) / "images.zip",
            f"{stem}.pdf": Path(folder) / "cards.pdf",
            f"{stem}-danh-sach.xlsx": Path(folder) / "list.xlsx",
        }
        images, pdf, check_list = paths.values()
        check_list.write_bytes(_check_list(batch, cards))
        write_zip(images, _image_entries(cards, _manifest(cards)))
        press.write_pdf([order_of(card, dpi=batch.dpi) for card in cards], pdf)
        kept = []
        for name, path in paths.items():
            with path.open("rb") as source:
                digest = stores.exports().put_stream(source)
            kept.append((name, digest, path.stat().st_size))
    return kept


def _image_entries(
    cards: list[PrintCard], manifest: bytes
) -> Iterator[tuple[str, bytes]]:
    store = stores.exports()
    yield "danh-sach.csv", manifest
    for card in cards:
        for side in card.images:
            yield image_name(card, side), store.read(card.images[side])


def image_name(card: PrintCard, side: str) -> str:
    """Name the picture of one side in plain ASCII, in printing order."""
    name = fold(card.card["full_name"]).encode("ascii", "ignore").decode()
    slug = "-".join("".join(c if c.isalnum() else " " for c in name).split())
    return f"{card.position + 1:05d}_{card.card['member_number']}_{slug}_{side}.png"


def _check_list(batch: PrintBatch, cards: list[PrintCard]) -> bytes:
    """Write the list that people hold beside the cards: a person a line, to sign."""
    rows = [
        (
            number,
            card.card["full_name"],
            card.card["birth_date"],
            card.card["unit_name"],
            card.card["member_number"],
            "",
        )
        for number, card in enumerate(cards, start=1)
    ]
    day = batch.created_at.astimezone(clock.VIETNAM)
    title = f"DANH SÁCH ĐỐI CHIẾU LÔ IN {batch.id} – {day:%d/%m/%Y}"
    return write_table(title, CHECK_HEADERS, rows, wide=("Ký nhận",))


def _manifest(cards: list[PrintCard]) -> bytes:
    out = io.StringIO(newline="")
    # The byte order mark makes Excel read the names as they are.
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        ["file", "member_number", "full_name", "unit_name", "side", "sha256"]
    )
    for card in cards:
        for side, digest in card.images.items():
            values = card.card
            writer.writerow(
                [
                    image_name(card, side),
                    values["member_number"],
                    _plain(values["full_name"]),
                    _plain(values["unit_name"]),
                    side,
                    digest,
                ]
            )
    return out.getvalue().encode()


def _plain(text: str) -> str:
    # A cell that a spreadsheet would take for a formula stays text.
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
