"""A route set up by typing in Slack: channels, filters, look and hours, and what comes of it there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doubles.slack import Interaction
from tests.journeys.run.events import HOSTILE, emit, tweet
from tests.journeys.slack.place import Place, living

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


async def _watching(shared: Place) -> tuple[Place, str]:
    """A workspace that watches nasa and sends what comes to #alerts and #general; its Xquik key."""
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    also = f"<#{place.general.id}|general>"
    await _said(await place.run(f"relay add channel:#alerts account:nasa also:{also}"), "Route added")
    return place, key


async def _said(ix: Interaction, *texts: str) -> str:
    """What was answered to the person alone; it must contain the texts."""
    answer = await ix.wait_for_ephemeral()
    assert answer.pings == []
    for text in texts:
        assert text in answer.visible_text
    return answer.visible_text


async def test_a_template_written_in_a_form_with_a_group_is_what_the_channels_get(shared: Place) -> None:
    place, key = await _watching(shared)
    look = "relay look alerts-nasa layout:template ping:<!subteam^S0LAUNCH|@launch-team>"
    view = await (await place.run(look)).wait_for_view()
    submitted = await place.ws.submit_view(view, {"template": "From {{ author.username }}: {{ text }}"})
    await _said(submitted, "Look saved", "S0LAUNCH")
    await emit(shared.vendors, key, tweet(1, HOSTILE))
    for channel in (place.alerts, place.general):
        (message,) = await channel.wait_for_messages(1, 10)
        assert "From nasa: " in message.visible_text
        assert message.pings == ["<!subteam^S0LAUNCH>"]


async def test_times_are_those_of_the_place_and_of_people(shared: Place) -> None:
    place, _ = await _watching(shared)
    shown = "Your times are in Europe/Berlin (UTC+"
    await _said(await place.run("me timezone", place.bob), shown, "as your own settings say")
    await _said(await place.run("relay timing alerts-nasa digest:18:00"), "18:00 Europe/Berlin")
    await _said(await place.run("setup timezone tokyo"), "Asia/Tokyo (UTC+9 now)", "1 route keeps its own")
    await _said(await place.run("me timezone istanbul", place.bob), "Europe/Istanbul (UTC+3 now)")
    await _said(await place.run("me", place.bob), "Europe/Istanbul (UTC+3 now)", "Asia/Tokyo")
    await _said(await place.run("relay add channel:#general account:esa watch:no"), "Asia/Tokyo (UTC+9 now)")
    assert shared.server.violations == []


async def test_timezones_are_picked_in_a_form_by_city(shared: Place) -> None:
    place, _ = await _watching(shared)
    view = await (await place.run("relay timing")).wait_for_view()

    async def offered(typed: str) -> list[tuple[str, str]]:
        action = "xquik:suggest:relay timing:timezone"
        ix = await place.ws.suggest(view, action, place.ann, typed)
        return [(one["text"]["text"], one["value"]) for one in ix.options]

    assert (await offered(""))[0] == ("Berlin (Europe/Berlin, UTC+1 now)", "Europe/Berlin"), "as Slack tells"
    assert (await offered("new yo"))[0][1] == "America/New_York"
    assert (await offered("กรุง"))[0] == ("Bangkok (Asia/Bangkok, UTC+7 now)", "Asia/Bangkok")
    assert {"America/New_York", "America/Panama"} <= {value for _, value in await offered("EST")}
    assert shared.server.violations == []


async def test_everybody_is_refused_as_a_group(shared: Place) -> None:
    place, _ = await _watching(shared)
    ix = await place.run("relay look alerts-nasa ping:<!channel>")
    await _said(ix, "never notifies everybody")


async def test_filters_stop_what_they_say_and_the_page_of_the_route_tells(shared: Place) -> None:
    place, key = await _watching(shared)
    line = r'relay filter alerts-nasa contains:launch,“lift off” matches:"(?i)artemis [iv]+"'
    await _said(await place.run(line), "Filters saved", "1. contains one of: launch, lift off", "2. matches")
    await emit(shared.vendors, key, tweet(1, "Lunch with Artemis II"))
    await emit(shared.vendors, key, tweet(2, "Launch of artemis iv, Tweet number 2"))
    for channel in (place.alerts, place.general):
        (message,) = await channel.wait_for_messages(1, 10)
        assert "Tweet number 2" in message.visible_text
    await _said(await place.run("relay preview alerts-nasa"), "1 of the last 2 events would pass", "contains")
    shown = await place.run("relay show alerts-nasa")
    await _said(shown, "contains one of: launch, lift off", "each event at once")
    paused = await place.press(await shown.wait_for_ephemeral(), "Pause")
    await paused.wait_for(lambda _: "paused by" in str(paused.response_posts), 5.0)
    line = "relay timing alerts-nasa quiet:22:00-07:00 digest:18:00 timezone:Europe/Berlin"
    await _said(await place.run(line), "next list", "18:00 Europe/Berlin")
    assert shared.server.violations == []
