"""Routes, mutes and events hold X's ids of accounts, and each tenant what it knows of their usernames."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_accounts",
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("former", sa.Text(), server_default="[]", nullable=False),
        sa.Column("holds", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("thread", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "account", name=op.f("pk_known_accounts")),
    )
    op.add_column("events", sa.Column("account_id", sa.String(40)))
    op.add_column("routes", sa.Column("account_ids", sa.Text(), server_default="{}", nullable=False))
    op.add_column("muted_accounts", sa.Column("account_id", sa.String(40)))
