"""The pages: people and their ways in, drafts, talk, attachments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attached_content",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_attached_content")),
    )
    op.create_table(
        "map_draft",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("map_id", sa.String(length=100), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_draft")),
    )
    with op.batch_alter_table("map_draft") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_map_draft_map_id"), ["map_id"], unique=False
        )

    op.create_table(
        "patience",
        sa.Column("of", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("of", name=op.f("pk_patience")),
    )
    with op.batch_alter_table("patience") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_patience_last_at"), ["last_at"], unique=False
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("mail", sa.String(length=6), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("wording_help", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mail IN ('each', 'digest', 'none')", name=op.f("ck_person_mail")
        ),
        sa.CheckConstraint(
            "theme IN ('auto', 'light', 'dark')", name=op.f("ck_person_theme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    with op.batch_alter_table("person") as batch_op:
        batch_op.create_index(batch_op.f("ix_person_email"), ["email"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("substitute_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absence_days")),
        sa.CheckConstraint(
            "person_id <> substitute_id", name=op.f("ck_absence_somebody_else")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_absence_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_absence_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_absence_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_absence_substitute_id"), ["substitute_id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("department_id", sa.String(length=100), nullable=False),
        sa.Column("post", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "post IN ('head', 'member', 'champion')", name=op.f("ck_membership_post")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_membership_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "department_id", "post", name=op.f("pk_membership")
        ),
    )
    with op.batch_alter_table("membership") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_department_id"), ["department_id"], unique=False
        )

    op.create_table(
        "one_time_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign_in', 'password')", name=op.f("ck_one_time_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_one_time_link")),
    )
    with op.batch_alter_table("one_time_link") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_time_link_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("id", name=op.f("uq_sign_in_id")),
    )
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("message_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("addressee", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("instead_of", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("digest_day", sa.Date(), nullable=True),
        sa.Column("digest_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'gathered', 'refused', 'no_address', 'not_wanted')",
            name=op.f("ck_delivery_state"),
        ),
        sa.CheckConstraint(
            "(message_id IS NULL) = (digest_day IS NOT NULL)",
            name=op.f("ck_delivery_of_something"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_delivery_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["delivery.id"], name=op.f("fk_delivery_digest_id")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of"], ["person.id"], name=op.f("fk_delivery_instead_of")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "message_id", "addressee", name=op.f("uq_delivery_message_id_addressee")
        ),
        sa.UniqueConstraint(
            "person_id", "digest_day", name=op.f("uq_delivery_person_id_digest_day")
        ),
    )
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_digest_id"), ["digest_id"], unique=False
        )
        batch_op.create_index(
            "ix_delivery_waiting",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_delivery_in_vain",
            ["settled_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('refused', 'no_address')"),
            postgresql_where=sa.text("state IN ('refused', 'no_address')"),
        )

    op.create_table(
        "touch",
        sa.Column("department_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('took_part', 'read', 'visited', 'spoke')",
            name=op.f("ck_touch_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_touch_department_id")
        ),
        sa.PrimaryKeyConstraint("department_id", "kind", name=op.f("pk_touch")),
    )
    op.create_table(
        "hidden_words",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_hidden_words_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_words")),
    )
    with op.batch_alter_table("hidden_words") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hidden_words_case_id"), ["case_id"], unique=False
        )

    op.create_table(
        "talk_entry",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("department_id", sa.String(length=100), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("about", JSON, nullable=False),
        sa.Column("mentions", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_talk_entry_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_talk_entry_department_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_entry")),
    )
    with op.batch_alter_table("talk_entry") as batch_op:
        batch_op.create_index("ix_talk_entry_case", ["case_id", "id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_attachment_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["attached_content.digest"], name=op.f("fk_attachment_digest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_complaint_id"), ["complaint_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_digest"), ["digest"], unique=False
        )

    op.create_table(
        "task_draft",
        sa.Column("task_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("saved_by", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_draft_task_id")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_draft")),
    )
    with op.batch_alter_table("api_key") as batch_op:
        batch_op.add_column(
            sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_api_key_person_id"), "person", ["person_id"], ["id"]
        )

    with op.batch_alter_table("map_version") as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("reason_salt", sa.String(length=32), nullable=True)
        )

    with op.batch_alter_table("task") as batch_op:
        batch_op.add_column(
            sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(
            "ix_task_assignee",
            ["assignee", "status", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("assignee IS NOT NULL"),
            postgresql_where=sa.text("assignee IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_task_returned",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("returned_at IS NOT NULL"),
            postgresql_where=sa.text("returned_at IS NOT NULL"),
        )

    with op.batch_alter_table("request") as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_department_id"))
        batch_op.create_index(
            "ix_request_to", ["department_id", "status", "id"], unique=False
        )
        batch_op.create_index(
            "ix_request_from", ["from_department_id", "id"], unique=False
        )

    _find()
    _see_what_waits()


def _find() -> None:
    """Make the tables of the search, and what finds words in them."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "findable",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                  autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"),
                  nullable=False),
        sa.CheckConstraint(
            "kind IN ('complaint', 'answer', 'request', 'talk')",
            name=op.f("ck_findable_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findable")),
        sa.UniqueConstraint(
            "kind", "subject_id", name=op.f("uq_findable_kind_subject_id")
        ),
    )  # fmt: skip
    op.create_index("ix_findable_case", "findable", ["case_id", "kind"])
    op.create_table(
        "findable_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("back_to", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_findable_state_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findable_state")),
    )
    if postgres:
        op.create_index(
            "ix_findable_words", "findable", ["words"], postgresql_using="gin"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE findable_words USING fts5(words, content='findable', "
        "content_rowid='id', detail='none', tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute(
        "CREATE TRIGGER findable_came AFTER INSERT ON findable BEGIN "
        "INSERT INTO findable_words(rowid, words) VALUES (new.id, new.words); END"
    )
    op.execute(
        "CREATE TRIGGER findable_went AFTER DELETE ON findable BEGIN "
        "INSERT INTO findable_words(findable_words, rowid, words) "
        "VALUES ('delete', old.id, old.words); END"
    )


def _see_what_waits() -> None:
    """Let the board find what waits for the facilitator without looking at the rest."""
    for name, table, columns, where in (
        ("ix_complaint_case_ready", "complaint_case", ["id"],
         "status = 'tasks' AND round > 0 AND asked_round = round"),
        ("ix_clock_awaited", "clock", ["due_at", "id"],
         "kind = 'answer' AND state <> 'stopped'"),
        ("ix_solution_due", "solution", ["due", "id"], "status = 'agreed'"),
    ):  # fmt: skip
        op.create_index(
            name,
            table,
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index("ix_complaint_received", "complaint", ["received_at", "id"])
    op.create_index("ix_solution_agreed", "solution", ["agreed_at", "status"])
    opened = ["opened_at", "id"]
    op.create_index("ix_complaint_case_opened", "complaint_case", opened)
    op.create_index(
        "ix_complaint_case_state_opened", "complaint_case", ["status", *opened]
    )
