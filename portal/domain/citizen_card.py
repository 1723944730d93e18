"""The text of the QR code on a chip citizen card, as a scanner types it."""

import re
from dataclasses import dataclass
from datetime import date

from portal.domain.dates import PartialDate, parse_date
from portal.domain.errors import Problem
from portal.domain.identity import read_citizen_id, read_id_card
from portal.domain.member_fields import FIELDS_BY_NAME
from portal.domain.roster_cells import read_cell
from portal.domain.text import clean

_WHERE = "Mã QR trên thẻ căn cước"
_DATE = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class CitizenCard:
    """What the code says, by the names of member fields; absent parts are absent.

    Values are those of ``roster_rows.CleanRow``; ``doubts`` name parts left out.
    """

    values: dict[str, object]
    doubts: tuple[Problem, ...] = ()


def parse_card_code(text: str, *, today: date) -> CitizenCard | Problem:
    """Read ``cccd|cmnd|họ tên|ddmmyyyy|giới tính|địa chỉ|ngày cấp``.

    The second part may be empty, parts after the seventh are not read. The number
    and the name must be there; other parts that cannot be read become doubts.
    """
    parts = [clean(part) for part in text.split("|")]
    if len(parts) < 6:
        return Problem(
            "Đây không phải mã QR của thẻ căn cước.",
            _WHERE,
            "Quét mã ở mặt trước thẻ căn cước gắn chip.",
        )
    number = read_citizen_id(parts[0])
    if number.problem or number.repair or not parts[2]:
        return Problem(
            "Mã QR không có số CCCD 12 chữ số và họ tên.", _WHERE, "Quét lại."
        )
    values: dict[str, object] = {"citizen_id": number.value}
    doubts: list[Problem] = []
    old = read_id_card(parts[1])
    if old.value and not old.repair:
        values["id_card_number"] = old.value
    for name, part in zip(_NAMES, parts[2:7], strict=False):
        if not part:
            continue
        if name in {"birth_date", "id_issued_on"}:
            found = parse_date(part, today=today) if _DATE.fullmatch(part) else None
            if isinstance(found, PartialDate):
                values[name] = found
            else:
                label = FIELDS_BY_NAME[name].label
                doubts.append(Problem(f"Không đọc được ngày “{part[:20]}”.", label))
            continue
        cell = read_cell(FIELDS_BY_NAME[name], part, today=today)
        values |= cell.values
        doubts += [*cell.warnings, *cell.problems]
    return CitizenCard(values, tuple(doubts))


_NAMES = ("full_name", "birth_date", "sex", "permanent_address", "id_issued_on")
