"""The menu of a message over HTTP: what the page is told of it, and each entry to its end."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.playground import bodies
from adapters.playground.texts import texts_of
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Card, Fields, Gallery, Link, Media, Quote, Table, Text, line
from bot.core.chat.cards import Field as CardField
from bot.core.chat.ids import Destination
from bot.core.x.references import find_posts
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness, Visitor

LINK = "https://x.com/nasa/status/1893456789012345678"
OTHER = "https://x.com/esa/status/1893456789012345699"
ALERTS = Destination(TENANT, "alerts")
PLACES = {
    "a text": Card("T", (Text(line("look: ", LINK)),)),
    "a link": Card("T", (Text(line(Link("here", LINK))),)),
    "a quote": Card("T", (Quote(f"({LINK})."),)),
    "the address of a quote": Card("T", (Quote("Liftoff", url=LINK),)),
    "a field": Card("T", (Fields((CardField("Tweet", (LINK,)),)),)),
    "a table": Card("T", (Table(("a",), (((Link("1", LINK),),),)),)),
    "more pictures": Card("T", (Gallery((Media("https://a.example/1.png", "x"),), more_url=LINK),)),
    "a description": Card("T", (Gallery((Media("https://a.example/1.png", f"From {LINK}"),)),)),
    "a button": Card("T", buttons=(Button("Open on X", url=LINK),)),
    "the title": Card(LINK),
}
NOWHERE = {
    "another site": Card("T", (Quote("https://x.com.evil.example/nasa/status/20"),)),
    "a label": Card("T", (Text(line(Link(LINK, "https://evil.example"))),)),
    "the label of a button": Card("T", buttons=(Button(LINK, ActionRef("test.again", "k")),)),
    "a short link": Card("T", (Quote("https://t.co/abc"),)),
    "markup": Card("T", (Quote("<img src=x> @everyone javascript:alert(1)"),)),
}


async def _standing(house: PlaygroundHarness, visitor: Visitor, card: Card) -> dict[str, Any]:
    """The message of a card in #alerts."""
    await house.playground.messenger.post(ALERTS, card, f"k{id(card)}")
    return (await visitor.messages("alerts"))[-1]


async def _act(visitor: Visitor, message: dict[str, Any], key: str = "show_tweet") -> Any:
    data = {"message": message["id"], "action": key, "channel": "alerts"}
    answer = await visitor.post("act", data)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("place", PLACES)
async def test_a_tweet_is_found_wherever_it_stands(
    ada: Visitor, house: PlaygroundHarness, place: str
) -> None:
    message = await _standing(house, ada, PLACES[place])
    assert message["tweets"] is True
    assert (await _act(ada, message))["status"] == "working"
    shown = await ada.until_card("A tweet", "alerts")
    assert shown["card"]["blocks"][0]["line"] == ["Tweet 1893456789012345678"]
    assert shown["asked"] == {"message": message["id"], "person": "ada"} and shown["private"]


@pytest.mark.parametrize("place", NOWHERE)
async def test_what_is_no_link_to_a_tweet_has_no_menu_and_is_told_so(
    ada: Visitor, house: PlaygroundHarness, place: str
) -> None:
    message = await _standing(house, ada, NOWHERE[place])
    assert message["tweets"] is False
    await _act(ada, message)
    told = await ada.until_card("Not found", "alerts")
    assert "no link to a tweet" in str(told["card"]) and told["private"]


async def test_the_page_is_told_of_the_entries_in_the_language_of_who_reads(ada: Visitor) -> None:
    entries = (await ada.start())["actions"]
    assert [entry["key"] for entry in entries] == ["show_tweet", "run_draw", "download_media"]
    assert entries[0]["name"] == "Show tweet" and entries[0]["description"].startswith("Show the tweet")
    await ada.say("me language en-XA")

    async def spoken() -> bool:
        return str((await ada.start())["language"]) == "en-XA"

    await ada.until(spoken)
    entries = (await ada.start())["actions"]
    assert all(entry["name"].startswith("⟦") and entry["description"].startswith("⟦") for entry in entries)


