"""Listings as files: pages that were read, who stopped it, and what goes with a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_pages",
        sa.Column("reading", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("reading", "number", name=op.f("pk_listing_pages")),
    )
    op.create_index("ix_listing_pages_age", "listing_pages", ["read_at"])
    op.add_column("proposals", sa.Column("stopped_by", sa.String(length=120), nullable=True))
    op.add_column("deliveries", sa.Column("attachment", sa.Text(), nullable=True))
