"""Why PostgreSQL gave no connection is said where the bot is started, in the server's words, with a next step
that fits, and without anything of the address but names that look like names."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from bot.app.opening import storage_url_named
from bot.core.errors import DatabaseUnusable, said_of_outage
from bot.storage.engine.database import Database
from bot.storage.engine.refusals import refusal
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.migrate import migrate
from tests.doubles.pooler import pooler


async def _lock(url: str) -> None:
    lock = relay_lock(url)
    try:
        await lock.take()
    finally:
        await lock.release()


async def _open(url: str) -> None:
    await (await Database.open(url)).close()


WAYS: tuple[Callable[[str], Awaitable[object]], ...] = (_open, migrate, _lock)


async def refused(url: str | URL) -> DatabaseUnusable:
    """What is said, the same whoever connects: `check` and `run`, `migrate`, `migrate --from`."""
    told: list[DatabaseUnusable] = []
    for way in WAYS:
        with pytest.raises(DatabaseUnusable) as error, storage_url_named():
            await way(url if isinstance(url, str) else url.render_as_string(hide_password=False))
        told.append(error.value)
        assert error.value.__cause__ is not None
        assert said_of_outage(error.value.__cause__) == error.value.detail, "the log says the same"
        assert error.value.detail not in str(error.value.__cause__), "and a chat does not"
    assert len({(one.title, one.detail, one.remedy) for one in told}) == 1
    return told[0]


@asynccontextmanager
async def refusing(sentence: str) -> AsyncIterator[str]:
    """The address of a server that says this to everybody."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            (length,) = struct.unpack("!i", await reader.readexactly(4))
            (code, *_) = struct.unpack("!i", (await reader.readexactly(length - 4))[:4])
            if code == 196608:
                break
            writer.write(b"N")
        fields = b"SFATAL\0VFATAL\0C28P01\0M" + sentence.encode() + b"\0\0"
        writer.write(b"E" + struct.pack("!i", len(fields) + 4) + fields)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"postgresql://bot:hunter2@127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"


@pytest.mark.parametrize(
    ("sentence", "said", "step"),
    [
        (
            'password authentication failed for user "bot"',
            'password authentication failed for user "bot"',
            "password",
        ),
        ("sorry, too many clients already", "too many clients already", "max_connections"),
        ('no pg_hba.conf entry for host "h", user "u", no encryption', "no pg_hba.conf entry", "sslmode"),
        (
            "Passwort-Authentifizierung für »bot« fehlgeschlagen",
            "Passwort-Authentifizierung für …",
            "storage",
        ),
    ],
)
async def test_the_sentence_of_the_server_is_passed_on(sentence: str, said: str, step: str) -> None:
    async with refusing(sentence) as url:
        told = await refused(url)
    assert told.detail.startswith(f"the database cannot be reached: {said}")
    assert step in told.remedy
    assert "hunter2" not in told.detail + told.remedy


async def test_what_a_real_server_refuses(postgres_url: str) -> None:
    url = make_url(postgres_url)
    role = str(url.database)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0"))
    try:
        full = await refused(url.set(username=role))
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP ROLE {role}"))
        engine.dispose()
    assert f'too many connections for role "{role}"' in full.detail
    assert "CONNECTION LIMIT" in full.remedy and "fewer processes" in full.remedy
    missing = await refused(url.set(database="nowhere"))
    assert 'database "nowhere" does not exist' in missing.detail
    assert "createdb" in missing.remedy
    option = await refused(url.update_query_dict({"pool_size": "5"}))
    assert 'invalid connection option "pool_size"' in option.detail
    assert "Take it out of storage.url" in option.remedy
    wrong = await refused(url.update_query_dict({"sslmode": "hunter2"}))
    assert wrong.detail.endswith("invalid sslmode value")
    async with pooler(postgres_url, whole=True) as between:
        plain = await refused(make_url(between.url).update_query_dict({"sslmode": "require"}))
    assert "server does not support SSL" in plain.detail
    assert "sslmode" in plain.remedy


async def test_a_wrong_port_and_a_wrong_host() -> None:
    port = await refused("postgresql://bot:hunter2@127.0.0.1:9/bot")
    assert "connection refused" in port.detail and "the port" in port.remedy
    host = await refused("postgresql://bot:hunter2@nowhere.invalid/bot")
    assert "cannot be resolved" in host.detail and "%40" in host.remedy


@pytest.mark.parametrize(
    "url",
    ["postgresql://bot:pw@hunter2@localhost/bot", "postgresql://bot:pw@x.invalid/hunter2@localhost/bot"],
)
async def test_half_a_password_that_was_taken_for_something_else_is_never_said(url: str) -> None:
    told = await refused(url)
    assert "hunter2" not in f"{told.detail} {told.remedy} {said_of_outage(told)}"


@pytest.mark.parametrize(
    "said",
    [
        'FATAL:  database "hunter2@localhost/bot" does not exist',
        'FATAL:  database "a" hunter2@b" does not exist',
        'FATAL:  password authentication failed for user "hunter2@x"',
        "FATAL:  no such database: hunter2",
        'FATAL:  role "hunter2 x" does not exist',
        'FATAL:  unrecognized configuration parameter "hunter2"',
        "FATAL:  invalid command-line argument for server process: hunter2@x",
        'invalid connection option "hunter2@localhost/bot"',
        'invalid sslmode value: "hunter2"',
        "bad value for connect_timeout: 'hunter2'",
        'invalid integer value "hunter2" for connection option "port"',
        "failed to resolve host 'hunter2': [Errno -2] Name or service not known",
        'connection to server at "hunter2", port 5432 failed: Connection refused',
        'connection to server on socket "/hunter2/.s.PGSQL.5432" failed: No such file or directory',
        "something else about hunter2",
    ],
)
def test_nothing_but_known_sentences_goes_on(said: str) -> None:
    told = refusal(said)
    assert told is None or "hunter2" not in told.detail + told.remedy
