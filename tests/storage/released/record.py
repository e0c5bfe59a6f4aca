"""Keeps what this version asks its databases for, when it is released:

    .venv/bin/python -m tests.storage.released.record

runs tests of everything that is stored, notes the statements that the bot's own code sends to both databases
meanwhile, and writes `tests/storage/released/NNNN.json` for the newest revision.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from bot.storage.migrate import HEAD, engine_for
from tests.storage.released import HERE, explain, shape

ROOT = Path(__file__).parents[3]
BOT = str(ROOT / "bot") + "/"
ENGINE = BOT + "storage/engine/"
# They break databases, or use them without the bot.
LEFT_OUT = {
    "migrate",
    "moving",
    "postgres",
    "poolers",
    "relay_lock",
    "sqlite",
    "backups",
    "hearing",
    "hearing_restarts",
    "beside",
}
WATCHED = [
    *(str(path) for path in sorted(ROOT.glob("tests/storage/test_*.py")) if path.stem[5:] not in LEFT_OUT),
    *(
        str(ROOT / f"tests/relay/test_{name}.py")
        for name in ("lanes", "router", "journey", "upkeep", "catchup", "settling")
    ),
    str(ROOT / "tests/proposals/test_executor.py"),
]
ASKS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
OURSELVES = re.compile(r"pg_catalog|sqlite_master|alembic_version|pg_stat|PRAGMA|pg_terminate", re.IGNORECASE)


def _of_the_bot() -> bool:
    """Whether a statement comes of the bot's code, not of a test's own."""
    frame: FrameType | None = sys._getframe(2)
    by_a_writer = False  # of a file, in whose thread nobody stands who asked
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(BOT) and not name.startswith(ENGINE):
            return True
        if name.startswith(str(ROOT / "tests")) and not name.endswith("record.py"):
            return False
        by_a_writer = by_a_writer or name.startswith(ENGINE)
        frame = frame.f_back
    return by_a_writer


class Recording:
    """A plugin of pytest: notes statements by database."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {"sqlite": set(), "postgresql": set()}

    def note(self, dialect: str, statement: Any) -> None:
        if not isinstance(statement, str) or not ASKS.match(statement) or OURSELVES.search(statement):
            return
        if statement not in self.seen[dialect] and _of_the_bot():
            self.seen[dialect].add(statement)

    def watch(self) -> None:
        """Stand between the bot and both drivers."""
        note = self.note

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *args: Any) -> Any:
                note("sqlite", sql)
                return super().execute(sql, *args)

            def executemany(self, sql: str, *args: Any) -> Any:
                note("sqlite", sql)
                return super().executemany(sql, *args)

        class Connected(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def execute(self, sql: str, *args: Any) -> Any:
                return self.cursor().execute(sql, *args)

            def executemany(self, sql: str, *args: Any) -> Any:
                return self.cursor().executemany(sql, *args)

        connect = sqlite3.connect
        sqlite3.connect = lambda *args, **named: connect(*args, **{"factory": Connected, **named})
        for kind in (psycopg.Cursor, psycopg.AsyncCursor):
            for name in ("execute", "executemany"):
                setattr(kind, name, _noting(getattr(kind, name), note))


def _noting(call: Callable[..., Any], note: Callable[[str, Any], None]) -> Callable[..., Any]:
    def noted(self: Any, query: Any, *args: Any, **named: Any) -> Any:
        note("postgresql", query)
        return call(self, query, *args, **named)

    return noted


class Kept:
    """What is written, once the tests are through."""

    def __init__(self, seen: dict[str, set[str]]) -> None:
        self._seen = seen
        self.shape: dict[str, Any] = {}
        self.statements: dict[str, list[str]] = {}

    def keep(self, url: str, dialect: str) -> None:
        """Keep, while the database is still there, the statements that fit the tables of this version: what
        a test broke on purpose is no part of it."""
        engine = engine_for(url)
        with engine.connect() as connection:
            self.shape[dialect] = shape(connection)
        self.statements[dialect] = sorted(one for one in self._seen[dialect] if _fits(engine, one))
        engine.dispose()


def _fits(engine: Engine, statement: str) -> bool:
    try:
        with engine.connect() as connection:
            explain(connection, statement)
    except (sqlite3.Error, psycopg.Error) as error:
        print(f"left out: {error}\n  {statement}")
        return False
    return True


def main() -> int:
    """Record, and write the file."""
    recording = Recording()
    kept = Kept(recording.seen)

    class Keeping:
        @pytest.fixture
        def kept(self) -> Kept:
            return kept

    recording.watch()
    last = str(HERE / "keeping.py")
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-o", "python_files=test_*.py keeping.py"]
    code = pytest.main([*WATCHED, last, *options], plugins=[recording, Keeping()])
    # Whether the tests are green is looked at before; what they ask for counts all the same.
    if kept.statements:
        whole = {"revision": HEAD, "shape": kept.shape, **kept.statements}
        text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False)
        (HERE / f"{HEAD}.json").write_text(text + "\n", encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
