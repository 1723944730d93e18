"""Who suspended an account or a post: only that level, or one above, resumes it.

Revision 0007, after 0006; 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    for table in ("officer", "post"):
        op.add_column(
            table, sa.Column("suspended_by_unit_id", sa.Integer(), nullable=True)
        )


def downgrade() -> None:
    """Take the tables back."""
    for table in ("post", "officer"):
        op.drop_column(table, "suspended_by_unit_id")
