"""Which process may use how much of the limits of an Xquik key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_shares",
        sa.Column("bucket", sa.String(length=32), nullable=False),
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("window", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lacks_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lacks_people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased_until", sa.Float(), server_default="0", nullable=False),
        sa.Column("ends_at", sa.Float(), nullable=False),
        sa.Column("by_person", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("bucket", "process", "window", name=op.f("pk_request_shares")),
    )
    op.create_index("ix_request_shares_ends_at", "request_shares", ["ends_at"])
