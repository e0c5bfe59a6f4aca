"""Monitors that were seen running, so that a deleted one is missed, and those still to be started."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watched_monitors",
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("watched", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key_at", sa.Float(), nullable=False),
        sa.Column("unwanted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject", name=op.f("pk_watched_monitors")),
    )
    op.create_table(
        "wanted_monitors",
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("watched", sa.String(600), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "watched", name=op.f("pk_wanted_monitors")),
    )
