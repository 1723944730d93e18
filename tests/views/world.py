"""A union in which every unit owns one of everything, each with a name to catch.

Whatever a page shows of a unit can be told from every other unit's: its canaries
are texts that stand nowhere else.
"""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
from flask import Flask
from PIL import Image

from portal.access.actor import Actor
from portal.access.policy import Role
from portal.db.models import (
    BankExport,
    BatchFile,
    Campaign,
    CardDesign,
    CardRequest,
    DesignDraft,
    DesignVersion,
    DifferentPeople,
    ImportPhoto,
    ImportRow,
    Job,
    Member,
    Photo,
    Post,
    PrintBatch,
    PrintCard,
    RequestEvent,
    Roster,
    RosterColumn,
    RosterImport,
    SignInSession,
)
from portal.db.models.cards import BatchState, PrintCardState
from portal.db.models.intake import ImportState, RowState
from portal.db.models.jobs import JobState
from portal.db.session import db, transaction
from portal.domain import clock
from portal.domain.card_kinds import CardKind
from portal.domain.renewal import Move, State
from portal.factory import create_app
from portal.services import audit, stores
from portal.services.designs import contents
from portal.services.sign_in import token_hash
from tests.cast import TREE, Cast, build_cast
from tests.make import LONG_AGO, make_member, make_officer, make_photo, make_session

UNITS = tuple(code for code, *_rest in TREE)

GRASSROOTS = frozenset(code for code, _n, level, *_r in TREE if level == "grassroots")

# No object of any kind has this id.
UNKNOWN = 999_999


@dataclass(frozen=True)
class Canaries:
    """Texts that only one unit's people and papers bear.

    ``papers`` names what officers of other units may meet in their work: the
    unit, its campaign, its officers. ``people`` may never be met by them.
    """

    citizen_ids: tuple[str, ...]
    people: tuple[str, ...]
    papers: tuple[str, ...]


@dataclass
class Trace:
    """Whether a request wrote anything; known once it is over."""

    wrote: bool = False


@dataclass
class World:
    """The app, the cast, and the ids of one object of every kind by unit."""

    app: Flask
    cast: Cast
    # kind → unit code → id; kinds are the names of the URL parameters.
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    canaries: dict[str, Canaries] = field(default_factory=dict)
    # An officer with a post at a1 and another at s1.
    in_two_places: int = 0

    def covers(self, actor: Actor, unit: str) -> bool:
        """Say whether the unit lies in the subtree of the actor's post."""
        return self.cast.paths[unit].startswith(actor.unit_path)

    def unit_of(self, actor: Actor) -> str:
        """Give the code of the actor's own unit."""
        ids = self.cast.unit_ids
        return next(code for code in UNITS if ids[code] == actor.unit_id)

    def is_above(self, actor: Actor, unit: str) -> bool:
        """Say whether the unit stands above the actor's own."""
        path = self.cast.paths[unit]
        return actor.unit_path.startswith(path) and actor.unit_path != path

    def save(self) -> None:
        """Take the database as it is now for the one to come back to."""
        path = Path(self.app.config["PORTAL_INSTANCE"]) / "portal.sqlite3"
        with self.app.app_context():
            db.session.remove()
        source, spare = sqlite3.connect(path), sqlite3.connect(_spare(path))
        source.backup(spare)
        spare.close()
        source.close()

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Let what the caller has just written be the world for a while."""
        path = Path(self.app.config["PORTAL_INSTANCE"]) / "portal.sqlite3"
        kept = path.with_name("kept.sqlite3")
        shutil.copy(_spare(path), kept)
        self.save()
        try:
            yield
        finally:
            shutil.copy(kept, _spare(path))

    @contextmanager
    def untouched(self) -> Iterator["Trace"]:
        """Put the database back as it was, where the block wrote anything."""
        trace = Trace()
        path = Path(self.app.config["PORTAL_INSTANCE"]) / "portal.sqlite3"
        watch = sqlite3.connect(path)
        before = _version(watch)
        try:
            yield trace
        finally:
            trace.wrote = _version(watch) != before
            if trace.wrote:
                with self.app.app_context():
                    db.session.remove()
                spare = sqlite3.connect(_spare(path))
                spare.backup(watch)
                spare.close()
            watch.close()


def build_world(folder: Path, template: Path) -> World:
    """Make the app on a database of its own and fill it."""
    shutil.copy(template, folder / "portal.sqlite3")
    app = create_app(
        {
            "PORTAL_INSTANCE": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
        }
    )
    with app.app_context():
        world = World(app, build_cast())
        for serial, unit in enumerate(UNITS, start=1):
            furnish(world, unit, serial=serial)
        world.in_two_places = _in_two_places(world)
    world.save()
    return world


def close_world(world: World) -> None:
    """Let go of the database."""
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _spare(path: Path) -> Path:
    return path.with_name("spare.sqlite3")


def _version(connection: Any) -> int:
    return connection.execute("PRAGMA data_version").fetchone()[0]


def _word(serial: int) -> str:
    """Spell a unit's serial as a family name that nobody bears."""
    return "Quắc" + "abcdeghiklmn"[serial] + "óe"


