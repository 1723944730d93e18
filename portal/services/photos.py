"""Members' photos: judged and cut before the transaction, one row inside it."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from portal.access.actor import Actor
from portal.access.policy import Action
from portal.db.models import Member, Photo
from portal.db.queries import members as members_q
from portal.db.queries import photos as photos_q
from portal.db.session import transaction
from portal.domain import clock
from portal.domain.errors import Conflict, Invalid, NotFound, Problem, TooLarge
from portal.domain.renewal import person_is_fixed
from portal.files.images import CARD_SIZE_PX, normalise_photo, take_photo
from portal.services import audit, stores

Crop = tuple[float, float, float, float]

# Photographs are smaller; a whole album must not fill the memory.
MOST_BYTES = 30 * 1024 * 1024

SIZES = ("card", "print", "original")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPhoto:
    """A photo whose bytes are kept already and which no row names yet."""

    original_hash: str
    card_hash: str
    print_hash: str
    crop: Crop
    dpi: int
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of an uploaded photo: taken, with what to say, or refused."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Say whether the photo was taken."""
        return not self.problems


def upload(
    member_id: int, data: bytes, *, name: str, crop: Crop | None, by: Actor
) -> Upload:
    """Take a photo for a member, or cut the one there is anew where ``data`` is it.

    Without any data the kept original is cut anew with ``crop``.
    """
    by.require(Action.MEMBER_EDIT)
    member = members_q.get(member_id, scope=by.scope)
    if member is None:
        raise NotFound
    if fixed := photo_is_fixed(member, by=by):
        return Upload(problems=(fixed,))
    # The work on pixels is done before the transaction.
    try:
        prepared = _prepared(member.photo, data, name=name, crop=crop)
    except (Invalid, TooLarge) as refusal:
        return Upload(problems=refusal.problems or (Problem(refusal.text),))
    with transaction() as session:
        member = members_q.get(member_id, scope=by.scope)
        if member is None:
            raise NotFound
        if fixed := photo_is_fixed(member, by=by):
            return Upload(problems=(fixed,))
        give_photo(session, member, add_photo(session, prepared), by=by)
    return Upload(
        warnings=(*prepared.warnings, *_seen_elsewhere(prepared, member_id, by=by)),
        repairs=prepared.repairs,
    )


def photo_is_fixed(member: Member, *, by: Actor) -> Problem | None:
    """Say why a member's photo must stay: a list on its way up was sent with it.

    A photo can be added at any time where there is none.
    """
    if member.photo_id is None:
        return None
    state = members_q.fixed_by([member.id], scope=by.scope).get(member.id)
    return replace(person_is_fixed(state), where="Ảnh") if state else None


def read(member_id: int, size: str, *, by: Actor) -> bytes:
    """Give a member's photo as JPEG: ``size`` is card, print or original.

    Raises NotFound outside the scope, without a photo and for another size.
    """
    by.require(Action.MEMBER_VIEW)
    photo = photos_q.of_member(member_id, scope=by.scope)
    if photo is None or size not in SIZES:
        raise NotFound
    return stores.photos().read(getattr(photo, f"{size}_hash"))


def prepare_photo(data: bytes, *, name: str, crop: Crop | None = None) -> PreparedPhoto:
    """Judge, cut and keep a photo; call it outside any transaction.

    ``crop`` is (left, top, width, height) as fractions of the upright picture, the
    centred 2:3 cut without it. Raises Invalid or TooLarge with a sentence naming
    ``name``, StorageFull or StorageFailed where the disk refuses.
    """
    verdict, cut = take_photo(data, name=name, crop=crop)
    store = stores.photos()
    return PreparedPhoto(
        original_hash=store.put(cut.original),
        card_hash=store.put(cut.card),
        print_hash=store.put(cut.print),
        crop=cut.crop,
        dpi=cut.dpi,
        # A box that a person chose needs no word about how much the centred cuts off.
        warnings=tuple(str(doubt) for doubt in verdict.warnings if crop is None),
        repairs=verdict.repairs,
    )


def prepare_cut(photo: Photo, *, name: str, crop: Crop | None) -> PreparedPhoto:
    """Cut a kept photo anew from its original, which stays as it is."""
    store = stores.photos()
    cut = normalise_photo(store.read(photo.original_hash), name=name, crop=crop)
    return PreparedPhoto(
        original_hash=photo.original_hash,
        card_hash=store.put(cut.card),
        print_hash=store.put(cut.print),
        crop=cut.crop,
        dpi=cut.dpi,
    )


def add_photo(session: Any, prepared: PreparedPhoto) -> Photo:
    """Write the row of a prepared photo inside the caller's transaction.

    Raises Conflict where its files were swept meanwhile, with an import given up.
    """
    store = stores.photos()
    kept = (prepared.original_hash, prepared.card_hash, prepared.print_hash)
    if not all(map(store.exists, kept)):
        raise Conflict("Tệp ảnh vừa được dọn cùng một lần nhập đã bỏ. Hãy gửi lại ảnh.")
    photo = Photo(
        original_hash=prepared.original_hash,
        card_hash=prepared.card_hash,
        print_hash=prepared.print_hash,
        width_px=CARD_SIZE_PX[0],
        height_px=CARD_SIZE_PX[1],
        crop=list(prepared.crop),
        warnings=list(prepared.warnings),
        dpi=prepared.dpi,
        created_at=clock.now(),
    )
    session.add(photo)
    session.flush()
    return photo


def give_photo(session: Any, member: Member, photo: Photo, *, by: Actor | None) -> None:
    """Hang a photo on a member inside the caller's transaction, with its record."""
    had_photo = member.photo_id is not None
    member.photo_id = photo.id
    member.photo = photo
    member.updated_at = clock.now()
    session.flush()
    audit.record(
        session,
        "member.photo",
        by=by,
        subject="member",
        subject_id=member.id,
        unit_path=member.unit_path,
        detail={
            "photo": photo.card_hash[:12],
            "replaced": had_photo,
            "version": member.version,
        },
    )


def _prepared(
    photo: Photo | None, data: bytes, *, name: str, crop: Crop | None
) -> PreparedPhoto:
    # The page offers the kept original for a new cut: encoding it once more would
    # only blur it.
    if photo and (not data or _hash(data) == photo.original_hash):
        return prepare_cut(photo, name=name, crop=crop)
    if not data:
        problem = Problem("Chưa chọn ảnh.", "Ảnh", "Chọn tệp ảnh hoặc chụp ảnh.")
        raise Invalid(problem.text, (problem,))
    if len(data) > MOST_BYTES:
        problem = Problem("ảnh lớn hơn 30 MB.", name, "Hãy thu nhỏ ảnh rồi gửi lại.")
        raise TooLarge(str(problem), (problem,))
    return prepare_photo(data, name=name, crop=crop)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _seen_elsewhere(
    prepared: PreparedPhoto, member_id: int, *, by: Actor
) -> tuple[str, ...]:
    others = photos_q.others_with(
        prepared.original_hash, scope=by.scope, besides=member_id
    )
    if not others:
        return ()
    names = ", ".join(other.full_name for other in others)
    return (f"Cùng một ảnh đang dùng cho: {names}. Xem lại có nhầm người không.",)
