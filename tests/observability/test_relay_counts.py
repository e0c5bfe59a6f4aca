"""What only a relay at work can tell: doubts about messages, commits, comparisons, streams."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.sampling import Sampler
from bot.app.wiring import App
from bot.core.chat.card_json import encode
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Absent, Found, Lookup, Unreadable
from bot.core.errors import StorageUnavailable
from bot.core.routes.dead_letters import DeadLetters
from bot.core.routes.tracing import SendAttempt, trace_id
from bot.observability.figures import BotMetrics
from bot.observability.observers import RelayLog
from bot.relay.observing import Unobserved
from bot.relay.sending.outbox import delivery_key
from bot.sandbox.server import serve_sandbox
from bot.settings import Settings, StorageSection, VaultSection, XquikSection
from bot.storage.engine.database import Database
from bot.storage.relay.replaying import replay_dead
from bot.storage.secrets.vault import new_key
from bot.storage.tables import deliveries, events
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, route, until
from tests.relay.sandbox_harness import SANDBOX, Xquik


class Told(Unobserved):
    """Keeps what it is told of messages."""

    def __init__(self) -> None:
        self.sendings: list[SendAttempt] = []

    def sent(self, sending: SendAttempt) -> None:
        self.sendings.append(sending)


def figure(figures: BotMetrics, line: str) -> float:
    found = [one for one in figures.text().decode().splitlines() if one.startswith(f"xquik_bot_{line} ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


async def _soon(seconds: float) -> None:
    """The relay's pauses; the short ones are over at once."""
    await asyncio.sleep(0 if seconds <= 2 else seconds)


@pytest.mark.parametrize(
    ("window", "lookup", "resolution"),
    [
        (180.0, Absent(), "repeated_key"),
        (0.0, Found("m1"), "found"),
        (0.0, Absent(), "absent"),
        (0.0, Unreadable(), "marked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_how_a_doubt_was_settled_is_counted(
    sqlite_url: str, window: float, lookup: Lookup, resolution: str
) -> None:
    database = await Database.open(sqlite_url)
    interrupted = insert(deliveries).values(
        tenant=str(TENANT),
        lane=f"{TENANT}/C1#cards",
        channel="C1",
        kind="card",
        dedup_key="p:1",
        card=encode(Card("Posted", ())),
        key="k1",
        state="sending",
        attempts=1,
        sending_since=time.time() - 5,
        created_at=time.time() - 6,
    )
    await database.write(lambda connection: connection.execute(interrupted))
    figures = BotMetrics()
    messenger = RecordingMessenger(idempotent_window=window, lookup=lookup)
    relay = make_relay(database, messenger, observer=RelayLog(figures), sleep=_soon)
    await relay.start()

    async def settled() -> bool:
        async def work(connection: AsyncConnection) -> str:
            return str((await connection.execute(select(deliveries.c.state))).scalar_one())

        return await database.read(work) == "sent"

    await until(settled)
    await relay.stop(grace=2.0)
    await database.close()
    counted = {
        one: figure(figures, f'sends_ambiguous_total{{platform="slack",resolution="{one}"}}')
        for one in ("repeated_key", "found", "absent", "marked")
    }
    assert counted == dict.fromkeys(counted, 0.0) | {resolution: 1.0}


async def test_a_replayed_event_keeps_its_trace_and_its_delay_counts_from_the_replay(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    day = 86_400.0
    old = insert(events).values(
        id=7,
        tenant=str(TENANT),
        identity="e:42",
        body_hash=b"0" * 32,
        type="tweet.new",
        data="{}",
        occurred_at=time.time() - day,
        received_at=time.time() - day,
        via="webhook",
    )
    dead = insert(deliveries).values(
        tenant=str(TENANT),
        lane=f"{TENANT}/C1",
        channel="C1",
        kind="event",
        event=7,
        dedup_key="e:7",
        key="k1",
        state="dead",
        error="gave up",
        attempts=80,
        created_at=time.time() - day,
        settled_at=time.time() - day,
    )
    await database.write(lambda connection: connection.execute(old))
    await database.write(lambda connection: connection.execute(dead))
    told = Told()
    relay = make_relay(database, RecordingMessenger(), observer=told)
    await relay.start()
    done = await replay_dead(database, DeadLetters(), now=time.time(), key=delivery_key)
    relay.wake(done.lanes[0])
    await until(lambda: told.sendings)
    await relay.stop(grace=2.0)
    await database.close()
    [sending] = told.sendings
    assert sending.trace == trace_id(TENANT, "e:42")
    assert sending.seconds < 60


async def test_every_commit_is_timed_and_no_read(database_url: str) -> None:
    seconds: list[float] = []
    database = await Database.open(database_url, committed=seconds.append)
    await database.read(lambda connection: connection.execute(select(deliveries.c.id)))
    assert seconds == []
    await database.write(lambda connection: connection.execute(select(deliveries.c.id)))
    await database.close()
    assert len(seconds) == 1
    assert 0 <= seconds[0] < 5


async def test_comparisons_and_streams_show_in_the_figures(tmp_path: Path) -> None:
    async with serve_sandbox(SANDBOX) as sandbox:
        xquik = Xquik(sandbox)
        await xquik.monitor()
        settings = Settings(
            xquik=XquikSection(base_url=sandbox.base_url),
            storage=StorageSection(url=f"sqlite:///{tmp_path}/bot.db"),
            vault=VaultSection(keys=(new_key(),)),
        )
        app = await App.open(settings, migrating=True)
        messenger = RecordingMessenger()
        app.add_platform("slack", messenger, None)  # type: ignore[arg-type] # no channel is looked up
        await app.tenants.ensure(TENANT)
        await app.keys.put(TENANT, SecretStr(sandbox.api_key))
        await app.relay.routes.add(route("all", "C1"), time.time())
        sampler = Sampler(app.figures, app.database, app.ingest, app.clock)
        await sampler.read()
        assert figure(app.figures, "streams_wanted") == 0
        await app.start()
        await until(lambda: figure(app.figures, "streams_open") == 1)
        await until(lambda: figure(app.figures, 'catchup_runs_total{outcome="ok"}') >= 1)
        await sampler.read()
        assert figure(app.figures, "streams_wanted") == 1
        assert 0 <= figure(app.figures, "catchup_age_seconds") < 60
        await app.stop()
        assert figure(app.figures, "streams_open") == 0
        await app.close()
        with pytest.raises(StorageUnavailable):
            await sampler.read()
