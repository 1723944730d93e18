"""Read delimited text in the encodings and separators that Vietnamese offices use."""

import codecs
import csv
import io
import re
import unicodedata
from itertools import pairwise
from statistics import mode

_SEPARATORS = "\t;,"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n')
_SAMPLE_LINES = 30
_VOWELS = frozenset("aeiouyAEIOUYăâêôơưĂÂÊÔƠƯ")
# What TCVN3 and VNI texts are full of and cp1258 texts are not: no tone marks
# stand there, so these letters alone tell the three apart.
_LEGACY_LETTERS = frozenset("¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ñöøùûïñÑÖØÙÛÏ")


def read_delimited(data: bytes) -> list[list[str]]:
    """Return the rows of a .csv file as text; ValueError holds a Vietnamese sentence.

    UTF-8, UTF-16 and cp1258 become what they mean; bytes of TCVN3 and VNI texts
    come as the Latin letters that Excel shows for them, for
    ``domain/legacy_encoding`` to judge. Blank lines are kept, so row numbers hold.
    """
    text = _text(data)
    head = text[:2000].lstrip().lower()
    if head.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "<head")):
        raise ValueError(
            "Tệp này thật ra là trang web đặt tên như Excel. Hãy mở bằng Excel, chọn "
            "Lưu thành… .xlsx rồi gửi lại."
        )
    separator = _separator(text)
    if hint := _SEPARATOR_LINE.match(text):
        separator, text = hint[1], text[hint.end() :]
    return _rows(text, separator)


def _rows(text: str, separator: str) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    starts: list[int] = []
    start = 1
    try:
        for row in reader:
            rows.append(row)
            starts.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(_quote_astray(start)) from error
    _refuse_swallowed(rows, starts, separator)
    return rows


def _refuse_swallowed(rows: list[list[str]], starts: list[int], separator: str) -> None:
    """Refuse a cell that took in rows below it, from one stray quote to the next.

    An address may well be broken into lines and hold commas, but not as many as a
    row has cells.
    """
    width = mode(map(len, rows)) if rows else 0
    most = max(2, width - 3) if separator == "," else 2
    for start, row in zip(starts, rows, strict=True):
        for cell in row:
            if "\n" in cell.replace("\r", "\n") and cell.count(separator) >= most:
                raise ValueError(_quote_astray(start))


def _quote_astray(line: int) -> str:
    return (
        f'Tệp .csv có dấu ngoặc kép (") thừa hoặc chưa đóng, từ dòng {line}, nên'
        " không biết các ô bên dưới thuộc dòng nào. Hãy sửa ô đó, hoặc mở bằng Excel,"
        " kiểm tra và lưu lại thành .xlsx rồi gửi lại."
    )


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    if b"\0" in data[:2000]:
        if data[1:2] == b"\0" and data[:1] != b"\0":
            return _decoded(data, "utf-16-le")
        raise ValueError(
            "Tệp không phải danh sách Excel hay .csv. Hãy mở bằng Excel, lưu thành "
            ".xlsx rồi gửi lại."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _eight_bit(data)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            "Tệp .csv bị hỏng, không đọc được chữ. Hãy lưu lại thành .xlsx rồi gửi lại."
        ) from error


def _eight_bit(data: bytes) -> str:
    """Tell cp1258, whose tones follow their vowel, from the TCVN3 and VNI fonts."""
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError:
        return _western(data)
    marks = 0
    for before, letter in pairwise(text):
        if unicodedata.combining(letter):
            marks += 1
            if before not in _VOWELS:
                return _western(data)
    western = _western(data)
    if not marks and any(letter in _LEGACY_LETTERS for letter in western):
        return western
    return unicodedata.normalize("NFC", text)


def _western(data: bytes) -> str:
    return "".join(
        bytes([byte]).decode("cp1252", "replace")
        if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
        else chr(byte)
        for byte in data
    )


def _separator(text: str) -> str:
    """Choose the separator that splits most of the first lines alike."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()]
    lines = [re.sub(r'"[^"]*"', "", line) for line in lines[:_SAMPLE_LINES]]

    def rank(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines]
        usual = max(counts, key=counts.count, default=0)
        agreeing = sum(count == usual for count in counts) if usual else 0
        return agreeing, sum(counts)

    return max(_SEPARATORS, key=rank)
