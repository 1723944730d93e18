"""The prescribed zip: what is taken, and every refusal with its sentence."""

import io
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from portal.domain.errors import Invalid, TooLarge
from portal.files.archive import PackageLimits, open_package, write_zip
from portal.files.storage import StorageFull
from portal.files.zip_guard import ZipLimits
from tests.files.made_files import (
    overlapping_zip,
    picture,
    workbook,
    zip_of,
    zip_with,
    zip_with_link,
    zip_with_raw_name,
)

LIST = workbook([["STT", "Họ và tên"]])
PHOTO = picture()


def opened(data: bytes, *, filename: str = "goi.zip", limits=None):
    return open_package(io.BytesIO(data), filename=filename, limits=limits)


def refusal(data: bytes, *, filename: str = "goi.zip", limits=None) -> str:
    """Return all that is said when the package is refused."""
    with pytest.raises((Invalid, TooLarge)) as caught:
        opened(data, filename=filename, limits=limits)
    return "\n".join([caught.value.text, *map(str, caught.value.problems)])


def test_a_package_gives_its_list_and_each_photo():
    data = zip_of({"ds/list.xlsx": LIST, "ds/ảnh/001.jpg": PHOTO, "ghi chú.docx": b"x"})
    with opened(data) as package:
        assert package.roster_name == "ds/list.xlsx"
        assert package.roster_bytes() == LIST
        assert package.photo_names == ("ds/ảnh/001.jpg",)
        assert package.read_photo("ds/ảnh/001.jpg") == PHOTO
        assert package.other_names == ("ghi chú.docx",)


def test_a_package_opens_from_a_path_and_closes_its_file(tmp_path: Path):
    path = tmp_path / "goi.zip"
    path.write_bytes(zip_of({"list.xlsx": LIST, "1.jpg": PHOTO}))
    with open_package(path) as package:
        assert package.read_photo("1.jpg") == PHOTO
    with pytest.raises(ValueError, match="closed"):
        package._file.read()


@pytest.mark.parametrize("name", ["list.xlsx", "list.xls", "list.csv", "DS.XLSX"])
def test_a_bare_list_is_a_package_without_photos(name: str):
    with opened(LIST, filename=name) as package:
        assert package.roster_name == name
        assert package.roster_bytes() == LIST
        assert package.photo_names == ()


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/ds/._001.jpg",
        "ds/._001.jpg",
        "Thumbs.db",
        "ds/.DS_Store",
        "desktop.ini",
        "~$list.xlsx",
    ],
)
def test_what_systems_leave_behind_is_ignored(name: str):
    with opened(zip_of({"list.xlsx": LIST, name: b"junk"})) as package:
        assert package.photo_names == ()
        assert package.other_names == ()


@pytest.mark.parametrize(
    "raw",
    [
        "Nguyễn Thị Hòa.jpg".encode(),
        unicodedata.normalize("NFD", "Nguyễn Thị Hòa.jpg").encode(),
        # Vietnamese Windows writes tones after their vowel.
        "Nguyê\u0303n Thi\u0323 Ho\u0300a.jpg".encode("cp1258"),
    ],
    ids=["utf-8", "utf-8 decomposed", "cp1258"],
)
def test_an_undeclared_name_is_read_as_typed(raw: bytes):
    with opened(zip_with_raw_name(raw)) as package:
        assert package.photo_names == ("Nguyễn Thị Hòa.jpg",)


def test_a_name_mangled_through_cp437_is_put_right():
    mangled = "Nguyễn Thị Hòa.jpg".encode().decode("cp437")
    with opened(zip_of({"list.xlsx": LIST, mangled: PHOTO})) as package:
        assert package.photo_names == ("Nguyễn Thị Hòa.jpg",)
        assert package.read_photo("Nguyễn Thị Hòa.jpg") == PHOTO


def test_the_unicode_path_field_wins_over_the_raw_name():
    info = zipfile.ZipInfo("?.jpg")
    name = "Đặng.jpg".encode()
    body = b"\x01" + struct.pack("<L", zipfile.crc32(b"?.jpg")) + name
    info.extra = struct.pack("<HH", 0x7075, len(body)) + body
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("list.xlsx", LIST)
        archive.writestr(info, PHOTO)
    with opened(out.getvalue()) as package:
        assert package.photo_names == ("Đặng.jpg",)


