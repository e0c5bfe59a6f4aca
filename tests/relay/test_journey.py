"""The whole way: signed bytes come in over HTTP, messages stand in channels, once and in order."""

from __future__ import annotations

import asyncio

from tests.relay.conftest import RelayHarness
from tests.relay.harness import OTHER, TENANT, deliver, event_body, make_hook, route, until


async def test_a_signed_delivery_is_posted_once_in_each_channel_it_is_routed_to(house: RelayHarness) -> None:
    await house.routes(route("a", "C1", accounts=("nasa",)), route("b", "C2"), route("c", "C3"))
    await house.routes(route("d", "C4", accounts=("esa",)), route("e", "C5", events=("tweet.reply",)))
    path = await make_hook(house.relay, TENANT, "hook-one")
    answer = await deliver(house.client, path, event_body(1))
    assert (answer.status_code, answer.json()) == (200, {"status": "accepted"})
    await until(lambda: len(house.messenger.posted) == 3)
    await house.quiet()
    assert {post.to.channel for post in house.messenger.posted} == {"C1", "C2", "C3"}
    assert len(house.messenger.posted) == 3


async def test_two_routes_to_one_place_give_one_message(house: RelayHarness) -> None:
    await house.routes(route("all", "C1"), route("nasa", "C1", accounts=("nasa",)))
    path = await make_hook(house.relay, TENANT, "hook-one")
    await deliver(house.client, path, event_body(1))
    await house.quiet()
    assert house.messenger.texts("C1") == ["Tweet number 1"]


async def test_events_arrive_in_order_in_every_channel_and_one_at_a_time(house: RelayHarness) -> None:
    await house.routes(*(route(f"r{n}", f"C{n}") for n in range(8)))
    path = await make_hook(house.relay, TENANT, "hook-one")
    for first in range(0, 40, 8):
        for number in range(first, first + 8):
            await deliver(house.client, path, event_body(number))
    await house.quiet()
    expected = [f"Tweet number {number}" for number in range(40)]
    for n in range(8):
        assert house.messenger.texts(f"C{n}") == expected
    assert house.messenger.most_at_once == 1


async def test_deliveries_at_the_same_moment_are_each_posted_once(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"))
    path = await make_hook(house.relay, TENANT, "hook-one")
    bodies = [event_body(number) for number in range(60)]
    answers = await asyncio.gather(*(deliver(house.client, path, b) for b in bodies + bodies))
    statuses = [answer.json()["status"] for answer in answers]
    assert (statuses.count("accepted"), statuses.count("duplicate")) == (60, 60)
    await house.quiet()
    assert sorted(house.messenger.texts("C1")) == sorted(f"Tweet number {n}" for n in range(60))


async def test_the_same_event_number_in_two_tenants_reaches_both(house: RelayHarness) -> None:
    await house.routes(route("r", "C1"), route("r", "9001", OTHER))
    mine = await make_hook(house.relay, TENANT, "hook-one")
    theirs = await make_hook(house.relay, OTHER, "hook-two", "whsec_other")
    first = await deliver(house.client, mine, event_body(1))
    second = await deliver(house.client, theirs, event_body(1), secret="whsec_other")
    assert [first.json()["status"], second.json()["status"]] == ["accepted", "accepted"]
    await house.quiet()
    assert len(house.messenger.texts("C1")) == len(house.messenger.texts("9001")) == 1


async def test_a_slow_channel_delays_no_other(house: RelayHarness) -> None:
    await house.routes(route("slow", "C1"), route("quick", "C2"))
    path = await make_hook(house.relay, TENANT, "hook-one")
    released = asyncio.Event()

    async def hold(*_: object) -> None:
        await released.wait()

    house.messenger.answers["C1"] = [hold]
    for number in range(5):
        await deliver(house.client, path, event_body(number))
    await until(lambda: len(house.messenger.texts("C2")) == 5)
    assert house.messenger.texts("C1") == []
    released.set()
    await house.quiet()
    assert house.messenger.texts("C1") == house.messenger.texts("C2")
