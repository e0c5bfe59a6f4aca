"""Several places a route, its settings, and what rhythm, fairness and shared monitors remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# As `str(Destination)` makes it.
_LANE = "tenant || '/' || channel || CASE WHEN thread IS NULL OR thread = '' THEN '' ELSE '/' || thread END"


def upgrade() -> None:
    _places()
    _rhythm()
    op.create_table(
        "muted_accounts",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("muted_by", sa.String(length=80), nullable=False),
        sa.Column("muted_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "channel", "account", name=op.f("pk_muted_accounts")),
    )
    op.create_table(
        "router_lags",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_router_lags")),
    )
    op.create_table(
        "monitor_uses",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("monitor", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "monitor", "tenant", name=op.f("pk_monitor_uses")),
    )
    op.create_index("ix_events_tenant", "events", ["tenant", "id"], unique=False)
    op.add_column("deliveries", sa.Column("about", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_deliveries_dead",
        "deliveries",
        ["tenant", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )


def _places() -> None:
    op.create_table(
        "route_places",
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=240), nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("last_success_at", sa.Float(), nullable=True),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("route", "lane", name=op.f("pk_route_places")),
    )
    op.create_index("ix_route_places_tenant", "route_places", ["tenant"], unique=False)
    op.create_index("ix_route_places_lane", "route_places", ["lane"], unique=False)
    # A route that is paused because its channel is gone says the same in both columns.
    op.execute(
        "INSERT INTO route_places (route, lane, tenant, position, channel, thread, lost_reason,"  # noqa: S608 - our own text only
        f" last_success_at, last_failure) SELECT id, {_LANE}, tenant, 0, channel, thread,"
        " CASE WHEN paused_reason = last_failure THEN paused_reason END, last_success_at, last_failure"
        " FROM routes"
    )
    op.add_column("routes", sa.Column("settings", sa.Text(), server_default="{}", nullable=False))
    op.add_column("routes", sa.Column("changed_at", sa.Float(), server_default="0", nullable=False))
    for name in ("channel", "thread", "last_success_at", "last_failure"):
        op.drop_column("routes", name)


def _rhythm() -> None:
    op.create_table(
        "tempo",
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=240), nullable=False),
        sa.Column("window_began", sa.Float(), server_default="0", nullable=False),
        sa.Column("in_window", sa.Integer(), server_default="0", nullable=False),
        sa.Column("day", sa.String(length=10), server_default="", nullable=False),
        sa.Column("in_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.Float(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("route", "lane", name=op.f("pk_tempo")),
    )
    op.create_table(
        "held",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=240), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=True),
        sa.Column("event", _ID, nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("released_as", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held")),
        sa.UniqueConstraint("lane", "purpose", name=op.f("uq_held_lane")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_held_event", "held", ["event"], unique=False)
    op.create_index(
        "ix_held_due",
        "held",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("released_as IS NULL"),
        postgresql_where=sa.text("released_as IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_dead", table_name="deliveries")
    op.drop_index("ix_events_tenant", table_name="events")
    op.drop_column("deliveries", "about")
    channel = sa.Column("channel", sa.String(length=80), server_default="", nullable=False)
    op.add_column("routes", channel)
    op.add_column("routes", sa.Column("thread", sa.String(length=80), nullable=True))
    op.add_column("routes", sa.Column("last_success_at", sa.Float(), nullable=True))
    op.add_column("routes", sa.Column("last_failure", sa.Text(), nullable=True))
    for name in ("settings", "changed_at"):
        op.drop_column("routes", name)
    for name in ("channel", "thread", "last_success_at", "last_failure"):
        op.execute(
            f"UPDATE routes SET {name} = (SELECT {name} FROM route_places"  # noqa: S608 - our own names only
            " WHERE route_places.route = routes.id AND position = 0)"
        )
    for table in ("monitor_uses", "router_lags", "muted_accounts", "held", "tempo", "route_places"):
        op.drop_table(table)
