"""The pages, one blueprint a screen family."""

from portal.views import (
    account,
    bank,
    desk,
    first_run,
    import_photos,
    imports,
    jobs,
    members,
    mending,
    officers,
    photo_sheets,
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
    import_photos.bp,
    imports.bp,
    jobs.bp,
    members.bp,
    mending.bp,
    officers.bp,
    photo_sheets.bp,
    photos.bp,
    policy.bp,
    prints.bp,
    reviews.bp,  # the blueprint of renewals, with both modules' pages
    sign_in.bp,
    units.bp,
)
