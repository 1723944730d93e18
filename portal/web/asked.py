"""Numbers in a query string: whatever cannot be one counts as not given."""

from flask import request

from portal.domain.text import MOST_SEARCH_LETTERS

# Far beyond any page or row, and a page times its rows still fits in 64 bits.
_MOST = 2**31 - 1
# More than a search goes by, so that the page can say that it was cut.
_MOST_SEARCH_SHOWN = 2 * MOST_SEARCH_LETTERS


def page_asked(name: str = "trang") -> int:
    """Give the page number that the address asks for, from 1; 1 for nonsense."""
    page = request.values.get(name, 1, type=whole)
    return max(1, page)


def search_asked(name: str = "q") -> str:
    """Give what the address asks to find: no longer than pages need to show."""
    return request.values.get(name, "").strip()[:_MOST_SEARCH_SHOWN]


def whole(text: str) -> int:
    """Read a row's or page's number; ValueError where it cannot be one."""
    number = int(text)
    if abs(number) > _MOST:
        raise ValueError(text)
    return number
