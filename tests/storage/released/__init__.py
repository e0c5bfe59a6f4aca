"""What released versions of the bot ask their databases for, kept as data: their tables and statements.

A clone has no older version in it, so this stands for one: `NNNN.json` holds what the release whose newest
revision is NNNN has as tables (`shape`) and asks for (`sqlite`, `postgresql`: texts of statements, as its
code sent them while `tests.storage.released.record` watched). Files are never changed once made.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

HERE = Path(__file__).parent
RELEASES = sorted(path.stem for path in HERE.glob("[0-9]*.json"))
_NAMED = re.compile(r"%\((\w+)\)s|%s|%%")


def release(revision: str) -> dict[str, Any]:
    """What is kept of a release."""
    found: dict[str, Any] = json.loads((HERE / f"{revision}.json").read_text(encoding="utf-8"))
    return found


def shape(connection: Connection) -> dict[str, dict[str, dict[str, Any]]]:
    """By table and column: type, whether NULL may stand there, whether the database fills it by itself, and
    under "" what must be unique."""
    see = inspect(connection)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for table in sorted(see.get_table_names()):
        if table == "alembic_version":
            continue
        key = see.get_pk_constraint(table)["constrained_columns"]
        unique = [key, *(one["column_names"] for one in see.get_unique_constraints(table))]
        unique += [list(map(str, one["column_names"])) for one in see.get_indexes(table) if one["unique"]]
        found[table] = {
            str(column["name"]): {
                "type": str(column["type"]),
                "null": bool(column["nullable"]),
                "filled": column.get("default") is not None
                or (key == [column["name"]] and str(column["type"]) in ("INTEGER", "BIGINT")),
            }
            for column in see.get_columns(table)
        }
        found[table][""] = {"unique": sorted({",".join(one) for one in unique})}
        checks = see.get_check_constraints(table)
        found[table][""]["checks"] = sorted(str(one["sqltext"]) for one in checks)
    return found


def numbered(statement: str) -> str:
    """A statement of psycopg with the parameters that PostgreSQL itself knows: $1, $2."""
    names: dict[str, int] = {}
    plain = 0

    def one(match: re.Match[str]) -> str:
        nonlocal plain
        if match[0] == "%%":
            return "%"
        if match[1] is None:
            plain += 1
            return f"${plain}"
        return f"${names.setdefault(match[1], len(names) + 1)}"

    return _NAMED.sub(one, statement)


def explain(connection: Connection, statement: str) -> None:
    """Have the database plan a statement of a release, without any values and without doing it; raises what
    the database says where it does not fit these tables."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        # A name stands for one value, a question mark for one each.
        named = re.findall(r":(\w+)", statement)
        values: Any = dict.fromkeys(named) if named else (None,) * statement.count("?")
        raw.execute(f"EXPLAIN {statement}", values).close()
        return
    with raw.cursor() as cursor:
        how = "EXPLAIN (GENERIC_PLAN)" if raw.info.server_version >= 160000 else "PREPARE planned AS"
        cursor.execute(f"{how} {numbered(statement)}".encode())
        if raw.info.server_version < 160000:
            cursor.execute(b"DEALLOCATE planned")


def inserted(statement: str) -> tuple[str, set[str]] | None:
    """The table and the columns that an INSERT fills; None for any other statement."""
    found = re.match(r'\s*INSERT\s+(?:OR\s+\w+\s+)?INTO\s+"?(\w+)"?\s*\(([^)]*)\)', statement, re.IGNORECASE)
    if found is None:
        return None
    return found[1], {name.strip().strip('"') for name in found[2].split(",")}
