"""The one registry of what a card can show."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache
from typing import Any

from card_designs.card_data import CardData

CARD_KIND_LABELS = {"standard": "Thẻ thông thường", "linked": "Thẻ liên kết"}


class FieldKind(StrEnum):
    """How a field may be drawn."""

    TEXT = auto()
    IMAGE = auto()


@dataclass(frozen=True, slots=True)
class CardField:
    """One value of a card: its name in designs, its label, what it looks like.

    ``sample`` fills previews; ``extremes`` are values that designs must survive.
    ``required``: every design must show it on one of its sides.
    """

    name: str
    label: str
    sample: str
    read: Callable[[CardData], str]
    kind: FieldKind = FieldKind.TEXT
    extremes: tuple[str, ...] = ()
    required: bool = False


CARD_FIELDS = {
    field.name: field
    for field in (
        CardField(
            "full_name",
            "Họ và tên",
            "Nguyễn Thị Hồng Ánh",
            lambda card: card.full_name,
            extremes=(
                "Ý",
                "H'Hen Niê",
                "Đặng Bùi Thể Hằng Ngự",
                "Công Tằng Tôn Nữ Huyền Trân Phương Anh Thục Đoan Trang Nhã Uyên",
            ),
            required=True,
        ),
        CardField(
            "birth_date",
            "Ngày sinh",
            "02/09/1985",
            lambda card: card.birth_date,
            extremes=("1985",),
        ),
        CardField(
            "unit_name",
            "Công đoàn cơ sở",
            "CĐCS Công ty Cổ phần May Phương Nam",
            lambda card: card.unit_name,
            extremes=(
                "CĐCS Xã A",
                "Công đoàn cơ sở Công ty Trách nhiệm hữu hạn Một thành viên"
                " Khai thác Công trình Thủy lợi",
            ),
        ),
        CardField(
            "member_number",
            "Mã số đoàn viên",
            "085000012345",
            lambda card: card.member_number,
            extremes=("000000000000", "999999999999"),
            required=True,
        ),
        CardField(
            "province_code",
            "Mã số theo tỉnh",
            "85",
            lambda card: card.province_code,
        ),
        CardField(
            "vpoint_code",
            "Mã Vpoint",
            "VP00012345",
            lambda card: card.vpoint_code,
        ),
        CardField(
            "issue_date",
            "Ngày cấp",
            "28/07/2026",
            lambda card: card.issue_date,
        ),
        CardField(
            "verify_url",
            "Địa chỉ kiểm tra thẻ",
            "https://congdoan.example/k/7Qm2xVtB9rLpW4sKdJ8nYc",
            lambda card: card.verify_url,
        ),
        CardField(
            "photo",
            "Ảnh 2×3",
            "",
            lambda card: "",
            kind=FieldKind.IMAGE,
        ),
        CardField(
            "card_kind",
            "Loại thẻ",
            "standard",
            lambda card: CARD_KIND_LABELS.get(card.card_kind, card.card_kind),
        ),
    )
}


@cache
def sample_card() -> CardData:
    """Give the card that previews show; it has no photo."""
    values: dict[str, Any] = {
        field.name: field.sample
        for field in CARD_FIELDS.values()
        if field.kind is FieldKind.TEXT
    }
    return CardData(**values)


def has_value(card: CardData, name: str) -> bool:
    """Say whether the card has anything to show in this field."""
    if CARD_FIELDS[name].kind is FieldKind.IMAGE:
        return bool(card.photo)
    return bool(CARD_FIELDS[name].read(card))
