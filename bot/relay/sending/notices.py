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
from bot.core.routes.events import Event
from bot.core.routes.route import Route, types_in_words
from bot.core.text.shortening import cut

# What fits everywhere, with room for a title.
_PLAIN_TEXT = 600


def possibly_repeated(card: Card) -> Card:
    """The same card, saying that it may stand in the channel already."""
    note = Text(
        line(
            "Possibly a repeat: sending this was interrupted, and I cannot read this channel "
            "to see whether it arrived."
        ),
        subtle=True,
    )
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
                note = Text(line("Part of this message could not be shown here."), subtle=True)
                if note not in blocks:
                    blocks.append(note)
    links = tuple(button for button in card.buttons if button.url is not None)
    simple = Card(cut(card.title, 150), tuple(blocks[:5]), card.tone, links[:2])
    return replace(simple, shape=card.shape, pings=card.pings)


def unpresentable(event: Event) -> Card:
    """Stands for an event whose data no presenter could read."""
    name = (
        f"@{event.username}"
        if event.username
        else (search_words(event.query) if event.query else "a monitor")
    )
    text = Text(line("Something happened that I cannot show properly: ", Code(event.type)))
    return Card(f"An event of {name}", (text,), tone=Tone.INFO)


def test_card(route: Route) -> Card:
    """Posted by `relay test`."""
    blocks = [
        Text(line("This is a test of the route ", Bold(route.name), ". It can reach this channel.")),
        Text(line(describe(route)), subtle=True),
    ]
    return Card("Test of a route", tuple(blocks), tone=Tone.SUCCESS)


def describe(route: Route) -> str:
    """What a route takes, in words."""
    sources = [f"@{account}" for account in route.accounts]
    sources += [search_words(keyword) for keyword in route.keywords]
    who = ", ".join(sources) or "every monitor"
    return f"It takes {types_in_words(route, ', '.join(route.events))} of {who}."


def place(destination: Destination) -> str:
    """A place in words, where no mention can be drawn."""
    return destination.channel + (f", thread {destination.thread}" if destination.thread else "")
