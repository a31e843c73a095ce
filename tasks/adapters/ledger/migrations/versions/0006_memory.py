"""The translation memory: passages with their translations, of all editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memory",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("source_language", sa.Text(), nullable=False),
        sa.Column("target_language", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_memory_edition")),
        sa.PrimaryKeyConstraint(
            "edition",
            "source_language",
            "target_language",
            "paper",
            "segment",
            "source_key",
            name=op.f("pk_memory"),
        ),
    )
    op.create_index(op.f("ix_memory_source_language_target_language"), "memory", ["source_language", "target_language"])


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
