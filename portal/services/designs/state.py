"""What the editor is told of a side of a draft: picture, boxes, problems, ways back."""

import re
from dataclasses import asdict
from typing import Any

from card_designs import CARD_FIELDS
from card_designs.fields import FieldKind
from card_designs.fonts import FAMILY
from card_designs.geometry import SAFE_MM
from card_designs.svg_guard import guard_svg
from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import DesignDraft
from portal.db.queries import designs as designs_q
from portal.db.queries import members as members_q
from portal.db.queries.member_search import search_terms
from portal.domain.errors import NotFound
from portal.files.shown_svg import shown_svg
from portal.services import stores
from portal.services.designs import access, contents, drawing
from portal.services.designs.editing import side_of
from portal.services.designs.sample_cards import SAMPLE_LABELS

# Before every id of the shown copy: the page around it has ids of its own.
ID_PREFIX = "thiet-ke-"

_LINE = re.compile(r", dòng (\d+)$")
_FOUND_MEMBERS = 20


def of_side(design_id: int, side: str, *, by: Actor) -> dict[str, Any]:
    """Give everything that the editor shows of one side, as plain JSON values."""
    design = access.own(design_id, by=by)
    draft = designs_q.draft_of(design.id)
    source = side_of(draft, side)
    verdict = drawing.inspect(contents.of_draft(draft))
    return {
        "revision": draft.revision,
        "svg": _shown(draft, source),
        "source": source.decode("utf-8"),
        "boxes": [asdict(box) for box in verdict.boxes.get(side, ())],
        "problems": [asdict(problem) for problem in verdict.problems],
        "undo": designs_q.last_edit(design.id, side, undone=False) is not None,
        "redo": designs_q.last_edit(design.id, side, undone=True) is not None,
        "zones": [asdict(zone) for zone in verdict.zones if zone.side == side],
        "safe_mm": SAFE_MM,
        "edited_by": draft.edited_by_name,
    }


def palette(design_id: int, *, by: Actor) -> dict[str, Any]:
    """Give what an element may show and be drawn with."""
    access.own(design_id, by=by)
    return {
        "fields": [
            {
                "name": field.name,
                "label": field.label,
                "kind": field.kind.value,
                "sample": field.sample,
                "required": field.required,
            }
            for field in CARD_FIELDS.values()
        ],
        "fonts": [
            {"family": FAMILY, "weight": weight, "label": label}
            for weight, label in (("normal", "Thường"), ("bold", "Đậm"))
        ],
        "symbologies": [
            {
                "name": "code128",
                "label": "Mã vạch Code 128",
                "fields": ["member_number"],
            },
            {"name": "qr", "label": "Mã QR", "fields": _text_fields()},
        ],
        "samples": [
            {"name": name, "label": label} for name, label in SAMPLE_LABELS.items()
        ],
    }


def check_source(
    design_id: int, side: str, source: str, *, by: Actor
) -> list[dict[str, Any]]:
    """Say, line by line, what is wrong with a source that is not saved yet."""
    design = access.own(design_id, by=by)
    draft = designs_q.draft_of(design.id)
    if side not in contents.SIDE_FILES:
        raise NotFound
    file, content = contents.SIDE_FILES[side], source.encode("utf-8", "replace")
    found = [(one.where, one) for one in guard_svg(content, file=file)]
    if not found:
        files = contents.of_draft(draft) | {file: content}
        try:
            problems = drawing.inspect(files).problems
        except drawing.NotDrawn as broken:
            return [{"line": None, "level": "error", "message": broken.text}]
        found = [(one.where, one) for one in problems if one.side in {side, None}]
    return [
        {"line": _line(where), "level": one.level.value, "message": one.message}
        for where, one in found
    ]


def find_members(design_id: int, text: str, *, by: Actor) -> list[dict[str, Any]]:
    """Find members of the scope to try the design with; nobody without MEMBER_VIEW."""
    access.own(design_id, by=by)
    if not by.may(Action.MEMBER_VIEW):
        return []
    terms = search_terms(text)
    found = members_q.page(scope=by.scope, terms=terms).rows[:_FOUND_MEMBERS]
    return [
        {"id": one.id, "name": one.full_name, "unit": one.unit_name} for one in found
    ]


def picture(design_id: int, name: str, *, by: Actor) -> tuple[bytes, str]:
    """Give a picture of the draft's folder, and its media type."""
    design = access.own(design_id, by=by)
    digest = designs_q.draft_of(design.id).pictures.get(name)
    if digest is None:
        raise NotFound
    content = stores.designs().read(digest)
    png = content.startswith(b"\x89PNG")
    return content, "image/png" if png else "image/jpeg"


def _line(where: str) -> int | None:
    match = _LINE.search(where)
    return int(match[1]) if match else None


def _text_fields() -> list[str]:
    return [f.name for f in CARD_FIELDS.values() if f.kind is FieldKind.TEXT]


def _shown(draft: DesignDraft, source: bytes) -> str:
    base = f"/mau-the/{draft.design_id}/soan/hinh/"
    return shown_svg(
        source,
        prefix=ID_PREFIX,
        picture_url=lambda name: base + name if name in draft.pictures else None,
    )
