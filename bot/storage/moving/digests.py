"""What a table holds, as a count and a digest that both databases give alike, in whatever order they read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Boolean, Table

from bot.storage.moving.marks import OWN
from bot.storage.tables import changes, facts, metadata

Row: TypeAlias = tuple[Any, ...]
"""The values of one row as the driver of PostgreSQL gives them, in the order of the table's columns."""

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class TableDigest:
    """rows: how many. sum: of the SHA-256 of each row, modulo 2^256, so that their order does not matter."""

    rows: int
    sum: int


class Digesting:
    """Adds up the rows of one table."""

    def __init__(self) -> None:
        self._rows = 0
        self._sum = 0

    def add(self, row: Row) -> None:
        """Count a row in."""
        # `repr` tells 1 from "1", True and 1.0, and gives every digit of a float.
        hashed = hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest()
        self._rows += 1
        self._sum += int.from_bytes(hashed)

    @property
    def digest(self) -> TableDigest:
        """What was added up."""
        return TableDigest(self._rows, self._sum % _MODULUS)


def digest_of(rows: Iterable[Row]) -> TableDigest:
    """The digest of all rows of a table."""
    adding = Digesting()
    for row in rows:
        adding.add(row)
    return adding.digest


def whole(tables: Mapping[str, TableDigest]) -> str:
    """SHA-256 over the tables, by name: 64 hexadecimal digits. Without `changes`, which also counts
    statements that changed nothing."""
    listed = sorted(
        (name, one.rows, f"{one.sum:064x}") for name, one in tables.items() if name != changes.name
    )
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def copied_tables() -> list[Table]:
    """Every table, so that a new one is copied without another word about it."""
    return list(metadata.sorted_tables)


def columns(table: Table) -> str:
    """The names of its columns, for a statement."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def select_all(table: Table) -> str:
    """The statement that reads what is copied of a table, on both databases."""
    where = f" WHERE key NOT IN {OWN}" if table is facts else ""
    return f"SELECT {columns(table)} FROM {table.name}{where}"  # noqa: S608 - our own names


def truths(table: Table) -> frozenset[int]:
    """The places of columns that hold a truth value: SQLite keeps 0 or 1."""
    return frozenset(place for place, one in enumerate(table.columns) if isinstance(one.type, Boolean))
