"""Letters are signed, copied to others, answer a mail, and may be delivered otherwise than by mail.

Letters that are there already have none of this; they go out as they were approved.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("cc", "signatory"):
        op.add_column("letter", sa.Column(name, sa.JSON(), nullable=True))
    for name in ("in_reply_to", "how"):
        op.add_column("letter", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
