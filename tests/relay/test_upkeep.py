"""Registering webhooks, changing routes, pruning, and what stays in memory."""

from __future__ import annotations

import asyncio
import bisect
import itertools
import time
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.errors import Conflict, NotConfigured, NotFound
from bot.core.routes.events import ALL_TYPES
from bot.relay.observing import Unobserved
from bot.relay.pruning import Retention
from bot.relay.receiving.registration import HookRegistrar
from bot.relay.sending.lanes import Idle, Rest
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.storage.engine import stored_bytes
from bot.storage.engine.database import Database
from bot.storage.tables import deliveries, events, hook_nonces
from bot.xquik.models import CreatedWebhook, Webhook, WebhookTest
from tests.relay.conftest import RelayHarness, make_relay
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    deliver,
    event_body,
    make_hook,
    route,
    until,
)


class Xquik:
    """The webhooks that stand at Xquik for one tenant."""

    def __init__(self) -> None:
        self.webhooks: dict[str, Webhook] = {}
        self.made = 0
        self.inactive: set[str] = set()
        self.die_after_create = False

    async def existing(self, tenant: TenantId) -> Sequence[Webhook]:
        return tuple(self.webhooks.values())

    async def create(self, url: str, event_types: Sequence[str]) -> CreatedWebhook:
        self.made += 1
        webhook = Webhook(id=str(self.made), url=url, event_types=tuple(event_types))
        self.webhooks[webhook.id] = webhook
        if self.die_after_create:
            self.die_after_create = False
            raise ConnectionError
        return CreatedWebhook(webhook, SecretStr(f"secret-{webhook.id}"))

    async def update(self, webhook_id: str, **changes: Any) -> Webhook:
        old = self.webhooks[webhook_id]
        types = changes.get("event_types") or old.event_types
        url = changes.get("url") or old.url
        self.webhooks[webhook_id] = Webhook(id=old.id, url=url, event_types=tuple(types))
        return self.webhooks[webhook_id]

    async def test(self, webhook_id: str) -> WebhookTest:
        if webhook_id in self.inactive:
            raise Conflict("The webhook is switched off.")
        return WebhookTest(success=True, status_code=200)

    async def resume(self, webhook_id: str) -> WebhookTest:
        self.inactive.discard(webhook_id)
        return WebhookTest(success=True, status_code=200)

    async def delete(self, webhook_id: str) -> None:
        if webhook_id not in self.webhooks:
            raise NotFound("There is no such webhook.")
        del self.webhooks[webhook_id]


def registrar(house: RelayHarness, xquik: Xquik, url: str | None = "https://bot.test") -> HookRegistrar:
    relay = house.relay
    return HookRegistrar(
        relay.hooks, relay.hook_secrets, relay.keys, xquik.existing, public_url=url, clock=time.time
    )


async def test_registering_twice_makes_one_webhook_at_a_stable_address(house: RelayHarness) -> None:
    xquik = Xquik()
    mine = registrar(house, xquik)
    assert (await mine.register(TENANT, xquik)).success
    hook = await mine.hook(TENANT)
    xquik.inactive.add("1")
    assert (await mine.register(TENANT, xquik)).success
    assert xquik.made == 1 and not xquik.inactive
    assert xquik.webhooks["1"].url == f"https://bot.test/hooks/xquik/{hook.id}"
    assert len(hook.id) >= 22
    moved = registrar(house, xquik, "https://elsewhere.test/")
    await moved.register(TENANT, xquik)
    assert xquik.webhooks["1"].url == f"https://elsewhere.test/hooks/xquik/{hook.id}"
    answer = await deliver(house.client, mine.path(hook), event_body(1), secret="secret-1")
    assert answer.status_code == 200


async def test_a_webhook_of_an_earlier_version_delivers_the_newer_types_too(house: RelayHarness) -> None:
    xquik = Xquik()
    mine = registrar(house, xquik)
    assert not await mine.widen(TENANT, xquik), "nothing is registered"
    await mine.register(TENANT, xquik)
    assert set(ALL_TYPES) <= set(xquik.webhooks["1"].event_types)
    await xquik.update("1", event_types=("tweet.new", "webhook.test"))
    assert await mine.widen(TENANT, xquik) and xquik.made == 1
    assert set(xquik.webhooks["1"].event_types) == {*ALL_TYPES, "webhook.test"}
    assert not await mine.widen(TENANT, xquik), "once is enough"


async def test_a_secret_lost_between_making_and_storing_is_replaced_by_a_new_webhook(
    house: RelayHarness,
) -> None:
    xquik = Xquik()
    xquik.die_after_create = True
    mine = registrar(house, xquik)
    with pytest.raises(ConnectionError):
        await mine.register(TENANT, xquik)
    await mine.register(TENANT, xquik)
    assert list(xquik.webhooks) == ["2"]
    hook = await mine.hook(TENANT)
    answer = await deliver(house.client, mine.path(hook), event_body(1), secret="secret-2")
    assert answer.status_code == 200


async def test_rotating_takes_both_secrets_and_unregistering_neither(house: RelayHarness) -> None:
    xquik = Xquik()
    mine = registrar(house, xquik)
    await mine.register(TENANT, xquik)
    await mine.rotate(TENANT, xquik)
    assert list(xquik.webhooks) == ["2"]
    path = mine.path(await mine.hook(TENANT))
    for number in (1, 2):
        answer = await deliver(house.client, path, event_body(number), secret=f"secret-{number}")
        assert answer.status_code == 200
    assert await mine.unregister(TENANT, xquik)
    assert not xquik.webhooks
    answer = await deliver(house.client, path, event_body(3), secret="secret-2")
    assert answer.status_code == 401