def furnish(world: World, unit: str, *, serial: int, known: bool = True) -> None:
    """Give one unit a member, an import, a list, a batch, a job and the rest.

    The world knows of them unless they come later and nobody is to ask for them.
    """
    actor = world.cast.actor(unit, Role.DATA_ENTRY)
    word = _word(serial)
    member = _member(world, actor, word, serial)
    names = {
        "member_id": member.id,
        "unit_id": actor.unit_id,
        **_officer(world, unit),
        "session_id": add_session(actor, token=f"phien-{serial}"),
        **_intake(actor, member, word, serial),
        "design_id": _design(actor, word),
        **_renewal(world, actor, member, word, serial),
    }
    if not known:
        return
    for name, value in names.items():
        world.ids.setdefault(name, {})[unit] = value
    world.canaries[unit] = Canaries(
        citizen_ids=(member.citizen_id, f"001091{serial:06d}"),
        people=(
            member.full_name,
            f"Người Nhập {word}",
            f"dien-thoai-{serial:03d}@vi.du",
            f"danh-sach-{word}.xlsx",
            f"anh-{word}.jpg",
            f"ngan-hang-{word}.xlsx",
            f"việc của {word}",
            f"nháp của {word}",
            f"8500000{serial:05d}",
        ),
        papers=(
            next(name for code, name, *_rest in TREE if code == unit),
            f"Đợt {word}",
            f"Mẫu {word}",
            *(f"{role.value} {unit}" for role in Role),
            f"suspended {unit}",
        ),
    )


def _member(world: World, actor: Actor, word: str, serial: int) -> Member:
    picture = f"ảnh {serial}".encode()
    with transaction() as session:
        digest = stores.photos().put(_jpeg(serial) + picture)
        photo = Photo(
            original_hash=digest,
            card_hash=digest,
            print_hash=digest,
            width_px=472,
            height_px=708,
            crop=[0.0, 0.0, 1.0, 1.0],
            created_at=clock.now(),
        )
        session.add(photo)
    member = make_member(
        unit_id=actor.unit_id,
        full_name=f"{word} Thị Lộ",
        photo_id=photo.id,
        citizen_id=f"058090{serial:06d}",
        email=f"dien-thoai-{serial:03d}@vi.du",
        phone=f"0912{serial:06d}",
        bank_account=f"1010101{serial:05d}",
        member_number=f"8500000{serial:05d}",
        native_place="Ninh Hải",
    )
    with transaction() as session:
        audit.record(
            session,
            "member.edit",
            by=actor,
            subject="member",
            subject_id=member.id,
            unit_path=member.unit_path,
            detail={"changes": {"job_title": ["", "Thợ may"]}, "version": 1},
        )
    return member


