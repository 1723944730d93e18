"""Invented people by the thousand, with everything that lists hold about them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from portal.demo.people import invent_people
from portal.domain.membership import Sex

_PLACES = (
    "Phường Mẫu, thành phố Phan Rang",
    "Xã Bình Yên, huyện An Bình",
    "Thôn Tân Lập, xã Hòa Thắng",
    "Số 12 đường Nguyễn Trãi, phường Mỹ Đức",
    "Khu phố 3, thị trấn Đông Xuân",
    "Ấp Vĩnh Lợi, xã Trường Thạnh",
)
_JOBS = (
    "Công nhân",
    "Tổ trưởng sản xuất",
    "Kế toán trưởng",
    "Nhân viên bảo vệ",
    "Giáo viên",
    "Kỹ thuật viên",
    "Phó quản đốc",
    "Thủ quỹ",
)
_OFFICES = ("Cục Cảnh sát QLHC về TTXH", "Công an tỉnh Ninh Thuận", "Bộ Công an")
_LEVELS = ("12/12", "Đại học", "Cao đẳng", "Trung cấp", "Thạc sĩ")


@dataclass(frozen=True, slots=True)
class Someone:
    """One invented person; every value as the portal would keep it."""

    serial: int
    full_name: str
    birth_date: date
    sex: Sex
    citizen_id: str
    phone: str
    native_place: str
    address: str
    job_title: str
    issued_on: date
    issued_at: str
    joined_on: date
    level: str

    @property
    def sex_word(self) -> str:
        """Give the sex as lists write it."""
        return "Nam" if self.sex is Sex.MALE else "Nữ"


def people(count: int, *, seed: int) -> list[Someone]:
    """Give so many people; the same seed, the same people."""
    return list(islice(_people(seed), count))


def _people(seed: int) -> Iterator[Someone]:
    dice = random.Random(f"someone-{seed}")
    for serial, person in enumerate(invent_people(seed), start=1):
        yield Someone(
            serial=serial,
            full_name=person.full_name,
            birth_date=person.birth_date,
            sex=person.sex,
            citizen_id=person.citizen_id,
            phone=person.phone,
            native_place=person.native_place,
            address=dice.choice(_PLACES),
            job_title=dice.choice(_JOBS),
            issued_on=date(2021, 1 + serial % 12, 1 + serial % 28),
            issued_at=dice.choice(_OFFICES),
            joined_on=person.joined_union_on,
            level=dice.choice(_LEVELS),
        )
