"""A channel in Slack that falls quiet: said once, why for those who may know, and once when it goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from bot.storage import hook_outages
from tests.doubles.slack import Message
from tests.journeys.run.events import emit, stopped_webhook, tweet
from tests.journeys.run.house import until
from tests.journeys.slack.place import Place, living

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


def now(place: Place) -> None:
    """Have the watch look before its minute is over."""
    place.bot.app.ingest.rounds.soon(place.tenant)


async def _watching(shared: Place) -> tuple[Place, str]:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    await (await place.run("relay add channel:#alerts account:nasa")).wait_for_ephemeral()
    await emit(place.vendors, key, tweet(1))
    await place.alerts.wait_for_messages(1)
    return place, key


async def _said(place: Place, count: int) -> Message:
    for _ in range(14):  # a look that was under way may have seen what was before
        now(place)
        with suppress(TimeoutError):
            return (await place.alerts.wait_for_messages(count, 2))[count - 1]
    return (await place.alerts.wait_for_messages(count))[count - 1]


async def _why(place: Place, quiet: Message, who: object = None) -> str:
    pressed = await place.press(quiet, "Why?", who)  # type: ignore[arg-type]
    return (await pressed.wait_for_ephemeral()).visible_text


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
    assert "Quiet since" in quiet.visible_text and "@nasa" in quiet.visible_text
    assert cause not in quiet.visible_text
    assert cause in await _why(place, quiet)
    await shared.vendors.control("monitors", key=key, username="nasa", active=True)
    over = await _said(place, 3)
    assert "again" in over.visible_text and "@nasa" in over.visible_text
    assert len(place.alerts.messages) == 3


async def test_who_may_not_see_it_reads_no_cause(shared: Place) -> None:
    place, key = await _watching(shared)
    await (await place.run("policy revoke view to:members")).wait_for_ephemeral()
    await shared.vendors.control("monitors", key=key, username="nasa", reason="insufficient_credits")
    quiet = await _said(place, 2)
    assert "credits" not in await _why(place, quiet, place.bob)
    assert "credits are used up" in await _why(place, quiet)


async def test_a_revoked_key(shared: Place) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control(f"keys/{key}", "DELETE")
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.visible_text and "key" not in quiet.visible_text
    assert "refuses the stored key" in await _why(place, quiet)


async def test_credits_that_run_out_soon_are_in_the_status_and_in_no_channel(shared: Place) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control("credits", key=key, balance=30 * 24 * 9)
    now(place)
    answer = await (await place.run("relay status")).wait_for_ephemeral()
    assert "about 9 days" in answer.visible_text
    assert len(place.alerts.messages) == 1


async def test_an_account_that_x_hides_while_its_monitor_runs(shared: Place) -> None:
    place, _ = await _watching(shared)
    line = "monitor add nasa events:tweet.new,profile.protected.changed"
    await (await place.run(line)).wait_for_ephemeral()
    await (await place.run("relay edit alerts-nasa events:tweet.new")).wait_for_ephemeral()
    await shared.vendors.control("people", username="nasa", protected=True, stops=False)
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.visible_text and "protected" not in quiet.visible_text
    assert "protected on X" in await _why(place, quiet)
    await shared.vendors.control("people", username="nasa", protected=False)
    assert "come here again" in (await _said(place, 3)).visible_text


async def test_a_webhook_that_has_stopped_makes_posts_late(shared: Place) -> None:
    place, key = await _watching(shared)
    async with stopped_webhook(shared.vendors, key):
        place.bot.app.ingest.timer.soon(place.tenant)
        await until(lambda: hook_outages.standing(place.bot.app.database, place.tenant))
        late = await _said(place, 2)
        assert "come late" in late.visible_text and "deliver" not in late.visible_text
        assert "public address" in await _why(place, late)
    place.bot.app.ingest.timer.soon(place.tenant)

    async def over() -> bool:
        return await hook_outages.standing(place.bot.app.database, place.tenant) is None

    await until(over)
    assert "at once again" in (await _said(place, 3)).visible_text


async def test_a_paused_route_is_let_go_on_below_the_word_about_it(shared: Place) -> None:
    place, _ = await _watching(shared)
    await (await place.run("relay pause alerts-nasa")).wait_for_ephemeral()
    paused = (await place.alerts.wait_for_messages(2))[1]
    assert "A route is paused" in paused.visible_text and "since" in paused.visible_text
    refused = await place.press(paused, "Resume", place.bob)
    assert "You may not do that here" in (await refused.wait_for_ephemeral()).visible_text
    await place.press(paused, "Resume")
    on = (await place.alerts.wait_for_messages(3))[2]
    assert "is on again" in on.visible_text and "A route is paused" in paused.visible_text


async def test_hostile_searches_ping_nobody(shared: Place) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    query = "<!channel> @here <https://evil.example|x.com> ताज़ा खبر 速報"
    preview = await (await place.run(f"monitor keyword {query}")).wait_for_ephemeral()
    await place.decide(preview, "Confirm")
    await (await place.run(f'relay add channel:#alerts keyword:"{query}"')).wait_for_ephemeral()
    watched = [one.query for one in shared.vendors.sandbox.sandbox.monitors if one.query][-1]
    await shared.vendors.control("monitors", key=key, query=watched, reason="insufficient_credits")
    quiet = await _said(place, 1)
    assert "Quiet since" in quiet.visible_text and quiet.pings == []


async def test_a_restart_says_it_no_second_time(tmp_path: Path) -> None:
    async with living(tmp_path) as place:
        key = place.vendors.sandbox.api_key
        await place.watch()
        await (await place.run("relay add channel:#alerts account:nasa")).wait_for_ephemeral()
        await place.vendors.control("monitors", key=key, username="nasa", reason="x_account_protected")
        quiet = await _said(place, 1)
        await place.restart()
        now(place)
        assert "protected on X" in await _why(place, quiet)
        await place.vendors.control("monitors", key=key, username="nasa", active=True)
        over = await _said(place, 2)
        assert "again" in over.visible_text and len(place.alerts.messages) == 2
