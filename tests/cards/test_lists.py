"""Several events as one message."""

from __future__ import annotations

from bot.cards.events.lists import LIST_LIMIT, list_card
from bot.core.chat.cards import Card, Link, Text
from bot.core.chat.ids import TenantId
from bot.core.routes.appearance import PLAIN, Appearance, Layout
from bot.core.routes.events import Event
from tests.features.edge import words


def _event(number: int, **data: object) -> Event:
    content = {"id": f"18934567890123456{number:02}", "text": f"Tweet {number}", **data}
    return Event(number, TenantId("slack", "T1"), "tweet.new", "nasa", None, 1.0, 1.0, content, f"e:{number}")


def test_each_event_is_a_line_with_its_link_and_the_rest_is_counted() -> None:
    card = list_card([_event(number) for number in range(LIST_LIMIT + 3)], "18 events", PLAIN)
    assert card.title == "18 events" and len(card.blocks) == LIST_LIMIT + 1
    assert "Tweet 0" in words(card) and "… 3 more" in words(card)


def test_a_sensitive_tweet_is_listed_without_its_text() -> None:
    card = list_card([_event(1, possiblySensitive=True), _event(2)], "2 events", PLAIN)
    assert "Tweet 1" not in words(card) and "Tweet 2" in words(card) and len(card.blocks) == 2


def test_a_route_of_links_lists_no_text() -> None:
    card = list_card([_event(1)], "1 event", Appearance(layout=Layout.LINK, pings=("S1",)))
    assert "Tweet 1" not in words(card) and card.pings == ("S1",)


def test_a_deleted_tweet_has_a_line_without_its_text_and_without_a_link() -> None:
    card = list_card([_event(1), _event(2)], "2 events", PLAIN, deleted={1})
    first, second = (words(Card("", (block,))) for block in card.blocks)
    assert "@nasa" in first and "deleted on X" in first and "Tweet 1" not in first
    assert "Tweet 2" in second and "deleted" not in second
    parts = [part for block in card.blocks if isinstance(block, Text) for part in block.line]
    assert [part.url for part in parts if isinstance(part, Link)] == [
        "https://x.com/nasa/status/1893456789012345602"
    ]


def test_what_belongs_to_a_list_and_cannot_be_shown_any_more_is_counted() -> None:
    events = [_event(number) for number in range(LIST_LIMIT + 1)]
    assert "… 3 more" in words(list_card(events, "18 events", PLAIN, more=2))
    assert words(list_card([], "2 events", PLAIN, more=2)).endswith("… 2 more")
