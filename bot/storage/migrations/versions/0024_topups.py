"""Checkouts for credits that were begun here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_OPEN = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "topups",
        sa.Column("proposal", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("session", sa.String(length=255), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("dollars", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("begun_at", sa.Float(), nullable=False),
        sa.Column("look_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("proposal", name=op.f("pk_topups")),
    )
    op.create_index("ix_topups_look_at", "topups", ["look_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_topups_tenant", "topups", ["tenant"])
