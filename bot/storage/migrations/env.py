"""Alembic runs this file. The connection comes from `bot.storage.migrate`, or, when a new revision is
written by hand, from `alembic -x url=…`.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from bot.storage.migrate import engine_for, say_oldest
from bot.storage.tables import metadata


def _run(connection: Connection) -> None:
    attributes = context.config.attributes
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        # SQLite gives an empty text as a default back in parentheses, which looks like a change.
        compare_server_default=connection.dialect.name == "postgresql",
        # SQLite alters a table by making a new one.
        render_as_batch=True,
        # Both databases undo a half-made change of tables; all revisions go in or none.
        transactional_ddl=True,
        on_version_apply=attributes.get("on_version_apply"),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = engine_for(context.get_x_argument(as_dictionary=True)["url"])
    with engine.begin() as own:
        _run(own)
        say_oldest(own)
    engine.dispose()
