"""A synthetic union of any size, written in bulk: what the bench measures against."""

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.access.policy import Role
from portal.access.scope import Scope
from portal.db.migrate import upgrade
from portal.db.models import Member, Officer, Photo, Post, SignInSession, Unit
from portal.db.queries import members as members_q
from portal.db.queries.member_search import search_terms
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.collation import name_sort_key
from portal.domain.identity import mask_citizen_id
from portal.domain.membership import DuesStanding, MemberStatus, Sex
from portal.domain.numbering import number_text
from portal.domain.text import fold, search_text
from portal.domain.union_units import UnionLevel, path_of
from portal.services.sign_in import ABSOLUTE_LIMIT, token_hash

COMMON_SURNAME = "nguyen"
RARE_NAME = "Tôn Nữ Quỳnh Giao"
_PAGE = 500
_CHUNK = 5000
_FEDERATIONS, _UPPERS, _GRASSROOTS = 20, 6, 8
_LONG_AGO = date(2000, 1, 1)


def _words(text: str) -> list[str]:
    return text.split()


# About as often as in Việt Nam, in percent.
_SURNAMES = {
    "Nguyễn": 31,
    "Trần": 11,
    "Lê": 10,
    "Phạm": 7,
    "Hoàng": 3,
    "Huỳnh": 3,
    "Phan": 5,
    "Vũ": 2,
    "Võ": 2,
    "Đặng": 2,
    "Bùi": 2,
    "Đỗ": 2,
    "Hồ": 1,
    "Ngô": 1,
    "Dương": 1,
    "Lý": 1,
    "Đinh": 1,
    "Trương": 1,
    "Chamaléa": 1,
}
_MIDDLES = {
    Sex.MALE: _words("Văn Văn Văn Hữu Đức Minh Quang Xuân Công Bá"),
    Sex.FEMALE: _words("Thị Thị Thị Thu Thanh Ngọc Kim Hồng Bích Diệu"),
}
_GIVEN = {
    Sex.MALE: _words(
        "An Bình Cường Dũng Duy Đạt Đức Giang Hải Hiếu Hòa Hoàng Hùng Khánh Khoa "
        "Long Minh Nam Phong Phúc Quân Sơn Tài Thắng Tiến Trung Tuấn Tùng Việt Vinh"
    ),
    Sex.FEMALE: _words(
        "An Ánh Châu Chi Dung Duyên Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Lan Linh "
        "Loan Mai Nga Ngân Nhung Oanh Phương Quyên Tâm Thảo Thủy Trang Tuyết Yến"
    ),
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was built: the officer's session secret, and ids to ask for."""

    token: str
    units: int
    page_cursor: int
    rare_id: int

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """Give each page that is measured: name, Vietnamese label, address."""
        index = "/doan-vien"
        rare = "+".join(reversed(fold(RARE_NAME).split()))
        yield "first_page", "Danh sách, trang đầu", index
        after = f"{index}?after={self.page_cursor}"
        yield "page_500", f"Danh sách, trang {_PAGE}", after
        surname = f"{index}?q={COMMON_SURNAME}"
        yield "search_common_surname", "Tìm họ phổ biến, không dấu", surname
        yield "search_rare_name", "Tìm họ tên hiếm, không dấu", f"{index}?q={rare}"
        yield "member", "Hồ sơ một đoàn viên", f"{index}/{self.rare_id}"
        yield "unit_tree", "Cây đơn vị", "/don-vi/"
        yield "filtered", "Lọc người thiếu ảnh", f"{index}?filter=no_photo"
        yield "one_federation", "Danh sách một LĐLĐ tỉnh", f"{index}?unit=F01"


def build_crowd(members: int) -> Crowd:
    """Write the tables, a union and its members; needs an app context.

    Names, numbers and standings come from a seeded generator: two runs measure the
    same data.
    """
    upgrade()
    with transaction() as session:
        top, homes, units = _write_units(session)
        token = write_officer(session, top)
    dice = random.Random(85)  # noqa: S311 (sample data)
    with transaction() as session:
        session.add(_photo())
    for first in range(1, members + 1, _CHUNK):
        serials = range(first, min(first + _CHUNK, members + 1))
        rows = [_row(serial, dice, homes, of=members) for serial in serials]
        with transaction() as session:
            session.bulk_insert_mappings(Member, rows)
    scope = Scope(top.path)
    rare = members_q.page(scope=scope, terms=search_terms(RARE_NAME))
    return Crowd(
        token=token,
        units=units,
        page_cursor=_cursor(scope),
        rare_id=rare.rows[0].id,
    )


def _write_units(session: Any) -> tuple[Unit, list[tuple[int, str]], int]:
    """Write the tree; give its top, (id, path) of the grassroots unions, its size."""
    top = write_unit(
        session, None, UnionLevel.CONFEDERATION, "TLD", "Tổng Liên đoàn (mẫu)"
    )
    homes: list[tuple[int, str]] = []
    count = 1
    for f in range(1, _FEDERATIONS + 1):
        federation = write_unit(
            session, top, UnionLevel.FEDERATION, f"F{f:02d}", f"LĐLĐ tỉnh mẫu {f}"
        )
        for u in range(1, _UPPERS + 1):
            upper = write_unit(
                session,
                federation,
                UnionLevel.UPPER,
                f"F{f:02d}-{u}",
                f"Công đoàn huyện mẫu {f}.{u}",
            )
            for g in range(1, _GRASSROOTS + 1):
                home = write_unit(
                    session,
                    upper,
                    UnionLevel.GRASSROOTS,
                    f"F{f:02d}-{u}-{g:02d}",
                    f"CĐCS Công ty mẫu {f}.{u}.{g}",
                )
                homes.append((home.id, home.path))
                count += 1
            count += 1
        count += 1
    return top, homes, count


def write_unit(
    session: Any, parent: Unit | None, level: UnionLevel, code: str, name: str
) -> Unit:
    unit = Unit(
        code=code,
        name=name,
        search_text=search_text(name, code),
        level=level,
        parent_id=parent.id if parent else None,
        path=f"new-{code}",
        valid_from=_LONG_AGO,
    )
    session.add(unit)
    session.flush()
    unit.path = path_of(unit.id, parent_path=parent.path if parent else "")
    return unit


def write_officer(session: Any, top: Unit) -> str:
    """Write an officer of the top unit with a live session; give its secret."""
    now = clock.now()
    officer = Officer(
        sign_in_name="bench", full_name="Cán bộ đo tốc độ", created_at=now
    )
    session.add(officer)
    session.flush()
    post = Post(
        officer_id=officer.id,
        unit_id=top.id,
        unit_path=top.path,
        role=Role.ADMINISTRATOR,
        valid_from=_LONG_AGO,
    )
    session.add(post)
    session.flush()
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            officer_id=officer.id,
            post_id=post.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT,
        )
    )
    return token


