"""Photos and rows that did not find each other, put together by hand."""

from dataclasses import dataclass

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import ImportPhoto, ImportRow
from portal.db.queries import intake_photos, intake_rows
from portal.db.session import transaction
from portal.domain.errors import Invalid
from portal.domain.text import fold
from portal.services.intake.judge_again import judge_again
from portal.services.intake.preview import count_again, ready, record
from portal.services.intake.row_photos import attach, release

PAGE_PHOTOS = 24
_MOST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class Person:
    """A row that a photo can be given to."""

    row_id: int
    row_number: int
    name: str
    likely: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One page of loose photos, and how many rows still want one."""

    photos: list[ImportPhoto]
    total: int
    waiting: int
    likely: dict[int, list[Person]]


def photo_desk(import_id: int, *, page: int, by: Actor) -> Desk:
    """List the loose photos, the ones with likely rows first, those rows with them."""
    by.require(Action.IMPORT_RUN)
    photos = intake_photos.loose(
        import_id,
        scope=by.scope,
        offset=(page - 1) * PAGE_PHOTOS,
        limit=PAGE_PHOTOS,
    )
    waiting = intake_rows.without_photo(import_id, scope=by.scope)
    at = {
        position: (row_id, number, name) for row_id, number, name, position in waiting
    }
    return Desk(
        photos=photos,
        total=intake_photos.count_loose(import_id, scope=by.scope),
        waiting=len(waiting),
        likely={
            photo.id: [
                Person(*at[position], likely=True)
                for position in photo.candidates
                if position in at
            ][:6]
            for photo in photos
        },
    )


def people_for(
    import_id: int, photo: ImportPhoto, *, query: str, by: Actor
) -> list[Person]:
    """List rows without a photo for one: the likely ones first, then by name."""
    by.require(Action.IMPORT_RUN)
    words = fold(query).split()
    likely = set(photo.candidates)
    people = [
        Person(row_id, number, name, likely=position in likely)
        for row_id, number, name, position in intake_rows.without_photo(
            import_id, scope=by.scope
        )
        if not words or _fits(words, f"{fold(name)} {number}")
    ]
    return sorted(people, key=lambda one: not one.likely)[:_MOST_PEOPLE]


def assign(import_id: int, image_id: int, row_id: int, *, by: Actor) -> ImportRow:
    """Give a loose photo to a row; a photo that the row had becomes loose.

    Raises NotFound outside the scope, Conflict where the preview is no longer open,
    Invalid for a photo that cannot be used.
    """
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = ready(import_id, by=by)
        photo = intake_photos.find(import_id, image_id, scope=by.scope)
        row = intake_rows.find(import_id, row_id, scope=by.scope)
        if photo.photo_id is None:
            raise Invalid(f"Ảnh này không dùng được. {' '.join(photo.problems)}")
        if photo.row_id is not None and photo.row_id != row.id:
            release(session, intake_rows.find(import_id, photo.row_id, scope=by.scope))
        attach(session, row, photo)
        judge_again(session, found, [row], scope=by.scope)
        count_again(session, found)
        record(session, "import.photo", found, by=by, detail={"row": row.row_number})
    return row


def take_off(import_id: int, row_id: int, *, by: Actor) -> ImportRow:
    """Take the photo off a row; it waits on the side list for its person."""
    by.require(Action.IMPORT_RUN)
    with transaction() as session:
        found = ready(import_id, by=by)
        row = intake_rows.find(import_id, row_id, scope=by.scope)
        release(session, row)
        judge_again(session, found, [row], scope=by.scope)
        count_again(session, found)
        record(session, "import.photo", found, by=by, detail={"row": row.row_number})
    return row


def _fits(words: list[str], text: str) -> bool:
    return all(word in text for word in words)
