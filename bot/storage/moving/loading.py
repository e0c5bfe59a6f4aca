"""The PostgreSQL database that an installation is moved into: filled in one transaction, or left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import DatabaseUnusable, StorageUnavailable
from bot.storage.engine.failures import LOST, detail_of, unavailable
from bot.storage.migrate import engine_for
from bot.storage.moving.digests import (
    Digesting,
    Row,
    TableDigest,
    columns,
    copied_tables,
    digest_of,
    select_all,
    whole,
)
from bot.storage.moving.marks import MARK, CopyMark
from bot.storage.tables import changes, facts

_ROWS = 1000
# What an operator limits for a bot would end a long copy.
_PATIENT = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


class CopyTarget:
    """A PostgreSQL database in one transaction, in which nobody else reads or writes its tables."""

    def __init__(self, connection: Connection, driver: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._driver = driver

    def require_replaceable(self) -> None:
        """DatabaseUnusable unless nothing is stored in it but a copy that nobody has used since."""
        stored = self._connection.execute(
            text("SELECT value FROM facts WHERE key = :key"), {"key": MARK}
        ).scalar_one_or_none()
        if stored is None:
            # `changes` only counts what came and went.
            held = (one.name for one in copied_tables() if one is not changes and self._holds(one))
            if name := next(held, None):
                raise DatabaseUnusable(
                    f"The database of storage.url already holds something of its own (in the table {name}).",
                    remedy="Nothing was changed. Name an empty database in storage.url.",
                    code="not_empty",
                )
        elif whole(self.digests()) != CopyMark.read(stored).digest:
            raise DatabaseUnusable(
                "The database of storage.url was used after it was copied: copying again would delete what "
                "it has stored since.",
                remedy="Nothing was changed. Name an empty database in storage.url.",
                code="used",
            )

    def empty(self) -> None:
        """Take everything out."""
        names = ", ".join(table.name for table in copied_tables())
        self._connection.exec_driver_sql(f"TRUNCATE {names}")

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Without the triggers that count changes: what they have counted is copied as well."""
        for table in copied_tables():
            self._connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        yield
        for table in copied_tables():
            self._connection.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")

    def fill(self, table: Table, rows: Iterable[Row]) -> TableDigest:
        """Write the rows of a table; what was given."""
        given = Digesting()
        try:
            with (
                self._driver.cursor() as cursor,
                cursor.copy(f"COPY {table.name} ({columns(table)}) FROM STDIN") as copy,
            ):
                for row in rows:
                    given.add(row)
                    copy.write_row(row)
        except psycopg.DataError as error:
            # Not its context: that quotes the value.
            raise DatabaseUnusable(
                f"PostgreSQL does not take a row of the table {table.name}: "
                f"{error.diag.message_primary or 'a text holds a character that it cannot store'}.",
                remedy="Nothing was changed. Please report this, with the name of the table.",
                code="row_refused",
            ) from None
        return given.digest

    def go_on_after(self, table: Table, highest: int) -> None:
        """Let the ids of a table go on after that one."""
        self._connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :value, :used)"),
            {"table": table.name, "value": max(1, highest), "used": highest > 0},
        )

    def digests(self) -> Mapping[str, TableDigest]:
        """Of every table, read back."""
        return {table.name: digest_of(self._rows(table)) for table in copied_tables()}

    def mark(self, mark: CopyMark) -> None:
        """Say what was copied."""
        self._connection.execute(facts.insert().values(key=MARK, value=mark.stored()))

    def _holds(self, table: Table) -> bool:
        found = self._connection.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {table.name})")  # noqa: S608
        return bool(found.scalar_one())

    def _rows(self, table: Table) -> Iterator[Row]:
        # Not by iterating: with psycopg 3.3.0 that ends after the first part.
        with self._driver.cursor(name="read_back") as cursor:
            cursor.execute(select_all(table))
            while some := cursor.fetchmany(_ROWS):
                yield from some


@contextmanager
def filled(url: str) -> Iterator[CopyTarget]:
    """The database, whose tables there are; what was done in the block is kept when it ends well.

    StorageUnavailable when it does not answer.
    """
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL search_path TO DEFAULT")
            for limit in _PATIENT:
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
            names = ", ".join(table.name for table in copied_tables())
            connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)  # noqa: S101 - `engine_for` made it
            yield CopyTarget(connection, driver)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for limit in _PATIENT:
                connection.exec_driver_sql(f"SET {limit} = 0")
            connection.exec_driver_sql("ANALYZE")  # plans for what is in it now
    except SQLAlchemyError as error:
        raise unavailable(error) or error from error
    except psycopg.Error as error:  # of the copying itself, which SQLAlchemy does not do
        raise _away(error) or error from error
    finally:
        engine.dispose()


def _away(error: psycopg.Error) -> StorageUnavailable | None:
    """What `unavailable` says, of an error that SQLAlchemy has not seen; None for a mistake of ours."""
    detail = LOST if error.sqlstate is None else detail_of(error.sqlstate)
    return StorageUnavailable(detail, code="storage") if detail else None
