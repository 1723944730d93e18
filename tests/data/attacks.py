"""Two hundred zips and workbooks made to hurt.

``python -m tests.data.attacks`` tries every file and prints the slowest.
"""

import io
import random
import resource
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyzipper

from portal.domain.errors import Invalid, TooLarge
from portal.domain.roster_rows import read_roster
from portal.files.archive import open_package
from portal.files.workbook import read_sheets
from tests.files.made_files import ods, overlapping_zip, workbook, zip_of, zip_with

HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD"]
PERSON = ["1", "Nguyễn Văn An", "02/01/1990", "Nam", "079090001234"]


@dataclass(frozen=True)
class Attack:
    """One file: what it does, the name it is sent under, its bytes."""

    name: str
    filename: str
    data: bytes


def attacks() -> list[Attack]:
    """Give all of them, always the same ones in the same order."""
    return [*_zips(), *_torn_zips(), *_books(), *_torn_books(), *_other_files()]


def take(attack: Attack) -> str:
    """Send a file through package, parser and reader; give what became of it.

    That is the refusal's sentence, or "" where a list was read. Whatever else is
    raised is a fault of ours.
    """
    try:
        with open_package(io.BytesIO(attack.data), filename=attack.filename) as package:
            data = package.roster_bytes()
            for name in package.photo_names[:3]:
                try:
                    package.read_photo(name)
                except (Invalid, TooLarge):
                    continue
            sheets = read_sheets(data, package.roster_name)
    except (Invalid, TooLarge) as refusal:
        return refusal.text
    reading = read_roster(sheets, today=date(2026, 11, 22))
    return "" if reading.rows else str(reading.problems[0])


def _good_book() -> bytes:
    return workbook([HEADER, PERSON])


def _zips() -> Iterator[Attack]:
    book = _good_book()

    def sent(name: str, data: bytes) -> Attack:
        return Attack(name, "goi.zip", data)

    for copies in (2, 60, 3_000):
        yield sent(f"overlap {copies}", overlapping_zip(copies=copies, size=300_000))
    for size in (0, 1, 10**6, 2**31, 2**32 - 1):
        lie = struct.pack("<L", size)
        whole = zip_of({"ds.xlsx": book, "1.jpg": b"photo"})
        yield sent(f"unpacked size says {size}", zip_with(whole, central={24: lie}))
        yield sent(f"packed size says {size}", zip_with(whole, central={20: lie}))
        yield sent(f"offset says {size}", zip_with(whole, central={42: lie}))
    for megabytes in (2, 25, 31):
        bomb = bytes(megabytes * 1024 * 1024)
        yield sent(f"ratio {megabytes} MB", zip_of({"ds.xlsx": book, "1.jpg": bomb}))
    for count in (25_001, 65_536):
        yield sent(f"{count} entries", _many_entries(count))
    for suffix in ("zip", "rar", "7z", "gz", "tar", "tgz", "xz", "bz2"):
        inner = zip_of({"ds.xlsx": book})
        yield sent(f"nested {suffix}", zip_of({"ds.xlsx": book, f"b.{suffix}": inner}))
    for name in _BAD_NAMES:
        yield sent(f"name {name!r}", _with_name(name, book))
    for mode in (0o120777, 0o020666, 0o060660, 0o010644, 0o140777):
        yield sent(f"special {mode:o}", _special(mode, book))
    for first in ("ds.xlsx", "1.jpg"):
        yield sent(f"twice {first}", _twice(first, book))
    for method in (1, 6, 9, 12, 14, 93, 99):
        said = struct.pack("<H", method)
        whole = zip_of({"ds.xlsx": book})
        yield sent(f"method {method}", zip_with(whole, central={10: said}))
    for flag in (0x1, 0x41, 0x2000):
        said = struct.pack("<H", flag)
        whole = zip_of({"ds.xlsx": book})
        yield sent(f"flags {flag:x}", zip_with(whole, central={8: said}))
    yield sent("aes", _aes(book))
    yield sent("two lists", zip_of({"a.xlsx": book, "b.xlsx": book}))
    yield sent("no list", zip_of({"1.jpg": b"photo"}))
    yield sent("no entry", zip_of({}))
    yield sent("only folders", zip_of({"a/": b"", "b/": b""}))
    yield sent("crc wrong", zip_with(zip_of({"ds.xlsx": book}), central={16: b"abcd"}))