def _officer(world: World, unit: str) -> dict[str, int]:
    """Name the unit's read-only officer, whom every administrator may rule."""
    actor = world.cast.actor(unit, Role.READ_ONLY)
    return {"officer_id": actor.officer_id, "post_id": actor.post_id}


def _in_two_places(world: World) -> int:
    ids = world.cast.unit_ids
    post = make_officer(name="hai nơi", unit_id=ids["a1"], role=Role.READ_ONLY)
    with transaction() as session:
        session.add(
            Post(
                officer_id=post.officer_id,
                unit_id=ids["s1"],
                unit_path=world.cast.paths["s1"],
                role=Role.PRINTER,
                valid_from=LONG_AGO,
            )
        )
    return post.officer_id


def _intake(actor: Actor, member: Member, word: str, serial: int) -> dict[str, int]:
    where = {"unit_id": actor.unit_id, "unit_path": actor.unit_path}
    values = {
        "full_name": f"Người Nhập {word}",
        "birth_date": "1991-02-03",
        "citizen_id": f"001091{serial:06d}",
    }
    with transaction() as session:
        upload = RosterImport(
            file_name=f"danh-sach-{word}.xlsx",
            file_hash=stores.uploads().put(f"Người Nhập {word}".encode()),
            state=ImportState.READY,
            counts=_COUNTS,
            columns=[
                {"sheet": "Danh sách", "header": name, "field": name} for name in values
            ],
            created_at=clock.now(),
            created_by_id=actor.officer_id,
            evaluated_at=clock.now(),
            **where,
        )
        session.add(upload)
        session.add(
            RosterColumn(
                header_key=f"cot {word}",
                header=f"Cột {word}",
                field="full_name",
                chosen_at=clock.now(),
                chosen_by_id=actor.officer_id,
                **where,
            )
        )
        session.add(
            DifferentPeople(
                first_key=f"{serial:012d}",
                second_key=f"{serial:012d}b",
                decided_by_id=actor.officer_id,
                decided_at=clock.now(),
                **where,
            )
        )
        session.flush()
        rows = []
        for position, state in enumerate((RowState.NEW, RowState.ERROR)):
            rows.append(
                ImportRow(
                    import_id=upload.id,
                    position=position,
                    sheet="Danh sách",
                    row_number=position + 2,
                    state=state,
                    raw=values,
                    values=values,
                    problems=["Thiếu giới tính."] if state is RowState.ERROR else [],
                    photo_id=member.photo_id,
                    photo_name=f"anh-{word}.jpg",
                )
            )
        image = ImportPhoto(
            import_id=upload.id, name=f"anh-{word}.jpg", photo_id=member.photo_id
        )
        session.add_all([*rows, image])
        job = Job(
            kind="import.evaluate",
            subject_id=upload.id,
            state=JobState.QUEUED,
            message=f"việc của {word}",
            created_at=clock.now(),
            created_by_id=actor.officer_id,
            post_id=actor.post_id,
            **where,
        )
        session.add(job)
    return {
        "import_id": upload.id,
        "row_id": rows[0].id,
        "image_id": image.id,
        "photo_id": member.photo_id,
        "job_id": job.id,
    }


_COUNTS = {
    "rows_in": 2,
    **{state.value: 0 for state in RowState},
    "new": 1,
    "error": 1,
    "photos": {"matched": 2, "unmatched": 1, "ambiguous": 0, "missing": 0},
}