def test_old_windows_folders_in_names_are_folders():
    with opened(zip_of({"list.xlsx": LIST, "anh\\001.jpg": PHOTO})) as package:
        assert package.photo_names == ("anh/001.jpg",)


@pytest.mark.parametrize(
    "name",
    ["../001.jpg", "anh/../../001.jpg", "/001.jpg", "..\\001.jpg", "C:\\001.jpg"],
)
def test_a_path_that_leads_outside_is_refused(name: str):
    said = refusal(zip_of({"list.xlsx": LIST, name: PHOTO}))
    assert "tên trỏ ra ngoài tệp nén" in said
    assert "001.jpg" in said


def test_a_control_character_in_a_name_is_refused():
    said = refusal(zip_with_raw_name(b"a\x07b.jpg"))
    assert "a?b.jpg" in said


def test_a_link_is_refused():
    said = refusal(zip_with_link("001.jpg", b"/etc/passwd"))
    assert "001.jpg: là lối tắt" in said


def test_an_encrypted_entry_is_refused():
    data = zip_with(zip_of({"list.xlsx": LIST}), central={8: b"\x01\x00"})
    assert "list.xlsx: được đặt mật khẩu" in refusal(data)


def test_an_unusual_compression_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("list.xlsx", LIST)
    assert "list.xlsx: dùng kiểu nén lạ" in refusal(out.getvalue())


def test_overlapping_entries_are_refused():
    data = overlapping_zip(copies=50, size=500_000)
    assert "chồng lên nhau" in refusal(data)


def test_entries_that_unpack_out_of_all_proportion_are_refused():
    said = refusal(zip_of({"list.xlsx": LIST, "a.bmp": bytes(20_000_000)}))
    assert "a.bmp: bung ra gấp hơn 200 lần" in said


def test_an_archive_that_unpacks_beyond_the_limit_is_refused_before_reading():
    data = zip_with(
        zip_of({"a.jpg": PHOTO, "list.xlsx": LIST}),
        central={24: struct.pack("<L", 0xFFFF_FFF0)},
    )
    said = refusal(data)
    assert "bung ra tới 4096 MB" in said
    assert "chia danh sách" in said


def test_a_photo_beyond_the_limit_is_named():
    data = zip_of({"list.csv": b"STT", "a.jpg": bytes(5120)})
    limits = PackageLimits(archive=ZipLimits(entry_bytes=4096))
    said = refusal(data, limits=limits)
    assert "a.jpg: nặng 5 KB, quá mức 4 KB cho một tệp" in said


def test_too_many_entries_are_refused():
    data = zip_of({f"{n}.jpg": b"" for n in range(51)})
    limits = PackageLimits(archive=ZipLimits(entries=50))
    assert "chứa 51 tệp con, trong khi cổng chỉ nhận 50" in refusal(data, limits=limits)


def test_a_directory_too_long_to_load_is_refused():
    data = zip_of({f"{'a' * 200}{n}.jpg": b"" for n in range(9)} | {"list.csv": b"STT"})
    limits = PackageLimits(archive=ZipLimits(directory_bytes=1500))
    assert "chứa 10 tệp con" in refusal(data, limits=limits)


def test_a_directory_that_hides_its_count_is_refused():
    data = bytearray(zip_of({f"{n}.jpg": b"" for n in range(51)}))
    struct.pack_into("<HH", data, len(data) - 14, 1, 1)
    limits = PackageLimits(archive=ZipLimits(entries=50))
    assert "chứa 51 tệp con" in refusal(bytes(data), limits=limits)


@pytest.mark.parametrize("lie", [100, len(PHOTO) + 1000])
def test_an_entry_that_lies_about_its_size_is_refused_when_read(lie: int):
    data = zip_with(
        zip_of({"a.jpg": PHOTO, "list.xlsx": LIST}),
        central={24: struct.pack("<L", lie)},
    )
    with (
        opened(data) as package,
        pytest.raises(Invalid, match=r"a\.jpg trong tệp nén bị hỏng"),
    ):
        package.read_photo("a.jpg")


