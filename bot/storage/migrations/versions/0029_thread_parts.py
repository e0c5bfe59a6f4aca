"""Threads: the key of each part, and the tweet that came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thread_parts",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("proposal", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=True),
        sa.Column("tweet", sa.String(length=40), nullable=True),
        sa.Column("charged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "proposal", "number"),
    )