def _renewal(
    world: World, actor: Actor, member: Member, word: str, serial: int
) -> dict[str, int]:
    """Write a campaign with a list of two, a batch with a card, a bank list."""
    where = {"unit_id": actor.unit_id, "unit_path": actor.unit_path}
    now = clock.now()
    with transaction() as session:
        campaign = Campaign(
            name=f"Đợt {word}",
            card_kinds=[kind.value for kind in CardKind],
            opened_at=now,
            **where,
        )
        session.add(campaign)
        session.flush()
        roster = Roster(
            campaign_id=campaign.id, created_at=now, last_submitted_at=now, **where
        )
        session.add(roster)
        session.flush()
        request = _request(session, roster, member, State.APPROVED, actor)
        exported = BankExport(
            file_name=f"ngan-hang-{word}.xlsx",
            content_hash=stores.exports().put(f"{word} ngân hàng".encode()),
            rows=1,
            created_at=now,
            created_by_id=actor.officer_id,
            **where,
        )
        session.add(exported)
        batch, card = _batch(session, request, member, actor)
    further = {
        f"{kind.value}_{state.value}_id": _further(
            actor, roster.id, word, serial, number, kind, state
        )
        for number, (kind, state) in enumerate(_FURTHER_REQUESTS)
    }
    unlisted = make_member(
        unit_id=actor.unit_id,
        full_name=f"{word} Thị Lộ",
        citizen_id=f"058099{serial:06d}",
        photo_id=member.photo_id,
    )
    return {
        **further,
        "unlisted_member_id": unlisted.id,
        "campaign_id": campaign.id,
        "request_id": request.id,
        "roster_id": roster.id,
        "export_id": exported.id,
        "batch_id": batch.id,
        "card_id": card.id,
    }


# One request more for every desk: to send, to forward, to register, to approve,
# to print, for the bank, returned.
_FURTHER_REQUESTS = (
    (CardKind.STANDARD, State.DECLARED),
    (CardKind.STANDARD, State.SUBMITTED),
    (CardKind.STANDARD, State.FORWARDED),
    (CardKind.STANDARD, State.REGISTERED),
    (CardKind.STANDARD, State.APPROVED),
    (CardKind.LINKED, State.APPROVED),
    (CardKind.STANDARD, State.RETURNED),
)


def _further(
    actor: Actor,
    roster_id: int,
    word: str,
    serial: int,
    number: int,
    kind: CardKind,
    state: State,
) -> int:
    fields: dict[str, Any] = {}
    if state is State.APPROVED:
        fields["member_number"] = f"8600{number}00{serial:05d}"
    member = make_member(
        unit_id=actor.unit_id,
        full_name=f"{word} Thị Lộ",
        citizen_id=f"0580{number + 10}{serial:06d}",
        phone=f"0913{number}{serial:05d}",
        photo_id=_photo_of(state),
        permanent_address="Ninh Hải",
        birth_date=date(1970 + number, 5, 1 + serial),
        **fields,
    )
    with transaction() as session:
        roster = session.get_one(Roster, roster_id)
        request = _request(session, roster, member, state, actor)
        request.kind = kind
        return request.id


def _photo_of(state: State) -> int | None:
    """Give a photo of its own, none to who was returned, the same to some."""
    if state is State.RETURNED:
        return None
    if state is State.FORWARDED:
        with transaction() as session:
            return session.query(Photo).order_by(Photo.id).first().id
    return make_photo().id


def _request(
    session: Any, roster: Roster, member: Member, state: State, actor: Actor
) -> CardRequest:
    request = CardRequest(
        campaign_id=roster.campaign_id,
        roster_id=roster.id,
        member_id=member.id,
        kind=CardKind.STANDARD,
        state=state,
        reason="Thiếu ảnh." if state is State.RETURNED else "",
        unit_name_on_card=actor.unit_name if state is State.APPROVED else "",
        approved_at=clock.now() if state is State.APPROVED else None,
        created_at=clock.now(),
        unit_id=member.unit_id,
        unit_path=member.unit_path,
    )
    session.add(request)
    session.flush()
    session.add(
        RequestEvent(
            request_id=request.id,
            move=Move.SUBMIT,
            from_state=State.DECLARED,
            to_state=State.SUBMITTED,
            officer_id=actor.officer_id,
            officer_name=actor.name,
            unit_name=actor.unit_name,
            at=clock.now(),
        )
    )
    return request


