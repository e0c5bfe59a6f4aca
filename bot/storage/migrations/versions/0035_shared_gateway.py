"""What the processes of one Discord bot share: whose turn it is, and sessions to take over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_due", "turns", ["due"])
    op.create_table(
        "gateway_sessions",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_gateway_sessions")),
    )
    op.create_index("ix_gateway_sessions_expires_at", "gateway_sessions", ["expires_at"])
