"""The two kinds of card, and who must take the linked one."""

from enum import StrEnum


class CardKind(StrEnum):
    """Which card a member asks for (P2, 4)."""

    STANDARD = "standard"
    LINKED = "linked"


CARD_KIND_LABELS = {
    CardKind.STANDARD: "Thẻ thông thường",
    CardKind.LINKED: "Thẻ liên kết",
}


def must_be_linked(*, full_time_official: bool, union_staff: bool) -> bool:
    """Say whether the linked card is compulsory (P2, 4.2)."""
    return full_time_official or union_staff


def card_kind_for(
    wish: CardKind | None, *, full_time_official: bool, union_staff: bool
) -> CardKind:
    """Give the kind to request: the compulsory one, else the wish, else standard."""
    if must_be_linked(full_time_official=full_time_official, union_staff=union_staff):
        return CardKind.LINKED
    return wish or CardKind.STANDARD
