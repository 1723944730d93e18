"""How members are found: names and phones by part, identity numbers only whole."""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union

from portal.access.scope import Scope
from portal.db.models import Member
from portal.db.scoping import within
from portal.db.session import db
from portal.domain.text import search_words

_SHORTEST_IDENTITY = 6
# Old card numbers may stand at several people; more than this tells nothing.
_MOST_ALIKE = 50


def search_terms(query: str) -> tuple[str, ...]:
    """Give the words that all must be found, the longest, so rarest, first.

    Digits that stand side by side are one number: "0850 0001 2345".
    """
    words = search_words(re.sub(r"(?<=\d)[\s.\-]+(?=\d)", "", query))
    return tuple(sorted(words, key=len, reverse=True))


def is_found_by(term: str, *, scope: Scope) -> ColumnElement[bool]:
    """Match what may be found by part, or an identity number that is known whole.

    The whole number is looked up first, so that the list's index still answers alone.
    """
    by_part = has_word(Member.search_text, term)
    whole = _with_identity(term, scope=scope)
    return or_(by_part, Member.id.in_(whole)) if whole else by_part


def _with_identity(number: str, *, scope: Scope) -> list[int]:
    if len(number) < _SHORTEST_IDENTITY or not any(c.isdigit() for c in number):
        return []
    columns = (Member.citizen_id, Member.id_card_number, Member.passport_number)
    inside = within(scope, Member.unit_path + "")
    found = union(
        *(
            # Not empty, and told so: else the index of the filled ones is not used.
            select(Member.id).where(column == number.upper(), column != "", inside)
            for column in columns
        )
    )
    return list(db.session.scalars(found.limit(_MOST_ALIKE)))


def has_word(column: Any, term: str) -> ColumnElement[bool]:
    """Match a number anywhere in a number, letters where a word begins."""
    if term.isdigit():
        return column.contains(term, autoescape=True)
    # The first condition alone throws out nearly every row, in one look.
    return and_(
        column.contains(term, autoescape=True),
        or_(
            column.startswith(term, autoescape=True),
            column.contains(f" {term}", autoescape=True),
        ),
    )
