"""The ledger: editions, records, documents, arrivals, decisions, letters, actions and their history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the history of the ledger is append-only"


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("config_sha", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_edition")),
    )
    op.create_table(
        "arrival",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("identity", sa.JSON(), nullable=True),
        sa.Column("run", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_arrival_edition")),
        sa.PrimaryKeyConstraint("edition", "sha256", name=op.f("pk_arrival")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_document_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "edition",
            "kind",
            "key",
            "language",
            "number",
            "party",
            name=op.f("uq_document_edition_kind_key_language_number_party"),
        ),
    )
    op.create_index(op.f("ix_document_sha256"), "document", ["sha256"], unique=False)
    op.create_table(
        "history",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_history_edition")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_history_edition_kind_key"), "history", ["edition", "kind", "key"], unique=False)
    op.create_table(
        "letter",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("drafted_at", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_letter_edition")),
        sa.PrimaryKeyConstraint("edition", "key", name=op.f("pk_letter")),
    )
    op.create_table(
        "record",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_record_edition")),
        sa.PrimaryKeyConstraint("edition", "kind", "key", name=op.f("pk_record")),
    )
    op.create_table(
        "action",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("reporting_point", sa.Text(), nullable=False),
        sa.Column("horizontal", sa.JSON(), nullable=False),
        sa.Column("source_document", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_action_edition")),
        sa.ForeignKeyConstraint(["source_document"], ["document.id"], name=op.f("fk_action_source_document")),
        sa.PrimaryKeyConstraint("edition", "id", name=op.f("pk_action")),
    )
    op.create_table(
        "decision",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition", "subject_kind", "subject_key"],
            ["record.edition", "record.kind", "record.key"],
            name=op.f("fk_decision_edition_subject_kind_subject_key"),
        ),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_decision_edition")),
        sa.ForeignKeyConstraint(["history_seq"], ["history.seq"], name=op.f("fk_decision_history_seq")),
        sa.PrimaryKeyConstraint("edition", "key", "number", name=op.f("pk_decision")),
    )

    if op.get_bind().dialect.name == "sqlite":
        _append_only_on_sqlite()
    else:
        _append_only_on_postgresql()


def _append_only_on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER history_no_{verb.lower()} BEFORE {verb} ON history "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # INSERT OR REPLACE deletes without asking the trigger on DELETE.
    op.execute(
        "CREATE TRIGGER history_no_replace BEFORE INSERT ON history "
        "WHEN EXISTS (SELECT 1 FROM history WHERE seq = NEW.seq) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _append_only_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON history "
        "FOR EACH ROW EXECUTE FUNCTION history_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON history "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