async def test_a_webhook_that_exists_is_adopted_with_its_address(house: RelayHarness) -> None:
    xquik = Xquik()
    mine = registrar(house, xquik)
    await mine.hook(TENANT)
    for _ in range(2):
        hook = await mine.adopt(TENANT, SecretStr("known"), "address-of-old")
    answer = await deliver(house.client, mine.path(hook), event_body(1), secret="known")
    assert (hook.id, answer.status_code) == ("address-of-old", 200)
    with pytest.raises(Conflict):
        await mine.adopt(OTHER, SecretStr("x"), "address-of-old")
    with pytest.raises(NotConfigured):
        await registrar(house, xquik, None).register(OTHER, xquik)


async def test_a_changed_route_counts_from_the_next_event_on(house: RelayHarness) -> None:
    first = route("r", "C1")
    await house.routes(first)
    path = await make_hook(house.relay, TENANT, "hook-one")
    await deliver(house.client, path, event_body(1))
    await house.quiet()
    await house.relay.pause(first, "paused by Ann")
    await deliver(house.client, path, event_body(2))
    await house.quiet()
    ((seen, why), _) = await house.relay.preview(first, 2)
    assert seen.identity == "e:2" and why is not None
    await house.relay.resume(first)
    await house.relay.routes.add(route("late", "C2"), time.time())
    await deliver(house.client, path, event_body(3))
    await house.quiet()
    await house.relay.remove(first)
    await deliver(house.client, path, event_body(4))
    await house.quiet()
    assert [text for text in house.messenger.texts("C1") if text.startswith("Tweet")] == [
        "Tweet number 1",
        "Tweet number 3",
    ]
    assert house.messenger.texts("C2") == ["Tweet number 3", "Tweet number 4"]
    figures = await house.relay.figures(TENANT)
    assert (figures.backlog, figures.routes, figures.paused) == (0, 1, 0)
    assert figures.last_delivery_at and figures.last_event_at and figures.last_success_at


async def test_a_name_is_taken_once_in_a_tenant_and_overlaps_are_found(house: RelayHarness) -> None:
    await house.routes(route("r", "C1", accounts=("nasa",)), route("r", "9001", OTHER))
    with pytest.raises(Conflict):
        await house.routes(route("r", "C2"))
    new = route("new", "C1", accounts=("nasa", "esa"))
    assert [found.name for found in await house.relay.routes.overlapping(new)] == ["r"]
    assert await house.relay.routes.overlapping(route("new", "C1", accounts=("esa",))) == ()
    assert await house.relay.routes.overlapping(route("new", "C2")) == ()


async def test_old_events_are_stored_but_not_posted(database: Database) -> None:
    messenger = RecordingMessenger()
    relay = make_relay(database, messenger, max_age=3600.0)
    await relay.routes.add(route("r", "C1"), time.time())
    from bot.relay.receiving.delivery_body import read_body

    for number, when in enumerate((time.time() - 7200, time.time())):
        body = read_body(event_body(number, occurredAt=when), time.time())
        assert body.event is not None
        await relay.intake.take_event(TENANT, body.event, body.data, body.digest, "catchup")
    await relay.start()
    await until(lambda: messenger.texts("C1"))
    assert messenger.texts("C1") == ["Tweet number 1"]
    assert len(await relay.events.recent(TENANT, 5)) == 2
    await relay.stop()


async def test_pruning_keeps_what_is_young_or_unsettled(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    path = await make_hook(house.relay, TENANT, "hook-one")
    for number in range(3):
        await deliver(house.client, path, event_body(number))
    await house.quiet()
    assert await _rows(house.db) == [3, 3, 3]
    await house.relay.pruner.prune()
    assert await _rows(house.db) == [3, 3, 3]
    retention = Retention(settled=-1.0, breath=0.0)
    house.relay.pruner._retention = retention
    await house.relay.pruner.prune()
    assert await _rows(house.db) == [0, 0, 3]  # nonces have a time of their own
    assert await stored_bytes.largest(house.db) == {str(TENANT): 0}
    # Ids are not given out again, so the router's cursor stays true.
    await deliver(house.client, path, event_body(9))
    await house.quiet()
    assert house.messenger.texts("C1")[-1] == "Tweet number 9"


async def _rows(db: Database) -> list[int]:
    async def work(connection: AsyncConnection) -> list[int]:
        counts = [select(func.count()).select_from(t) for t in (deliveries, events, hook_nonces)]
        return [(await connection.execute(count)).scalar_one() for count in counts]

    return await db.read(work)


async def test_very_many_lanes_neither_fill_memory_nor_are_forgotten() -> None:
    lanes = [f"slack:T/C{number:06}" for number in range(30_000)]
    left = set(lanes)
    most = 0

    async def drain(lane: str) -> Rest:
        nonlocal most
        most = max(most, scheduler.busy)
        left.discard(lane)
        return Idle()

    async def open_lanes(after: str, limit: int) -> list[str]:
        behind = range(bisect.bisect_right(lanes, after), len(lanes))
        return list(itertools.islice((lanes[i] for i in behind if lanes[i] in left), limit))

    scheduler = AsyncioScheduler(
        open_lanes,
        clock=time.time,
        sleep=asyncio.sleep,
        observer=Unobserved(),
        tasks=50,
        waiting_limit=1000,
    )
    scheduler.serve(drain)
    for lane in lanes[:5000]:
        scheduler.wake(lane)
    assert scheduler.busy <= 1050
    running = asyncio.create_task(scheduler.run())
    await until(lambda: not left, 20.0)
    assert most <= 1050
    await scheduler.stop(1.0)
    await running
