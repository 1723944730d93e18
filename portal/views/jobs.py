"""Long work: bars, errors, retry, cancel."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.models import Job
from portal.db.models.jobs import JobState
from portal.db.queries import jobs as jobs_q
from portal.services import jobs
from portal.services.jobs import JOB_LABELS, JOB_RIGHTS
from portal.web.fragments import page_or_block, see_other, stop_polling
from portal.web.guard import requires
from portal.web.identity import current_actor, current_scope

bp = Blueprint("jobs", __name__, url_prefix="/viec-nen")

# Where the result of each kind of work is looked at: endpoint and its argument.
RESULT_PAGES = {
    "import.evaluate": ("imports.show", "import_id"),
    "import.accept": ("imports.show", "import_id"),
    "print.render": ("prints.show", "batch_id"),
}

OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@bp.get("/")
@requires(Action.JOB_VIEW)
def index() -> str:
    """List the newest jobs of the officer's units."""
    found = jobs_q.latest(scope=current_scope())
    return render_template(
        "jobs/index.html",
        jobs=found,
        subjects=jobs_q.subjects(found, scope=current_scope()),
        labels=JOB_LABELS,
        result_url=result_url,
    )


@bp.get("/<int:job_id>")
@requires(Action.JOB_VIEW)
def show(job_id: int) -> Response:
    """Show one job; its bar asks again until the work is over."""
    job = jobs_q.get(job_id, scope=current_scope())
    response = page_or_block(
        "jobs/show.html",
        "job_status",
        job=job,
        subject=jobs_q.subjects([job], scope=current_scope())[job.id],
        label=JOB_LABELS.get(job.kind, job.kind),
        result_url=result_url(job),
        may_steer=current_actor().may(JOB_RIGHTS[job.kind]),
    )
    return stop_polling(response) if job.state in OVER else response


@bp.post("/<int:job_id>/dung")
@requires(Action.JOB_VIEW)
def cancel(job_id: int) -> Response:
    """Ask the job to stop."""
    jobs.cancel(job_id, by=current_actor())
    return see_other(url_for(".show", job_id=job_id))


@bp.post("/<int:job_id>/chay-lai")
@requires(Action.JOB_VIEW)
def retry(job_id: int) -> Response:
    """Run a failed or stopped job once more."""
    jobs.retry(job_id, by=current_actor())
    return see_other(url_for(".show", job_id=job_id))


def result_url(job: Job) -> str | None:
    """Give the page of what the job works on."""
    page = RESULT_PAGES.get(job.kind)
    return url_for(page[0], **{page[1]: job.subject_id}) if page else None
