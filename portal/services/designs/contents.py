"""What a design is made of: design.toml, two sides and pictures, as bytes by name."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files as package_files
from typing import Any

from card_designs.design import BUILT_IN
from portal.db.models import DesignDraft, DesignVersion
from portal.domain.card_kinds import CardKind
from portal.domain.errors import DomainError, Invalid, NotFound
from portal.services import stores

SETTINGS, FRONT, BACK = "design.toml", "front.svg", "back.svg"
SIDE_FILES = {"front": FRONT, "back": BACK}
# Everything else in a design's folder is a picture.
PARTS = frozenset({SETTINGS, FRONT, BACK})
SIDE_LABELS = {"front": "mặt trước", "back": "mặt sau"}

_TITLE = re.compile(rb"^title[ \t]*=.*$", re.MULTILINE)
_TABLE = re.compile(rb"^\[", re.MULTILINE)

_BLANK_SIDE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="85.6mm" height="53.98mm" \
viewBox="0 0 85.6 53.98" font-family="Be Vietnam Pro">
  <rect x="-2" y="-2" width="89.6" height="57.98" fill="#ffffff" \
data-name="Nền trắng" data-layer="static" data-locked="1"/>
</svg>
"""


class Damaged(DomainError):
    """A kept file is gone, or its bytes are no longer those that were kept."""


def of_draft(draft: DesignDraft) -> dict[str, bytes]:
    """Give the files of a draft."""
    files = {SETTINGS: draft.settings, FRONT: draft.front}
    if draft.back:
        files[BACK] = draft.back
    return files | _kept(draft.pictures)


def of_version(version: DesignVersion) -> dict[str, bytes]:
    """Give the files of a published version, the very bytes that were published.

    Raises Damaged where the disk no longer has them: nothing else is printed instead.
    """
    return _kept(version.files)


def of_built_in(name: str) -> dict[str, bytes]:
    """Give the files of a built-in design; NotFound for any other name."""
    if name not in BUILT_IN:
        raise NotFound
    folder = package_files("card_designs") / name
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


def blank(title: str, kind: CardKind) -> dict[str, bytes]:
    """Give a design of two white sides, for one kind of card."""
    side = _BLANK_SIDE.encode()
    return {SETTINGS: settings(title, kind), FRONT: side, BACK: side}


def settings(title: str, kind: CardKind) -> bytes:
    """Write a design.toml; the linked card keeps clear what the bank needs."""
    if kind is CardKind.LINKED:
        return retitled(of_built_in("vietinbank_linked")[SETTINGS], title)
    return f"title = {_quoted(title)}\ncard_kinds = [{_quoted(kind.value)}]\n".encode()


def retitled(content: bytes, title: str) -> bytes:
    """Give a design.toml with another title, all else byte for byte as it was."""
    line = f"title = {_quoted(title)}".encode()
    table = _TABLE.search(content)
    end = table.start() if table else len(content)
    title_line = _TITLE.search(content, 0, end)
    if title_line is None:
        return line + b"\n" + content
    return content[: title_line.start()] + line + content[title_line.end() :]


def kind_in(content: bytes) -> CardKind:
    """Read the card kind of a design.toml; Invalid where it names none or several."""
    kinds = read_settings(content).get("card_kinds")
    known = [kind for kind in CardKind if isinstance(kinds, list) and kind in kinds]
    if len(known) != 1:
        raise Invalid(
            'Tệp design.toml phải ghi đúng một loại thẻ: card_kinds = ["standard"]'
            ' hoặc ["linked"].'
        )
    return known[0]


def read_settings(content: bytes) -> dict[str, Any]:
    """Read a design.toml from outside; Invalid with a sentence where it is broken."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise Invalid(
            f"Tệp design.toml viết sai ({problem}). Sửa lại rồi nén tệp .zip lần nữa."
        ) from problem


def digest_of(files: Mapping[str, bytes]) -> str:
    """Give the digest of all files: it changes with any byte and any name."""
    seen = hashlib.sha256()
    for name in sorted(files):
        seen.update(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return seen.hexdigest()


def _kept(hashes: Mapping[str, str]) -> dict[str, bytes]:
    store, found = stores.designs(), {}
    for name, digest in hashes.items():
        try:
            content = store.read(digest)
        except NotFound as error:
            raise _damaged(name) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise _damaged(name)
        found[name] = content
    return found


def _damaged(name: str) -> Damaged:
    return Damaged(
        f"Tệp {name} của mẫu thẻ không còn nguyên vẹn trên máy chủ. Hãy báo người"
        " quản trị phục hồi thư mục designs từ bản sao lưu."
    )


def _quoted(text: str) -> str:
    # A JSON string of clean text is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)
