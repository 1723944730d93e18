"""Domain errors become pages: 403, 404, 409, 413, 422, and never a traceback."""

from flask import (
    Blueprint,
    Flask,
    current_app,
    redirect,
    render_template,
    request,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.domain.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    TooLarge,
)
from portal.domain.faults import Busy, Full, refusal_for
from portal.files.storage import StorageFailed, StorageFull
from portal.web.ended import ended_session
from portal.web.hosts import UntrustedHost

STATUS: dict[type[DomainError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Invalid: 422,
    Busy: 503,
    Full: 507,
    StorageFailed: 507,
    StorageFull: 507,
}

TITLES = {
    400: "Yêu cầu không đọc được",
    403: "Bạn không có quyền làm việc này",
    404: "Không tìm thấy",
    405: "Trang này không nhận thao tác đó",
    409: "Dữ liệu đã thay đổi",
    413: "Tệp quá lớn",
    422: "Chưa làm được",
    429: "Quá nhiều lần thử",
    500: "Hệ thống gặp lỗi",
    503: "Hệ thống đang bận",
    507: "Ổ đĩa đã đầy",
}

_TEXTS = {
    400: "Trình duyệt gửi thiếu dữ liệu. Tải lại trang rồi làm lại.",
    403: "Vai trò của bạn không có quyền làm việc này.",
    404: "Không tìm thấy trang này, hoặc nó thuộc đơn vị khác.",
    405: "Quay lại trang trước và dùng nút trên trang.",
    413: "Tệp gửi lên lớn hơn mức cho phép. Chia danh sách thành nhiều tệp nhỏ hơn.",
    429: "Chờ ít phút rồi thử lại.",
    500: "Lỗi đã được ghi lại, dữ liệu đã lưu không mất. Hãy thử lại sau ít phút.",
    503: "Có người khác đang ghi dữ liệu lớn. Chờ một phút rồi thử lại.",
}


def init_errors(app: Flask) -> None:
    """Give every refusal its status and its sentence."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(UntrustedHost, _untrusted_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def answer_in_json(blueprint: Blueprint) -> None:
    """Let a blueprint for scripts give refusals as ``{"message": …}``."""
    blueprint.register_error_handler(DomainError, _domain_error_in_json)
    blueprint.register_error_handler(CSRFError, _csrf_error_in_json)
    blueprint.register_error_handler(HTTPException, _http_error_in_json)


def status_of(error: DomainError) -> int:
    """Give the HTTP status of a domain error."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 422


def _domain_error(error: DomainError) -> tuple[str, int]:
    text = _TEXTS[404] if error.text == NotFound().text else error.text
    return _page(status_of(error), text, error.problems)


def _csrf_error(_error: CSRFError) -> tuple[str, int]:
    ended = ended_session()
    if ended is not None:
        return render_template("errors/ended.html", ended=ended), 400
    return _page(
        400, "Phiên làm việc đã cũ. Tải lại trang rồi gửi lại; dữ liệu chưa bị đổi."
    )


def _untrusted_host(_error: UntrustedHost) -> tuple[str, int]:
    return _page(
        400,
        "Tên máy trong địa chỉ này không phải của cổng. Hãy mở cổng bằng địa chỉ mà"
        " người quản trị đã đưa. Người cài đặt: ghi địa chỉ cán bộ gõ vào trình duyệt"
        " ở thiết lập PORTAL_PUBLIC_URL.",
    )


def _http_error(error: HTTPException) -> Response | tuple[str, int]:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]
    code = error.code or 500
    if code == 405 and request.method == "GET" and (page := _page_before()):
        return redirect(page, 303)
    return _page(code, _TEXTS.get(code, "Máy chủ từ chối yêu cầu này."))


def _page_before() -> str:
    """Give the nearest page above an address that only takes a form, "" if none.

    After a refused form the address bar holds the form's address; who loads it
    again wants the page that the form stands on.
    """
    routes = current_app.url_map.bind("")
    path = request.path
    while path := path.rstrip("/").rpartition("/")[0]:
        for candidate in (path, f"{path}/"):
            if routes.test(candidate, method="GET"):
                return candidate
    return "/"


def _unforeseen(error: Exception) -> tuple[str, int]:
    refusal = refusal_for(error)
    if refusal is not None:
        return _domain_error(refusal)
    # No row has such a number; PostgreSQL finds that by itself.
    if "int too large to convert to SQLite" in str(error):
        return _page(404, _TEXTS[404])
    # The type alone: a message may carry personal data into the log.
    current_app.logger.error(
        "unforeseen %s", type(error).__name__, exc_info=_without_values(error)
    )
    return _page(500, _TEXTS[500])


def _domain_error_in_json(error: DomainError) -> tuple[dict[str, object], int]:
    problems = [
        {"where": one.where, "text": one.text, "fix": one.fix} for one in error.problems
    ]
    told = {"message": error.text, "problems": problems, **error.told}
    return told, status_of(error)


def _csrf_error_in_json(_error: CSRFError) -> tuple[dict[str, object], int]:
    ended = ended_session() is not None
    text = (
        "Phiên làm việc đã hết. Hãy đăng nhập lại ở một cửa sổ khác rồi thử lại."
        if ended
        else "Phiên làm việc đã cũ. Tải lại trang rồi làm lại; dữ liệu chưa bị đổi."
    )
    return {"message": text}, 400


def _http_error_in_json(
    error: HTTPException,
) -> Response | tuple[dict[str, object], int]:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]
    code = error.code or 500
    return {"message": _TEXTS.get(code, "Máy chủ từ chối yêu cầu này.")}, code


def _without_values(error: Exception) -> tuple[type, BaseException, object]:
    bare = type("Unforeseen", (Exception,), {})(type(error).__name__)
    return (type(bare), bare, error.__traceback__)


def _page(
    status: int, text: str, problems: tuple[Problem, ...] = ()
) -> tuple[str, int]:
    title = TITLES.get(status, "Chưa làm được")
    if text == _TEXTS[404]:  # said once is enough
        title, text = text.removesuffix("."), ""
    body = render_template(
        "errors/error.html", status=status, title=title, text=text, problems=problems
    )
    return body, status
