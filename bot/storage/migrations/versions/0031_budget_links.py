"""What was used of a person's budget before their data was deleted, and what monitors that cost watch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("budgets", sa.Column("former", sa.String(length=80), server_default="", nullable=False))
    op.add_column("charges", sa.Column("watched", sa.Text(), server_default="[]", nullable=False))
