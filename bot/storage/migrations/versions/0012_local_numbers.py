"""The numbers of draws and drafts in a place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_numbers",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "number", name=op.f("pk_local_numbers")),
        sa.UniqueConstraint("tenant", "kind", "item", name=op.f("uq_local_numbers_tenant")),
    )
    op.create_table(
        "local_counts",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", name=op.f("pk_local_counts")),
    )
