"""People who look alike: whom rows may be, decisions, an index on birth dates.

Revision 0005, after 0004; 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

import portal.db.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "different_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("first_key", sa.String(), nullable=False),
        sa.Column("second_key", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "decided_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["officer.id"],
            name=op.f("fk_different_people_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_different_people_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_different_people")),
        sa.UniqueConstraint(
            "first_key",
            "second_key",
            name=op.f("uq_different_people_first_key_second_key"),
        ),
    )
    for column in ("second_key", "unit_id", "unit_path"):
        op.create_index(
            op.f(f"ix_different_people_{column}"), "different_people", [column]
        )
    op.create_table(
        "import_likeness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "number",
                "namesake",
                "near",
                name="likeness",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_import_likeness_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["import_row.id"],
            name=op.f("fk_import_likeness_row_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_likeness")),
        sa.UniqueConstraint(
            "row_id", "member_id", name=op.f("uq_import_likeness_row_id_member_id")
        ),
    )
    op.create_index(
        op.f("ix_import_likeness_member_id"), "import_likeness", ["member_id"]
    )
    op.create_index("ix_member_birth_date", "member", ["birth_date", "unit_path"])
    with op.batch_alter_table("roster_import") as table:
        table.add_column(
            sa.Column("as_typed", sa.JSON(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("roster_import") as table:
        table.alter_column("as_typed", server_default=None)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("roster_import") as table:
        table.drop_column("as_typed")
    op.drop_index("ix_member_birth_date", table_name="member")
    op.drop_table("import_likeness")
    op.drop_table("different_people")
