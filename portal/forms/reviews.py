"""What an officer ticked and wrote on the review page; a mistake loses none of it."""

import re
from dataclasses import dataclass, field
from typing import Self

from werkzeug.datastructures import MultiDict

from portal.domain.errors import NotFound
from portal.domain.text import clean

_REASON = "ly-do-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The ticks, each row's own reason as typed, and the reason for all.

    ``wanting`` names what is wrong with a row's reason, ``common_wanting`` what is
    wrong with the one for all.
    """

    ticked: tuple[int, ...] = ()
    reasons: dict[int, str] = field(default_factory=dict)
    common: str = ""
    wanting: dict[int, str] = field(default_factory=dict)
    common_wanting: str = ""

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> Self:
        """Take the marks from a form; NotFound where a row is no number."""
        reasons = {
            row_id(name.removeprefix(_REASON)): text
            for name, text in sent.items()
            if name.startswith(_REASON) and text.strip()
        }
        ticked = [row_id(text) for text in sent.getlist("dong")]
        # Who writes a reason for a row means that row, ticked or not.
        return cls(
            ticked=tuple(dict.fromkeys([*ticked, *reasons])),
            reasons=reasons,
            common=sent.get("ly-do", ""),
        )

    def said(self) -> dict[int, str]:
        """Give for each ticked row its own reason, or the one for all."""
        common = clean(self.common)
        return {one: clean(self.reasons.get(one, "")) or common for one in self.ticked}

    def checked(self, *, longest: int) -> Self:
        """Give the marks with what is wrong beside each row, and beside the common.

        ``longest`` is how many letters a reason may have.
        """
        too_long = f"Lý do dài quá {longest} chữ. Viết gọn lại."
        common_wanting = too_long if len(clean(self.common)) > longest else ""
        wanting = {}
        for one in self.ticked:
            own = clean(self.reasons.get(one, ""))
            if len(own) > longest:
                wanting[one] = too_long
            elif not own and not clean(self.common):
                wanting[one] = "Ghi lý do."
        return type(self)(
            ticked=self.ticked,
            reasons=self.reasons,
            common=self.common,
            wanting=wanting,
            common_wanting=common_wanting,
        )


def row_id(text: str) -> int:
    """Read a row's number; NotFound where it is none, so that none is dropped."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NotFound
    return int(text)
