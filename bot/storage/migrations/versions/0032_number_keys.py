"""Under which Xquik key something got its number in a place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("key_hint", sa.String(length=40), server_default="", nullable=False)
    op.add_column("local_numbers", column)
