"""Files as they arrive, good and bad, made in code so that each oddity is readable."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from zipfile import ZipFile, ZipInfo

import xlsxwriter
from PIL import Image

from portal.files.workbook import Cell


def zip_of(entries: Mapping[str, bytes]) -> bytes:
    """Return a plain zip of these entries, pictures and lists deflated."""
    out = io.BytesIO()
    with ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def zip_with_raw_name(raw: bytes, *, beside: str = "list.xlsx") -> bytes:
    """Return a zip whose photo carries these bytes as an undeclared name."""
    stand_in = "x" * len(raw)
    data = zip_of({beside: workbook([["STT"]]), stand_in: b"photo"})
    return data.replace(stand_in.encode(), raw)


def zip_with(data: bytes, *, central: Mapping[int, bytes]) -> bytes:
    """Return the zip with bytes of its first directory record overwritten by offset."""
    changed = bytearray(data)
    at = changed.index(b"PK\x01\x02")
    for offset, value in central.items():
        changed[at + offset : at + offset + len(value)] = value
    return bytes(changed)


def overlapping_zip(*, copies: int, size: int) -> bytes:
    """Return a zip whose directory names the same compressed bytes many times."""
    data = zip_of({"a.jpg": bytes(size)})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    record = data[start:end]
    records = b"".join(
        record.replace(b"a.jpg", f"{copy:05}"[:5].encode()) for copy in range(copies)
    )
    tail = bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, copies, copies, len(records))
    return data[:start] + records + bytes(tail)


def zip_with_link(name: str, target: bytes) -> bytes:
    """Return a zip holding a list and a symbolic link."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("list.xlsx", workbook([["STT"]]))
        link = ZipInfo(name)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, target)
    return out.getvalue()


def workbook(
    rows: Sequence[Sequence[Cell]], *, options: Mapping[str, object] | None = None
) -> bytes:
    """Return an .xlsx with these rows on one sheet named "Danh sách"."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **(options or {})})
    sheet = book.add_worksheet("Danh sách")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if hasattr(value, "year"):
                sheet.write_datetime(number, column, value, day)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()
    return out.getvalue()


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the smallest .ods with these texts."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{spaces}office:1.0" '
        f'xmlns:table="{spaces}table:1.0" xmlns:text="{spaces}text:1.0">'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="Trang1">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{spaces}manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {
        "mimetype": kind,
        "META-INF/manifest.xml": manifest,
        "content.xml": content,
    }
    return zip_of({name: text.encode() for name, text in parts.items()})


def picture(
    *,
    size: tuple[int, int] = (472, 708),
    mode: str = "RGB",
    colour: object = (120, 130, 140),
    kind: str = "JPEG",
    **save: object,
) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **save)
    return out.getvalue()
