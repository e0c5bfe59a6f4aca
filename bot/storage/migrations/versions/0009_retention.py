"""What each tenant has stored; whose forms are kept; indexes for what goes by its age."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_VOID = sa.text("state IN ('cancelled', 'expired')")
_AGES = (
    ("playground_messages", "at"),
    ("playground_files", "at"),
    ("slack_installations", "removed_at"),
)


def upgrade() -> None:
    op.create_table(
        "stored_bytes",
        sa.Column("tenant", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", name=op.f("pk_stored_bytes")),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    octets = "octet_length(data)" if postgres else "length(CAST(data AS BLOB))"
    op.execute(
        f"INSERT INTO stored_bytes SELECT tenant, 'events', sum({octets} + 400) FROM events GROUP BY tenant"  # noqa: S608 - constants
    )
    op.execute(
        "INSERT INTO stored_bytes SELECT tenant, 'messages', sum(counts) FROM ("
        " SELECT tenant, 500 + coalesce(length(card), 0) AS counts FROM deliveries"
        " UNION ALL SELECT tenant, 300 FROM held) AS rows_of_both GROUP BY tenant"
    )
    # An added column, and no rebuilt table, which would lose AUTOINCREMENT on SQLite.
    op.add_column(
        "button_states", sa.Column("person", sa.String(length=80), nullable=False, server_default="")
    )
    op.create_index("ix_button_states_person", "button_states", ["tenant", "person", "expires_at"])
    op.create_index(
        "ix_proposals_open",
        "proposals",
        ["tenant", "requester"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ix_proposals_void", "proposals", ["created_at"], sqlite_where=_VOID, postgresql_where=_VOID
    )
    for table, age in _AGES:
        op.create_index(f"ix_{table}_{age}", table, [age])


def downgrade() -> None:
    for table, age in _AGES:
        op.drop_index(f"ix_{table}_{age}", table_name=table)
    op.drop_index("ix_proposals_void", table_name="proposals")
    op.drop_index("ix_proposals_open", table_name="proposals")
    op.drop_index("ix_button_states_person", table_name="button_states")
    op.drop_column("button_states", "person")
    op.drop_table("stored_bytes")
