"""What all tables share: the metadata with its names, and ids that ascend."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives out ascending row ids only for INTEGER PRIMARY KEY; PostgreSQL wants BIGINT.
Id = BigInteger().with_variant(Integer(), "sqlite")


def ascending_id() -> Column[int]:
    """A primary key whose values ascend with each new row."""
    return Column("id", Id, primary_key=True, autoincrement=True)
