"""What X shows to one account alone, in Discord: nobody else sees it, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.logged import Logged, logged
from tests.doubles.discord import NOBODY, Message, NotOffered
from tests.journeys.discord.place import Place
from tests.journeys.run.harness import on_disk, until

HUSH = "zq7hush"


async def _becomes(place: Place, message: Message, words: str) -> None:
    await place.server.world.changes.wait_for(lambda: words in message.text, 8.0, words)


async def _written(place: Place, count: int) -> None:
    for number in range(count):
        text = f"{HUSH} {number} @everyone **between us**"
        await place.vendors.control("messages", **{"from": "nasa", "to": "xquik_demo", "text": text})


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def test_messages_are_asked_about_and_shown_to_one_person(place: Place, said: Logged) -> None:
    await _written(place, 25)
    ix = await place.run("dm history", {"user": ("nasa",)})
    shown = await ix.wait_for_answer()
    assert ix.ephemeral and shown.ephemeral and "You alone" in shown.text and HUSH not in shown.text
    await place.press(shown, "Confirm")
    await _becomes(place, shown, f"{HUSH} 24")
    assert shown.pings == NOBODY and shown.ephemeral
    next_page = next(one["label"] for one in shown.buttons() if one["label"].startswith("Next"))
    await place.press(shown, next_page)
    await _becomes(place, shown, f"{HUSH} 4")
    assert shown.ephemeral and f"{HUSH} 24" not in shown.text
    with pytest.raises(NotOffered, match="does not see"):
        await place.press(shown, "Back (about 21 credits)", place.ben)
    assert place.alerts.messages == [] and place.general.messages == []
    assert not [one for user in (place.ada, place.ben) for one in place.server.dm(user.user).messages]
    assert HUSH.encode() not in on_disk(place.plan.database)
    await until(lambda: "dm history" in said.text)
    assert HUSH not in said.text
    assert place.server.violations == []


async def test_who_lost_the_permission_since_reads_nothing(place: Place) -> None:
    granted = {"permission": ("private", "spend"), "to": (f"<@{place.ben.id}>",)}
    await (await place.run("policy grant", granted)).wait_for_answer()
    asked = await (await place.run("timeline show", who=place.ben)).wait_for_answer()
    assert "Read the home timeline?" in asked.text
    await (await place.run("policy revoke", granted)).wait_for_answer()
    refused = await place.press(asked, "Confirm", place.ben)
    await refused.wait_for(lambda ix: "You may not do that here" in ix.text)
    state = await place.vendors.control("state", "GET")
    assert "GET /x/timeline" not in state["operations"]
