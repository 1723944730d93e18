"""The page of one import: its bar, its counts, the rows that a filter lets through."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.access.scope import Scope
from portal.db.models import Job, RosterImport
from portal.db.models.intake import ImportState, RowChoice
from portal.db.models.jobs import JobState
from portal.db.queries import audit as audit_q
from portal.db.queries import intake as intake_q
from portal.db.queries import intake_photos, intake_rows
from portal.db.queries import jobs as jobs_q
from portal.db.queries import members as members_q
from portal.db.queries.intake_rows import RowFilter
from portal.views.import_rows import shown_act, shown_row
from portal.web.asked import page_asked
from portal.web.fragments import page_or_block, stop_polling
from portal.web.identity import current_scope

PAGE_ROWS = 50

CHIPS = (
    (RowFilter.ALL, "Tất cả", "rows_in"),
    (RowFilter.BAD, "Cần sửa", "bad"),
    (RowFilter.NEW, "Mới", "new"),
    (RowFilter.CHANGED, "Thay đổi", "changed"),
    (RowFilter.SAME, "Giống sổ", "same"),
    (RowFilter.DUPLICATE, "Trùng", "duplicate"),
    (RowFilter.ERROR, "Lỗi", "error"),
    (RowFilter.DOUBTFUL, "Cảnh báo", "doubtful"),
    (RowFilter.LEFT_OUT, "Đã bỏ qua", "skipped_rows"),
)
# What may be said of every row that the filter shows.
KIND_CHOICES = {
    RowFilter.NEW: (
        (RowChoice.SKIP, "Bỏ qua tất cả dòng mới"),
        (RowChoice.TAKE, "Nhận tất cả dòng mới"),
    ),
    RowFilter.CHANGED: (
        (RowChoice.TAKE, "Cập nhật theo danh sách"),
        (RowChoice.FILL, "Chỉ điền ô còn trống"),
        (RowChoice.SKIP, "Giữ như sổ (bỏ qua)"),
    ),
    RowFilter.DOUBTFUL: (
        (RowChoice.TAKE, "Nhận tất cả dòng có cảnh báo"),
        (RowChoice.SKIP, "Bỏ qua tất cả dòng có cảnh báo"),
    ),
    RowFilter.LEFT_OUT: ((RowChoice.TAKE, "Lấy lại tất cả dòng đã bỏ qua"),),
}
_JOBS = {ImportState.ACCEPTING: "accept", ImportState.TAKING_BACK: "take_back"}
_AT_WORK = frozenset({ImportState.UPLOADED, *_JOBS})
_OVER = frozenset({JobState.FAILED, JobState.CANCELLED})


def preview_page(import_id: int) -> Response:
    """Answer with the import as it stands, or its block where htmx swaps it."""
    scope = current_scope()
    found = intake_q.get(import_id, scope=scope)
    kind = _JOBS.get(found.state, "evaluate")
    job = jobs_q.latest_of(f"import.{kind}", import_id, scope=scope)
    busy = found.state in _AT_WORK and job is not None and job.state not in _OVER
    response = page_or_block(
        "imports/show.html",
        "import_body",
        found=found,
        job=job,
        busy=busy,
        stopped=_stopped(found, job, busy=busy),
        without_photo=_without_photo(found),
        acts=_acts(found),
        **_rows(found),
    )
    return response if busy else stop_polling(response)


def filter_asked() -> RowFilter:
    """Read the filter that the address or the form names; all rows for nonsense."""
    asked = request.values.get("loai", "")
    return RowFilter(asked) if asked in set(RowFilter) else RowFilter.ALL


def here(import_id: int, *, row_id: int | None = None) -> str:
    """Give the address of the preview as it was looked at, at a row."""
    page = page_asked()
    return url_for(
        "imports.show",
        import_id=import_id,
        loai=filter_asked().value or None,
        trang=page if page > 1 else None,
        _anchor=f"row-{row_id}" if row_id else "rows",
    )


def filters(
    found: RosterImport, endpoint: str, only: RowFilter
) -> list[dict[str, Any]]:
    """Give the chips of a page of rows, each with its count."""
    return [
        {
            "label": label,
            "count": found.counts.get(name, 0),
            "url": _page_url(endpoint, found.id, value, 1),
            "active": value is only,
        }
        for value, label, name in CHIPS
        if found.counts.get(name) or value in {RowFilter.ALL, only}
    ]


def pages(
    found: RosterImport,
    endpoint: str,
    only: RowFilter,
    page: int,
    total: int,
    size: int,
) -> dict[str, Any]:
    """Give the addresses beside this page, and how many rows there are."""
    more = page * size < total
    return {
        "prev": _page_url(endpoint, found.id, only, page - 1) if page > 1 else None,
        "next": _page_url(endpoint, found.id, only, page + 1) if more else None,
        "total": total,
    }


def _rows(found: RosterImport) -> dict[str, Any]:
    """Give one page of rows, the filters and what lies around them."""
    scope, only, page = current_scope(), filter_asked(), page_asked()
    if "rows_in" not in found.counts:
        return {"rows": [], "filters": [], "pages": {}, "loose": 0, "only": only}
    rows = intake_rows.page(
        found.id, scope=scope, only=only, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS
    )
    total = intake_rows.count(found.id, scope=scope, only=only)
    return {
        "rows": [shown_row(row) for row in rows],
        "filters": filters(found, "imports.show", only),
        "pages": pages(found, "imports.show", only, page, total, PAGE_ROWS),
        "only": only,
        "page": page,
        "kind_choices": KIND_CHOICES.get(only, ()),
        "loose": intake_photos.count_loose(found.id, scope=scope),
    }


def _stopped(found: RosterImport, job: Job | None, *, busy: bool) -> str:
    """Say why the work of an import stands still, where it does."""
    if found.state not in _AT_WORK or busy:
        return ""
    return (job.error if job else "") or "Việc này đã dừng giữa chừng."


def _without_photo(found: RosterImport) -> int:
    """Count whom the unit still needs a photo of, once its list is taken."""
    if found.state is not ImportState.ACCEPTED:
        return 0
    return members_q.without_photo(scope=Scope(found.unit.path))


def _acts(found: RosterImport) -> list[dict[str, Any]]:
    entries = audit_q.of_subject(
        "roster_import", found.id, scope=current_scope(), limit=30
    )
    return [shown_act(entry) for entry in entries]


def _page_url(endpoint: str, import_id: int, only: RowFilter, page: int) -> str:
    return url_for(
        endpoint,
        import_id=import_id,
        loai=only.value or None,
        trang=page if page > 1 else None,
        _anchor="rows",
    )
