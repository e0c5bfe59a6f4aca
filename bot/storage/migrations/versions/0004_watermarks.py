"""How far each tenant's events are known to be stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watermarks",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=True),
        sa.Column("happened_at", sa.Float(), nullable=False),
        sa.Column("streamed", sa.String(length=60), nullable=True),
        sa.Column("key_at", sa.Float(), nullable=False),
        sa.Column("refused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_watermarks")),
    )


def downgrade() -> None:
    op.drop_table("watermarks")
