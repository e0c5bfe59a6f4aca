"""What one press puts in the place of a proposal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An ordinary ALTER TABLE: a batch would make the table anew on SQLite.
    op.add_column("proposals", sa.Column("alternative", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("proposals", "alternative")
