"""What an import costs: each step timed in a worker process of its own."""

import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from PIL import Image

from portal.access.actor import Actor
from portal.cli.crowd import write_officer, write_unit
from portal.config import PROJECT
from portal.db.migrate import upgrade
from portal.db.queries import officers as officers_q
from portal.db.session import transaction
from portal.demo import portraits
from portal.demo.people import Person, invent_people
from portal.domain import clock
from portal.domain.membership import SEX_LABELS
from portal.domain.union_units import UnionLevel
from portal.files.workbook import write_table
from portal.services import intake, jobs
from portal.services.progress import Unwatched
from portal.services.sign_in import find_session

# What the import must reach on two cores, in rows a second and megabytes.
TARGETS = {
    "evaluate": 4000,
    "accept": 2000,
    "evaluate_with_photos": 150,
    "peak_mb": 600,
}
_HEADERS = (
    *("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Quê quán", "Chức vụ"),
    *("Ngày vào công đoàn", "Điện thoại", "Đoàn phí", "Loại thẻ", "Tên file ảnh"),
)
_PHONE_PX = (1200, 1600)
_FACES = 24


@dataclass(frozen=True, slots=True)
class _Site:
    """An installation made for one measurement, and who works in it."""

    client: Any
    by: Actor
    units: Sequence[int]


