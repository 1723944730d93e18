"""Number-plate codes: the pick list for the province line of a linked card (P2)."""

from dataclasses import dataclass
from functools import cache

from portal.domain.package_data import read_table


@dataclass(frozen=True, slots=True)
class PlateCode:
    """One code, with its province as it was and as it is since 1 July 2025."""

    code: str
    province: str
    province_now: str

    @property
    def label(self) -> str:
        """Name the code for a pick list: "85 – Ninh Thuận (nay thuộc Khánh Hòa)"."""
        if self.province == self.province_now:
            return f"{self.code} – {self.province}"
        return f"{self.code} – {self.province} (nay thuộc {self.province_now})"


@cache
def plate_codes() -> tuple[PlateCode, ...]:
    """Return all plate codes in their order."""
    return tuple(
        PlateCode(
            code=row["code"],
            province=row["province_before_2025"],
            province_now=row["province_after_2025"],
        )
        for row in read_table("plate_codes.csv")
    )


def plate_code_choices() -> list[tuple[str, str]]:
    """Return (code, label) pairs for a pick list."""
    return [(plate.code, plate.label) for plate in plate_codes()]


def is_plate_code(code: str) -> bool:
    """Say whether the code is one of the list."""
    return any(plate.code == code for plate in plate_codes())
