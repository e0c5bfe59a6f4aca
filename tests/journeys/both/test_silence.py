"""A channel that falls quiet: said once, why for those who may know, and once when it goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.storage.intake import hook_outages
from tests.journeys.both.sides import SIDES, Message, Side
from tests.journeys.run.events import emit, stopped_webhook, tweet
from tests.journeys.run.harness import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROUTE = "relay add channel:#alerts account:nasa"


def now(side: Side) -> None:
    """Have the watch look before its minute is over."""
    side.place.bot.app.ingest.rounds.soon(side.place.tenant)


async def _watching(shared: Side) -> tuple[Side, str]:
    key = await shared.vendors.new_key()
    side = await shared.elsewhere(key)
    await side.watch()
    await side.tell(ROUTE)
    await emit(side.vendors, key, tweet(1))
    await side.wait_for_posts(1)
    return side, key


async def _said(side: Side, count: int) -> Message:
    for _ in range(14):  # a look that was under way may have seen what was before
        now(side)
        with suppress(TimeoutError):
            return (await side.wait_for_posts(count, 2))[count - 1]
    return (await side.wait_for_posts(count))[count - 1]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("insufficient_credits", "credits are used up"),
        ("x_account_protected", "protected on X"),
        ("x_user_not_found", "gone from X"),
    ],
)
async def test_a_stopped_monitor(shared: Side, reason: str, cause: str) -> None:
    side, key = await _watching(shared)
    await side.keep_members_out()
    await side.vendors.control("monitors", key=key, username="nasa", reason=reason)
    quiet = await _said(side, 2)
    text = side.text(quiet)
    assert "Quiet since" in text and "@nasa" in text
    assert cause not in text and "25,0" not in text and "24,9" not in text
    assert cause not in await side.asked(quiet, "Why?", member=True)
    assert cause in await side.asked(quiet, "Why?")
    await side.vendors.control("monitors", key=key, username="nasa", active=True)
    over = side.text(await _said(side, 3))
    assert "again" in over and "@nasa" in over
    assert len(side.posts) == 3


async def test_a_revoked_key(shared: Side) -> None:
    side, key = await _watching(shared)
    await side.vendors.control(f"keys/{key}", "DELETE")
    quiet = await _said(side, 2)
    assert "Quiet since" in side.text(quiet) and "key" not in side.text(quiet)
    assert "refuses the stored key" in await side.asked(quiet, "Why?")


async def test_credits_that_run_out_soon_are_in_the_status_and_in_no_channel(shared: Side) -> None:
    side, key = await _watching(shared)
    await side.vendors.control("credits", key=key, balance=30 * 24 * 9)
    now(side)
    assert "about 9 days" in await side.told()
    assert "about 9 days" in side.text(await side.tell("relay status"))
    assert len(side.posts) == 1


@pytest.mark.parametrize(
    ("hidden", "kind", "cause"),
    [
        ("protected", "profile.protected.changed", "protected on X"),
        ("unavailable", "profile.unavailable.changed", "gone from X, or suspended"),
    ],
)
async def test_an_account_that_x_hides_while_its_monitor_runs(
    shared: Side, hidden: str, kind: str, cause: str
) -> None:
    side, _ = await _watching(shared)
    await side.tell(f"monitor add nasa events:tweet.new,{kind}")
    await side.tell("relay edit alerts-nasa events:tweet.new")
    person: dict[str, Any] = {"username": "nasa", "stops": False, hidden: True}
    await side.vendors.control("people", **person)
    quiet = await _said(side, 2)
    assert "Quiet since" in side.text(quiet) and cause not in side.text(quiet)
    assert cause in await side.asked(quiet, "Why?")
    await side.vendors.control("people", **(person | {hidden: False}))
    assert "come here again" in side.text(await _said(side, 3))


async def test_a_webhook_that_has_stopped_makes_posts_late(shared: Side) -> None:
    side, key = await _watching(shared)
    app, tenant = side.place.bot.app, side.place.tenant
    async with stopped_webhook(side.vendors, key):
        app.ingest.timer.soon(tenant)
        await until(lambda: hook_outages.standing(app.database, tenant))
        late = await _said(side, 2)
        assert "come late" in side.text(late) and "deliver" not in side.text(late)
        assert "public address" in await side.asked(late, "Why?")
    app.ingest.timer.soon(tenant)

    async def over() -> bool:
        return await hook_outages.standing(app.database, tenant) is None

    await until(over)
    assert "on time again" in side.text(await _said(side, 3))


async def test_a_paused_route_is_let_go_on_below_the_word_about_it(shared: Side) -> None:
    side, _ = await _watching(shared)
    await side.tell("relay pause alerts-nasa")
    paused = (await side.wait_for_posts(2))[1]
    assert "A route is paused" in side.text(paused) and "since" in side.text(paused)
    assert "You may not do that here" in await side.asked(paused, "Resume", member=True)
    await side.press(paused, "Resume")
    on = (await side.wait_for_posts(3))[2]
    assert "is on again" in side.text(on) and "A route is paused" in side.text(paused)


HOSTILE = {
    "discord": "@everyone <!channel> [free](https://evil.example) son dakika 速報",
    "slack": "<!channel> @here <https://evil.example|x.com> ताज़ा खबर 速報",
}


async def test_hostile_searches_ping_nobody(shared: Side) -> None:
    key = await shared.vendors.new_key()
    side = await shared.elsewhere(key)
    query = HOSTILE[side.name]
    preview = await side.tell(f"monitor keyword {query}")
    await side.press(preview, "Confirm")
    customer = side.vendors.sandbox.sandbox
    await until(lambda: any(one.query and "速報" in one.query for one in customer.monitors))
    await side.tell(f'relay add channel:#alerts keyword:"{query}"')
    watched = [one.query for one in customer.monitors if one.query][-1]
    await side.vendors.control("monitors", key=key, query=watched, reason="insufficient_credits")
    quiet = await _said(side, 1)
    assert "Quiet since" in side.text(quiet) and not side.pings(quiet)


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("name", sorted(SIDES))
async def test_a_restart_says_it_no_second_time(tmp_path: Path, name: str) -> None:
    async with SIDES[name](tmp_path) as side:
        key = side.vendors.sandbox.api_key
        await side.watch()
        await side.tell(ROUTE)
        await side.vendors.control("monitors", key=key, username="nasa", reason="x_account_protected")
        quiet = await _said(side, 1)
        await side.restart()
        now(side)
        assert "protected on X" in await side.asked(quiet, "Why?")
        await side.vendors.control("monitors", key=key, username="nasa", active=True)
        over = await _said(side, 2)
        assert "again" in side.text(over) and len(side.posts) == 2
