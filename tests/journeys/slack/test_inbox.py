"""What X shows to one account alone, in Slack: nobody else sees it, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.logged import Logged, logged
from tests.journeys.run.harness import on_disk, until
from tests.journeys.slack.place import Place

HUSH = "zq7hush"


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def test_messages_are_asked_about_and_shown_to_one_person(place: Place, said: Logged) -> None:
    for number in range(25):
        text = f"{HUSH} {number} <!channel> *between us*"
        await place.vendors.control("messages", **{"from": "nasa", "to": "xquik_demo", "text": text})
    shown = await (await place.run("dm history nasa")).wait_for_ephemeral()
    assert "You alone" in shown.visible_text and HUSH not in shown.visible_text
    assert f"{HUSH} 24" in await place.decide(shown, "Confirm")
    turned = await place.decide(shown, "Next (about 21 credits)")
    assert f"{HUSH} 4" in turned and f"{HUSH} 24" not in turned and shown.pings == []
    assert place.alerts.messages == [] and place.general.messages == []
    assert place.ann.dms == [] and place.bob.dms == []
    assert HUSH.encode() not in on_disk(place.plan.database)
    await until(lambda: "dm history" in said.text)
    assert HUSH not in said.text
    assert place.server.violations == []


async def test_every_private_list_is_shown_in_place_of_its_question(place: Place) -> None:
    for line in ("bookmarks", "bookmarks folders", "timeline", "notifications"):
        shown = await (await place.run(line)).wait_for_ephemeral()
        assert "You alone" in shown.visible_text
        assert "You alone" not in await place.decide(shown, "Confirm")
    assert place.alerts.messages == [] and place.ann.dms == []
    assert place.server.violations == []
