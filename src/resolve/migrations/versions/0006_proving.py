"""How a solution is proven."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
PROVING = sa.text("status = 'in_place' AND measure IS NOT NULL")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("solution", sa.Column("step", sa.String(length=100), nullable=True))
    # With its rule in the same statement: SQLite takes no rule for a column later.
    op.execute(
        "ALTER TABLE solution ADD COLUMN from_step VARCHAR(100) "
        "CONSTRAINT ck_solution_place CHECK (from_step IS NULL OR step IS NOT NULL)"
    )
    op.execute(
        "ALTER TABLE solution ADD COLUMN measure VARCHAR(20) "
        "CONSTRAINT ck_solution_measure CHECK (measure IN "
        "('time_of_step', 'wait_of_handover', 'time_of_order', 'on_time'))"
    )
    op.add_column("solution", sa.Column("expected", sa.Float(), nullable=True))
    op.add_column("solution", sa.Column("prove_days", sa.Integer(), nullable=True))
    op.execute(
        "ALTER TABLE solution ADD COLUMN prove_orders INTEGER "
        "CONSTRAINT ck_solution_proving CHECK (CASE WHEN measure IS NULL "
        "THEN prove_days IS NULL AND prove_orders IS NULL "
        "ELSE (prove_days IS NULL) <> (prove_orders IS NULL) END)"
    )
    for column in (
        sa.Column("in_place_on", sa.Date(), nullable=True),
        sa.Column("orders_so_far", sa.Integer(), nullable=True),
        sa.Column("looked_seq", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", JSON, nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("solution", column)
    op.create_index(
        "ix_solution_proving",
        "solution",
        ["id"],
        unique=False,
        sqlite_where=PROVING,
        postgresql_where=PROVING,
    )
