"""Indexes for what is asked of letters, decisions and documents in every run."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEXES = {
    "document": [["edition", "session"]],
    "decision": [["edition", "subject_kind", "subject_key"]],
    "letter": [
        ["edition", "session", "status"],
        ["edition", "status"],
        ["edition", "party", "thread"],
        ["edition", "thread"],
    ],
}


def upgrade() -> None:
    for table, indexes in _INDEXES.items():
        for columns in indexes:
            op.create_index(op.f("_".join(["ix", table, *columns])), table, columns)


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
