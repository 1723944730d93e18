"""Which designs a batch may be printed with, and the one that it pins."""

from contextlib import suppress
from dataclasses import dataclass

from card_designs import PROFILES, DesignBroken, load_design
from portal.access.actor import Actor
from portal.db.models import DesignVersion, PrintBatch
from portal.db.queries import designs as designs_q
from portal.domain.card_kinds import CardKind
from portal.domain.errors import Invalid

# Linked cards are the bank's to print.
_BUILT_IN = ("standard",)
_KIND = CardKind.STANDARD


@dataclass(frozen=True, slots=True)
class Pin:
    """What a batch keeps of its design; ``version_id`` None: a built-in one."""

    name: str
    digest: str
    version_id: int | None = None


def choices(*, by: Actor) -> list[tuple[str, str]]:
    """List what a batch of the officer may be printed with: (value, label)."""
    built_in = [(name, load_design(name).title) for name in _BUILT_IN]
    own = [
        (_key(version), f"{_label(version)} ({version.design.unit.name})")
        for version in designs_q.offered(_KIND, scope=by.scope)
    ]
    return [*built_in, *own]


def pinned(design: str, *, by: Actor) -> Pin:
    """Find the design to pin among those offered; Invalid for any other.

    ``design``: a built-in name, or design id and version number as in "12/3".
    """
    if design in _BUILT_IN:
        return Pin(design, load_design(design).digest)
    for version in designs_q.offered(_KIND, scope=by.scope):
        if _key(version) == design:
            return Pin(_label(version), version.digest, version.id)
    linked = designs_q.offered(CardKind.LINKED, scope=by.scope)
    if design in map(_key, linked):
        raise Invalid("Mẫu thẻ này cho thẻ liên kết, do ngân hàng in: không lập lô.")
    raise Invalid(
        "Không có mẫu thẻ này để in: mẫu vừa có bản mới, hoặc đã ngừng dùng. Tải lại"
        " trang rồi chọn một mẫu trong danh sách."
    )


def labels_of(batch: PrintBatch) -> tuple[str, str]:
    """Name a batch's design and printer as people do; the bare name of one now gone."""
    title = batch.design
    if batch.design_version_id is None:
        with suppress(DesignBroken):
            title = load_design(batch.design).title
    profile = PROFILES.get(batch.profile)
    return title, profile.label if profile else batch.profile


def _key(version: DesignVersion) -> str:
    return f"{version.design_id}/{version.number}"


def _label(version: DesignVersion) -> str:
    return f"{version.name}, bản {version.number}"
