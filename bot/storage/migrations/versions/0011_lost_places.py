"""Whether a place is lost is read from an index alone, however many routes lead there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LOST = sa.text("lost_reason IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_route_places_lost", table_name="route_places")
    # A reason may be no longer than what an index of PostgreSQL takes.
    op.execute(
        "UPDATE route_places SET lost_reason = substr(lost_reason, 1, 500) WHERE length(lost_reason) > 500"
    )
    op.create_index(
        "ix_route_places_lost",
        "route_places",
        ["lane", "lost_reason"],
        sqlite_where=_LOST,
        postgresql_where=_LOST,
    )
