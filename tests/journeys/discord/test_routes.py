"""A route set up by typing in Discord: channels, filters, look and hours, and what comes of it there."""

from __future__ import annotations

import pytest

from tests.doubles.discord import NOBODY, Interaction, Member
from tests.journeys.discord.place import Place
from tests.journeys.run.events import HOSTILE, emit, tweet

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _watching(shared: Place) -> tuple[Place, str]:
    """A server that watches nasa and sends what comes to #alerts and #general; its Xquik key."""
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    options = {"channel": ("#alerts",), "account": ("nasa",), "also": (f"<#{place.general.id}>",)}
    await _said(await place.run("relay add", options), "Route added")
    return place, key


async def _said(ix: Interaction, *texts: str) -> str:
    """What was answered to the person alone; it must contain the texts."""
    answer = await ix.wait_for_answer()
    assert ix.ephemeral
    assert answer.pings == NOBODY
    for text in texts:
        assert text in answer.text
    return answer.text


async def test_a_template_written_in_a_form_with_a_role_is_what_the_channels_get(shared: Place) -> None:
    place, key = await _watching(shared)
    role = place.guild.add_role("launch-team")
    route = {"route": ("alerts-nasa",)}
    opened = await place.run("relay look", {**route, "layout": ("template",), "ping": (f"<@&{role.id}>",)})
    assert opened.modal is not None and "{{ text }}" in str(opened.modal)
    wrong = await place.server.submit_modal(opened, {"template": "{{ nothing }}"})
    await _said(wrong, "there is no field", "nothing")
    opened = await place.run("relay look", {**route, "layout": ("template",), "ping": (f"<@&{role.id}>",)})
    saved = await place.server.submit_modal(opened, {"template": "From {{ author.username }}: {{ text }}"})
    await _said(saved, "Look saved", str(role.id))
    await emit(shared.vendors, key, tweet(1, HOSTILE))
    for channel in (place.alerts, place.general):
        (message,) = await channel.wait_for_messages(1, 10)
        assert "From nasa: " in message.text
        assert message.pings.roles == {role.id}
        assert not (message.pings.everyone or message.pings.here or message.pings.users)


async def test_everybody_is_refused_as_a_role(shared: Place) -> None:
    place, _ = await _watching(shared)
    for text in (f"<@&{place.guild.id}>", "@everyone"):
        ix = await place.run("relay look", {"route": ("alerts-nasa",), "ping": (text,)})
        await _said(ix, "never notifies everybody")


async def test_filters_stop_what_they_say_and_the_page_of_the_route_tells(shared: Place) -> None:
    place, key = await _watching(shared)
    route = {"route": ("alerts-nasa",)}
    filters = {"contains": ("launch, lift off",), "matches": (r"(?i)\bartemis\b",)}
    await _said(await place.run("relay filter", {**route, **filters}), "Filters saved", "1", "2")
    await emit(shared.vendors, key, tweet(1, "Lunch with Artemis"))
    await emit(shared.vendors, key, tweet(2, "Launch of artemis, Tweet number 2"))
    for channel in (place.alerts, place.general):
        (message,) = await channel.wait_for_messages(1, 10)
        assert "Tweet number 2" in message.text
    await _said(await place.run("relay preview", route), "1 of the last 2 events would pass", "contains")
    shown = await place.run("relay show", route)
    text = await _said(shown, "contains one of: launch, lift off", str(place.general.id))
    assert "each event at once" in text
    paused = await place.press(await shown.wait_for_answer(), "Pause")
    await _said(paused, "Paused")
    timing = {"quiet": ("22:00-07:00",), "digest": ("18:00",), "timezone": ("Europe/Berlin",)}
    await _said(await place.run("relay timing", {**route, **timing}), "next list", "18:00 Europe/Berlin")
    assert shared.server.violations == []


async def test_timezones_are_picked_by_city_and_counted_where_times_are_typed(shared: Place) -> None:
    place, _ = await _watching(shared)

    async def offered(command: str, who: Member, typed: str) -> tuple[str, str]:
        found = await shared.server.autocomplete(
            place.guild, place.alerts, who, command, focused="timezone", value=typed
        )
        assert len(found) <= 25
        return found[0]["name"], found[0]["value"]

    assert await offered("me timezone", place.ben, "istan") == (
        "Istanbul (Europe/Istanbul, UTC+3 now)",
        "Europe/Istanbul",
    )
    assert (await offered("relay timing", place.ada, "東"))[1] == "Asia/Tokyo"
    assert (await offered("setup timezone", place.ada, "कोलका"))[1] == "Asia/Kolkata"
    await _said(await place.run("setup timezone", {"timezone": ("New York",)}), "York (UTC−")
    await _said(await place.run("me timezone", {"timezone": ("İstanbul",)}, who=place.ben), "UTC+3 now")
    added = await place.run("relay add", {"channel": ("#general",), "name": ("east",), "watch": ("no",)})
    await _said(added, "York (UTC−")
    timed = await place.run("relay timing", {"route": ("east",), "digest": ("6pm",)})
    await _said(timed, "18:00 America/New")
    assert shared.server.violations == []
