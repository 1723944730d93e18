"""Card designs.

Revision 0002, after 0001; 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

import portal.db.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "card_design",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "standard", "linked", name="cardkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("may_copy", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "retired_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["officer.id"], name=op.f("fk_card_design_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_card_design_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_design")),
    )
    with op.batch_alter_table("card_design", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_design_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_design_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "design_draft",
        sa.Column("design_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("front", sa.LargeBinary(), nullable=False),
        sa.Column("back", sa.LargeBinary(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column(
            "edited_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["card_design.id"], name=op.f("fk_design_draft_design_id")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["officer.id"], name=op.f("fk_design_draft_edited_by_id")
        ),
        sa.PrimaryKeyConstraint("design_id", name=op.f("pk_design_draft")),
    )
    op.create_table(
        "design_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("operations", sa.JSON(), nullable=False),
        sa.Column("inverses", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["card_design.id"], name=op.f("fk_design_edit_design_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_design_edit_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_edit")),
    )
    with op.batch_alter_table("design_edit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_design_edit_design_id"), ["design_id"], unique=False
        )

    op.create_table(
        "design_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "standard", "linked", name="cardkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "published_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("published_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["card_design.id"], name=op.f("fk_design_version_design_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["officer.id"],
            name=op.f("fk_design_version_published_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_version")),
        sa.UniqueConstraint(
            "design_id", "number", name=op.f("uq_design_version_design_id_number")
        ),
    )
    # Not in a batch: SQLite would make print_batch anew and drop the one that
    # print_card points to.
    op.add_column(
        "print_batch",
        sa.Column(
            "design_version_id",
            sa.Integer(),
            sa.ForeignKey("design_version.id", name="fk_print_batch_design_version_id"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(
        "ix_print_batch_design_version_id", "print_batch", ["design_version_id"]
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_print_batch_design_version_id", table_name="print_batch")
    op.drop_column("print_batch", "design_version_id")

    op.drop_table("design_version")
    with op.batch_alter_table("design_edit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_design_edit_design_id"))

    op.drop_table("design_edit")
    op.drop_table("design_draft")
    with op.batch_alter_table("card_design", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_design_unit_path"))
        batch_op.drop_index(batch_op.f("ix_card_design_unit_id"))

    op.drop_table("card_design")