def test_an_entry_with_broken_bytes_is_refused_when_read():
    data = bytearray(zip_of({"list.xlsx": LIST, "a.jpg": PHOTO}))
    at = data.index(b"a.jpg") + 20
    data[at : at + 20] = b"\xff" * 20
    with (
        opened(bytes(data)) as package,
        pytest.raises(Invalid, match=r"a\.jpg trong tệp nén bị hỏng"),
    ):
        package.read_photo("a.jpg")


def test_a_cut_off_zip_is_refused():
    data = zip_of({"list.xlsx": LIST, "a.jpg": PHOTO})
    assert "tải lên chưa trọn" in refusal(data[: len(data) - 40])


def test_the_same_name_twice_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("list.xlsx", LIST)
        archive.writestr("Hòa.jpg", PHOTO)
        archive.writestr(unicodedata.normalize("NFD", "Hòa.jpg"), PHOTO)
    assert "Hòa.jpg: có hai mục cùng tên" in refusal(out.getvalue())


@pytest.mark.parametrize("inner", ["anh.zip", "anh.rar", "ds/anh.7z"])
def test_a_zip_within_the_zip_is_refused(inner: str):
    said = refusal(zip_of({"list.xlsx": LIST, inner: b"PK"}))
    assert f"{inner}: là tệp nén nằm trong tệp nén" in said


def test_two_lists_are_refused_by_name():
    said = refusal(zip_of({"cũ.xls": LIST, "mới.xlsx": LIST}))
    assert "có 2 danh sách: cũ.xls, mới.xlsx" in said


def test_a_zip_without_a_list_says_what_it_holds():
    said = refusal(zip_of({"1.jpg": PHOTO, "2.jpg": PHOTO}))
    assert "không có danh sách Excel nào (chỉ thấy: 1.jpg, 2.jpg)" in said
    assert "tệp nén rỗng" in refusal(zip_of({}))


@pytest.mark.parametrize(
    ("data", "filename", "sentence"),
    [
        (b"Rar!\x1a\x07\x00", "goi.rar", "là tệp nén RAR"),
        (b"", "goi.zip", "rỗng"),
        (b"%PDF-1.7 ....", "ds.pdf", "không phải tệp .zip hay danh sách Excel"),
        (b"not a zip at all", "goi.zip", "không mở được như một tệp .zip"),
    ],
)
def test_what_is_no_package_is_refused(data: bytes, filename: str, sentence: str):
    assert sentence in refusal(data, filename=filename)


def test_all_that_must_be_mended_is_said_at_once():
    data = zip_of({"list.xlsx": LIST, "../a.jpg": PHOTO, "/b.jpg": PHOTO})
    said = refusal(data)
    assert "có 2 chỗ phải sửa" in said
    assert "../a.jpg" in said
    assert "/b.jpg" in said


def test_an_export_has_its_entries_and_the_same_bytes_each_time(tmp_path: Path):
    source = tmp_path / "card.pdf"
    source.write_bytes(b"%PDF")
    entries = [("0001_front.png", b"png"), ("cards.pdf", source), ("m.csv", b"a" * 999)]
    assert write_zip(tmp_path / "one.zip", iter(entries)) == 3
    write_zip(tmp_path / "two.zip", iter(entries))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("cards.pdf") == b"%PDF"


@pytest.mark.parametrize("name", ["thẻ.png", "../a.png", "/a.png", "a\\b.png", "m.csv"])
def test_an_export_takes_plain_new_names_only(tmp_path: Path, name: str):
    with pytest.raises(ValueError, match="plain new entry name"):
        write_zip(tmp_path / "out.zip", [("m.csv", b""), (name, b"")])
    assert list(tmp_path.iterdir()) == []


def test_an_export_on_a_full_disk_leaves_nothing(tmp_path: Path, small_files):
    with small_files(1000), pytest.raises(StorageFull, match="đã đầy"):
        write_zip(tmp_path / "out.zip", [("a.png", bytes(100_000))])
    assert list(tmp_path.iterdir()) == []


def test_a_torn_zip_with_an_uncompressed_list_is_told_as_broken(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    path = tmp_path / "torn.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("danh sach.xlsx", inner.getvalue())
        archive.writestr("anh.jpg", b"\xff\xd8" + b"0" * 50_000)
    path.write_bytes(path.read_bytes()[:-2_000])

    with pytest.raises(Invalid, match="hỏng"):
        open_package(path)
