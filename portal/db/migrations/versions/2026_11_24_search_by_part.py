"""Of identity numbers only what their mask shows is found by part.

Revision 0006, after 0005; 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBERS = ("citizen_id", "id_card_number", "passport_number")
_MEMBER = sa.table(
    "member",
    sa.column("search_text", sa.String),
    *(sa.column(name, sa.String) for name in _NUMBERS),
)


def upgrade() -> None:
    """Bring the tables forward: hide the middle of each number, as its mask does."""
    for name in _NUMBERS:
        number = _MEMBER.c[name]
        length = sa.func.length(number)
        ends = (sa.func.substr(number, 1, 3), sa.func.substr(number, length - 2))
        head, tail = (sa.func.lower(end, type_=sa.String) for end in ends)
        shown = sa.case((length < 9, " "), else_=" " + head + " " + tail + " ")
        words = " " + _MEMBER.c.search_text + " "
        hidden = sa.func.replace(words, " " + sa.func.lower(number) + " ", shown)
        op.execute(
            sa.update(_MEMBER)
            .where(number != "")
            .values(search_text=sa.func.trim(hidden))
        )


def downgrade() -> None:
    """Take the tables back; the parts that were found stay beside the numbers."""
    for name in _NUMBERS:
        number = _MEMBER.c[name]
        op.execute(
            sa.update(_MEMBER)
            .where(number != "")
            .values(search_text=_MEMBER.c.search_text + " " + sa.func.lower(number))
        )
