"""Budgets, and what was spent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_RUNNING = sa.text("hourly > 0")


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Float(), server_default="0", nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "scope", "subject", "period", name=op.f("pk_budgets")),
    )
    op.create_table(
        "charges",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("route", sa.String(length=40), server_default="", nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("draw", sa.String(length=80), server_default="", nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("charged", sa.Integer(), nullable=True),
        sa.Column("hourly", sa.Integer(), server_default="0", nullable=False),
        sa.Column("monitor", sa.String(length=80), server_default="", nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
    )
    op.create_index("ix_charges_tenant_at", "charges", ["tenant", "at"])
    op.create_index(
        "ix_charges_running", "charges", ["tenant"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )
    op.create_table(
        "balance_alerts",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("told_at", sa.Float(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_balance_alerts")),
    )
