"""Reading and writing, on a SQLite file and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.migrate import engine_for
from bot.storage.tables import facts


async def keys(database: Database) -> list[str]:
    async def work(connection: AsyncConnection) -> list[str]:
        return list((await connection.execute(select(facts.c.key).order_by(facts.c.key))).scalars())

    return await database.read(work)


def adding(key: str, value: str = "v") -> Callable[[AsyncConnection], Awaitable[str]]:
    async def work(connection: AsyncConnection) -> str:
        await connection.execute(facts.insert().values(key=key, value=value))
        return key

    return work


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(adding("a")) == "a"
    assert await keys(database) == ["a"]


async def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    names = [f"k{i:03}" for i in range(300)]
    assert await asyncio.gather(*(database.write(adding(name)) for name in names)) == names
    assert await keys(database) == names


async def test_only_the_failing_writers_get_their_errors(database: Database) -> None:
    await database.write(adding("k010"))
    await database.write(adding("k077"))
    names = [f"k{i:03}" for i in range(100)]
    answers = await asyncio.gather(*(database.write(adding(k)) for k in names), return_exceptions=True)
    failed = [k for k, answer in zip(names, answers, strict=True) if isinstance(answer, IntegrityError)]
    assert failed == ["k010", "k077"]
    assert [k for k, answer in zip(names, answers, strict=True) if answer == k] == [
        k for k in names if k not in failed
    ]
    assert await keys(database) == names


async def test_nothing_of_a_failing_write_is_kept(database: Database) -> None:
    async def half(connection: AsyncConnection) -> None:
        await adding("half")(connection)
        msg = "on purpose"
        raise LookupError(msg)

    with pytest.raises(LookupError, match="on purpose"):
        await database.write(half)
    assert await keys(database) == []


async def test_a_mistake_in_a_statement_is_the_callers(database: Database) -> None:
    with pytest.raises(SQLAlchemyError, match="nowhere"):
        await database.write(lambda connection: connection.execute(text("DELETE FROM nowhere")))
    with pytest.raises(SQLAlchemyError, match="nowhere"):
        await database.read(lambda connection: connection.execute(text("SELECT * FROM nowhere")))
    await database.write(adding("after"))
    assert await keys(database) == ["after"]


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(StorageUnavailable, match="read-only"):
        await database.read(adding("a"))
    assert await keys(database) == []


async def test_all_statements_of_a_read_see_the_same_moment(database: Database, database_url: str) -> None:
    async def work(connection: AsyncConnection) -> tuple[int, int]:
        before = len((await connection.execute(select(facts.c.key))).all())
        other = engine_for(database_url)
        with other.begin() as writing:
            writing.execute(facts.insert().values(key="meanwhile", value="v"))
        other.dispose()
        return before, len((await connection.execute(select(facts.c.key))).all())

    assert await database.read(work) == (0, 0)
    assert await keys(database) == ["meanwhile"]


async def test_what_reads_before_it_decides_can_be_serialised(database: Database) -> None:
    await database.write(adding("counter", "0"))

    async def increment(connection: AsyncConnection) -> None:
        await database.serialised(connection, "counter")
        query = select(facts.c.value).where(facts.c.key == "counter")
        value = int((await connection.execute(query)).scalar_one())
        await connection.execute(update(facts).where(facts.c.key == "counter").values(value=str(value + 1)))

    await asyncio.gather(*(database.write(increment) for _ in range(25)))
    count = select(facts.c.value)
    assert (await database.read(lambda connection: connection.execute(count))).scalar_one() == "25"


async def test_a_cancelled_writer_disturbs_no_other(database: Database) -> None:
    tasks = [asyncio.ensure_future(database.write(adding(f"k{i}"))) for i in range(6)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    tasks[4].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, str)] == ["k0", "k1", "k3", "k5"]
    assert {"k0", "k1", "k3", "k5"} <= set(await keys(database))


_LOAD = """
import asyncio, sys
from bot.storage.engine.database import Database
from bot.storage.tables import facts

async def main():
    database = await Database.open(sys.argv[1])
    async def writer(name):
        i = 0
        while True:
            key = f"{name}-{i}"
            await database.write(lambda c: c.execute(facts.insert(), {"key": key, "value": "v" * 200}))
            print(key, flush=True)
            i += 1
    await asyncio.gather(*(writer(n) for n in range(16)))

asyncio.run(main())
"""


async def test_a_killed_process_loses_nothing_it_had_acknowledged(database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _LOAD, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(400)]
    process.kill()
    lines += [line async for line in process.stdout]
    assert await process.wait() == -signal.SIGKILL
    acknowledged = [line.decode().strip() for line in lines if line.endswith(b"\n")]
    assert len(acknowledged) >= 400

    database = await Database.open(database_url)
    assert set(acknowledged) <= set(await keys(database))
    await database.write(adding("still writable"))
    await database.close()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://bob:hunter2@host/bot", "bob:hunter2"]
)
def test_another_sort_of_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"storage\.url must be sqlite") as error:
        address(url)
    assert "hunter2" not in str(error.value)


async def test_the_first_reads_of_a_start_may_come_all_at_once(tmp_path: Path) -> None:
    """They once met in a lock of SQLAlchemy's that only one thread at a time can wait for."""

    async def one(connection: AsyncConnection) -> int:
        return int((await connection.execute(text("SELECT 1"))).scalar_one())

    for trial in range(20):
        database = await Database.open(f"sqlite:///{tmp_path / str(trial)}.db")
        try:
            assert await asyncio.gather(*(database.read(one) for _ in range(20))) == [1] * 20
        finally:
            await database.close()
