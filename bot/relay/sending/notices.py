"""What the relay says itself: that a message may be a repeat, a test."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.events.words import search_words
from bot.core.chat.cards import (
    Block,
    Bold,
    Buttons,
    Card,
    Code,
    Fields,
    Progress,
    Quote,
    Text,
    Tone,
    line,
)
from bot.core.chat.ids import Destination
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.routes.events import Event
from bot.core.routes.route import Route, types_in_words
from bot.core.text.shortening import cut

# What fits everywhere, with room for a title.
_PLAIN_TEXT = 600


def possibly_repeated(card: Card) -> Card:
    """The same card, saying that it may stand in the channel already."""
    said = msg(
        "Possibly a repeat: sending this was interrupted, and I cannot read this channel "
        "to see whether it arrived."
    )
    note = Text(line(said), subtle=True)
    return replace(card, blocks=(*card.blocks, note))


def plainer(card: Card) -> Card:
    """A card that a platform which refused the real one should take: text and links only."""
    blocks: list[Block] = []
    for block in card.blocks:
        match block:
            case Quote():
                short = cut(block.text, _PLAIN_TEXT)
                blocks.append(Quote(short, author=cut(block.author, 100), at=block.at))
            case Text():
                blocks.append(block)
            case Fields():
                blocks.append(Fields(block.items[:5]))
            case Buttons() | Progress():
                pass
            case _:
                note = Text(line(msg("Part of this message could not be shown here.")), subtle=True)
                if note not in blocks:
                    blocks.append(note)
    links = tuple(button for button in card.buttons if button.url is not None)
    simple = Card(cut(card.title, 150), tuple(blocks[:5]), card.tone, links[:2])
    return replace(simple, shape=card.shape, pings=card.pings)


def unpresentable(event: Event) -> Card:
    """Stands for an event whose data no presenter could read."""
    said = msg("Something happened that I cannot show properly: {event}", event=Code(event.type))
    return Card(_title(event), (Text(line(said)),), tone=Tone.INFO)


def _title(event: Event) -> Message:
    if event.username:
        return msg("An event of @{username}", username=event.username)
    if event.query:
        return msg("An event of {search}", search=search_words(event.query))
    return msg("An event of a monitor")


def test_card(route: Route) -> Card:
    """Posted by `relay test`."""
    blocks = [
        Text(
            line(
                msg("This is a test of the route {route}. It can reach this channel.", route=Bold(route.name))
            )
        ),
        Text(line(describe(route)), subtle=True),
    ]
    return Card(msg("Test of a route"), tuple(blocks), tone=Tone.SUCCESS)


def describe(route: Route) -> Message:
    """What a route takes, in words."""
    types = types_in_words(route)
    sources = [f"@{account}" for account in route.accounts]
    sources += [search_words(keyword) for keyword in route.keywords]
    if not sources:
        return msg("It takes {types} of every monitor.", types=types)
    return msg("It takes {types} of {sources}.", types=types, sources=Joined(tuple(sources), JoinedBy.COMMA))


def place(destination: Destination) -> str:
    """A place in words, where no mention can be drawn."""
    if destination.thread:
        return msg("{channel}, thread {thread}", channel=destination.channel, thread=destination.thread)
    return destination.channel
