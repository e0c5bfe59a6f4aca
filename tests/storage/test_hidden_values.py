"""What is given to a statement is not in the words of its error, which may reach a log."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.engine.database import Database
from bot.storage.migrate import engine_for

WRONG = text("SELECT nothing FROM nowhere WHERE x = :value")


async def test_an_error_of_the_database_does_not_say_what_was_given(
    database: Database, database_url: str
) -> None:
    for way in (database.read, database.write):
        with pytest.raises(SQLAlchemyError) as caught:
            await way(lambda connection: connection.execute(WRONG, {"value": "hush"}))
        assert "hush" not in str(caught.value)
    engine = engine_for(database_url)
    try:
        with engine.connect() as connection, pytest.raises(SQLAlchemyError) as caught:
            connection.execute(WRONG, {"value": "hush"})
        assert "hush" not in str(caught.value)
    finally:
        engine.dispose()