def _batch(
    session: Any, request: CardRequest, member: Member, actor: Actor
) -> tuple[PrintBatch, PrintCard]:
    store = stores.exports()
    # Every other unit prints with the topmost unit's design, which all may use.
    lent = session.query(DesignVersion).order_by(DesignVersion.id).first()
    batch = PrintBatch(
        design="standard",
        design_version_id=lent.id if actor.unit_id % 2 else None,
        design_hash="0" * 64,
        profile="cr80",
        dpi=300,
        sides=["front"],
        overprint=True,
        state=BatchState.RENDERED,
        created_at=clock.now(),
        created_by_id=actor.officer_id,
        rendered_at=clock.now(),
        unit_id=actor.unit_id,
        unit_path=actor.unit_path,
    )
    session.add(batch)
    session.flush()
    request.state = State.PRINTED
    card = PrintCard(
        batch_id=batch.id,
        request_id=request.id,
        position=0,
        state=PrintCardState.DRAWN,
        card={
            "full_name": member.full_name,
            "member_number": member.member_number,
            "unit_name": actor.unit_name,
        },
        images={"front": store.put(_drawn(shade=member.id % 256))},
    )
    session.add(card)
    session.add(
        BatchFile(
            batch_id=batch.id,
            name=BATCH_FILE,
            content_hash=store.put(f"danh sách {member.full_name}".encode()),
            size_bytes=40,
        )
    )
    session.flush()
    return batch, card


def _drawn(*, shade: int) -> bytes:
    """Give a picture as the press draws it; a page shows it anew, and small."""
    out = io.BytesIO()
    Image.new("RGB", (1011, 638), (shade, 90, 90)).save(out, "PNG")
    return out.getvalue()


def _design(actor: Actor, word: str) -> int:
    """Write a design with a draft that is seen by its own officers, and two versions.

    The versions are seen by the units below as well.
    """
    where = {"unit_id": actor.unit_id, "unit_path": actor.unit_path}
    files = contents.of_built_in("standard")
    now = clock.now()
    with transaction() as session:
        design = CardDesign(
            name=f"Mẫu {word}",
            kind=CardKind.STANDARD,
            created_at=now,
            created_by_id=actor.officer_id,
            **where,
        )
        session.add(design)
        session.flush()
        draft = DesignDraft(
            design_id=design.id,
            settings=files["design.toml"],
            front=files["front.svg"] + f"<!-- nháp của {word} -->".encode(),
            back=files["back.svg"],
            pictures={DRAFT_PICTURE: stores.designs().put(f"hình {word}".encode())},
            edited_at=now,
            edited_by_id=actor.officer_id,
            edited_by_name=actor.name,
        )
        session.add(draft)
        for number in (1, 2):
            version = DesignVersion(
                design_id=design.id,
                number=number,
                name=design.name,
                kind=design.kind,
                files={name: stores.designs().put(c) for name, c in files.items()},
                digest=contents.digest_of(files),
                published_at=now,
                published_by_id=actor.officer_id,
                published_by_name=actor.name,
            )
            session.add(version)
    return design.id


BATCH_FILE = "danh-sach.csv"
DRAFT_PICTURE = "hinh.png"


def _jpeg(serial: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (472, 708), (serial * 20, 90, 120)).save(out, "JPEG")
    return out.getvalue()


def add_session(actor: Actor, *, token: str, ended: bool = False) -> int:
    """Write a sign-in session, live or ended; give its id."""
    make_session(actor, token=token)
    with transaction() as session:
        row = (
            session.query(SignInSession)
            .filter(SignInSession.token_hash == token_hash(token))
            .one()
        )
        row.ended_at = clock.now() if ended else None
        return row.id


def is_in(text: str, page: str) -> bool:
    """Say whether a text stands in a page as a whole, not as part of a longer one."""
    return (
        text in page
        and re.search(rf"(?<![\w]){re.escape(text)}(?![\w])", page) is not None
    )
