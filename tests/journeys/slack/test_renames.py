"""An account that is renamed on X, as people in Slack see it: said once, and everything goes on."""

from __future__ import annotations

import pytest

from bot.core.routes.events import RENAMED_TYPE
from tests.journeys.run.events import emit, tweet
from tests.journeys.slack.place import Place

OLD, NEW, STRANGER = "rosettalab", "philaelab", "1600000000000000033"


async def _said(place: Place, line: str) -> str:
    return (await (await place.run(line)).wait_for_ephemeral()).visible_text


@pytest.mark.parametrize("named", ["", f" events:tweet.new,{RENAMED_TYPE}"])
async def test_the_event_of_a_rename_is_the_word_about_it_and_survives_a_restart(
    place: Place, named: str
) -> None:
    key = place.vendors.sandbox.api_key
    await place.watch(OLD)
    await _said(place, f"monitor add {OLD} events:tweet.new,{RENAMED_TYPE}")
    await _said(place, f"relay add channel:#alerts account:{OLD}{named}")
    await _said(place, f"relay add channel:#general account:{OLD} events:tweet.new name:tweets")
    made = await place.vendors.control("names", username=OLD, renamed=NEW)
    assert len(made["events"]) == 1
    for channel in (place.alerts, place.general):
        (message,) = await channel.wait_for_messages(1, 10)
        assert f"@{OLD} is now @{NEW}" in message.visible_text
    await place.restart()
    own = {"id": made["id"], "username": NEW, "name": "Philae"}
    await emit(place.vendors, key, tweet(1, author=own), username=NEW)
    for channel in (place.alerts, place.general):
        _, second = await channel.wait_for_messages(2, 10)
        assert "Tweet number 1" in second.visible_text
    for line in ("relay list", "relay show tweets", "relay status", "monitor list"):
        assert f"@{NEW}" in (said := await _said(place, line)) or line == "relay status", said
        assert f"@{OLD}" not in said
    assert len(place.alerts.messages) == len(place.general.messages) == 2


async def test_a_rename_is_found_without_any_event_and_no_place_is_called_quiet_for_it(place: Place) -> None:
    await place.watch(OLD)
    await _said(place, f"relay add channel:#alerts account:{OLD}")
    await _said(place, "monitor list")  # names the id
    await place.vendors.control("names", username=OLD, renamed=NEW, quietly=True)
    place.bot.app.ingest.rounds.soon(place.tenant)
    (message,) = await place.alerts.wait_for_messages(1, 10)
    assert f"@{OLD} is now @{NEW}" in message.visible_text
    assert f"@{NEW}" in await _said(place, f"relay show alerts-{OLD}")
    again = f"relay edit alerts-{OLD} events:tweet.new,tweet.quote"
    assert "not watched" not in await _said(place, again)
    await place.vendors.control("monitors", username=NEW, reason="x_account_protected")
    place.bot.app.ingest.rounds.soon(place.tenant)
    _, quiet = await place.alerts.wait_for_messages(2, 10)
    assert f"@{NEW}" in quiet.visible_text and f"@{OLD}" not in quiet.visible_text
