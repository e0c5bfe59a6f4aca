"""Whom the backups of a draw replaced, and which confirmed proposal a draw came of."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KNOWN = sa.text("draw IS NOT NULL")
_PROPOSALS = sa.table(
    "proposals",
    sa.column("id", sa.String),
    sa.column("kind", sa.String),
    sa.column("state", sa.String),
    sa.column("result", sa.Text),
    sa.column("draw", sa.String),
)


def upgrade() -> None:
    # Ordinary ALTER TABLEs: a batch would make the tables anew on SQLite.
    op.add_column("draw_backups", sa.Column("replaces", sa.String(length=16), nullable=True))
    op.add_column("draw_backups", sa.Column("moved_by_name", sa.String(length=120), nullable=True))
    op.create_index("ix_draw_backups_replaces", "draw_backups", ["tenant", "draw", "replaces"], unique=True)
    op.add_column("proposals", sa.Column("draw", sa.String(length=80), nullable=True))
    _name_the_draws()
    op.create_index(
        "ix_proposals_draw",
        "proposals",
        ["tenant", "draw"],
        sqlite_where=_KNOWN,
        postgresql_where=_KNOWN,
    )


def _name_the_draws() -> None:
    """The draws that were run before stand in the results alone."""
    done = sa.select(_PROPOSALS.c.id, _PROPOSALS.c.result).where(
        _PROPOSALS.c.kind == "draw.run", _PROPOSALS.c.state == "done", _PROPOSALS.c.result.is_not(None)
    )
    connection = op.get_bind()
    for row in connection.execute(done).all():
        result = json.loads(row.result)
        draw = result.get("draw") if isinstance(result, Mapping) else None
        if isinstance(draw, str) and 0 < len(draw) <= 80:
            connection.execute(sa.update(_PROPOSALS).where(_PROPOSALS.c.id == row.id).values(draw=draw))


def downgrade() -> None:
    op.drop_index("ix_proposals_draw", table_name="proposals")
    op.drop_column("proposals", "draw")
    op.drop_index("ix_draw_backups_replaces", table_name="draw_backups")
    op.drop_column("draw_backups", "moved_by_name")
    op.drop_column("draw_backups", "replaces")
