"""Which X account acts where none is named, and as which ones a proposal could be done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "default_accounts",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=True),
        sa.Column("x_user", sa.String(length=40), nullable=True),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "scope", "subject", name=op.f("pk_default_accounts")),
    )
    # An ordinary ALTER TABLE: a batch would make the table anew on SQLite.
    op.add_column("proposals", sa.Column("accounts", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("proposals", "accounts")
    op.drop_table("default_accounts")
