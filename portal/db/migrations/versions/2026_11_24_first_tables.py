"""First tables.

Revision 0001, after nothing; 2026-11-24 00:25:12.444972+00:00.
"""

import sqlalchemy as sa
from alembic import op

import portal.db.columns
from portal.db.models.audit import append_only_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", portal.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("officer_unit", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entry_officer_id"), ["officer_id"], unique=False
        )
        batch_op.create_index(
            "ix_audit_entry_subject", ["subject", "subject_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entry_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "number_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("next_value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_number_counter_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_counter")),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_in_name", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "suspended_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("suspended_by_unit_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_officer_sign_in_name")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_in_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", portal.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sign_in_attempt_name_at", ["sign_in_name", "at"], unique=False
        )

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "confederation",
                "federation",
                "upper",
                "grassroots",
                "sub_union",
                "division",
                "group",
                name="unionlevel",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("province_code", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_unit_not_own_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["unit.id"], name=op.f("fk_unit_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False
        )

    op.create_table(
        "bank_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["officer.id"], name=op.f("fk_bank_export_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_bank_export_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_export")),
    )
    with op.batch_alter_table("bank_export", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bank_export_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bank_export_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("card_kinds", sa.JSON(), nullable=False),
        sa.Column(
            "opened_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "closed_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_campaign_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_campaign_unit_path"), ["unit_path"], unique=False
        )

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
        "different_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_key", sa.String(), nullable=False),
        sa.Column("second_key", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "decided_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
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
    with op.batch_alter_table("different_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_different_people_second_key"), ["second_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_different_people_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_different_people_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "used_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["officer.id"],
            name=op.f("fk_one_time_code_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_one_time_code_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_code_token_hash")),
    )
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_time_code_officer_id"), ["officer_id"], unique=False
        )

    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("original_hash", sa.String(), nullable=False),
        sa.Column("card_hash", sa.String(), nullable=False),
        sa.Column("print_hash", sa.String(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("crop", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=True),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "approved_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["officer.id"], name=op.f("fk_photo_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_photo_original_hash"), ["original_hash"], unique=False
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "data_entry",
                "approver",
                "printer",
                "designer",
                "administrator",
                "read_only",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "suspended_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("suspended_by_unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_post_officer_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_officer_id"), ["officer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_post_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_post_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "roster_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("header_key", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column(
            "chosen_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["officer.id"], name=op.f("fk_roster_column_chosen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_roster_column_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_column")),
        sa.UniqueConstraint(
            "unit_id", "header_key", name=op.f("uq_roster_column_unit_id_header_key")
        ),
    )
    with op.batch_alter_table("roster_column", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_roster_column_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_roster_column_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "ready",
                "accepting",
                "accepted",
                "taking_back",
                "taken_back",
                "aborted",
                "failed",
                name="importstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("as_typed", sa.JSON(), nullable=False),
        sa.Column("mends", sa.JSON(), nullable=False),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "evaluated_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "accepted_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "taken_back_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["officer.id"],
            name=op.f("fk_roster_import_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_roster_import_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_roster_import_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_roster_import_unit_path"), ["unit_path"], unique=False
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
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="jobstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column(
            "alive_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("runner", sa.String(), nullable=False),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "started_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "finished_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["officer.id"], name=op.f("fk_job_created_by_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_job_post_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_job_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_job_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_year_only", sa.Boolean(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("citizen_id", sa.String(), nullable=False),
        sa.Column("id_card_number", sa.String(), nullable=False),
        sa.Column("passport_number", sa.String(), nullable=False),
        sa.Column("nationality", sa.String(), nullable=False),
        sa.Column("id_issued_on", sa.Date(), nullable=True),
        sa.Column("id_issued_at", sa.String(), nullable=False),
        sa.Column("native_place", sa.String(), nullable=False),
        sa.Column("ethnicity", sa.String(), nullable=False),
        sa.Column("religion", sa.String(), nullable=False),
        sa.Column("party_member", sa.Boolean(), nullable=True),
        sa.Column("permanent_address", sa.String(), nullable=False),
        sa.Column("current_address", sa.String(), nullable=False),
        sa.Column("education_level", sa.String(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("political_theory", sa.String(), nullable=False),
        sa.Column("occupation", sa.String(), nullable=False),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("union_title", sa.String(), nullable=False),
        sa.Column("joined_union_on", sa.Date(), nullable=True),
        sa.Column("joined_union_at", sa.String(), nullable=False),
        sa.Column("old_card_number", sa.String(), nullable=False),
        sa.Column("division_name", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "card_kind",
            sa.Enum(
                "standard", "linked", name="cardkind", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("bank_account", sa.String(), nullable=False),
        sa.Column("bank_branch", sa.String(), nullable=False),
        sa.Column("salary_via_vietinbank", sa.Boolean(), nullable=False),
        sa.Column("full_time_official", sa.Boolean(), nullable=False),
        sa.Column("union_staff", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "paused",
                "left",
                name="memberstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "dues_standing",
            sa.Enum(
                "paying",
                "exempt",
                "arrears",
                "unknown",
                name="duesstanding",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("member_number", sa.String(), nullable=True),
        sa.Column("number_is_provisional", sa.Boolean(), nullable=False),
        sa.Column("vpoint_code", sa.String(), nullable=True),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column(
            "sort_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "updated_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "citizen_id = '' OR length(citizen_id) = 12",
            name=op.f("ck_member_citizen_id_12"),
        ),
        sa.CheckConstraint(
            "member_number IS NULL OR length(member_number) = 12",
            name=op.f("ck_member_member_number_12"),
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_member_photo_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_member_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("vpoint_code", name=op.f("uq_member_vpoint_code")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_member_birth_date", ["birth_date", "unit_path"], unique=False
        )
        batch_op.create_index(
            "ix_member_dues_standing_unit_path",
            ["dues_standing", "unit_path"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_member_folded_name"), ["folded_name"], unique=False
        )
        batch_op.create_index(
            "ix_member_headcount",
            ["unit_path", "status", "member_number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_member_id_card_number"), ["id_card_number"], unique=False
        )
        batch_op.create_index(
            "ix_member_list",
            [
                "sort_key",
                "id",
                "unit_path",
                "status",
                "dues_standing",
                "photo_id",
                "member_number",
                "search_text",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_member_passport_number"), ["passport_number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_member_phone"), ["phone"], unique=False)
        batch_op.create_index(
            "ix_member_photo_id", ["photo_id", "unit_path", "status"], unique=False
        )
        batch_op.create_index(
            "ix_member_status_unit_path", ["status", "unit_path"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_member_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_member_unit_path"), ["unit_path"], unique=False
        )
        batch_op.create_index(
            "ix_member_unit_path_sort_key",
            ["unit_path", "sort_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_member_citizen_id",
            ["citizen_id"],
            unique=True,
            sqlite_where=sa.text("citizen_id <> ''"),
            postgresql_where=sa.text("citizen_id <> ''"),
        )
        batch_op.create_index(
            "uq_member_member_number",
            ["member_number"],
            unique=True,
            sqlite_where=sa.text("member_number IS NOT NULL"),
            postgresql_where=sa.text("member_number IS NOT NULL"),
        )

    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "last_submitted_at",
            portal.db.columns.UtcDateTime(timezone=True),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_roster_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_roster_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint(
            "campaign_id", "unit_id", name=op.f("uq_roster_campaign_id_unit_id")
        ),
    )
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_roster_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_roster_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_roster_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "last_seen_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "ended_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_sign_in_session_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_sign_in_session_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_officer_id"), ["officer_id"], unique=False
        )

    op.create_table(
        "card_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "standard", "linked", name="cardkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "left_out",
                "declared",
                "submitted",
                "forwarded",
                "registered",
                "returned",
                "awaiting_number",
                "approved",
                "rejected",
                "in_print",
                "printed",
                "sent_to_bank",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("unit_name_on_card", sa.String(), nullable=False),
        sa.Column(
            "approved_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("bank_export_id", sa.Integer(), nullable=True),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["bank_export_id"],
            ["bank_export.id"],
            name=op.f("fk_card_request_bank_export_id"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_card_request_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_card_request_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["roster_id"], ["roster.id"], name=op.f("fk_card_request_roster_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_card_request_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_request")),
        sa.UniqueConstraint(
            "campaign_id",
            "member_id",
            name=op.f("uq_card_request_campaign_id_member_id"),
        ),
    )
    with op.batch_alter_table("card_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_request_bank_export_id"),
            ["bank_export_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_card_request_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_request_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_request_roster_id"), ["roster_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_request_state"), ["state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_request_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_request_unit_path"), ["unit_path"], unique=False
        )
        batch_op.create_index(
            "ix_card_request_unit_path_state", ["unit_path", "state"], unique=False
        )

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "changed",
                "same",
                "duplicate",
                "error",
                name="rowstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("repairs", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column(
            "photo_match",
            sa.Enum(
                "matched",
                "ambiguous",
                "missing",
                name="photomatch",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("photo_name", sa.String(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("member_version", sa.Integer(), nullable=True),
        sa.Column(
            "choice",
            sa.Enum(
                "take",
                "fill",
                "skip",
                "same_person",
                "other_person",
                name="rowchoice",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mended", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column(
            "accepted_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "taken_back_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roster_import.id"],
            name=op.f("fk_import_row_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_import_row_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_import_row_photo_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint(
            "import_id", "position", name=op.f("uq_import_row_import_id_position")
        ),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_import_row_import_id_state", ["import_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_import_row_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "print_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("design_version_id", sa.Integer(), nullable=True),
        sa.Column("design_hash", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("sides", sa.JSON(), nullable=False),
        sa.Column("overprint", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "rendered",
                "downloaded",
                "failed",
                name="batchstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at", portal.db.columns.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "rendered_at", portal.db.columns.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "warnings_accepted_at",
            portal.db.columns.UtcDateTime(timezone=True),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "unit_path",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["officer.id"], name=op.f("fk_print_batch_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["design_version_id"],
            ["design_version.id"],
            name=op.f("fk_print_batch_design_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_print_batch_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_batch")),
    )
    with op.batch_alter_table("print_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_print_batch_design_version_id"),
            ["design_version_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_print_batch_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_print_batch_unit_path"), ["unit_path"], unique=False
        )

    op.create_table(
        "batch_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["print_batch.id"], name=op.f("fk_batch_file_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_file")),
        sa.UniqueConstraint(
            "batch_id", "name", name=op.f("uq_batch_file_batch_id_name")
        ),
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
    with op.batch_alter_table("import_likeness", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_likeness_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "import_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roster_import.id"],
            name=op.f("fk_import_photo_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_import_photo_photo_id")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["import_row.id"],
            name=op.f("fk_import_photo_row_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_photo")),
        sa.UniqueConstraint(
            "import_id", "name", name=op.f("uq_import_photo_import_id_name")
        ),
    )
    with op.batch_alter_table("import_photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_photo_row_id"), ["row_id"], unique=False
        )

    op.create_table(
        "print_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "drawn",
                "refused",
                name="printcardstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("warnings", sa.String(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["print_batch.id"], name=op.f("fk_print_card_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["card_request.id"], name=op.f("fk_print_card_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_card")),
        sa.UniqueConstraint(
            "batch_id", "position", name=op.f("uq_print_card_batch_id_position")
        ),
    )
    with op.batch_alter_table("print_card", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_print_card_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            "uq_print_card_request_id_live",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )

    op.create_table(
        "request_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "declare",
                "leave_out",
                "submit",
                "forward",
                "register",
                "approve",
                "endorse",
                "receive_number",
                "reject",
                "return",
                "put_in_batch",
                "take_out_of_batch",
                "print",
                "send_to_bank",
                name="move",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "left_out",
                "declared",
                "submitted",
                "forwarded",
                "registered",
                "returned",
                "awaiting_number",
                "approved",
                "rejected",
                "in_print",
                "printed",
                "sent_to_bank",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "left_out",
                "declared",
                "submitted",
                "forwarded",
                "registered",
                "returned",
                "awaiting_number",
                "approved",
                "rejected",
                "in_print",
                "printed",
                "sent_to_bank",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("at", portal.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_request_event_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["card_request.id"],
            name=op.f("fk_request_event_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_event_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "reserved_number",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", portal.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_reserved_number_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["card_request.id"],
            name=op.f("fk_reserved_number_request_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reserved_number")),
    )
    with op.batch_alter_table("reserved_number", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reserved_number_member_id"), ["member_id"], unique=False
        )

    for statement in append_only_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take the tables back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_append_only() CASCADE")
    with op.batch_alter_table("reserved_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reserved_number_member_id"))

    op.drop_table("reserved_number")
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_event_request_id"))

    op.drop_table("request_event")
    with op.batch_alter_table("print_card", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_print_card_request_id_live",
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )
        batch_op.drop_index(batch_op.f("ix_print_card_request_id"))

    op.drop_table("print_card")
    with op.batch_alter_table("import_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_photo_row_id"))

    op.drop_table("import_photo")
    with op.batch_alter_table("import_likeness", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_likeness_member_id"))

    op.drop_table("import_likeness")
    op.drop_table("batch_file")
    with op.batch_alter_table("print_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_batch_unit_path"))
        batch_op.drop_index(batch_op.f("ix_print_batch_unit_id"))
        batch_op.drop_index(batch_op.f("ix_print_batch_design_version_id"))

    op.drop_table("print_batch")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_row_member_id"))
        batch_op.drop_index("ix_import_row_import_id_state")

    op.drop_table("import_row")
    with op.batch_alter_table("card_request", schema=None) as batch_op:
        batch_op.drop_index("ix_card_request_unit_path_state")
        batch_op.drop_index(batch_op.f("ix_card_request_unit_path"))
        batch_op.drop_index(batch_op.f("ix_card_request_unit_id"))
        batch_op.drop_index(batch_op.f("ix_card_request_state"))
        batch_op.drop_index(batch_op.f("ix_card_request_roster_id"))
        batch_op.drop_index(batch_op.f("ix_card_request_member_id"))
        batch_op.drop_index(batch_op.f("ix_card_request_campaign_id"))
        batch_op.drop_index(batch_op.f("ix_card_request_bank_export_id"))

    op.drop_table("card_request")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_officer_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("roster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_unit_path"))
        batch_op.drop_index(batch_op.f("ix_roster_unit_id"))
        batch_op.drop_index(batch_op.f("ix_roster_campaign_id"))

    op.drop_table("roster")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_member_member_number",
            sqlite_where=sa.text("member_number IS NOT NULL"),
            postgresql_where=sa.text("member_number IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_member_citizen_id",
            sqlite_where=sa.text("citizen_id <> ''"),
            postgresql_where=sa.text("citizen_id <> ''"),
        )
        batch_op.drop_index("ix_member_unit_path_sort_key")
        batch_op.drop_index(batch_op.f("ix_member_unit_path"))
        batch_op.drop_index(batch_op.f("ix_member_unit_id"))
        batch_op.drop_index("ix_member_status_unit_path")
        batch_op.drop_index("ix_member_photo_id")
        batch_op.drop_index(batch_op.f("ix_member_phone"))
        batch_op.drop_index(batch_op.f("ix_member_passport_number"))
        batch_op.drop_index("ix_member_list")
        batch_op.drop_index(batch_op.f("ix_member_id_card_number"))
        batch_op.drop_index("ix_member_headcount")
        batch_op.drop_index(batch_op.f("ix_member_folded_name"))
        batch_op.drop_index("ix_member_dues_standing_unit_path")
        batch_op.drop_index("ix_member_birth_date")

    op.drop_table("member")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_unit_path"))
        batch_op.drop_index(batch_op.f("ix_job_unit_id"))
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_kind"))

    op.drop_table("job")
    op.drop_table("design_version")
    with op.batch_alter_table("design_edit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_design_edit_design_id"))

    op.drop_table("design_edit")
    op.drop_table("design_draft")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_import_unit_path"))
        batch_op.drop_index(batch_op.f("ix_roster_import_unit_id"))

    op.drop_table("roster_import")
    with op.batch_alter_table("roster_column", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_column_unit_path"))
        batch_op.drop_index(batch_op.f("ix_roster_column_unit_id"))

    op.drop_table("roster_column")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_unit_path"))
        batch_op.drop_index(batch_op.f("ix_post_unit_id"))
        batch_op.drop_index(batch_op.f("ix_post_officer_id"))

    op.drop_table("post")
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_original_hash"))

    op.drop_table("photo")
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_code_officer_id"))

    op.drop_table("one_time_code")
    with op.batch_alter_table("different_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_different_people_unit_path"))
        batch_op.drop_index(batch_op.f("ix_different_people_unit_id"))
        batch_op.drop_index(batch_op.f("ix_different_people_second_key"))

    op.drop_table("different_people")
    with op.batch_alter_table("card_design", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_design_unit_path"))
        batch_op.drop_index(batch_op.f("ix_card_design_unit_id"))

    op.drop_table("card_design")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_unit_path"))
        batch_op.drop_index(batch_op.f("ix_campaign_unit_id"))

    op.drop_table("campaign")
    with op.batch_alter_table("bank_export", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_export_unit_path"))
        batch_op.drop_index(batch_op.f("ix_bank_export_unit_id"))

    op.drop_table("bank_export")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_name_at")

    op.drop_table("sign_in_attempt")
    op.drop_table("officer")
    op.drop_table("number_counter")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_unit_path"))
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entry_officer_id"))

    op.drop_table("audit_entry")
