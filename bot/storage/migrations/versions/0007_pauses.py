"""By whom a route is paused and a place lost, and when a lost one is looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LOST = "lost_reason IS NOT NULL"
# As `bot.relay.asking.operating` writes it.
_OPERATOR = "paused by the operator of this bot"


def upgrade() -> None:
    # Added as they stand, without rebuilding a table: nothing of it is lost on SQLite.
    op.add_column(
        "routes", sa.Column("paused_by_person", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("routes", sa.Column("paused_at", sa.Float(), nullable=True))
    op.add_column("routes", sa.Column("paused_after", sa.BigInteger(), nullable=True))
    op.add_column("route_places", sa.Column("lost_at", sa.Float(), nullable=True))
    op.add_column(
        "route_places",
        sa.Column("lost_by_person", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("route_places", sa.Column("check_at", sa.Float(), nullable=True))
    op.add_column("route_places", sa.Column("left_out", sa.Integer(), server_default="0", nullable=False))
    for name, column in (("ix_route_places_lost", "lane"), ("ix_route_places_check", "check_at")):
        op.create_index(
            name, "route_places", [column], sqlite_where=sa.text(_LOST), postgresql_where=sa.text(_LOST)
        )
    # A pause that says the same as one of the route's lost places came with it.
    op.execute(
        "UPDATE routes SET paused_by_person = false WHERE paused_reason IN (SELECT lost_reason FROM"
        " route_places WHERE route_places.route = routes.id AND lost_reason IS NOT NULL)"
    )
    # What came before this revision while somebody paused a route is not known here.
    op.execute(
        "UPDATE routes SET paused_after = coalesce((SELECT position FROM cursors WHERE name = 'router'), 0)"
        " WHERE paused_reason IS NOT NULL AND paused_by_person"
    )
    lost = sa.table(
        "route_places", sa.column("lost_reason", sa.Text), sa.column("lost_by_person", sa.Boolean)
    )
    op.execute(lost.update().where(lost.c.lost_reason == _OPERATOR).values(lost_by_person=True))
    op.execute(f"UPDATE route_places SET check_at = 0 WHERE {_LOST}")  # noqa: S608 - our own text only
