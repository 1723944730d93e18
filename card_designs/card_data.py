"""The values printed on one card."""

import re
import unicodedata
from dataclasses import dataclass, fields, replace

_SPACE = re.compile(r"[\s\u00a0]+")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CardData:
    """One member's card, as text that is printed as it stands.

    Text is brought to NFC and single spaces on the way in: cairo draws NFD with
    misplaced tone marks. Nothing else is changed; capitals stay as typed.

    ``member_number``: 12 digits, blanks between them allowed (P2).
    ``birth_date``, ``issue_date``: text for display, ``02/09/1985`` or ``1985``.
    ``card_kind``: ``standard`` or ``linked``, or empty where it is not known.
    ``photo``: the bytes of a JPEG, PNG or WebP picture.
    ``photo_approved``: False where somebody has yet to say that the photo will do.
    ``verify_url``: what the QR code holds; no QR code is drawn without it.
    """

    member_number: str
    full_name: str
    birth_date: str = ""
    unit_name: str = ""
    card_kind: str = ""
    province_code: str = ""
    vpoint_code: str = ""
    issue_date: str = ""
    verify_url: str = ""
    photo: bytes | None = None
    photo_approved: bool = True

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, clean_text(value))
        number = self.member_number.replace(" ", "")
        object.__setattr__(self, "member_number", number)

    def with_photo(self, photo: bytes | None) -> "CardData":
        """Give the same card with another photo."""
        return replace(self, photo=photo)


def clean_text(text: str) -> str:
    """Give ``text`` in NFC, trimmed, with single spaces and no zero-width marks."""
    composed = unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH))
    return _SPACE.sub(" ", composed).strip()
