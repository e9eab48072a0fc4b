"""What is put to the vote in a joint review, votes and divisions of time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "division",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("map_id", sa.String(length=100), nullable=False),
        sa.Column("map_version", sa.Integer(), nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_version", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'agreed') = (agreed_version IS NOT NULL)",
            name=op.f("ck_division_agreed"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'agreed', 'left')", name=op.f("ck_division_status")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_division_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_division_map_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
    )
    op.create_index("ix_division_case", "division", ["case_id", "id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("task_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("division_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("instead_of", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("wording_salt", sa.String(length=32), nullable=True),
        sa.Column("customer_says", sa.Text(), nullable=True),
        sa.Column("customer_says_salt", sa.String(length=32), nullable=True),
        sa.Column("put_by", sa.String(length=120), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_mandate", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_salt", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'division') = (division_id IS NOT NULL)",
            name=op.f("ck_ballot_of_division"),
        ),
        sa.CheckConstraint(
            "(kind = 'proposal') = (task_id IS NOT NULL AND proposal IS NOT NULL)",
            name=op.f("ck_ballot_of_proposal"),
        ),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name=op.f("ck_ballot_decided")
        ),
        sa.CheckConstraint(
            "kind IN ('proposal', 'division')", name=op.f("ck_ballot_kind")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'agreed', 'changed', 'dropped')",
            name=op.f("ck_ballot_status"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_ballot_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_ballot_division_id")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of"], ["ballot.id"], name=op.f("fk_ballot_instead_of")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_ballot_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_index("ix_ballot_case", "ballot", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_ballot_open",
        "ballot",
        ["until", "id"],
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_ballot_open_proposal",
        "ballot",
        ["task_id", "proposal"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_ballot_open_division",
        "ballot",
        ["division_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "vote",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("ballot_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("department_id", sa.String(length=100), nullable=False),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("by_word_of_mouth", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "position IN ('agree', 'agree_with_note', 'not_yet', 'customer_would_not')",
            name=op.f("ck_vote_position"),
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_vote_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_vote_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_vote_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint(
            "ballot_id", "department_id", name=op.f("uq_vote_ballot_id_department_id")
        ),
    )
    op.create_index(op.f("ix_vote_case_id"), "vote", ["case_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("ballot_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voter", sa.String(length=120), nullable=False),
        sa.Column("department_id", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("met_by", sa.String(length=10), nullable=True),
        sa.Column("met_who", sa.String(length=120), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_name", sa.String(length=200), nullable=True),
        sa.Column("met_text", sa.Text(), nullable=True),
        sa.Column("met_salt", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'met') = (met_by IS NOT NULL)", name=op.f("ck_objection_met")
        ),
        sa.CheckConstraint(
            "met_by IS NULL OR met_by IN ('change', 'customer', 'manager')",
            name=op.f("ck_objection_met_by"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'met', 'taken_back')", name=op.f("ck_objection_status")
        ),
        sa.CheckConstraint(
            "(met_by IS NULL) = (met_at IS NULL)", name=op.f("ck_objection_met_at")
        ),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_objection_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_objection_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_objection_department_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(
        op.f("ix_objection_case_id"), "objection", ["case_id"], unique=False
    )
    op.create_index(
        "ix_objection_open",
        "objection",
        ["ballot_id", "voter"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
