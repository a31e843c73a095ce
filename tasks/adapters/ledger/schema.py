"""The tables. A stateful thing is a record (edition, kind, key) with a state and a version; the rest hangs on it.

A change here needs a migration; a test compares the two. `REVISION` is the migration these tables belong to.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    text,
)

from tasks.adapters.ledger.columns import AbsentAsEmpty, Addressees, Deed, Instant, Names, Signature

REVISION = "0008"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _edition(*, key: bool = False) -> Column[str]:
    return Column("edition", Text, ForeignKey("edition.edition"), primary_key=key, nullable=False)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


edition = Table(
    "edition",
    metadata,
    _key("edition"),
    Column("config", JSON, nullable=False),
    _text("config_sha"),
    Column("started_at", Instant, nullable=False),
    _text("started_by"),
    Column("rehearsal", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

record = Table(
    "record",
    metadata,
    _edition(key=True),
    _key("kind"),
    _key("key"),
    _text("session", null=True),
    _text("state"),
    Column("version", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    _edition(),
    _text("session", null=True),
    _text("stage"),
    _text("kind"),
    _text("key"),
    _text("language"),
    Column("number", Integer, nullable=False),
    _text("name"),
    _text("sha256"),
    Column("size", Integer, nullable=False),
    Column("party", AbsentAsEmpty, nullable=False),
    _text("status"),
    Column("made_at", Instant, nullable=False),
    _text("made_by"),
    _text("run"),
    Column("quotes", Names),
    UniqueConstraint("edition", "kind", "key", "language", "number", "party"),
    Index(None, "edition", "session"),
    Index(None, "sha256"),
)

arrival = Table(
    "arrival",
    metadata,
    _edition(key=True),
    _key("sha256"),
    _text("file_name"),
    Column("received_at", Instant, nullable=False),
    _text("received_by"),
    _text("outcome"),
    _text("message"),
    Column("identity", JSON(none_as_null=True)),
    _text("run"),
)

decision = Table(
    "decision",
    metadata,
    _edition(key=True),
    _key("key"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("subject_kind"),
    _text("subject_key"),
    Column("answer", JSON, nullable=False),
    _text("reason", null=True),
    _text("decided_by"),
    Column("decided_at", Instant, nullable=False),
    Column("before", JSON, nullable=False),
    Column("history_seq", Integer, ForeignKey("history.seq"), nullable=False),
    _text("run"),
    Column("current", Boolean, nullable=False),
    ForeignKeyConstraint(["edition", "subject_kind", "subject_key"], ["record.edition", "record.kind", "record.key"]),
    Index(None, "edition", "subject_kind", "subject_key"),
)

letter = Table(
    "letter",
    metadata,
    _edition(key=True),
    _key("key"),
    _text("kind"),
    _text("session", null=True),
    _text("party", null=True),
    _text("person", null=True),
    _text("language"),
    _text("subject"),
    _text("body"),
    _text("status"),
    Column("attachments", Names, nullable=False),
    _text("reason", null=True),
    Column("drafted_at", Instant, nullable=False),
    _text("run"),
    Column("quotes", Names),
    Column("recipients", Addressees),
    _text("digest", null=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    _text("approved_digest", null=True),
    _text("approved_by", null=True),
    Column("approved_at", Instant),
    _text("reserved", null=True),
    _text("backend", null=True),
    _text("reference", null=True),
    _text("thread", null=True),
    Column("sent_at", Instant),
    _text("error", null=True),
    Column("cc", Addressees),
    Column("signatory", Signature),
    _text("in_reply_to", null=True),
    _text("how", null=True),
    Column("act", Deed),
    # A letter is long and there are many: none is read that is not asked for.
    Index(None, "edition", "session", "status"),
    Index(None, "edition", "status"),
    Index(None, "edition", "party", "thread"),
    Index(None, "edition", "thread"),
)

action = Table(
    "action",
    metadata,
    _edition(key=True),
    _key("id"),
    _text("session", null=True),
    _text("title"),
    Column("leads", Names, nullable=False),
    _text("partners"),
    _text("reporting_point"),
    Column("horizontal", Names, nullable=False),
    Column("source_document", Integer, ForeignKey("document.id")),
)

#: Read for all editions at once: what one has translated is of use to the next.
memory = Table(
    "memory",
    metadata,
    _edition(key=True),
    _key("source_language"),
    _key("target_language"),
    _key("paper"),
    _key("segment"),
    _key("source_key"),
    _text("session", null=True),
    _text("source"),
    _text("target"),
    _text("before"),
    _text("after"),
    _text("origin"),
    Column("superseded", Boolean, nullable=False),
    _text("by"),
    Column("at", Instant, nullable=False),
    _text("run"),
    Index(None, "source_language", "target_language"),
)

history = Table(
    "history",
    metadata,
    Column("seq", Integer, primary_key=True),
    _edition(),
    _text("subject"),
    _text("kind"),
    _text("key"),
    Column("change", JSON, nullable=False),
    _text("by"),
    Column("at", Instant, nullable=False),
    _text("why"),
    _text("run"),
    Index(None, "edition", "kind", "key"),
    sqlite_autoincrement=True,  # a number is never given twice
)


def found_revision(connection: Connection) -> str | None:
    """The migration a database is at, None when it is empty; asked without alembic, which takes long to import."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
