"""Standards of hand-overs, and complaints about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover_standard",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("map_id", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("target", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("giver", sa.String(length=100), nullable=False),
        sa.Column("receiver", sa.String(length=100), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("by_when", sa.Text(), nullable=True),
        sa.Column("within", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("giver_by", sa.String(length=120), nullable=True),
        sa.Column("giver_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receiver_by", sa.String(length=120), nullable=True),
        sa.Column("receiver_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'agreed' OR (giver_at IS NOT NULL AND receiver_at IS NOT NULL)",
            name=op.f("ck_handover_standard_agreed_by_both"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'agreed', 'replaced', 'withdrawn')",
            name=op.f("ck_handover_standard_status"),
        ),
        sa.CheckConstraint(
            "within IS NULL OR within > 0", name=op.f("ck_handover_standard_within")
        ),
        sa.ForeignKeyConstraint(
            ["giver"], ["department.id"], name=op.f("fk_handover_standard_giver")
        ),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_handover_standard_map_id")
        ),
        sa.ForeignKeyConstraint(
            ["receiver"], ["department.id"], name=op.f("fk_handover_standard_receiver")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_standard")),
        sa.UniqueConstraint(
            "map_id",
            "source",
            "target",
            "version",
            name=op.f("uq_handover_standard_map_id_source_target_version"),
        ),
    )
    op.create_index(
        "ix_handover_standard_giver",
        "handover_standard",
        ["giver", "status"],
        unique=False,
    )
    op.create_index(
        "ix_handover_standard_receiver",
        "handover_standard",
        ["receiver", "status"],
        unique=False,
    )
    op.create_index(
        "uq_handover_standard_agreed",
        "handover_standard",
        ["map_id", "source", "target"],
        unique=True,
        sqlite_where=sa.text("status = 'agreed'"),
        postgresql_where=sa.text("status = 'agreed'"),
    )
    op.create_index(
        "uq_handover_standard_proposed",
        "handover_standard",
        ["map_id", "source", "target"],
        unique=True,
        sqlite_where=sa.text("status = 'proposed'"),
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.add_column("complaint", sa.Column("handover", JSON, nullable=True))
    # With its key in the same statement: SQLite takes none for a column later.
    op.execute(
        "ALTER TABLE complaint ADD COLUMN internal_of VARCHAR(100) "
        "CONSTRAINT fk_complaint_internal_of REFERENCES department (id)"
    )
