"""Warnings of the print gate wait for a say-so.

Revision 0003, after 0002; 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

import portal.db.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column(
        "print_batch",
        sa.Column(
            "warnings_accepted_at",
            portal.db.columns.UtcDateTime(timezone=True),
            nullable=True,
        ),
    )
    op.add_column(
        "print_card",
        sa.Column(
            "warnings", sa.String(), nullable=False, server_default=sa.text("''")
        ),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("print_card", "warnings")
    op.drop_column("print_batch", "warnings_accepted_at")
