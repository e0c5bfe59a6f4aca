"""Media: files that wait to be confirmed, in parts, and the hand-off log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media_files",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("proposal", sa.String(length=40), nullable=True),
        sa.Column("upload_key", sa.String(length=80), nullable=True),
        sa.Column("write_action", sa.String(length=80), nullable=True),
        sa.Column("media_id", sa.String(length=80), nullable=True),
        sa.Column("media_url", sa.Text(), nullable=True),
        sa.Column("charged", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_files")),
    )
    op.create_index("ix_media_files_tenant", "media_files", ["tenant"])
    op.create_index("ix_media_files_proposal", "media_files", ["proposal"])
    op.create_index("ix_media_files_expires", "media_files", ["expires_at"])
    op.create_table(
        "media_parts",
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("file", "number", name=op.f("pk_media_parts")),
    )
    op.create_index("ix_media_parts_expires", "media_parts", ["expires_at"])
    op.create_table(
        "media_handoff",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_handoff")),
    )
    op.create_index("ix_media_handoff_tenant", "media_handoff", ["tenant", "at", "id"])
