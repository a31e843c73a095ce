"""What becomes of a letter: its recipients, its approval, what the mail provider calls it, and whether it was sent.

The recipients of letters that are there already are not known here: such a draft can't be approved before somebody has
given them (`roundtable outbox edit`).
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPROVAL = ("approved_digest", "approved_by", "approved_at")
_SENDING = ("reserved", "backend", "reference", "thread", "sent_at", "error")


def upgrade() -> None:
    op.add_column("letter", sa.Column("recipients", sa.JSON(), nullable=True))
    op.add_column("letter", sa.Column("digest", sa.Text(), nullable=True))
    op.add_column("letter", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    for name in (*_APPROVAL, *_SENDING):
        op.add_column("letter", sa.Column(name, sa.Text(), nullable=True))
    columns: list[sa.ColumnClause[str]] = [sa.column(name) for name in ("edition", "key", "subject", "body", "digest")]
    letter = sa.table("letter", *columns, sa.column("attachments", sa.JSON()))
    connection = op.get_bind()
    for row in connection.execute(sa.select(letter)).mappings().all():
        content = json.dumps(
            [[], row["subject"], row["body"], list(row["attachments"])], ensure_ascii=False, separators=(",", ":")
        )
        same = sa.and_(letter.c.edition == row["edition"], letter.c.key == row["key"])
        found = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
        connection.execute(sa.update(letter).where(same).values(digest=found))


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
