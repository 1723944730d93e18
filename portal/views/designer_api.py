"""What the editor's script asks and sends, as JSON; nothing of it is a page."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, jsonify, make_response, request
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.domain.errors import Invalid
from portal.services.designs import access, editing, pictures, state, trials
from portal.web.errors import answer_in_json
from portal.web.guard import requires
from portal.web.identity import current_actor

bp = Blueprint("designer_api", __name__, url_prefix="/mau-the/<int:design_id>/soan")
answer_in_json(bp)

_MOST_SOURCE = 8 * 1024 * 1024


@bp.get("/<any(front, back):side>.json")
@requires(Action.DESIGN_VIEW)
def show(design_id: int, side: str) -> Response:
    """Give the state of one side of the draft."""
    return jsonify(state.of_side(design_id, side, by=current_actor()))


@bp.post("/<any(front, back):side>/thao-tac")
@requires(Action.DESIGN_EDIT)
def apply(design_id: int, side: str) -> Response:
    """Do operations as one step; the new state, and where it left its elements."""
    sent = _sent(design_id)
    at = editing.apply_operations(
        design_id,
        side,
        _operations(sent),
        revision=_revision(sent),
        by=current_actor(),
    )
    return _state(design_id, side, at=at)


@bp.post("/<any(front, back):side>/hoan-tac")
@requires(Action.DESIGN_EDIT)
def undo(design_id: int, side: str) -> Response:
    """Take the last step back."""
    revision = _revision(_sent(design_id))
    editing.undo(design_id, side, revision=revision, by=current_actor())
    return _state(design_id, side)


@bp.post("/<any(front, back):side>/lam-lai")
@requires(Action.DESIGN_EDIT)
def redo(design_id: int, side: str) -> Response:
    """Do the step again that was taken back."""
    revision = _revision(_sent(design_id))
    editing.redo(design_id, side, revision=revision, by=current_actor())
    return _state(design_id, side)


@bp.post("/<any(front, back):side>/hinh")
@requires(Action.DESIGN_EDIT)
def add_picture(design_id: int, side: str) -> Response:
    """Put an uploaded picture on the side: ``as`` is background or picture."""
    access.editable(design_id, by=current_actor())
    file = request.files.get("file")
    at = pictures.add_picture(
        design_id,
        side,
        file.read(pictures.MOST_BYTES + 1) if file else b"",
        file_name=(file.filename if file else "") or "Hình",
        background=request.form.get("as") == "background",
        revision=_revision(request.form),
        by=current_actor(),
    )
    return _state(design_id, side, at=at)


@bp.get("/<any(front, back):side>.png")
@requires(Action.DESIGN_VIEW)
def preview(design_id: int, side: str) -> Response:
    """Draw one side of the draft as a batch would print it."""
    return png(
        trials.draft_png(
            design_id,
            side,
            which=request.args.get("mau", "sample"),
            dpi=request.args.get("dpi", 150, type=int),
            by=current_actor(),
        )
    )


@bp.post("/kiem-tra")
@requires(Action.DESIGN_EDIT)
def check(design_id: int) -> Response:
    """Say what is wrong with a source that is not saved yet, by line."""
    sent = _sent(design_id)
    source = sent.get("source")
    if not isinstance(source, str) or len(source) > _MOST_SOURCE:
        raise Invalid("Mã nguồn gửi lên thiếu hoặc quá dài.")
    found = state.check_source(
        design_id, str(sent.get("side", "")), source, by=current_actor()
    )
    return jsonify(findings=found)


@bp.get("/truong.json")
@requires(Action.DESIGN_VIEW)
def palette(design_id: int) -> Response:
    """Give the fields, fonts, symbologies and sample cards that there are."""
    return jsonify(state.palette(design_id, by=current_actor()))


@bp.get("/doan-vien.json")
@requires(Action.DESIGN_VIEW)
def members(design_id: int) -> Response:
    """Find members of the scope to try the design with; none for a designer."""
    text = request.args.get("q", "")
    return jsonify(state.find_members(design_id, text, by=current_actor()))


@bp.get("/hinh/<name>")
@requires(Action.DESIGN_VIEW)
def picture(design_id: int, name: str) -> Response:
    """Send a picture of the draft's folder."""
    content, media_type = state.picture(design_id, name, by=current_actor())
    response = make_response(content)
    response.mimetype = media_type
    return response


def png(content: bytes) -> Response:
    """Answer with a picture."""
    response = make_response(content)
    response.mimetype = "image/png"
    return response


def _state(design_id: int, side: str, *, at: list[str] | None = None) -> Response:
    found = state.of_side(design_id, side, by=current_actor())
    return jsonify(found | {"at": at or []})


def _sent(design_id: int) -> dict[str, Any]:
    """Read the body; who may not work on the design hears of that first."""
    access.editable(design_id, by=current_actor())
    sent = None
    with suppress(RecursionError):  # thousands of brackets within each other
        sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Invalid("Trình duyệt gửi thiếu dữ liệu. Tải lại trang rồi làm lại.")
    return sent


def _revision(sent: Any) -> int:
    revision = str(sent.get("revision", ""))
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        raise Invalid("Thiếu số lần sửa (revision). Tải lại trang rồi làm lại.")
    return int(revision)


def _operations(sent: dict[str, Any]) -> list[dict[str, Any]]:
    operations = sent.get("operations")
    if not isinstance(operations, list) or not all(
        isinstance(one, dict) and isinstance(one.get("op"), str) for one in operations
    ):
        raise Invalid("Danh sách thao tác (operations) gửi lên không đúng dạng.")
    return operations
