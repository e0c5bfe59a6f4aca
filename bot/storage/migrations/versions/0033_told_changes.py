"""PostgreSQL tells other processes of changes of what decides about every command."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_MORE = (
    "INSERT INTO changes (one, number) VALUES (1, 1) "
    "ON CONFLICT (one) DO UPDATE SET number = changes.number + 1"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ DECLARE now bigint; BEGIN {_MORE} RETURNING number INTO now; "
            "PERFORM pg_notify('changes_counted', now::text); RETURN NULL; END $$"
        )
