"""What all tables share: the metadata with its names, and ids that ascend."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Dialect, Integer, MetaData, Text, TypeDecorator

from bot.core.chat.stored_texts import as_stored, of_stored

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives out ascending row ids only for INTEGER PRIMARY KEY; PostgreSQL wants BIGINT.
Id = BigInteger().with_variant(Integer(), "sqlite")


class SaidText(TypeDecorator[str]):
    """A text for people: a message is one again when it is read (`bot.core.chat.stored_texts`). Statements in
    plain SQL call `as_stored` themselves."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """As it is stored."""
        return None if value is None else as_stored(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """As it was."""
        return None if value is None else of_stored(value)


def ascending_id() -> Column[int]:
    """A primary key whose values ascend with each new row."""
    return Column("id", Id, primary_key=True, autoincrement=True)
