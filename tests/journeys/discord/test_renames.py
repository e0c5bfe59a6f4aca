"""An account that is renamed on X, as people in Discord see it: said once, and everything goes on."""

from __future__ import annotations

import pytest

from tests.doubles.discord import NOBODY
from tests.journeys.discord.place import Place
from tests.journeys.run.events import tweet

pytestmark = pytest.mark.asyncio(loop_scope="module")
OLD, NEW = "rosettalab", "philaelab"


async def _answer(place: Place, command: str, **values: str) -> str:
    ix = await place.run(command, {name: (value,) for name, value in values.items()})
    return (await ix.wait_for_answer()).text


async def test_a_renamed_account_keeps_its_route_its_mute_and_its_monitor(shared: Place) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch(OLD)
    await _answer(place, "relay add", channel="#alerts", account=OLD)
    await _answer(place, "relay add", channel="#general", name="everything")
    await _answer(place, "relay mute", account=OLD, channel="#general")
    # Nothing told the bot but the next tweet, which is of the same id.
    made = await place.vendors.control("names", username=OLD, renamed=NEW, quietly=True)
    author = {"id": made["id"], "username": NEW, "name": "Philae"}
    for number in (1, 2):
        data = tweet(number, author=author)
        await place.vendors.control("emit", key=key, username=NEW, type="tweet.new", data=data)
    found = await place.alerts.wait_for_messages(3, 10)
    texts = [message.text for message in found]
    assert [f"@{OLD} is now @{NEW}" in text for text in texts] == [True, False, False]
    assert "alerts-rosettalab" in texts[0] and found[0].pings == NOBODY
    assert "Tweet number 1" in texts[1] and "Tweet number 2" in texts[2]
    shown = await _answer(place, "relay show", route="alerts-rosettalab")
    assert f"@{NEW}" in shown and f"@{OLD}" not in shown
    for command in ("relay list", "relay mutes", "monitor list"):
        said = await _answer(place, command)
        assert f"@{NEW}" in said and f"@{OLD}" not in said, command
    assert "Tweet number 1" not in " ".join(message.text for message in place.general.messages)
    why = await _answer(place, "relay why", what=f"@{NEW}")
    assert "alerts-rosettalab" in why
    assert shared.server.violations == []