async def test_a_form_opens_with_the_link_and_goes_through(ada: Visitor, house: PlaygroundHarness) -> None:
    message = await _standing(house, ada, PLACES["a quote"])
    first = await _act(ada, message, "run_draw")
    assert first["status"] == "form" and first["asked"] == message["id"]
    assert next(one["value"] for one in first["form"]["inputs"] if one["name"] == "tweet") == LINK
    values = {"tweet": LINK, "winners": "3"}
    sent = {"action": first["form"]["action"], "values": values, "asked": message["id"], "channel": "alerts"}
    assert (await ada.post("form", sent)).json()["status"] == "working"
    await ada.until_card("3 winners drawn", "alerts")
    assert (await ada.messages("alerts"))[0] == message, "the message it was chosen on stays as it is"


async def test_of_several_tweets_one_is_chosen(ada: Visitor, house: PlaygroundHarness) -> None:
    message = await _standing(house, ada, Card("T", (Quote(f"{LINK} {OTHER}", url=OTHER),)))
    await _act(ada, message)
    choice = await ada.until_card("Show tweet", "alerts")
    buttons = {one["label"]: one["action"] for one in choice["card"]["buttons"]}
    assert list(buttons) == ["1 · @nasa", "2 · @esa"] and choice["private"]
    pressed = {"message": choice["id"], "action": buttons["2 · @esa"], "channel": "alerts"}
    assert (await ada.post("press", pressed)).status_code == 200
    shown = await ada.until_card("A tweet", "alerts")
    assert shown["card"]["blocks"][0]["line"] == ["Tweet 1893456789012345699"]


async def test_who_may_not_is_told_so(ben: Visitor, house: PlaygroundHarness) -> None:
    await _act(ben, await _standing(house, ben, PLACES["a link"]))
    await ben.until_card("You may not do that here", "alerts")


async def test_a_line_of_one_s_own_has_the_menu_too_and_of_others_none(ada: Visitor, ben: Visitor) -> None:
    await ada.say(f"tweet show {LINK}", channel="alerts")
    await ada.until_card("A tweet", "alerts")
    line = (await ada.messages("alerts"))[0]
    assert line["text"] == f"/tweet show {LINK}" and line["tweets"] is True
    data = {"message": line["id"], "action": "show_tweet", "channel": "alerts"}
    assert (await ada.post("act", data)).status_code == 200
    assert (await ben.post("act", data)).status_code == 404, "seen by its author alone"
    assert (await ada.post("act", {**data, "channel": "general"})).status_code == 404, "not there"


async def test_what_the_page_never_asks_is_refused(ada: Visitor, house: PlaygroundHarness) -> None:
    message = await _standing(house, ada, PLACES["a link"])
    for action in ("gone", "", "x1:test.again:k", 7, None):
        answer = await ada.post("act", {"message": message["id"], "action": action, "channel": "alerts"})
        assert answer.status_code in (400, 404), action
    for number in (0, -1, "1", None, 2**63, 10**9):
        answer = await ada.post("act", {"message": number, "action": "show_tweet", "channel": "alerts"})
        assert answer.status_code in (400, 404), number
    data = {"message": message["id"], "action": "show_tweet", "channel": "alerts"}
    assert (await ada.post("act", data, {"x-csrf": "wrong"})).status_code == 403
    assert len(await ada.messages("alerts")) == 1


def test_what_people_see_first_comes_first() -> None:
    card = Card(
        "https://x.com/a/status/1",
        (Quote("https://x.com/b/status/2", url="https://x.com/c/status/3"),),
        buttons=(Button("Open", url="https://x.com/d/status/4"),),
    )
    found = find_posts(*texts_of(bodies.of_card(card)))
    assert [post.id for post in found] == ["1", "2", "3", "4"]
    assert list(texts_of(bodies.of_text("/help"))) == ["help"]
    assert find_posts(*texts_of(bodies.of_text(f"/{LINK}"))), "a line that is only a link"
