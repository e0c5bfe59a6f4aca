"""Tenants, their secrets and policy, the installations, and what buttons and caches remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "button_states",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_button_states")),
    )
    op.create_index(op.f("ix_button_states_expires_at"), "button_states", ["expires_at"], unique=False)
    op.create_table(
        "cached_answers",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_cached_answers")),
    )
    op.create_index(op.f("ix_cached_answers_expires_at"), "cached_answers", ["expires_at"], unique=False)
    op.create_table(
        "claims",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_claimed_at"), "claims", ["claimed_at"], unique=False)
    op.create_table(
        "facts",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_facts")),
    )
    op.create_table(
        "grants",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("permissions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "subject", name=op.f("pk_grants")),
    )
    op.create_table(
        "playground_channels",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "channel", name=op.f("pk_playground_channels")),
    )
    op.create_table(
        "playground_files",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("viewer", sa.String(length=80), server_default="", nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "file", name=op.f("pk_playground_files")),
    )
    op.create_table(
        "playground_messages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("viewer", sa.String(length=80), server_default="", nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playground_messages")),
        sa.UniqueConstraint("tenant", "channel", "key", name=op.f("uq_playground_messages_tenant")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_playground_messages_channel", "playground_messages", ["tenant", "channel", "id"], unique=False
    )
    op.create_table(
        "secrets",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.String(length=40), server_default="", nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "field", name=op.f("pk_secrets")),
    )
    op.create_table(
        "slack_installations",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("enterprise", sa.String(length=40), nullable=True),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("bot_user", sa.String(length=40), server_default="", nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("installed_at", sa.Float(), nullable=False),
        sa.Column("removed_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_slack_installations")),
    )
    op.create_table(
        "slack_oauth_states",
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_slack_oauth_states")),
    )
    op.create_index(
        op.f("ix_slack_oauth_states_expires_at"), "slack_oauth_states", ["expires_at"], unique=False
    )
    op.create_table(
        "tenants",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("removed_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_tenants")),
    )


def downgrade() -> None:
    op.drop_table("tenants")
    op.drop_index(op.f("ix_slack_oauth_states_expires_at"), table_name="slack_oauth_states")
    op.drop_table("slack_oauth_states")
    op.drop_table("slack_installations")
    op.drop_table("secrets")
    op.drop_index("ix_playground_messages_channel", table_name="playground_messages")
    op.drop_table("playground_messages")
    op.drop_table("playground_files")
    op.drop_table("playground_channels")
    op.drop_table("grants")
    op.drop_table("facts")
    op.drop_index(op.f("ix_claims_claimed_at"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_cached_answers_expires_at"), table_name="cached_answers")
    op.drop_table("cached_answers")
    op.drop_index(op.f("ix_button_states_expires_at"), table_name="button_states")
    op.drop_table("button_states")
