"""A letter may be an act: a folder that is shared, an invitation to an entry of the agenda.

Letters that are there already are mails.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("act", sa.JSON(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
