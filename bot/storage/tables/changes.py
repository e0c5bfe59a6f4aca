"""How often what decides about every command was changed: counted by triggers, whoever changes it.

`bot.storage.engine.remembered` gives such values from memory for as long as the count stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, Connection, Integer, Table, event

from bot.storage.tables.base import metadata

changes = Table(
    "changes",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

COUNTED: Final = ("grants", "policy_rules", "secrets", "timezones", "languages")
"""Tables whose changes are counted."""

_MORE: Final = (
    "INSERT INTO changes (one, number) VALUES (1, 1) "
    "ON CONFLICT (one) DO UPDATE SET number = changes.number + 1"
)


CHANGED: Final = "changes_counted"
"""The channel on which PostgreSQL tells the count, as each change is committed."""


def counting(dialect: str) -> Iterator[str]:
    """The statements that make the triggers, once all tables are there."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE now bigint; "
            f"BEGIN {_MORE} RETURNING number INTO now; "
            f"PERFORM pg_notify('{CHANGED}', now::text); RETURN NULL; END $$"
        )
        for table in COUNTED:
            yield (
                f"CREATE TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
            )
        return
    for table in COUNTED:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            yield f"CREATE TRIGGER {table}_counted_{deed.lower()} AFTER {deed} ON {table} BEGIN {_MORE}; END"


@event.listens_for(metadata, "after_create")
def _count(_metadata: object, connection: Connection, **_: object) -> None:
    """Tables that are made at once get them too."""
    for statement in counting(connection.dialect.name):
        connection.exec_driver_sql(statement)
