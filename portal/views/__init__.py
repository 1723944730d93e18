"""The pages, one blueprint a screen family."""

from portal.views import (
    account,
    bank,
    design_versions,
    designer_api,
    desk,
    first_run,
    import_photos,
    imports,
    jobs,
    member_form,
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
    design_versions.bp,  # the blueprint of designer, with both modules' pages
    designer_api.bp,
    desk.bp,
    first_run.bp,
    import_photos.bp,
    imports.bp,
    jobs.bp,
    member_form.bp,  # the blueprint of members, with both modules' pages
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
