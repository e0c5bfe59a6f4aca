"""A card for every type of event that the API of Xquik documents.

The data of an event is untrusted and its shape varies; a field that is missing or of another type
is left out, never an error. A type that is not known is shown generically.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Any

from bot.cards.events.words import headline, now_called, search_words, source
from bot.cards.figures import count
from bot.cards.tweets import OPEN_ON_X, quote, tweet_blocks, web_url
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Button,
    Card,
    Field,
    Fields,
    Line,
    Quote,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.commands.page_cards import turn_label
from bot.core.commands.price_list import LOOKUP
from bot.core.messages.message import Message, msg, pmsg
from bot.core.routes import event_readings
from bot.core.routes.event_readings import reading, tweet_id
from bot.core.routes.event_words import (
    OTHER_TITLES,
    POST_TITLES,
    TWEET_TITLES,
    kind_words,
    profile_change,
    profile_part,
)
from bot.core.routes.events import DELETED_TYPE, RENAMED_TYPE, TEST_TYPE, Event
from bot.core.text.shortening import shorten

# Of what is shown of an event of a type that is not known.
_MOST_VALUES = 10
REPLY_ACTION = "event.reply"
SPACE_ACTION = "event.space"
BROADCAST_ACTION = "event.broadcast"

LIKE_ACTION = "event.like"
REPOST_ACTION = "event.repost"
MORE_ACTION = "event.more"
# Those that somebody answers: a button stands only where pressing it does something.
ANSWERED: tuple[str, ...] = (REPLY_ACTION, LIKE_ACTION, REPOST_ACTION, MORE_ACTION)
_LABELS = {
    REPLY_ACTION: msg("Draft a reply"),
    LIKE_ACTION: pmsg("the button", "Like"),
    REPOST_ACTION: pmsg("the button", "Repost"),
    MORE_ACTION: msg("More…"),
}
# Of numbers that are shown grouped; what is longer is no figure of X.
_FIGURES = 10**15


def event_card(event: Event, *, late: bool = False) -> Card:
    """The card of a relayed event. late: it came long after it happened, and says so."""
    build = _builder(event.type)
    card = build(event)
    if not late:
        return card
    return Card(card.title, (*card.blocks, late_note(event)), card.tone, card.buttons)


def late_note(event: Event) -> Text:
    """That an event came long after it happened."""
    said = msg("This arrived late; it happened {when}.", when=Timestamp(event.occurred_at))
    return Text(line(said), subtle=True)


def _builder(kind: str) -> Callable[[Event], Card]:
    if kind == DELETED_TYPE:
        return _deleted
    if kind in TWEET_TITLES:
        return _tweet
    if profile_part(kind) is not None:
        return _profile
    if kind in OTHER_TITLES:
        return _other
    if kind in POST_TITLES:
        return _WATCHED_POST.get(kind, _counted)
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
    blocks = list(tweet_blocks(tweet))
    if event.query:
        blocks.append(_matches(event.query))
    return Card(_tweet_title(event.type, author), tuple(blocks), Tone.INFO, _tweet_buttons(event, tweet.url))


# Few accounts and searches have most of the events, and what is said of them is the same each time.
@lru_cache(maxsize=1024)
def _tweet_title(kind: str, author: str | None) -> Message:
    what = kind_words(kind)
    return msg("{what} by @{author}", what=what, author=author) if author else what


@lru_cache(maxsize=1024)
def _matches(query: str) -> Text:
    return Text(line(msg("Matches {search}", search=search_words(query))), subtle=True)


def _tweet_buttons(event: Event, url: str) -> tuple[Button, ...]:
    return (
        Button(OPEN_ON_X, url=url),
        *action_buttons(event, *_LABELS),
    )


def action_buttons(event: Event, *names: str) -> tuple[Button, ...]:
    """The buttons of an event for those actions, as far as they are answered."""
    key = str(event.id)
    return tuple(Button(_LABELS[name], action=ActionRef(name, key)) for name in names if name in ANSWERED)


def live_buttons(event: Event) -> tuple[Button, ...]:
    """Of an event that a Space or a broadcast began: a button that shows it as it is by then."""
    if event_readings.space(event) is not None:
        name, label = SPACE_ACTION, msg("Show the Space")
    elif event_readings.broadcast(event) is not None:
        name, label = BROADCAST_ACTION, msg("Show the broadcast")
    else:
        return ()
    return (Button(turn_label(label, LOOKUP.fixed), action=ActionRef(name, str(event.id))),)


def _deleted(event: Event) -> Card:
    who = source(event)
    text = reading(event).text
    blocks: list[Block] = []
    if text:
        blocks.append(Quote(text, author=who))
    identity = tweet_id(event)
    gone = msg("Tweet {id} is no longer on X.", id=identity) if identity else msg("It is no longer on X.")
    blocks.append(Text(line(gone)))
    title = kind_words(DELETED_TYPE)
    if who:
        title = msg("{what} by {who}", what=title, who=who)
    return Card(title, tuple(blocks), Tone.WARNING)


def _profile(event: Event) -> Card:
    part = profile_part(event.type) or ""
    who = source(event)
    blocks: list[Block] = []
    before, after = change(event)
    fields = [
        Field(name, _shown(value), short=False)
        for name, value in ((msg("Before"), before), (msg("Now"), after))
        if value not in (None, "")
    ]
    if fields:
        blocks.append(Fields(tuple(fields)))
    old, new = event_readings.rename(event) if event.type == RENAMED_TYPE else ("", "")
    if old and new:
        blocks = [Text(line(_sentence(now_called(old, new))))]
    if not blocks:
        blocks.append(Text(line(_sentence(profile_change(part, who or msg("The account"))))))
    title = profile_change(part, who or msg("An account"))
    return Card(title, tuple(blocks), Tone.INFO, _account_buttons(event))


def _sentence(said: Message) -> Message:
    return msg("{sentence}.", sentence=said)


def change(event: Event) -> tuple[Any, Any]:
    """What a profile had and what it has now, under the names that the sources use; None for neither."""
    part = profile_part(event.type)
    if part is None:
        return None, None
    return event_readings.change(event, part)


def _shown(value: Any) -> Line:
    if isinstance(value, bool):
        return (msg("yes") if value else msg("no"),)
    if isinstance(value, int) and abs(value) < _FIGURES:
        return (count(value),)
    if isinstance(value, int | float):
        return (f"{value:,}",)
    if isinstance(value, str):
        return (shorten(value, 500),)
    return (msg("(see X)"),)


def _account_buttons(event: Event, url: str | None = None) -> tuple[Button, ...]:
    """Of what is about no tweet. url: where it is on X, else the profile."""
    address = url or (f"https://x.com/{event.username}" if event.username else None)
    link = (Button(OPEN_ON_X, url=address),) if address else ()
    return (*link, *live_buttons(event), *action_buttons(event, MORE_ACTION))


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
    if not blocks:
        blocks.append(Text(line(msg("{who} on X.", who=who or msg("An account")))))
    return Card(title, tuple(blocks), Tone.INFO, buttons)


def _counted(event: Event) -> Card:
    """A figure of a tweet that is watched: what it was when that was told last, and what it is now."""
    before, now = event_readings.change(event, "current")
    fields = [Field(name, _shown(value)) for name, value in ((msg("Before"), before), (msg("Now"), now))]
    return Card(headline(event, source(event)), (Fields(tuple(fields)),), Tone.INFO, _watched_buttons(event))


def _edited_post(event: Event) -> Card:
    who = source(event)
    blocks: list[Block] = [Quote(event_readings.said(event, "text"), author=who)]
    if before := event_readings.said(event, "previousText"):
        blocks.append(Fields((Field(msg("Before"), (shorten(before, 500),), short=False),)))
    return Card(headline(event, who), tuple(blocks), Tone.INFO, _watched_buttons(event))


def _deleted_post(event: Event) -> Card:
    who = source(event)
    text = event_readings.said(event, "text")
    blocks: list[Block] = [Quote(text, author=who)] if text else []
    blocks.append(Text(line(msg("It is no longer on X, and is watched no more."))))
    return Card(headline(event, who), tuple(blocks), Tone.WARNING, _account_buttons(event))


_WATCHED_POST: dict[str, Callable[[Event], Card]] = {
    "post.reply.new": _tweet,
    "post.quote.new": _tweet,
    "post.edited": _edited_post,
    "post.deleted": _deleted_post,
}
"""Everything else that is told of a watched tweet is a figure."""


def _watched_buttons(event: Event) -> tuple[Button, ...]:
    identity = tweet_id(event)
    if identity is None:
        return _account_buttons(event)
    return _tweet_buttons(event, f"https://x.com/{event.username or 'i'}/status/{identity}")


def _test(event: Event) -> Card:
    title = kind_words(TEST_TYPE)
    said = shorten(event_readings.said(event, "message"), 200) or title
    works = msg("The route works: events from your monitors will arrive like this.")
    return Card(title, (Quote(said), Text(line(works))), Tone.SUCCESS)


def _generic(event: Event) -> Card:
    """What is not known by name: its type, its source, and the plain values of its data."""
    who = source(event)
    fields: list[Field] = []
    for name, value in islice(event_readings.plain_values(event), _MOST_VALUES):
        fields.append(Field(shorten(name, 40), _shown(value)))
    kind = shorten(event.type, 80)
    said = msg("Event {type} for {who}", type=kind, who=who) if who else msg("Event {type}", type=kind)
    identity = tweet_id(event)
    buttons = (
        _tweet_buttons(event, f"https://x.com/i/status/{identity}") if identity else _account_buttons(event)
    )
    blocks: tuple[Block, ...] = (Text(line(said)),)
    if fields:
        blocks = (*blocks, Fields(tuple(fields)))
    title = msg("{what}: {who}", what=msg("New event"), who=who) if who else msg("New event")
    return Card(title, blocks, Tone.INFO, buttons)
