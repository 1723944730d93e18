"""The pages, one blueprint a screen family."""

from portal.views import (
    account,
    bank,
    desk,
    first_run,
    imports,
    jobs,
    member_form,
    officers,
    photos,
    policy,
    prints,
    reviews,
    sign_in,
    units,
)

BLUEPRINTS = (
    account.bp,
    bank.bp,
    desk.bp,
    first_run.bp,
    imports.bp,
    jobs.bp,
    member_form.bp,  # the blueprint of members, with both modules' pages
    officers.bp,
    photos.bp,
    policy.bp,
    prints.bp,
    reviews.bp,  # the blueprint of renewals, with both modules' pages
    sign_in.bp,
    units.bp,
)