def _torn_zips() -> Iterator[Attack]:
    whole = zip_of({"ds.xlsx": _good_book(), "1.jpg": bytes(range(256)) * 40})
    dice = random.Random("torn zips")
    for at in sorted(dice.sample(range(len(whole)), 18)):
        yield Attack(f"torn at {at}", "goi.zip", whole[:at])
    for turn in range(18):
        yield Attack(f"bytes turned {turn}", "goi.zip", _turned(whole, dice))
    yield Attack("rubbish before", "goi.zip", b"MZ" + bytes(5_000) + whole)
    yield Attack("rubbish behind", "goi.zip", whole + bytes(80_000))
    yield Attack("end record alone", "goi.zip", whole[-22:])
    yield Attack("comment of 64 KB", "goi.zip", _with_comment(whole))


def _books() -> Iterator[Attack]:
    good = _good_book()
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        for name, xml in _ENTITIES.items():
            yield _book(f"{name} in {part}", good, part, lambda _, xml=xml: xml)
        yield _book(f"{part} gone", good, part, None)
        yield _book(f"{part} empty", good, part, lambda _: b"")
        yield _book(f"{part} torn", good, part, lambda xml: xml[: len(xml) // 2])
        yield _book(f"{part} deep", good, part, _deep)
        yield _book(f"{part} is no XML", good, part, lambda _: bytes(range(256)) * 300)
    sheet = "xl/worksheets/sheet1.xml"
    for name, change in _SHEETS.items():
        yield _book(name, good, sheet, change)
    rels = "xl/_rels/workbook.xml.rels"
    for target in ("../../../etc/passwd", "/etc/passwd", "http://10.0.0.1/x", "sheet1"):
        yield _book(
            f"sheet at {target}",
            good,
            rels,
            lambda xml, to=target: xml.replace(b"worksheets/sheet1.xml", to.encode()),
        )
    yield Attack("16,384 columns", "ds.xlsx", workbook([["x"] * 16_384] * 3))
    yield Attack("a cell of 1 MB", "ds.xlsx", _cell_of(10**6))
    extra = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(50_000),
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/embeddings/oleObject1.bin": bytes(20_000),
    }
    for part, data in extra.items():
        yield Attack(f"with {part}", "ds.xlsm", _with_part(good, part, data))
    yield Attack("sheet unpacks to 400 MB", "ds.xlsx", _fat_sheet(good, 400))
    yield Attack("sheet unpacks to 120 MB", "ds.xlsx", _fat_sheet(good, 120))
    yield Attack("ods of a billion cells", "ds.ods", _ods_repeated())
    yield Attack("101 sheets", "ds.xlsx", _many_sheets())
    yield Attack("an encrypted book", "ds.xlsx", _encrypted_book())


def _torn_books() -> Iterator[Attack]:
    dice = random.Random("torn books")
    good = _good_book()
    for turn in range(16):
        yield Attack(f"xlsx turned {turn}", "ds.xlsx", _turned(good, dice))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(30_000)
    for turn in range(6):
        yield Attack(f"xls of noise {turn}", "ds.xls", old[: 2_000 * (turn + 1)])
    for suffix in ("xls", "xlsb", "ods", "xlsm"):
        yield Attack(f"{suffix} that is an xlsx", f"ds.{suffix}", good)
        yield Attack(f"{suffix} of noise", f"ds.{suffix}", dice.randbytes(20_000))
    yield Attack("xlsx that is an ods", "ds.xlsx", ods([HEADER, PERSON]))


def _other_files() -> Iterator[Attack]:
    html = "<html><table><tr><td>Họ và tên</td></tr></table></html>".encode()
    yield Attack("a page named xls", "ds.xls", html)
    yield Attack("a program named xlsx", "ds.xlsx", b"MZ" + bytes(3_000))
    yield Attack("empty", "ds.xlsx", b"")
    yield Attack("a list named exe", "ds.exe", _good_book())
    texts = {
        "nul bytes": b"STT;Ho va ten\0;\0\0\n1;a\0",
        "one line of 8 MB": b"a" * 8_000_000,
        "8 million separators": b";" * 8_000_000,
        "a million lines": b"a;b\n" * 1_000_000,
        "open quote": b'STT;Ho va ten\n1;"An\n2;Binh\n' * 50,
        "utf-16 torn": "STT;Họ".encode("utf-16")[:-1],
        "utf-32": "STT;Họ và tên".encode("utf-32"),
        "utf-8 torn": "STT;Họ và tên;Ngày sinh\n1;Hồ".encode()[:-1],
        "noise": random.Random(1).randbytes(100_000),
        "sep of its own": b"sep=;;\nSTT;;Ho ten",
    }
    for name, data in texts.items():
        yield Attack(f"csv: {name}", "ds.csv", data)


_BAD_NAMES = [
    "/etc/passwd",
    "../../anh.jpg",
    "anh/../../x.jpg",
    "C:/x.jpg",
    "C:\\x.jpg",
    "..\\..\\x.jpg",
    "\\\\may\\x.jpg",
    "a\x00b.jpg",
    "a\x1b[2Jb.jpg",
    "\u202egpj.x",
    "." * 200 + ".jpg",
    "a" * 3_000 + ".jpg",
    "a/" * 800 + "x.jpg",
    " .jpg",
    "CON.jpg",
    "=cmd.jpg",
    "<script>.jpg",
    "//x.jpg",
]
_ENTITIES = {
    "entity bomb": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + b"A" * 1_000
    + b'"><!ENTITY b "'
    + b"&a;" * 1_000
    + b'"><!ENTITY c "'
    + b"&b;" * 1_000
    + b'">]><x>&c;&c;</x>',
    "outside entity": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM '
    b'"file:///etc/passwd">]><x>&a;</x>',
}


def _row_of(cells: bytes, *, at: int = 3) -> Callable[[bytes], bytes]:
    def change(xml: bytes) -> bytes:
        row = b'<row r="%d">%s</row>' % (at, cells)
        return xml.replace(b"</sheetData>", row + b"</sheetData>")

    return change


_SHEETS: dict[str, Callable[[bytes], bytes]] = {
    "a cell in column XFD": _row_of(b'<c r="XFD3"><v>1</v></c>'),
    "a cell in row 1,048,576": _row_of(b'<c r="A1048576"><v>1</v></c>', at=1_048_576),
    "a cell beyond every sheet": _row_of(b'<c r="ZZZZZZ99999999"><v>1</v></c>'),
    "a cell with no place": _row_of(b'<c r="?"><v>1</v></c>'),
    "a number of 100,000 digits": _row_of(b'<c r="A3"><v>%s</v></c>' % (b"9" * 10**5)),
    "a string that is not there": _row_of(b'<c r="A3" t="s"><v>99999999</v></c>'),
    "a date of the year 9999999": _row_of(b'<c r="A3" s="1"><v>9e99</v></c>'),
    "formulas without results": lambda xml: xml.replace(b"<v>", b"<f>A1</f><w>"),
    "a size that lies": lambda xml: xml.replace(
        b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'
    ),
    "the same row a thousand times": lambda xml: xml.replace(
        b"</sheetData>",
        b'<row r="1"><c r="A1"><v>1</v></c></row>' * 1000 + b"</sheetData>",
    ),
}


def _book(
    name: str, good: bytes, part: str, change: Callable[[bytes], bytes] | None
) -> Attack:
    """Give the good book with one part changed, or gone."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(good)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                if change is None:
                    continue
                data = change(data)
            new.writestr(info.filename, data)
    return Attack(name, "ds.xlsx", out.getvalue())


def _deep(xml: bytes) -> bytes:
    return xml.replace(b"</", b"<a>" * 50_000 + b"</a>" * 50_000 + b"</", 1)


def _with_part(good: bytes, part: str, data: bytes) -> bytes:
    out = io.BytesIO(good)
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        archive.writestr(part, data)
    return out.getvalue()


def _cell_of(size: int) -> bytes:
    text = b'<c r="A3" t="inlineStr"><is><t>%s</t></is></c>' % (b"a" * size)
    return _book("", _good_book(), "xl/worksheets/sheet1.xml", _row_of(text)).data


def _fat_sheet(good: bytes, megabytes: int) -> bytes:
    row = b'<row r="3"><c r="A3"><v>1</v></c></row>'
    many = row * (megabytes * 1024 * 1024 // len(row))
    change = lambda xml: xml.replace(b"</sheetData>", many + b"</sheetData>")  # noqa: E731
    return _book("", good, "xl/worksheets/sheet1.xml", change).data


def _ods_repeated() -> bytes:
    out = io.BytesIO()
    with (
        ZipFile(io.BytesIO(ods([HEADER, PERSON]))) as old,
        ZipFile(out, "w", ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "content.xml":
                data = data.replace(
                    b"<table:table-row>",
                    b'<table:table-row table:number-rows-repeated="1048576">',
                    1,
                ).replace(
                    b"<table:table-cell ",
                    b'<table:table-cell table:number-columns-repeated="16384" ',
                    1,
                )
            new.writestr(info.filename, data)
    return out.getvalue()


def _many_sheets() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number in range(101):
            book.add_worksheet(f"T{number}").write_row(0, 0, HEADER)
    return out.getvalue()


def _encrypted_book() -> bytes:
    stream = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + stream + bytes(9_000)


def _many_entries(count: int) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(ZipInfo(f"{number}.jpg"), b"")
    return out.getvalue()


def _with_name(name: str, book: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("ds.xlsx", book)
        stand_in = "q" * len(name.encode())
        archive.writestr(stand_in, b"photo")
    return out.getvalue().replace(stand_in.encode(), name.encode())


def _special(mode: int, book: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("ds.xlsx", book)
        info = ZipInfo("1.jpg")
        info.external_attr = mode << 16
        archive.writestr(info, b"/etc/passwd")
    return out.getvalue()


def _twice(name: str, book: bytes) -> bytes:
    other = "X" * len(name)
    whole = zip_of({"ds.xlsx" if name != "ds.xlsx" else other: book, "1.jpg": b"a"})
    if name == "ds.xlsx":
        whole = zip_of({name: book, other: book})
    else:
        whole = zip_of({"ds.xlsx": book, name: b"a", other: b"b"})
    return whole.replace(other.encode(), name.encode())


def _aes(book: bytes) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(b"matkhau")
        archive.writestr("ds.xlsx", book)
    return out.getvalue()


def _with_comment(whole: bytes) -> bytes:
    out = io.BytesIO(whole)
    with ZipFile(out, "a") as archive:
        archive.comment = b"PK\x05\x06" * 16_000
    return out.getvalue()


def _turned(data: bytes, dice: random.Random) -> bytes:
    turned = bytearray(data)
    for at in dice.sample(range(len(turned)), 12):
        turned[at] = dice.randrange(256)
    return bytes(turned)


def main() -> int:
    """Try them all; print what each cost and came to, the slowest last."""
    costs = []
    grown = 0
    for attack in attacks():
        before = _peak(resource.RUSAGE_SELF)
        began = time.perf_counter()
        told = take(attack)
        costs.append((time.perf_counter() - began, attack.name, told))
        grown = max(grown, _peak(resource.RUSAGE_SELF) - before)
    for seconds, name, told in sorted(costs):
        print(f"{seconds:6.2f} s  {name[:40]:40} {told[:100] or 'read'}")
    child = _peak(resource.RUSAGE_CHILDREN)
    print(
        f"{len(costs)} files, the slowest {max(costs)[0]:.1f} s; the parser took"
        f" {child} MB, the portal {grown} MB more for one"
    )
    return 0


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
