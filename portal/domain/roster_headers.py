"""What a list's column header means, in the many words that offices write it with.

The registry's labels and synonyms come first. Beyond them a header is taken for a
field when it says what the field must say and nothing that the field would not:
"Số thẻ căn cước công dân/CMND" is the CCCD, "Họ tên vợ/chồng" is nobody of ours.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from portal.domain.legacy_encoding import header_to_unicode
from portal.domain.member_fields import FIELDS_BY_NAME, MemberField, field_for_header
from portal.domain.text import header_key

LONGEST_HEADER = 120

# Columns "Họ và chữ đệm | Tên", which make one name together.
NAME_PART = "part"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The field of a column; ``means`` is NAME_PART for a piece of a name."""

    field: MemberField
    means: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """A field's words: one of ``cores`` must be there, the rest within ``also``."""

    name: str
    cores: tuple[frozenset[str], ...]
    also: frozenset[str]


def header_meaning(text: str) -> Meaning | None:
    """Say what a header means, typed in Unicode or in an old font; None if unknown."""
    if not text or len(text) > LONGEST_HEADER:
        return None
    return _meaning(text)


@lru_cache(maxsize=4096)
def _meaning(text: str) -> Meaning | None:
    for reading in header_to_unicode(text):
        # Notes for the person who fills it in: "Ngày sinh (dd/mm/yyyy)*".
        plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", reading)
        # Both languages: "Họ và tên / Full name".
        sides = re.split(r"\s/\s|\n", plain)
        for header in dict.fromkeys((reading, plain, *sides)):
            found = _known(header_key(header.replace("&", " và ")))
            if found:
                return found
    return None


def _known(key: str) -> Meaning | None:
    if _NAME_PART.fullmatch(key):
        return Meaning(FIELDS_BY_NAME["full_name"], NAME_PART)
    registered = field_for_header(key)
    if registered:
        return Meaning(registered)
    words = frozenset(key.split())
    for known in _FAMILIES:
        if any(core <= words <= core | known.also for core in known.cores):
            return Meaning(FIELDS_BY_NAME[known.name])
    return None


_NAME_PART = re.compile(
    r"ho|ten|(?:ho )?(?:va )?(?:ten )?(?:chu )?(?:dem|lot)|ho(?: va)? chu lot"
)


def _family(name: str, cores: str, also: str) -> _Words:
    """Write cores apart by "|"; ``also`` are words that change nothing."""
    split = tuple(frozenset(core.split()) for core in cores.split("|"))
    return _Words(name, split, frozenset(also.split()))


_PAPER = (
    "so the can cuoc cong dan cccd cc cmnd cmt cmtnd chung minh thu nhan hoac va giay "
    "to tuy than dinh danh ca nhan ma ho chieu neu co 9 12 cu moi gan chip"
)
_DAY = "ngay thang nam thoi gian dd mm yyyy"

# In this order: "Ngày cấp CCCD" is asked about its day before its number.
_FAMILIES = (
    _family(
        "full_name",
        "ho ten",
        "va chu dem lot khai sinh can bo cb cnv cnvc cnvcld cbcnv cbnv cbccvc doan vien"
        " dv cong cd nhan nv nguoi lao dong nld ld hoi chuc day du in hoa thanh so cua",
    ),
    _family("birth_date", "sinh|ns|ntns|dob|birth", f"{_DAY} date of"),
    _family("sex", "gioi tinh|gioi|sex|gender", "nam nu"),
    _family("id_issued_on", "ngay cap|cap ngay", f"{_PAPER} thang nam"),
    _family("id_issued_at", "noi cap|co quan cap", _PAPER),
    _family("id_card_number", "cmnd|cmt|cmtnd|chung minh", "so nhan dan thu cu 9"),
    _family("citizen_id", "cccd|can cuoc|dinh danh|id number|giay to tuy than", _PAPER),
    _family(
        "phone",
        "dien thoai|sdt|dt|dtdd|di dong|mobile|phone|tel",
        "so lien he lac di dong dd zalo ca nhan number dien thoai neu co",
    ),
    _family("email", "email|mail|thu dien tu", "dia chi hop ca nhan e neu co"),
    _family("permanent_address", "thuong tru|ho khau|hktt", "dia chi noi ho khau dang"),
    _family("current_address", "noi o|cho o|tam tru", "dia chi hien nay tai"),
    _family("native_place", "que quan|q quan|nguyen quan", "xa huyen tinh"),
    _family(
        "joined_union_on",
        "vao cong doan|vao cd|gia nhap cong doan|gia nhap cd|ket nap",
        f"{_DAY} cong doan cd vao gia nhap to chuc",
    ),
    _family("job_title", "chuc vu|c vu|chuc danh", "chuyen mon cong tac hien nay"),
    _family("union_title", "chuc vu cong doan|chuc vu cd|c vu cd", "trong to chuc"),
    _family("photo_file", "anh|hinh", "ten file tep the 2x3 3x4 2 3 4 x chup"),
    _family("row_number", "stt|tt", "so thu tu no"),
)