def measure_import(folder: Path, *, rows: int, photos: int) -> dict[str, Any]:
    """Time evaluating and accepting so many rows, then so many rows with photos."""
    app = _app(folder)
    with app.app_context():
        site = _build(app)
        people = list(islice(invent_people(85), max(rows, photos)))
        plain = _list(people[:rows])
        short = _list(people[: max(1, rows // 10)])
        figures: dict[str, Any] = {"rows": rows, "photos": photos}
        figures["calamine"] = _run(folder, "calamine", rows, data=plain)
        first = _receive(plain, site, unit=0)
        figures["evaluate"] = _run(folder, "evaluate", rows, first, site=site)
        _say_yes(first, site)
        figures["accept"] = _run(folder, "accept", rows, first, site=site)
        again = _receive(plain, site, unit=0)
        figures["evaluate_again"] = _run(folder, "evaluate", rows, again, site=site)
        few = _receive(short, site, unit=1)
        figures["evaluate_tenth"] = _run(
            folder, "evaluate", max(1, rows // 10), few, site=site
        )
        if photos:
            package = folder / "goi.zip"
            _write_package(package, people[:photos])
            pictured = _receive(package.read_bytes(), site, unit=2, name="goi.zip")
            package.unlink()
            figures["evaluate_with_photos"] = _run(
                folder, "evaluate", photos, pictured, site=site
            )
    return figures


def child_main() -> None:
    """Do one step in this process and print what it cost, as JSON."""
    order = json.loads(sys.argv[1])
    if order["what"] == "calamine":
        print(json.dumps(_costs(lambda: _read_bare(Path(order["file"])))))
        return
    app = _app(Path(order["folder"]))
    with app.app_context():
        from portal.db.models import Job

        behind = Job(post_id=order["post_id"], created_by_id=order["officer_id"])
        by = jobs.actor_behind(behind)
        step = {"evaluate": intake.evaluate, "accept": intake.accept}[order["what"]]
        print(
            json.dumps(_costs(lambda: step(order["id"], by=by, progress=Unwatched())))
        )


def _app(folder: Path) -> Any:
    from portal.factory import create_app

    return create_app(
        {
            "PORTAL_INSTANCE": str(folder),
            "DATABASE_URL": "",
            "PORTAL_PLAIN_HTTP": True,
            "RATELIMIT_ENABLED": False,
        }
    )


def _costs(work: Any) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    # The parser of workbooks is a process of its own, with memory of its own.
    used = [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN]
    peak = max(resource.getrusage(who).ru_maxrss for who in used)
    return {"wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": peak / 1024}


def _read_bare(path: Path) -> None:
    from portal.files.workbook_child import read_bare

    read_bare(path.read_bytes())


def _run(
    folder: Path,
    what: str,
    rows: int,
    import_id: int = 0,
    *,
    site: _Site | None = None,
    data: bytes = b"",
) -> dict[str, Any]:
    """Run one step in a child; meanwhile ask for a page, as an officer would."""
    order: dict[str, Any] = {"what": what, "folder": str(folder), "id": import_id}
    if site is not None:
        order["post_id"] = site.by.post_id
        order["officer_id"] = site.by.officer_id
    if data:
        order["file"] = str(folder / "bare.xlsx")
        Path(order["file"]).write_bytes(data)
    command = [sys.executable, "-m", "portal.cli.bench_import", json.dumps(order)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=PROJECT
    ) as child:
        pages = list(_pages(site, child)) if site else []
        told = child.stdout.read() if child.stdout else ""
    if child.returncode:
        raise RuntimeError(f"bench: {what} ended with {child.returncode}")
    cost = json.loads(told.strip().splitlines()[-1])
    return {
        "rows_per_s": round(rows / cost["wall_s"], 1),
        "rows_per_cpu_s": round(rows / max(cost["cpu_s"], 1e-6)),
        "wall_s": round(cost["wall_s"], 4),
        "peak_mb": round(cost["peak_mb"]),
        "page_median_ms": round(statistics.median(pages), 1) if pages else None,
    }


def _pages(site: _Site, child: subprocess.Popen[str]) -> Iterator[float]:
    while child.poll() is None:
        began = time.perf_counter()
        if site.client.get("/doan-vien/").status_code != 200:
            raise RuntimeError("bench: the page of members did not answer")
        yield (time.perf_counter() - began) * 1000
        time.sleep(0.2)


def _build(app: Any) -> _Site:
    upgrade()
    level = UnionLevel
    with transaction() as session:
        top = write_unit(session, None, level.CONFEDERATION, "TLD", "TLĐ (mẫu)")
        units = [
            write_unit(
                session, top, level.GRASSROOTS, f"CS{n}", f"CĐCS Công ty mẫu {n}"
            )
            for n in range(3)
        ]
        token = write_officer(session, top)
    found = find_session(token)
    if found is None:  # written a moment ago
        raise RuntimeError("bench: no session")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    post = officers_q.live_posts(found.actor.officer_id, on=clock.today())[0]
    return _Site(client, officers_q.actor_of(post), [unit.id for unit in units])


def _receive(data: bytes, site: _Site, *, unit: int, name: str = "ds.xlsx") -> int:
    received = intake.receive(
        io.BytesIO(data),
        file_name=name,
        unit_id=site.units[unit],
        by=site.by,
        in_background=False,
    )
    return received.id


def _say_yes(import_id: int, site: _Site) -> None:
    from portal.db.queries import intake as intake_q

    with transaction():  # a fresh look: another process has written
        found = intake_q.get(import_id, scope=site.by.scope)
    intake.begin_accept(
        import_id, version=found.version, by=site.by, in_background=False
    )


def _list(people: Sequence[Person]) -> bytes:
    return write_table("DANH SÁCH ĐOÀN VIÊN ĐỔI THẺ", _HEADERS, map(_row, people))


def _row(person: Person) -> list[str]:
    return [
        "",
        person.full_name,
        f"{person.birth_date:%d/%m/%Y}",
        SEX_LABELS[person.sex],
        person.citizen_id,
        person.native_place,
        person.job_title,
        f"{person.joined_union_on:%d/%m/%Y}",
        person.phone,
        "Đang đóng",
        "Thẻ thông thường",
        "",
    ]


def _write_package(path: Path, people: Sequence[Person]) -> None:
    """Write a zip of a list and a phone picture of some 300 KB for each person."""
    dice = random.Random(85)  # noqa: S311 (pictures, not secrets)
    grain = Image.effect_noise((_PHONE_PX[0] + 400, _PHONE_PX[1] + 400), 30)
    faces = [
        portraits.draw_portrait(n, sex=people[n % len(people)].sex).resize(_PHONE_PX)
        for n in range(min(_FACES, len(people)))
    ]
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr("danh sach.xlsx", _list(people))
        for at, person in enumerate(people):
            x, y = dice.randrange(400), dice.randrange(400)
            noise = grain.crop((x, y, x + _PHONE_PX[0], y + _PHONE_PX[1]))
            picture = Image.blend(faces[at % len(faces)], noise.convert("RGB"), 0.1)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=92)
            archive.writestr(f"anh/{person.citizen_id}.jpg", out.getvalue())


if __name__ == "__main__":
    child_main()
