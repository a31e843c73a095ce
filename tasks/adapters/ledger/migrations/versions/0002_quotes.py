"""Which days of the calendar a letter or document names, so that a meeting that moves finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("document", "letter"):
        op.add_column(table, sa.Column("quotes", sa.JSON(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
