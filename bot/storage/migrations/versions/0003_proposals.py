"""Proposals, and what was spent: downloads and drawn backups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draw_backups",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("draw", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moved_by", sa.String(length=80), nullable=False),
        sa.Column("moved_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "draw", "position", name=op.f("pk_draw_backups")),
    )
    op.create_table(
        "media_manifest",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("requester", sa.String(length=80), nullable=False),
        sa.Column("requested", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("gallery_url", sa.Text(), nullable=True),
        sa.Column("tweet", sa.String(length=40), nullable=True),
        sa.Column("cache_hit", sa.Boolean(), nullable=True),
        sa.Column("successful_tweets", sa.Integer(), nullable=True),
        sa.Column("media_items", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("settled_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_manifest")),
    )
    op.create_index("ix_media_manifest_tenant", "media_manifest", ["tenant", "created_at"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("requester", sa.String(length=80), nullable=False),
        sa.Column("requester_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("editable", sa.Text(), server_default="[]", nullable=False),
        sa.Column("credits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_by_name", sa.String(length=120), nullable=True),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("message", sa.String(length=120), nullable=True),
        sa.Column("locale", sa.String(length=16), server_default="en", nullable=False),
        sa.Column("write_action", sa.String(length=80), nullable=True),
        sa.Column("poll_at", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=True),
        sa.Column("settled_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(
        "ix_proposals_unsettled",
        "proposals",
        ["state", "expires_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
        postgresql_where=sa.text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_proposals_unsettled",
        table_name="proposals",
        sqlite_where=sa.text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
        postgresql_where=sa.text("state IN ('open', 'claimed', 'dispatching', 'polling')"),
    )
    op.drop_table("proposals")
    op.drop_index("ix_media_manifest_tenant", table_name="media_manifest")
    op.drop_table("media_manifest")
    op.drop_table("draw_backups")
