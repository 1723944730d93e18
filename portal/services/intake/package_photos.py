"""The photos of a package: prepared one by one, a few ahead, never all in memory."""

import contextvars
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from portal.domain.errors import Invalid, TooLarge
from portal.domain.photos import PhotoMatch, PhotoState
from portal.files.archive import Package
from portal.services.photos import PreparedPhoto, prepare_photo

# Pillow lets go of the interpreter while it decodes, so two keep two cores busy;
# two more while those wait for the disk to make a photo durable.
_THREADS = 4
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class ReadPhoto:
    """One photo of the package: prepared, or the sentence that says why not."""

    name: str
    prepared: PreparedPhoto | None = None
    refusal: str = ""


def read_photos(package: Package, names: Iterable[str]) -> Iterator[ReadPhoto]:
    """Prepare the named photos in their order, keeping their bytes on disk.

    A broken or foreign file is a refusal; a full disk raises StorageFull.
    """
    waiting: deque[tuple[str, Future[ReadPhoto]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for name in names:
            if len(waiting) >= _AHEAD:
                yield waiting.popleft()[1].result()
            # The store is found through the app's context, which threads lack.
            context = contextvars.copy_context()
            waiting.append((name, pool.submit(context.run, _read, package, name)))
        while waiting:
            yield waiting.popleft()[1].result()


def photo_doubts(
    match: PhotoMatch, *, named: str, has_photos: bool, known: bool
) -> list[str]:
    """Say what is the matter with a row's photo before it is even opened.

    ``named`` is what the list's own column says, ``has_photos`` whether the package
    brought any, ``known`` whether the member has one already.
    """
    if match.state is PhotoState.AMBIGUOUS:
        files = ", ".join(base_name(name) for name in match.candidates[:4])
        return [
            f"Chưa rõ ảnh nào là của dòng này: {files}. Đặt tên ảnh theo số CCCD rồi"
            " nhập lại, hoặc thêm ảnh trong hồ sơ đoàn viên."
        ]
    if match.state is not PhotoState.MISSING:
        return []
    if named:
        return [
            f"Không thấy ảnh “{named}” trong tệp gửi lên. Kiểm tra tên ảnh rồi nhập"
            " lại, hoặc thêm ảnh trong hồ sơ đoàn viên."
        ]
    if has_photos and not known:
        return [
            "Không có ảnh nào mang số CCCD, số thứ tự hay tên của người này. Thêm ảnh"
            " sau trong hồ sơ đoàn viên."
        ]
    return []


def base_name(name: str) -> str:
    """Give a photo's own name, without the folders inside the zip."""
    return name.rpartition("/")[2]


def _read(package: Package, name: str) -> ReadPhoto:
    try:
        data = package.read_photo(name)
        return ReadPhoto(name, prepare_photo(data, name=base_name(name)))
    except (Invalid, TooLarge) as refusal:
        return ReadPhoto(name, refusal=f"Không dùng được ảnh. {refusal.text}")
