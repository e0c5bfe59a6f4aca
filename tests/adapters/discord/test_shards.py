"""Several processes of one bot: its shards are shared out, handed over and taken over."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import Counter
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import create_engine, make_url, text

from adapters.discord.sharing import share
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from tests.adapters.discord.harness import DiscordHarness, instant
from tests.adapters.discord.shared import child, looking, process
from tests.doubles.discord import DiscordServer, Guild
from tests.journeys.run.harness import until


def own(*houses: DiscordHarness) -> list[list[int]]:
    """Which shards each process has."""
    return [sorted(house.platform.client.shards) for house in houses]


async def whole(server: DiscordServer, *houses: DiscordHarness) -> None:
    """Once every process is content, and every shard is connected once."""

    def settled() -> bool:
        return all(house.platform.ready for house in houses) and all(
            server.gateway.connections(shard) == 1 for shard in range(server.shards)
        )

    await until(settled, 20.0, f"a settled state, not {[h.platform.ready for h in houses]} {own(*houses)}")


def guilds_of_shards(server: DiscordServer, count: int) -> list[Guild]:
    """A server in each shard."""
    server.shards = server.gateway.at_once = count
    return [server.add_guild(id=(1000 * count + shard << 22) + 1, name=f"G{shard}") for shard in range(count)]


@pytest.mark.parametrize(
    ("owners", "shares"),
    [
        ({}, [2, 1, 1]),
        ({0: 1, 1: 1, 2: 1, 3: 1}, [2, 1, 1]),
        ({0: 3, 1: 3, 2: 2, 3: 1}, [1, 1, 2]),
        ({0: 9, 1: 9}, [2, 1, 1]),
    ],
)
def test_shares_are_even_and_nothing_moves_for_the_one_that_is_over(
    owners: dict[int, int], shares: list[int]
) -> None:
    assert [share(4, owners, [1, 2, 3], own) for own in (1, 2, 3)] == shares


def test_more_processes_than_shards_stand_by() -> None:
    assert [share(1, {0: 2}, [1, 2], own) for own in (1, 2)] == [0, 1]


async def test_a_process_that_joins_gets_its_share_and_no_other_session_is_dropped(
    server: DiscordServer, postgres_url: str
) -> None:
    guilds = guilds_of_shards(server, 4)
    async with process(server, postgres_url) as first:
        await whole(server, first)
        assert own(first) == [[0, 1, 2, 3]]
        async with process(server, postgres_url) as second:
            await until(lambda: own(first, second) == [[0, 1], [2, 3]], 20.0, "two each")
            await whole(server, first, second)
            # The borrowed sessions were gone on with until new ones had begun beside them.
            await until(lambda: server.gateway.identifies == 6, 20.0, "sessions of its own")
            await whole(server, first, second)
            known = [{g.id for g in house.platform.client.guilds} for house in (first, second)]
            assert known == [{g.id for g in guilds[:2]}, {g.id for g in guilds[2:]}]
            moved = Counter(shard for shard, code in server.gateway.left_with if code == 4000)
            assert moved == {2: 1, 3: 1}
            for guild, house in zip(guilds, (first, first, second, second), strict=True):
                place, person = guild.add_channel("general"), guild.add_member(name="ann")
                asked = await server.slash(guild, place, person, "help")
                await asked.wait_for_answer()
                await until(partial(_asked, house), 5.0, "the command there")
        await until(lambda: own(first) == [[0, 1, 2, 3]], 20.0, "all of them again")
        await whole(server, first)
    assert server.gateway.resumes == 4


async def test_what_is_asked_while_a_shard_moves_is_answered(
    server: DiscordServer, guild: Guild, postgres_url: str
) -> None:
    place, person = guild.add_channel("general"), guild.add_member(name="ann")
    gate = asyncio.Event()

    async def when_opened(_seconds: float) -> None:
        await gate.wait()

    async with process(server, postgres_url) as first:
        await whole(server, first)
        async with process(server, postgres_url, repeat=looking(when_opened)) as second:
            sessions = second.platform._sharing
            assert sessions is not None

            async def there() -> bool:
                name = f"discord:{server.application_id}:present"
                return len((await sessions.locks.held([name]))[name]) == 2

            await until(there, 10.0, "the second process")
            await first.platform.stop()
            assert not server.gateway.connected
            asked = await server.slash(guild, place, person, "help", wait=False)
            gate.set()
            await asked.wait_for_answer()
            assert server.gateway.left_with[0] == (0, 4000)
            await whole(server, second)
            await until(lambda: second.observer.outcomes, 5.0, "the command there")
            assert [command for command, _ in second.observer.outcomes] == ["help"]
    assert server.gateway.left_with[-1] == (0, 1000), "nobody is there who could go on with it"
    assert server.gateway.resumes == 1


async def test_sessions_begin_one_at_a_time_for_each_remainder(
    server: DiscordServer, postgres_url: str
) -> None:
    server.shards, server.gateway.at_once = 4, 2
    async with (
        process(server, postgres_url, apart=0.4) as first,
        process(server, postgres_url, apart=0.4) as second,
    ):
        await whole(server, first, second)
        await until(lambda: own(first, second) == [[0, 1], [2, 3]] or _even(first, second), 20.0, "two each")
        server.gateway.forget_sessions()  # everybody has to begin anew at once
        await until(lambda: server.gateway.identifies >= 8, 20.0, "new sessions")
        await whole(server, first, second)
    for remainder in range(2):
        times = [at for shard, at in server.gateway.begun if shard % 2 == remainder]
        assert min(after - before for before, after in pairwise(times)) >= 0.35


def _cut(url: str) -> None:
    """End every connection that holds shards, as a restart of the server does."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name LIKE 'xquik-bot discord%' AND datname = current_database()"
            )
        )
    engine.dispose()


