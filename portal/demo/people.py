"""Invented people with the names that Việt Nam's lists really hold."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.membership import Sex
from portal.domain.text import fold


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = _words(
    "Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi "
    "Đỗ Hồ Ngô Dương Lý Đinh Trương Lương Mai Tô Đoàn Thái Quách Châu"
)
_MIDDLES = {
    Sex.MALE: _words("Văn Văn Hữu Đức Minh Quốc Công Thành Xuân Ngọc Đình Trọng"),
    Sex.FEMALE: _words("Thị Thị Thị Ngọc Thu Thanh Bích Mỹ Kim Phương Hồng Diệu"),
}
_GIVEN = {
    Sex.MALE: _words(
        "Dũng Hùng Tuấn Cường Thắng Sơn Hải Long Phúc Khánh Đạt Tiến Bình Nghĩa Quân "
        "Lộc Toàn Tài Vượng Đông Hiếu Kiên Nhân Phước Thịnh Trí Ưng Vỹ"
    ),
    Sex.FEMALE: _words(
        "Hoa Lan Hương Nga Thảo Trang Yến Hạnh Oanh Thủy Tuyết Nhung Hằng Loan Phượng "
        "Thúy Duyên Diễm Hiền Huệ Ngân Quỳnh Uyên Vân Xuyến Ánh Đào Hòa"
    ),
}
# Ê-đê, M'nông, Raglai, Chăm, Kinh with four syllables: each has its own shape.
_UPLAND = {
    Sex.MALE: ("Y Thuận Êban", "Y Liêm Niê", "K'Brơi", "Chamaléa Tiến", "Thập Đạo"),
    Sex.FEMALE: (
        "H'Nhiên Niê",
        "H'Bia Ktul",
        "H'Wăn Mlô",
        "Pi Năng Thị Dâng",
        "Tôn Nữ Thị Ái Duyên",
    ),
}
_PLACES = (
    ("058", "Ninh Thuận"),
    ("056", "Khánh Hòa"),
    ("001", "Hà Nội"),
    ("079", "TP. Hồ Chí Minh"),
    ("060", "Bình Thuận"),
    ("038", "Thanh Hóa"),
)
_JOBS = ("Công nhân", "Tổ trưởng", "Nhân viên", "Kế toán", "Kỹ thuật viên", "Giáo viên")
_UPLAND_SHARE = 0.04
_OLDEST_BIRTH = date(1966, 1, 1)
_BIRTH_DAYS = 38 * 365


@dataclass(frozen=True, slots=True)
class Person:
    """One invented union member; names are NFC."""

    full_name: str
    birth_date: date
    sex: Sex
    citizen_id: str
    native_place: str
    phone: str
    job_title: str
    joined_union_on: date


def invent_people(seed: int) -> Iterator[Person]:
    """Give people without end, no two with one CCCD or one folded name."""
    dice = random.Random(f"people-{seed}")  # noqa: S311 (sample data)
    numbers: set[str] = set()
    names: set[str] = set()
    while True:
        sex = dice.choice((Sex.MALE, Sex.FEMALE))
        birth = _OLDEST_BIRTH + timedelta(days=dice.randrange(_BIRTH_DAYS))
        name = _name(dice, sex)
        code, place = dice.choice(_PLACES)
        number = _citizen_id(dice, code, sex=sex, birth=birth)
        if number in numbers or fold(name) in names:
            continue
        numbers.add(number)
        names.add(fold(name))
        worked = dice.randrange(1, 8000)
        yield Person(
            full_name=name,
            birth_date=birth,
            sex=sex,
            citizen_id=number,
            native_place=place,
            phone=f"09{dice.randrange(10**8):08d}",
            job_title=dice.choice(_JOBS),
            joined_union_on=min(
                birth + timedelta(days=18 * 366 + worked), date(2025, 6, 1)
            ),
        )


def _name(dice: random.Random, sex: Sex) -> str:
    if dice.random() < _UPLAND_SHARE:
        return dice.choice(_UPLAND[sex])
    middle = dice.choice(_MIDDLES[sex])
    given = dice.choice(_GIVEN[sex])
    more = f" {dice.choice(_MIDDLES[sex][3:])}" if dice.random() < 0.3 else ""
    return f"{dice.choice(_SURNAMES)} {middle}{more} {given}"


def _citizen_id(dice: random.Random, code: str, *, sex: Sex, birth: date) -> str:
    """Build a number by its rule: province, century and sex, year, six digits."""
    century = 2 * (birth.year // 100 - 19) + (sex is Sex.FEMALE)
    return f"{code}{century}{birth.year % 100:02d}{dice.randrange(10**6):06d}"