def _photo() -> Photo:
    return Photo(
        original_hash="0" * 64,
        card_hash="0" * 64,
        print_hash="0" * 64,
        width_px=472,
        height_px=708,
        crop=[0.0, 0.0, 1.0, 1.0],
        created_at=clock.now(),
    )


def _row(
    serial: int, dice: random.Random, homes: list[tuple[int, str]], *, of: int
) -> dict[str, Any]:
    """Give one member as columns, those made from others included."""
    sex = dice.choice((Sex.MALE, Sex.FEMALE))
    name = RARE_NAME if serial == of // 2 else _name(dice, sex)
    birth = date(1964, 1, 1) + timedelta(days=dice.randrange(40 * 365))
    century = 2 * (birth.year // 100 - 19) + (sex is Sex.FEMALE)
    citizen_id = f"{58:03d}{century}{birth.year % 100:02d}{serial:06d}"
    phone = f"09{dice.randrange(10**8):08d}"
    number = number_text(serial) if dice.random() < 0.7 else None
    unit_id, unit_path = dice.choice(homes)
    now = clock.now()
    return {
        "unit_id": unit_id,
        "unit_path": unit_path,
        "full_name": name,
        "birth_date": birth,
        "sex": sex,
        "citizen_id": citizen_id,
        "phone": phone,
        "native_place": "Xã mẫu, huyện mẫu, tỉnh mẫu",
        "permanent_address": "Số 1, đường mẫu, phường mẫu, thành phố mẫu",
        "joined_union_on": birth + timedelta(days=20 * 365),
        "status": _one_of(dice, _STATUSES),
        "dues_standing": _one_of(dice, _DUES),
        "member_number": number,
        "photo_id": 1 if dice.random() < 0.8 else None,
        "folded_name": fold(name),
        "sort_key": name_sort_key(name),
        "search_text": search_text(name, mask_citizen_id(citizen_id), phone, number),
        "created_at": now,
        "updated_at": now,
    }


_STATUSES = {MemberStatus.ACTIVE: 94, MemberStatus.PAUSED: 4, MemberStatus.LEFT: 2}
_DUES = {
    DuesStanding.PAYING: 80,
    DuesStanding.EXEMPT: 4,
    DuesStanding.ARREARS: 6,
    DuesStanding.UNKNOWN: 10,
}


def _name(dice: random.Random, sex: Sex) -> str:
    middle = dice.choice(_MIDDLES[sex])
    more = f" {dice.choice(_GIVEN[sex])}" if dice.random() < 0.4 else ""
    return f"{_one_of(dice, _SURNAMES)} {middle}{more} {dice.choice(_GIVEN[sex])}"


def _one_of(dice: random.Random, shares: dict[Any, int]) -> Any:
    return dice.choices(list(shares), list(shares.values()))[0]


def _cursor(scope: Scope) -> int:
    """Walk to the last member before page 500, or as near as there are pages."""
    after = 0
    for _ in range(_PAGE - 1):
        found = members_q.page(scope=scope, after=after or None)
        if found.after is None:
            break
        after = found.after
    return after