async def _noted(house: DiscordHarness, count: int) -> bool:
    rows = await house.database.read(lambda c: c.execute(text("SELECT count(*) FROM gateway_sessions")))
    return bool(rows.scalar_one() == count)


def _asked(house: DiscordHarness) -> bool:
    return bool(house.observer.outcomes)


def _even(*houses: DiscordHarness) -> bool:
    return [len(shards) for shards in own(*houses)] == [2, 2]


async def test_where_no_session_may_begin_any_more_it_is_said_and_waited_for(
    server: DiscordServer, guild: Guild, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.gateway.starts_left = 0
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        if seconds == 300.0:
            server.gateway.starts_left = 1
        await asyncio.sleep(0)

    caplog.set_level(logging.ERROR)
    async with process(server, postgres_url, pause_with=pause) as house:
        await whole(server, house)
    assert 300.0 in waits
    assert "begin none of its 1000 sessions" in caplog.text


async def test_a_database_that_restarts_takes_no_shard_from_anybody(
    server: DiscordServer, guild: Guild, postgres_url: str
) -> None:
    async with process(server, postgres_url) as house:
        await whole(server, house)
        sharing = house.platform._sharing
        assert sharing is not None
        before = sharing.locks.number
        await asyncio.to_thread(_cut, postgres_url)
        name = f"discord:{server.application_id}:shard:0"
        await until(
            lambda: sharing.locks.holds(name) and sharing.locks.number not in (None, before), 20.0, "the lock"
        )
        await whole(server, house)
        assert own(house) == [[0]]
        assert server.gateway.left_with == [] and server.gateway.identifies == 1


async def test_a_process_that_cannot_reach_discord_leaves_its_shards_to_others(
    server: DiscordServer, postgres_url: str
) -> None:
    server.shards = server.gateway.at_once = 2
    nowhere = "ws://127.0.0.1:1/gateway"
    async with process(server, postgres_url, gateway_url=nowhere) as cut_off:
        await until(lambda: len(cut_off.platform._shards.own) == 2, 20.0, "shards that never connect")  # type: ignore[union-attr]
        async with process(server, postgres_url) as first:

            def all_there() -> bool:
                once = all(server.gateway.connections(shard) == 1 for shard in range(2))
                return own(first) == [[0, 1]] and first.platform.ready and once

            await until(all_there, 20.0, "all of them")
            assert not cut_off.platform.ready
    assert server.gateway.identifies >= 2


async def test_a_refusal_for_good_ends_the_connection(
    server: DiscordServer, guild: Guild, postgres_url: str
) -> None:
    async with process(server, postgres_url) as house:
        await whole(server, house)
        server.gateway.drop(4014)
        async with asyncio.timeout(20):
            failure = await house.platform.ended()
        assert failure is not None and "4014" in failure.detail
        assert not house.platform.ready


async def test_what_a_connection_loses_it_goes_on_with(
    server: DiscordServer, guild: Guild, postgres_url: str
) -> None:
    place, person = guild.add_channel("general"), guild.add_member(name="ann")
    async with process(server, postgres_url) as house:
        await whole(server, house)
        for lose in (server.gateway.drop, server.gateway.ask_to_reconnect):
            resumed = server.gateway.resumes
            lose()
            await until(lambda before=resumed: server.gateway.resumes > before, 20.0, "the session")  # type: ignore[misc]
            await whole(server, house)
            await (await server.slash(guild, place, person, "help")).wait_for_answer()
        assert server.gateway.identifies == 1


async def test_a_session_whose_address_is_gone_is_given_up(
    server: DiscordServer, guild: Guild, postgres_url: str
) -> None:
    server.gateway.url = "ws://127.0.0.1:1/gone"  # where Discord has the session gone on with
    async with process(server, postgres_url, pause_with=instant) as house:
        await whole(server, house)
        server.gateway.drop()
        await until(lambda: server.gateway.identifies == 2, 20.0, "a new session")
        await whole(server, house)
        assert server.gateway.resumes == 0


async def test_all_processes_follow_when_discord_wants_more_shards(
    server: DiscordServer, postgres_url: str
) -> None:
    async with process(server, postgres_url) as first:
        await whole(server, first)
        guilds_of_shards(server, 2)
        async with process(server, postgres_url) as second:
            await until(lambda: own(first, second) in ([[0], [1]], [[1], [0]]), 20.0, "one each")
            await whole(server, first, second)

            def counts() -> set[int]:
                return {s.shard[1] for s in server.gateway.sessions.values() if s.connection is not None}

            await until(lambda: counts() == {2}, 20.0, "the former shard's end")
            await whole(server, first, second)
            known = [len(house.platform.client.guilds) for house in (first, second)]
            assert known == [1, 1], "each server once"


async def test_the_commands_are_sent_once(server: DiscordServer, postgres_url: str) -> None:
    async with process(server, postgres_url) as first, process(server, postgres_url) as second:
        await whole(server, first, second)
    assert [r.method for r in server.requests if r.path.endswith("/commands")] == ["PUT"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_shards_of_a_process_that_dies_or_stands_still_are_taken_over(
    server: DiscordServer, postgres_url: str, how: signal.Signals
) -> None:
    guilds = guilds_of_shards(server, 2)
    async with child(server, postgres_url) as other:
        await until(lambda: server.gateway.identifies == 2, 20.0, "both shards")
        async with process(server, postgres_url) as house:
            await until(lambda: len(own(house)[0]) == 1, 20.0, "one of them")
            await whole(server, house)
            await until(partial(_noted, house, 2), 20.0, "the sessions of both")
            resumed = server.gateway.resumes
            other.send_signal(how)
            await until(lambda: own(house) == [[0, 1]], 20.0, "the other one too")
            await whole(server, house)
            assert server.gateway.resumes == resumed + 1, "what happened meanwhile is heard of"
            for guild in guilds:
                place, person = guild.add_channel("general"), guild.add_member(name="ann")
                await (await server.slash(guild, place, person, "help")).wait_for_answer()
            if how is signal.SIGSTOP:
                other.send_signal(signal.SIGCONT)
                await until(lambda: len(own(house)[0]) == 1, 20.0, "one each again")
            await whole(server, house)
        if how is signal.SIGSTOP:
            await until(
                lambda: server.gateway.connections(0) == server.gateway.connections(1) == 1, 20.0, "the rest"
            )


async def test_the_settings_may_say_how_many_there_are(server: DiscordServer, postgres_url: str) -> None:
    server.gateway.at_once = 3
    async with process(server, postgres_url, shard_count=3) as house:
        await until(lambda: own(house) == [[0, 1, 2]] and house.platform.ready, 20.0, "three shards")
        assert {s.shard[1] for s in server.gateway.sessions.values()} == {3}


async def test_how_many_there_are_is_known_to_all(server: DiscordServer, postgres_url: str) -> None:
    server.shards = server.gateway.at_once = 3
    database = await Database.open(postgres_url)
    kv = StoredKeyValues(database)
    async with process(server, postgres_url) as first:
        await whole(server, first)
        server.shards = 2  # Discord wants fewer now; those who are there stay with what they have
        async with process(server, postgres_url) as second:
            server.shards = 3
            await whole(server, first, second)
            assert await kv.get(f"discord:{server.application_id}:shards") == "3"
    server.shards = 2
    async with process(server, postgres_url) as alone:
        await whole(server, alone)
        assert own(alone) == [[0, 1]]
    await database.close()
