"""Extractions: what was asked for is found by the id of the job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("write_action IS NOT NULL")
    op.create_index(
        "ix_proposals_write_action",
        "proposals",
        ["tenant", "write_action"],
        sqlite_where=where,
        postgresql_where=where,
    )
