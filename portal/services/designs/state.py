"""What the editor is told of a side of a draft: picture, boxes, problems, ways back."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from card_designs import CARD_FIELDS, Finding
from card_designs.fields import FieldKind
from card_designs.fonts import FAMILY
from card_designs.geometry import SAFE_MM
from card_designs.svg_guard import guard_svg
from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import DesignDraft
from portal.db.queries import designs as designs_q
from portal.db.queries import members as members_q
from portal.domain.errors import Invalid, NotFound
from portal.files.shown_svg import shown_svg
from portal.services import stores
from portal.services.designs import access, contents, drawing
from portal.services.designs.editing import side_of
from portal.services.designs.sample_cards import SAMPLE_LABELS

# Before every id of the shown copy: the page around it has ids of its own.
ID_PREFIX = "thiet-ke-"

_WHERE = re.compile(r"(front|back)\.svg, dòng (\d+)")
_FOUND_MEMBERS = 20


def of_side(design_id: int, side: str, *, by: Actor) -> dict[str, Any]:
    """Give everything that the editor shows of one side, as plain JSON values."""
    design = access.own(design_id, by=by)
    draft = designs_q.draft_of(design.id)
    source = side_of(draft, side)
    verdict = drawing.inspect(contents.of_draft(draft))
    boxes = {name: [asdict(box) for box in of] for name, of in verdict.boxes.items()}
    return {
        "revision": draft.revision,
        "svg": _shown(draft, source),
        "source": source.decode("utf-8"),
        "boxes": boxes.get(side, []),
        "problems": _problems(verdict.findings, boxes),
        "undo": designs_q.last_edit(design.id, side, undone=False) is not None,
        "redo": designs_q.last_edit(design.id, side, undone=True) is not None,
        "zones": _zones(draft, side),
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
    found = list(guard_svg(content, file=file))
    if not any(one.level == "error" for one in found):
        try:
            files = contents.of_draft(draft) | {file: content}
            found += drawing.inspect(files).findings
        except drawing.NotDrawn as broken:
            return [{"line": None, "level": "error", "message": broken.text}]
    return [
        {"line": line, "level": one.level.value, "message": one.message}
        for one in dict.fromkeys(found)
        if (line := _line_on(one, side)) or side not in _sides_named(one)
    ]


def find_members(design_id: int, text: str, *, by: Actor) -> list[dict[str, Any]]:
    """Find members of the scope to try the design with; needs MEMBER_VIEW too."""
    by.require(Action.MEMBER_VIEW)
    access.own(design_id, by=by)
    terms = members_q.search_terms(text)
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


def _text_fields() -> list[str]:
    return [f.name for f in CARD_FIELDS.values() if f.kind is FieldKind.TEXT]


def _shown(draft: DesignDraft, source: bytes) -> str:
    base = f"/mau-the/{draft.design_id}/soan/hinh/"
    return shown_svg(
        source,
        prefix=ID_PREFIX,
        picture_url=lambda name: base + name if name in draft.pictures else None,
    )


def _problems(
    findings: Iterable[Finding], boxes: dict[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Tie each finding to the element on its line, so that a click can select it."""
    at_line = {
        (side, box["line"]): box["at"] for side, of in boxes.items() for box in of
    }
    found = []
    for one in findings:
        match = _WHERE.search(one.where)
        place = (match[1], int(match[2])) if match else ("", 0)
        found.append(
            {
                "level": one.level.value,
                "code": one.code,
                "where": one.where,
                "message": one.message,
                "side": place[0] or None,
                "at": at_line.get(place),
            }
        )
    return found


def _line_on(finding: Finding, side: str) -> int | None:
    match = _WHERE.search(finding.where)
    return int(match[2]) if match and match[1] == side else None


def _sides_named(finding: Finding) -> set[str]:
    match = _WHERE.search(finding.where)
    return {match[1]} if match else set()


def _zones(draft: DesignDraft, side: str) -> list[dict[str, Any]]:
    """Read the zones that the bank needs; a broken one is told by the verdict."""
    try:
        tables = contents.read_settings(draft.settings).get("clear", [])
    except Invalid:
        return []
    names = {"x_mm": "x", "y_mm": "y", "width_mm": "width", "height_mm": "height"}
    return [
        {"name": str(table.get("name", "")), **{k: table[v] for k, v in names.items()}}
        for table in tables
        if isinstance(table, dict)
        and table.get("side") == side
        and all(isinstance(table.get(v), int | float) for v in names.values())
    ]
