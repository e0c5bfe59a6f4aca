"""VIEW for the admins of places that have a policy of their own, and whose each draft is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # All that VIEW opens was open to whoever might use the bot, and admins always might.
    op.execute("UPDATE grants SET permissions = permissions | 16 WHERE kind = 'admins'")
    op.create_table(
        "draft_authors",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("draft", sa.String(length=120), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "draft", name=op.f("pk_draft_authors")),
    )
    op.create_index("ix_draft_authors_of", "draft_authors", ["tenant", "author", "saved_at"])


def downgrade() -> None:
    op.drop_table("draft_authors")
    op.execute("UPDATE grants SET permissions = permissions & ~16")
