"""When steps of orders really began and ended."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_time",
        sa.Column("key", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("map_id", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("step", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("department_id", sa.String(length=100), nullable=True),
        sa.Column("resource", sa.String(length=32), nullable=True),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "started_at IS NULL OR started_at <= ended_at",
            name=op.f("ck_step_time_order"),
        ),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_step_time_map_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_step_time")),
    )
    op.create_index("ix_step_time_order", "step_time", ["order_id", "map_id"])
