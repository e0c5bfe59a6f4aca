"""A card for every type of event that the API of Xquik documents.

The data of an event is untrusted and its shape varies; a field that is missing or of another type
is left out, never an error. A type that is not known is shown generically.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from bot.cards.events.words import (
    OTHER_TITLES,
    TWEET_TITLES,
    headline,
    now_called,
    profile_part,
    profile_words,
    search_words,
    source,
)
from bot.cards.tweets import quote, tweet_blocks, web_url
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Button,
    Card,
    Field,
    Fields,
    Inline,
    Line,
    Quote,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.routes import event_readings
from bot.core.routes.event_readings import reading, tweet_id
from bot.core.routes.events import DELETED_TYPE, RENAMED_TYPE, TEST_TYPE, Event
from bot.core.text.shortening import shorten

# Of what is shown of an event of a type that is not known.
_MOST_VALUES = 10
REPLY_ACTION = "event.reply"

LIKE_ACTION = "event.like"
REPOST_ACTION = "event.repost"
MORE_ACTION = "event.more"
# Those that somebody answers: a button stands only where pressing it does something.
ANSWERED: tuple[str, ...] = (REPLY_ACTION, LIKE_ACTION, REPOST_ACTION, MORE_ACTION)
_ACTIONS = {
    "Draft a reply": REPLY_ACTION,
    "Like": LIKE_ACTION,
    "Repost": REPOST_ACTION,
    "More…": MORE_ACTION,
}


def event_card(event: Event, *, late: bool = False) -> Card:
    """The card of a relayed event. late: it came long after it happened, and says so."""
    build = _builder(event.type)
    card = build(event)
    if not late:
        return card
    note = Text(("This arrived late; it happened ", Timestamp(event.occurred_at), "."), subtle=True)
    return Card(card.title, (*card.blocks, note), card.tone, card.buttons)


def _builder(kind: str) -> Callable[[Event], Card]:
    if kind == DELETED_TYPE:
        return _deleted
    if kind in TWEET_TITLES:
        return _tweet
    if profile_part(kind) is not None:
        return _profile
    if kind in OTHER_TITLES:
        return _other
    if kind == TEST_TYPE:
        return _test
    return _generic


def quoted(event: Event) -> Quote | None:
    """The tweet of an event as a quote, with its author; None when the event tells no text."""
    tweet = reading(event)
    return quote(tweet) if tweet.id and tweet.text else None


def _tweet(event: Event) -> Card:
    tweet = reading(event)
    if not tweet.id:
        return _generic(event)
    author = tweet.author.username if tweet.author and tweet.author.username else event.username
    title = TWEET_TITLES[event.type] + (f" by @{author}" if author else "")
    blocks = list(tweet_blocks(tweet))
    if event.query:
        blocks.append(Text(line(f"Matches {search_words(event.query)}"), subtle=True))
    return Card(title, tuple(blocks), Tone.INFO, _tweet_buttons(event, tweet.url))


def _tweet_buttons(event: Event, url: str) -> tuple[Button, ...]:
    return (
        Button("Open on X", url=url),
        *action_buttons(event, "Draft a reply", "Like", "Repost", "More…"),
    )


def action_buttons(event: Event, *labels: str) -> tuple[Button, ...]:
    """The buttons of an event with those labels, as far as they are answered."""
    key = str(event.id)
    wanted = [(label, _ACTIONS[label]) for label in labels]
    return tuple(Button(label, action=ActionRef(name, key)) for label, name in wanted if name in ANSWERED)


def _deleted(event: Event) -> Card:
    who = source(event)
    text = reading(event).text
    blocks: list[Block] = []
    if text:
        blocks.append(Quote(text, author=who))
    identity = tweet_id(event)
    blocks.append(Text(line(f"Tweet {identity} is no longer on X." if identity else "It is no longer on X.")))
    return Card("Deleted tweet" + (f" by {who}" if who else ""), tuple(blocks), Tone.WARNING)


def _profile(event: Event) -> Card:
    part = profile_part(event.type) or ""
    who = source(event)
    words = profile_words(part)
    blocks: list[Block] = []
    before, after = change(event)
    fields = [
        Field(name, _shown(value), short=False)
        for name, value in (("Before", before), ("Now", after))
        if value not in (None, "")
    ]
    if fields:
        blocks.append(Fields(tuple(fields)))
    old, new = event_readings.rename(event) if event.type == RENAMED_TYPE else ("", "")
    if old and new:
        blocks = [Text(line(f"{now_called(old, new)}."))]
    if not blocks:
        blocks.append(Text(line(f"{who or 'The account'} has {words}.")))
    return Card(f"{who or 'An account'} has {words}", tuple(blocks), Tone.INFO, _account_buttons(event))


def change(event: Event) -> tuple[Any, Any]:
    """What a profile had and what it has now, under the names that the sources use; None for neither."""
    part = profile_part(event.type)
    if part is None:
        return None, None
    return event_readings.change(event, part)


def _shown(value: Any) -> Line:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, int | float):
        return (f"{value:,}",)
    if isinstance(value, str):
        return (shorten(value, 500),)
    return ("(see X)",)


def _account_buttons(event: Event, url: str | None = None) -> tuple[Button, ...]:
    """Of what is about no tweet. url: where it is on X, else the profile."""
    address = url or (f"https://x.com/{event.username}" if event.username else None)
    link = (Button("Open on X", url=address),) if address else ()
    return (*link, *action_buttons(event, "More…"))


def _other(event: Event) -> Card:
    who = source(event)
    title = headline(event, who)
    blocks: list[Block] = []
    if name := event_readings.person(event):
        blocks.append(Text(line(f"@{shorten(name, 40)}")))
    if heading := event_readings.said(event, "title"):
        blocks.append(Quote(shorten(heading, 300), author=who))
    address = web_url(event_readings.said(event, "url"))
    buttons = _account_buttons(event, address if address and address.startswith("https://x.com/") else None)
    return Card(title, tuple(blocks) or (Text(line(f"{who or 'An account'} on X.")),), Tone.INFO, buttons)


def _test(event: Event) -> Card:
    said = shorten(event_readings.said(event, "message"), 200) or "Test event"
    return Card(
        "Test event",
        (Quote(said), Text(line("The route works: events from your monitors will arrive like this."))),
        Tone.SUCCESS,
    )


def _generic(event: Event) -> Card:
    """What is not known by name: its type, its source, and the plain values of its data."""
    who = source(event)
    fields: list[Field] = []
    for name, value in islice(event_readings.plain_values(event), _MOST_VALUES):
        fields.append(Field(shorten(name, 40), _shown(value)))
    parts: list[Inline] = [f"Event {shorten(event.type, 80)}"]
    if who:
        parts.append(f" for {who}")
    identity = tweet_id(event)
    buttons = (
        _tweet_buttons(event, f"https://x.com/i/status/{identity}") if identity else _account_buttons(event)
    )
    blocks: tuple[Block, ...] = (Text(tuple(parts)),)
    if fields:
        blocks = (*blocks, Fields(tuple(fields)))
    return Card("New event" + (f": {who}" if who else ""), blocks, Tone.INFO, buttons)
