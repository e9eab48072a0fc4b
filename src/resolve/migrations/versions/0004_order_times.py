"""What is kept of orders so that their times are read quickly."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    op.create_table(
        "order_time",
        sa.Column("map_id", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_order_time_known")),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_order_time_map_id")
        ),
        sa.PrimaryKeyConstraint("map_id", "order_id", name=op.f("pk_order_time")),
    )
    for name, columns in (
        ("ix_order_time_began", ["map_id", "began_at", "lot"]),
        ("ix_order_time_lot", ["map_id", "lot", "began_at"]),
    ):
        op.create_index(name, "order_time", columns)
    op.create_table(
        "times_of_map",
        sa.Column("map_id", sa.String(length=100), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_times_of_map_map_id")
        ),
        sa.PrimaryKeyConstraint("map_id", name=op.f("pk_times_of_map")),
    )
    op.create_table(
        "kept_times",
        sa.Column("map_id", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=500), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_kept_times_map_id")
        ),
        sa.PrimaryKeyConstraint(
            "map_id", "version", "concern", "period", name=op.f("pk_kept_times")
        ),
    )
