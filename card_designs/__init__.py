"""Card designs as SVG, drawn as print-ready PNG and PDF; knows nothing of the portal.

Everything that callers need stands here. Cairo and CairoSVG are loaded by the first
card that is drawn, not by an import: a machine without libcairo2 still starts.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from card_designs.card_data import CardData
    from card_designs.design import Design, load_design, load_design_files
    from card_designs.design_checks import check_design
    from card_designs.fields import CARD_FIELDS
    from card_designs.findings import CardRefused, DesignBroken, Finding, Level
    from card_designs.gate import check_card, prove_card
    from card_designs.panels import Panels, draw_panels
    from card_designs.profiles import PROFILES
    from card_designs.sheets import SHEETS, Sheet

__all__ = [
    "CARD_FIELDS",
    "PROFILES",
    "SHEETS",
    "CardData",
    "CardRefused",
    "Design",
    "DesignBroken",
    "Finding",
    "Level",
    "Panels",
    "Sheet",
    "check_card",
    "check_design",
    "draw_panels",
    "draw_pdf",
    "draw_png",
    "load_design",
    "load_design_files",
    "prove_card",
]

_HOMES = {
    "CARD_FIELDS": "fields",
    "PROFILES": "profiles",
    "Panels": "panels",
    "SHEETS": "sheets",
    "Sheet": "sheets",
    "CardData": "card_data",
    "CardRefused": "findings",
    "Design": "design",
    "DesignBroken": "findings",
    "Finding": "findings",
    "Level": "findings",
    "check_card": "gate",
    "check_design": "design_checks",
    "draw_panels": "panels",
    "load_design": "design",
    "load_design_files": "design",
    "prove_card": "gate",
}


def draw_png(
    design: "Design",
    side: str,
    card: "CardData",
    *,
    profile: str = "cr80",
    dpi: int = 300,
    overprint: bool = False,
) -> bytes:
    """Draw one side as an opaque RGB PNG of the profile's exact size.

    ``overprint`` leaves the fixed art out, for blanks that carry it already, but what
    ``data-layer="variable"`` marks. Raises CardRefused where the gate finds an error on
    this side.
    """
    from card_designs import render

    return render.draw_png(
        design, side, card, profile=profile, dpi=dpi, overprint=overprint
    )


def draw_pdf(
    design: "Design",
    cards: Iterable["CardData"],
    out_path: str | Path,
    *,
    sides: Sequence[str] = ("front", "back"),
    profile: str = "cr80",
    overprint: bool = False,
    apart: bool = False,
    sheet: "Sheet | None" = None,
) -> int:
    """Write all cards to one PDF, the sides of a card on pages one after another.

    ``apart`` puts all fronts first, then all backs. ``sheet``, as in
    ``sheets.SHEETS["a4"]``, puts many cards with bleed and crop marks on a page, backs
    mirrored; the profile has no say then. Returns the number of pages. Cards are taken
    one by one, so an iterator of any length will do. Raises CardRefused at the first
    card that the gate refuses; then, as after any failure, nothing stands at
    ``out_path`` that was not there before.
    """
    from card_designs import pdf

    return pdf.draw_pdf(
        design,
        cards,
        out_path,
        sides=sides,
        profile=profile,
        overprint=overprint,
        apart=apart,
        sheet=sheet,
    )


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
