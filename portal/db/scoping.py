"""Scope in SQL: the same rule as ``access/scope.py``, for one index range."""

from typing import Any

from sqlalchemy import ColumnElement, and_

from portal.access.scope import Scope


def within(scope: Scope, path: Any) -> ColumnElement[bool]:
    """Give the condition that the path column lies in the scope.

    A range instead of LIKE: it uses the index on every database. The root ends
    in a dot and "/" follows the dot in ASCII, so the range holds exactly the
    paths that begin with the root.
    """
    return and_(path >= scope.root, path < scope.root[:-1] + "/")
