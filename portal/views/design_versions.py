"""A design's editor page, its versions, publishing, and its test print."""

import io

from flask import flash, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.access.policy import Action
from portal.db.queries import designs as designs_q
from portal.domain.card_kinds import CardKind
from portal.forms.designs import PublishForm
from portal.forms.mistakes import shown_on
from portal.services.designs import access, publishing, trials
from portal.services.designs.sample_cards import SAMPLE_LABELS
from portal.views.designer import bp, design_context, kept, version_asked
from portal.web.asked import whole
from portal.web.fragments import page_or_block, see_other
from portal.web.guard import requires
from portal.web.identity import current_actor


@bp.get("/<int:design_id>/soan")
@requires(Action.DESIGN_VIEW)
def edit(design_id: int) -> str:
    """Open the editor on the draft."""
    by = current_actor()
    design = access.own(design_id, by=by)
    urls = {
        "api": url_for(".edit", design_id=design_id),
        "gallery": url_for(".index"),
        "versions": url_for(".versions", design_id=design_id),
        "test": url_for(".test", design_id=design_id),
        "publish": url_for(".publish", design_id=design_id),
        "export": url_for(".export", design_id=design_id, ban="nhap"),
    }
    return render_template(
        "designer/edit.html",
        urls=urls,
        may_view_members=by.may(Action.MEMBER_VIEW),
        **design_context(design),
    )


@bp.get("/<int:design_id>/phien-ban")
@requires(Action.DESIGN_VIEW)
def versions(design_id: int) -> Response:
    """List the versions, and offer to publish the draft as the next one."""
    return _versions_page(design_id, PublishForm())


@bp.post("/<int:design_id>/phat-hanh")
@requires(Action.DESIGN_EDIT)
def publish(design_id: int) -> Response:
    """Make the draft the next version."""
    access.editable(design_id, by=current_actor())
    form = PublishForm()
    if form.validate():
        with shown_on(form):
            version = publishing.publish(
                design_id,
                note=form.note.data or "",
                revision=form.revision.data,
                by=current_actor(),
            )
            use = (
                "ngân hàng in thẻ liên kết, bản này để xem và gửi mẫu"
                if version.design.kind is CardKind.LINKED
                else "lô in mới chọn được bản này"
            )
            flash(f"Đã phát hành bản {version.number}: {use}.", "success")
            return see_other(url_for(".versions", design_id=design_id))
    return _versions_page(design_id, form, status=422)


@bp.get("/<int:design_id>/phien-ban/<int:number>")
@requires(Action.DESIGN_VIEW)
def version(design_id: int, number: int) -> str:
    """Show a version beside another one: pictures and lines that differ."""
    by = current_actor()
    found = access.version_of(design_id, number, by=by)
    others = [one for one in found.design.versions if one.number != number]
    asked = request.args.get("so-voi", type=whole)
    before = next((one.number for one in others if one.number < number), None)
    other = next((one.number for one in others if one.number == asked), before)
    lines = (
        trials.lines_changed(design_id, number, other, by=by)
        if other is not None
        else {}
    )
    return render_template(
        "designer/version.html",
        version=found,
        others=others,
        other=other,
        lines=lines,
        **design_context(found.design),
    )


@bp.get(
    "/<int:design_id>/phien-ban/<int:number>/so-voi/<int:other>"
    "/<any(front, back):side>.png"
)
@requires(Action.DESIGN_VIEW)
def difference_image(design_id: int, number: int, other: int, side: str) -> Response:
    """Show in red what a version changes of another one."""
    by = current_actor()
    return kept(trials.difference_png(design_id, number, other, side, by=by))


@bp.post("/<int:design_id>/phien-ban/<int:number>/khoi-phuc")
@requires(Action.DESIGN_EDIT)
def restore(design_id: int, number: int) -> Response:
    """Bring a version back into the draft."""
    revision = request.form.get("revision", 0, type=whole)
    publishing.restore(design_id, number, revision=revision, by=current_actor())
    flash(
        f"Bản nháp nay giống bản {number}. Hoàn tác được trong trình thiết kế.",
        "success",
    )
    return see_other(url_for(".versions", design_id=design_id))


@bp.get("/<int:design_id>/thu-in")
@requires(Action.DESIGN_VIEW)
def test(design_id: int) -> str:
    """Offer the test page of the draft and of each version."""
    by = current_actor()
    design = access.usable(design_id, by=by)
    samples = dict(SAMPLE_LABELS)
    if by.may(Action.MEMBER_VIEW):
        samples["worst"] = "Đoàn viên có tên hoặc đơn vị dài nhất"
    return render_template(
        "designer/test.html", samples=samples, **design_context(design)
    )


@bp.get("/<int:design_id>/thu-in.pdf")
@requires(Action.DESIGN_VIEW)
def test_file(design_id: int) -> Response:
    """Make the test page."""
    number = version_asked(access.usable(design_id, by=current_actor()))
    which = request.args.get("mau", "sample")
    content = trials.trial_page(design_id, number, which=which, by=current_actor())
    what = f"ban-{number}" if number else "ban-nhap"
    return send_file(
        io.BytesIO(content),
        mimetype="application/pdf",
        download_name=f"thu-in-{design_id}-{what}.pdf",
    )


def _versions_page(design_id: int, form: PublishForm, *, status: int = 200) -> Response:
    by = current_actor()
    context = design_context(access.usable(design_id, by=by))
    if context["draft"] is not None and not form.is_submitted():
        form.revision.data = designs_q.draft_of(design_id).revision
    return page_or_block(
        "designer/versions.html",
        "publish_form",
        status=status,
        form=form,
        batches=designs_q.batches_by_version(scope=by.scope),
        **context,
    )
