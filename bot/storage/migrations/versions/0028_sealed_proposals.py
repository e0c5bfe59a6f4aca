"""Proposals: what is private in one, as ciphertext, until it is settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposals", sa.Column("sealed", sa.LargeBinary(), nullable=True))
