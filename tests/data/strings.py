"""Strings that formulas, pages and readers trip over."""

import random


def strings(count: int = 300) -> list[str]:
    """Give so many strings that formulas, pages and readers trip over."""
    dice = random.Random("hostile strings")
    found = list(dict.fromkeys(_STRINGS))
    while len(found) < count:
        parts = dice.sample(_STRINGS, dice.randint(2, 3))
        one = dice.choice(["", " ", "\n", "\t", "\u200b"]).join(parts)[:30_000]
        if one not in found:
            found.append(one)
    return found[:count]


_STRINGS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "\r=1",
    "<script>alert(1)</script>",
    '" hx-get="/dang-xuat" hx-trigger="load"',
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }}",
    "{% raw %}",
    "%s%n%x{}{0}",
    "'; DROP TABLE member; --",
    "\u202eabc\u202c",
    "\u2066đảo\u2069",
    "\x00",
    "An\x00Bình",
    "\x01\x02\x1b[31m",
    "\ud800",
    "\udfff\ud83d",
    "\ufffe\uffff",
    "😀👩‍👩‍👧‍👦",
    "🏴\U000e0067\U000e007f",
    "Z̷̢̛͇̙͎͇a̵l̶g̸o̷",
    "ế" * 10_000,
    "A" * 10_000,
    "\u0301" * 3_000,
    "\u00ad",
    "\u200b\u200c\u200d\ufeff",
    "\u3164\u115f",
    "9" * 5_000,
    "0" * 12,
    "-" * 5_000,
    "((((" * 2_000,
    "1.2E+10",
    "1e999",
    "NaN",
    "inf",
    "-0",
    "²³¼",
    "٠٧٩٠٩٠٠٠١٢٣٤",
    "０７９０９００１２３４",
    "31/02/1990",
    "99/99/9999",
    "0/0/0",
    "1/1/1",
    "#REF!",
    "#N/A",
    "null",
    "None",
    "undefined",
    "../../etc/passwd",
    "C:\\Windows\\win.ini",
    "\\\\máy\\chia sẻ",
    "file:///etc/passwd",
    "https://example.org/?" + "a=b&" * 500,
    "mailto:a@b@c@d",
    "a" * 64 + "@" + "b" * 250 + ".vn",
    "Tổng cộng " * 500,
    "ngày … tháng … năm " * 200,
    "Họ và tên",
    "İstanbul ıß ﬁ Ǆ",
    "\u0130" * 2_000,
    "ﷺ" * 500,
    "﷽",
    "\u1fb7" * 500,
    "\u0e33" * 100,
    "ᄀ" * 100,
    "क्" * 200,
    "\U0001f1fb\U0001f1f3" * 200,
    " \u00a0\u2003\u3000",
]
