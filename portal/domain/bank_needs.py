"""What the bank cannot issue a linked card without (P2, linked list)."""

from datetime import date
from typing import Protocol

from portal.domain.errors import Problem
from portal.domain.membership import Sex

_NEEDED = (
    ("full_name", "Họ và tên"),
    ("birth_date", "Ngày sinh"),
    ("sex", "Giới tính"),
    ("citizen_id", "Số CCCD"),
    ("phone", "Số điện thoại"),
    ("address", "Địa chỉ"),
)

# What can be filled in while a request is on its way: it is not on the card.
OPEN_FIELDS = frozenset({"Số điện thoại", "Địa chỉ"})


class BankPerson(Protocol):
    """What the bank asks about one person: any line of a list that tells it."""

    @property
    def full_name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def birth_year_only(self) -> bool: ...
    @property
    def sex(self) -> Sex | None: ...
    @property
    def citizen_id(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def address(self) -> str: ...


def bank_lacks(person: BankPerson) -> tuple[Problem, ...]:
    """Name what the bank would send the row back for; account and branch may lack."""
    found = [
        Problem(
            f"Thiếu {name[:1].lower()}{name[1:]} mà ngân hàng cần.",
            name,
            "Bổ sung trong hồ sơ đoàn viên.",
        )
        for field, name in _NEEDED
        if not getattr(person, field)
    ]
    if person.birth_date is not None and person.birth_year_only:
        found.append(
            Problem(
                "Ngân hàng cần đủ ngày, tháng, năm sinh.",
                "Ngày sinh",
                "Bổ sung trong hồ sơ đoàn viên.",
            )
        )
    return tuple(found)
