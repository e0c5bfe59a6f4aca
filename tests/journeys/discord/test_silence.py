"""A channel on Discord that falls quiet: said once, why for those who may know, and once when it goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from bot.storage import hook_outages
from tests.doubles.discord import NOBODY, Member, Message
from tests.journeys.discord.place import Place, living
from tests.journeys.run.events import emit, stopped_webhook, tweet
from tests.journeys.run.house import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def now(place: Place) -> None:
    """Have the watch look before its minute is over."""
    place.bot.app.ingest.rounds.soon(place.tenant)


async def _watching(shared: Place) -> tuple[Place, str]:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    await (await place.run("relay add", {"channel": ("#alerts",), "account": ("nasa",)})).wait_for_answer()
    await emit(place.vendors, key, tweet(1))
    await place.alerts.wait_for_messages(1)
    return place, key


async def _said(place: Place, count: int) -> Message:
    for _ in range(14):  # a look that was under way may have seen what was before
        now(place)
        with suppress(TimeoutError):
            return (await place.alerts.wait_for_messages(count, 2))[count - 1]
    return (await place.alerts.wait_for_messages(count))[count - 1]


async def _why(place: Place, quiet: Message, who: Member) -> str:
    """What the person alone reads."""
    pressed = await place.press(quiet, "Why?", who)
    await pressed.wait_for(lambda ix: ix.text)
    assert all(message.ephemeral for message in pressed.messages)
    return pressed.text


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("insufficient_credits", "credits are used up"),
        ("x_account_protected", "protected on X"),
        ("x_user_not_found", "gone from X"),
    ],
)
async def test_a_stopped_monitor(shared: Place, reason: str, cause: str) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control("monitors", key=key, username="nasa", reason=reason)
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.text and "@nasa" in quiet.text
    assert cause not in quiet.text and "25,0" not in quiet.text and "24,9" not in quiet.text
    assert cause not in await _why(place, quiet, place.ben)
    assert cause in await _why(place, quiet, place.ada)
    await shared.vendors.control("monitors", key=key, username="nasa", active=True)
    over = await _said(place, 3)
    assert "again" in over.text and "@nasa" in over.text
    assert len(place.alerts.messages) == 3


async def test_a_revoked_key(shared: Place) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control(f"keys/{key}", "DELETE")
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.text and "key" not in quiet.text
    assert "refuses the stored key" in await _why(place, quiet, place.ada)


async def test_credits_that_run_out_soon_are_in_the_status_and_in_no_channel(shared: Place) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control("credits", key=key, balance=30 * 24 * 9)
    now(place)
    direct = shared.server.dm(place.ada.user)
    (told,) = await direct.wait_for_messages(1)
    assert "about 9 days" in told.text
    answer = await (await place.run("relay status")).wait_for_answer()
    assert "about 9 days" in answer.text
    assert len(place.alerts.messages) == 1


async def test_an_account_that_x_hides_while_its_monitor_runs(shared: Place) -> None:
    place, _ = await _watching(shared)
    hiding = {"account": ("nasa",), "events": ("tweet.new", "profile.unavailable.changed")}
    await (await place.run("monitor add", hiding)).wait_for_answer()
    await (
        await place.run("relay edit", {"route": ("alerts-nasa",), "events": ("tweet.new",)})
    ).wait_for_answer()
    await shared.vendors.control("people", username="nasa", unavailable=True, stops=False)
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.text and "suspended" not in quiet.text
    assert "gone from X, or suspended" in await _why(place, quiet, place.ada)
    await shared.vendors.control("people", username="nasa", unavailable=False)
    assert "come here again" in (await _said(place, 3)).text


async def test_a_webhook_that_has_stopped_makes_posts_late(shared: Place) -> None:
    place, key = await _watching(shared)
    async with stopped_webhook(shared.vendors, key):
        place.bot.app.ingest.timer.soon(place.tenant)
        await until(lambda: hook_outages.standing(place.bot.app.database, place.tenant))
        late = await _said(place, 2)
        assert "come late" in late.text and "deliver" not in late.text
        assert "public address" in await _why(place, late, place.ada)
    place.bot.app.ingest.timer.soon(place.tenant)

    async def over() -> bool:
        return await hook_outages.standing(place.bot.app.database, place.tenant) is None

    await until(over)
    assert "at once again" in (await _said(place, 3)).text


async def test_a_paused_route_is_let_go_on_below_the_word_about_it(shared: Place) -> None:
    place, _ = await _watching(shared)
    await (await place.run("relay pause", {"route": ("alerts-nasa",)})).wait_for_answer()
    paused = (await place.alerts.wait_for_messages(2))[1]
    assert "A route is paused" in paused.text and "since" in paused.text
    refused = await place.press(paused, "Resume", place.ben)
    await refused.wait_for(lambda ix: "You may not do that here" in ix.text)
    await place.press(paused, "Resume")
    on = (await place.alerts.wait_for_messages(3))[2]
    assert "is on again" in on.text and "A route is paused" in paused.text


async def test_hostile_searches_ping_nobody(shared: Place) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    query = "@everyone <!channel> [free](https://evil.example) son dakika 速報"
    preview = await (await place.run("monitor keyword", {"query": (query,)})).wait_for_answer()
    await (await place.press(preview, "Confirm")).wait_for_answer()
    await (await place.run("relay add", {"channel": ("#alerts",), "keyword": (query,)})).wait_for_answer()
    await shared.vendors.control("monitors", key=key, query=query, reason="insufficient_credits")
    quiet = await _said(place, 1)
    assert "Quiet since" in quiet.text and quiet.pings == NOBODY


async def test_a_restart_says_it_no_second_time(tmp_path: Path) -> None:
    async with living(tmp_path) as place:
        key = place.vendors.sandbox.api_key
        await place.watch()
        await (
            await place.run("relay add", {"channel": ("#alerts",), "account": ("nasa",)})
        ).wait_for_answer()
        await place.vendors.control("monitors", key=key, username="nasa", reason="x_account_protected")
        quiet = await _said(place, 1)
        await place.restart()
        now(place)
        assert "protected on X" in await _why(place, quiet, place.ada)
        await place.vendors.control("monitors", key=key, username="nasa", active=True)
        over = await _said(place, 2)
        assert "again" in over.text and len(place.alerts.messages) == 2
