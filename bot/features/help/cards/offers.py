"""The card below a line that is only the link of a tweet, or only an account."""

from __future__ import annotations

from typing import assert_never

from bot.core.chat.cards import Block, Button, Card, Code, Link, Text, Tone, line
from bot.core.commands.offers import Offer
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.x.references import TweetRef, Username


def offer_card(about: TweetRef | Username, offers: tuple[Offer, ...], buttons: tuple[Button, ...]) -> Card:
    """What it is, what can be done with it, and how that is typed where no button can be pressed."""
    match about:
        case TweetRef(_, author):
            title: str = msg("A tweet by @{name}", name=author) if author else msg("A tweet")
            given = "LINK"
        case Username():
            title, given = about.handle, about.handle
        case _:
            assert_never(about)
    blocks: list[Block] = [
        Text(line(Link(about.url, about.url))),
        Text(line(msg("What would you like to do with it?"))),
    ]
    if offers:
        typed = (Code((offer.typed or f"{' '.join(offer.path)} ") + given) for offer in offers)
        said = msg("Typed: {commands}.", commands=Joined(tuple(typed), JoinedBy.COMMA))
        blocks.append(Text(line(said), subtle=True))
    return Card(title, tuple(blocks), Tone.INFO, buttons)
