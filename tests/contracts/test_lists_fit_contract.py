"""Every row of a page is on the screen, however long its texts are: what a message leaves out no page has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.cards.draws import draws_blocks
from bot.cards.monitors import monitors_table
from bot.cards.routes.routes import RouteRow, keyless_text, routes_blocks
from bot.cards.routes.status import RouteOverview, route_blocks, route_line
from bot.cards.topics import radar_blocks
from bot.cards.writing import drafts_blocks
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Block, Button, Card, Text, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.filters import Contains
from bot.core.routes.route import Route
from bot.core.routes.route_status import PlaceStatus
from bot.features.draft.listed import DRAFTS
from bot.features.draw.listed import DRAWS
from bot.features.inbox.rows import (
    SaidMessage,
    folders_table,
    message_blocks,
    notifications_blocks,
    tweets_blocks,
)
from bot.features.monitor.listed import MONITORS
from bot.features.radar.commands import TOPICS
from bot.features.relay.listed import ROUTES
from bot.features.relay.status import STANDINGS
from bot.i18n.languages import PSEUDO, SOURCE
from bot.i18n.translator import translator
from bot.xquik.models import (
    BookmarkFolder,
    DirectMessage,
    Draft,
    Draw,
    KeywordMonitor,
    Notification,
    RadarItem,
    Tweet,
    tweet_from_body,
)
from bot.xquik.resources.inbox import USUAL_ROWS
from tests.contracts.screens import Screen, letters

PLACE = Destination(TenantId("discord", "1" * 19), "1" * 19)
EVENTS = ("tweet.new", "tweet.quote", "tweet.reply", "tweet.retweet", "profile.name.changed")
LONG = "A word or another. " * 40
AT = "2026-01-01T00:00:00Z"


def _route(number: int) -> Route:
    return Route(
        f"r{number}", f"row{number:02} {'w' * 54}", PLACE, filters=(Contains(("x",)),), paused_reason=LONG,
        accounts=tuple(f"account_{n:07}" for n in range(20)), keywords=(LONG,) * 9, events=EVENTS,
    )  # fmt: skip


def _routes() -> Sequence[Block]:
    rows = tuple(RouteRow(_route(n), 1.7e9, 12_345, LONG) for n in range(ROUTES.size))
    return (keyless_text(), *routes_blocks(rows))


def _standings() -> Sequence[Block]:
    lost = PlaceStatus(PLACE, LONG, 1.7e9, LONG, 1.7e9, 5)
    rows = [RouteOverview(_route(n), (lost,), 99, (99, 1.7e9), 99, 1.7e9) for n in range(STANDINGS.size)]
    return (*map(route_line, rows), *(block for one in rows for block in route_blocks(one)))


def _saved(number: int, text: str = LONG, name: str = "a" * 15) -> Tweet:
    author = {"username": name, "name": LONG}
    body = {"id": "1" * 19, "text": f"row{number:02} {text}", "author": author, "createdAt": AT}
    return tweet_from_body(body)


def _messages() -> Sequence[Block]:
    """As long as messages usually are: of longer ones it is said how much is missing."""
    said = [
        SaidMessage(DirectMessage(id=str(n), text=f"row{n:02} {'w' * 60}", created_at=AT), f"@{'a' * 15}")
        for n in range(USUAL_ROWS)
    ]
    return message_blocks(said)


def _written(number: int, text: str, media: str | None = None) -> SaidMessage:
    message = DirectMessage(id=str(number), text=f"row{number:02} {text}", created_at=AT, media_url=media)
    return SaidMessage(message, f"@{'a_' * 7}")


def _confidential() -> dict[str, tuple[int, Sequence[Block]]]:
    """Pages whose length Xquik decides, each row of which was paid for: of marks that Discord escapes, with
    something attached to each message, and longer than usual."""
    name, address = "a_" * 7, f"https://ton.twitter.com/1.1/ton/data/dm/{'1' * 19}/{'2' * 19}/x.jpg"
    pages: dict[str, tuple[int, Sequence[Block]]] = {}
    for size in (14, USUAL_ROWS, 25, 26, 40, 50, 60):
        every = range(size)
        for kind, text in (("marks", "*_~`" * 70), ("words", LONG), ("emoji", "🎉" * 90), ("little", "")):
            notices = [Notification(id=str(n), message=f"row{n:02} {text}", at=AT) for n in every]
            folders = [BookmarkFolder(id=str(10**18 + n), name=f"row{n:02} {text}") for n in every]
            about = f"{size} {kind}"
            pages |= {
                f"bookmarks {about}": (size, tweets_blocks([_saved(n, text, name) for n in every])),
                f"notifications {about}": (size, notifications_blocks(notices)),
                f"folders {about}": (size, (folders_table(folders),)),
                f"messages {about}": (size, message_blocks([_written(n, text) for n in every])),
                f"media {about}": (size, message_blocks([_written(n, text, address) for n in every])),
            }
    return pages


PAGES: dict[str, tuple[int, Sequence[Block]]] = {
    **_confidential(),
    "routes": (ROUTES.size, _routes()),
    "status": (STANDINGS.size, _standings()),
    "monitors": (
        MONITORS.size,
        (
            monitors_table(
                [
                    KeywordMonitor(
                        id="1" * 19,
                        query=f"row{n:02} {LONG}",
                        event_types=EVENTS,
                        is_active=False,
                        paused_reason="insufficient_credits",
                    )
                    for n in range(MONITORS.size)
                ]
            ),
        ),
    ),
    "drafts": (
        DRAFTS.size,
        drafts_blocks(
            [Draft(id="d" * 30, text=f"row{n:02} {LONG}", created_at=AT) for n in range(DRAFTS.size)]
        ),
    ),
    "draws": (
        DRAWS.size,
        draws_blocks(
            [
                Draw(
                    id=f"row{n:02}{'d' * 30}",
                    tweet_url=f"https://x.com/{'a' * 15}/status/{'1' * 19}",
                    total_entries=10**6,
                    valid_entries=10**6,
                    created_at=AT,
                )
                for n in range(DRAWS.size)
            ]
        ),
    ),
    "bookmarks": (USUAL_ROWS, tweets_blocks([_saved(n) for n in range(USUAL_ROWS)])),
    "notifications": (
        USUAL_ROWS,
        notifications_blocks(
            [Notification(id=str(n), message=f"row{n:02} {LONG}", at=AT) for n in range(USUAL_ROWS)]
        ),
    ),
    "messages": (USUAL_ROWS, _messages()),
    "radar": (
        TOPICS.size,
        radar_blocks(
            [
                RadarItem(
                    id=str(n),
                    title=f"row{n:02} {LONG}",
                    description=LONG,
                    url=f"https://e.example/{'u' * 200}",
                    source="hacker_news",
                    category="entertainment",
                    score=1e6,
                    published_at=AT,
                )
                for n in range(TOPICS.size)
            ]
        ),
    ),
}


@pytest.mark.parametrize("language", [SOURCE, PSEUDO])
@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_a_page_is_on_the_screen(screen: Screen, name: str, language: str) -> None:
    size, blocks = PAGES[name]
    buttons = tuple(Button(label, ActionRef(f"list.{label.lower()}", "k" * 22)) for label in ("Back", "Next"))
    where = Text(line("Rows 1,001–1,010 of 2,000."), subtle=True)
    drawn = screen.draw(translator(language).card(Card("A list", (*blocks, where), buttons=buttons)))
    read = letters(drawn.text)
    assert [number for number in range(size) if f"row{number:02}" not in read] == []
    assert letters("Rows 1,001–1,010 of 2,000.") in read
    assert drawn.violations == ()
