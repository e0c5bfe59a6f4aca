"""How often policy, keys and own settings were changed, counted by triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TABLES = ("grants", "policy_rules", "secrets", "timezones", "languages")
_MORE = (
    "INSERT INTO changes (one, number) VALUES (1, 1) "
    "ON CONFLICT (one) DO UPDATE SET number = changes.number + 1"
)


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("one = 1"),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_changes")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_MORE}; RETURN NULL; END $$"
        )
        for table in _TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
            )
        return
    for table in _TABLES:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_counted_{deed.lower()} AFTER {deed} ON {table} BEGIN {_MORE}; END"
            )
