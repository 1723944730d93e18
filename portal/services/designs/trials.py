"""Designs tried on cards: previews of drafts and versions, differences, test pages."""

import difflib
import io

from PIL import Image, ImageChops, ImageFilter

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.queries import designs as designs_q
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid, NotFound
from portal.services.designs import access, contents, drawing
from portal.services.designs.memory import Memory
from portal.services.designs.sample_cards import SAMPLE_LABELS, card_for

DPI_CHOICES = (150, 300)

# Pictures and pages of made-up cards; those of members are drawn each time.
_pictures: Memory[bytes] = Memory(64)
_pages: Memory[bytes] = Memory(8)

_RED = (200, 30, 30)
# Two drawings of the same thing differ by no more than rounding.
_SAME_SHADE = 8
_MOST_LINES = 400
# Comparing takes the square of the lines: longer files would keep others waiting.
_MOST_COMPARED = 4000
_LONGEST_LINE = 400


def draft_png(design_id: int, side: str, *, which: str, dpi: int, by: Actor) -> bytes:
    """Draw one side of the draft with a sample or a member, as ``card_for`` names it.

    Raises NotDrawn with the gate's reasons where such a card would not be printed.
    """
    design = access.own(design_id, by=by)
    files = contents.of_draft(designs_q.draft_of(design.id))
    return _drawn(files, side, design.kind, which=which, dpi=dpi, by=by)


def version_png(
    design_id: int, number: int, side: str, *, dpi: int, by: Actor
) -> bytes:
    """Draw one side of a published version with the sample card."""
    version = access.version_of(design_id, number, by=by)
    return _drawn(contents.of_version(version), side, version.kind, dpi=dpi, by=by)


def built_in_png(name: str, side: str, *, dpi: int, by: Actor) -> bytes:
    """Draw one side of a built-in design with the sample card."""
    by.require(Action.DESIGN_VIEW)
    files = contents.of_built_in(name)
    kind = contents.kind_in(files[contents.SETTINGS])
    return _drawn(files, side, kind, dpi=dpi, by=by)


def difference_png(
    design_id: int, number: int, other: int, side: str, *, by: Actor
) -> bytes:
    """Draw one side of a version pale, with what another version changes in red."""
    new, old = (
        Image.open(io.BytesIO(version_png(design_id, one, side, dpi=150, by=by)))
        for one in (number, other)
    )
    changed = ImageChops.difference(new.convert("RGB"), old.convert("RGB")).convert("L")
    mask = changed.point(lambda value: 255 if value > _SAME_SHADE else 0)
    # A hair's breadth of change is seen as well.
    mask = mask.filter(ImageFilter.MaxFilter(3))
    pale = Image.blend(new.convert("RGB"), Image.new("RGB", new.size, "white"), 0.6)
    pale.paste(_RED, mask=mask)
    out = io.BytesIO()
    pale.save(out, "PNG")
    return out.getvalue()


def lines_changed(
    design_id: int, number: int, other: int, *, by: Actor
) -> dict[str, list[str]]:
    """Give, for each file that differs, the lines of a unified difference.

    Lines begin with "+", "-", " " or "@@"; a picture has one line that says so.
    """
    new, old = (
        contents.of_version(access.version_of(design_id, one, by=by))
        for one in (number, other)
    )
    found = {}
    for name in sorted({*new, *old}):
        before, after = old.get(name, b""), new.get(name, b"")
        if before != after:
            found[name] = _line_difference(name, before, after)
    return found


def trial_page(design_id: int, number: int | None, *, which: str, by: Actor) -> bytes:
    """Make the A4 page to try a printer with: of a version, or of the draft.

    A PDF with a ruler, calibration marks, both sides in true size, and what a reader
    reads in the codes. Raises NotDrawn as ``draft_png`` does.
    """
    if number is None:
        design = access.own(design_id, by=by)
        files, kind = contents.of_draft(designs_q.draft_of(design.id)), design.kind
    else:
        version = access.version_of(design_id, number, by=by)
        files, kind = contents.of_version(version), version.kind
    card = card_for(which, kind=kind, by=by)
    if which not in SAMPLE_LABELS:
        return drawing.trial_page(files, card)
    key = (contents.digest_of(files), which, kind)
    return _pages.recall(key, lambda: drawing.trial_page(files, card))


def _drawn(
    files: dict[str, bytes],
    side: str,
    kind: CardKind,
    *,
    dpi: int,
    by: Actor,
    which: str = "sample",
) -> bytes:
    """Draw a side; what shows nobody is remembered for a while."""
    if dpi not in DPI_CHOICES:
        raise Invalid("Độ phân giải xem thử là 150 hoặc 300 điểm mỗi inch.")
    if contents.SIDE_FILES.get(side) not in files:
        raise NotFound
    card = card_for(which, kind=kind, by=by)
    if which not in SAMPLE_LABELS:
        return drawing.draw(files, side, card, dpi=dpi)
    key = (contents.digest_of(files), side, kind, which, dpi)
    return _pictures.recall(key, lambda: drawing.draw(files, side, card, dpi=dpi))


def _line_difference(name: str, before: bytes, after: bytes) -> list[str]:
    if not name.endswith((".svg", ".toml")):
        what = (
            "Hình mới." if not before else "Hình đã bỏ." if not after else "Hình khác."
        )
        return [what]
    texts = [
        content.decode("utf-8", "replace").splitlines() for content in (before, after)
    ]
    if max(map(len, texts)) > _MOST_COMPARED:
        return ["@@ Tệp dài quá, không so được từng dòng; xem hình của hai bản."]
    lines = list(difflib.unified_diff(*texts, n=1, lineterm=""))[2:]
    shown = [line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]]
    more = len(lines) - len(shown)
    return [*shown, f"@@ … và {more} dòng nữa"] if more else shown
