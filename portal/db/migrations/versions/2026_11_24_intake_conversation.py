"""Lists are mended, chosen from and taken back; photos are looked at and approved.

Revision 0004, after 0003; 2026-11-24.
"""

import sqlalchemy as sa
from alembic import op

import portal.db.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# table → (column, its value in the rows that stand already)
_FILLED: dict[str, tuple[tuple[sa.Column, str], ...]] = {  # type: ignore[type-arg]
    "roster_import": ((sa.Column("mends", sa.JSON()), "[]"),),
    "import_row": (
        (sa.Column("choice", sa.String(length=32)), "take"),
        (sa.Column("mended", sa.JSON()), "{}"),
        (sa.Column("before", sa.JSON()), "{}"),
    ),
    "import_photo": ((sa.Column("candidates", sa.JSON()), "[]"),),
    "photo": ((sa.Column("refused_reason", sa.String()), ""),),
}


def upgrade() -> None:
    """Bring the tables forward."""
    moment = portal.db.columns.UtcDateTime(timezone=True)
    for table, columns in _FILLED.items():
        _add_filled(table, columns)
    op.add_column("roster_import", sa.Column("taken_back_at", moment, nullable=True))
    op.add_column("import_row", sa.Column("taken_back_at", moment, nullable=True))
    with op.batch_alter_table("photo") as batch:
        batch.add_column(sa.Column("dpi", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("approved_at", moment, nullable=True))
        batch.add_column(sa.Column("approved_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_photo_approved_by_id_officer", "officer", ["approved_by_id"], ["id"]
        )
    op.create_table(
        "roster_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("header_key", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("chosen_at", moment, nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["officer.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "header_key"),
    )
    op.create_index("ix_roster_column_unit_id", "roster_column", ["unit_id"])
    op.create_index("ix_roster_column_unit_path", "roster_column", ["unit_path"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("roster_column")
    with op.batch_alter_table("photo") as batch:
        batch.drop_constraint("fk_photo_approved_by_id_officer", type_="foreignkey")
        for name in ("dpi", "approved_at", "approved_by_id"):
            batch.drop_column(name)
    for table in ("roster_import", "import_row"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("taken_back_at")
    for table, columns in _FILLED.items():
        with op.batch_alter_table(table) as batch:
            for column, _value in columns:
                batch.drop_column(column.name)


def _add_filled(table: str, columns: tuple[tuple[sa.Column, str], ...]) -> None:  # type: ignore[type-arg]
    """Add columns that may not be empty to a table that may hold rows."""
    for column, _value in columns:
        op.add_column(table, sa.Column(column.name, column.type, nullable=True))
    rows = sa.table(table, *(sa.column(column.name) for column, _value in columns))
    # A bare literal takes the type of its column, JSON on PostgreSQL among them.
    values = {column.name: sa.text(f"'{value}'") for column, value in columns}
    op.execute(rows.update().values(values))
    with op.batch_alter_table(table) as batch:
        for column, _value in columns:
            batch.alter_column(column.name, existing_type=column.type, nullable=False)
