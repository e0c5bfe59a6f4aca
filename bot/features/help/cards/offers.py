"""The card below a line that is only the link of a tweet, or only an account."""

from __future__ import annotations

from typing import assert_never

from bot.core.chat.cards import Block, Button, Card, Code, Inline, Link, Text, Tone, line
from bot.core.commands.offers import Offer
from bot.core.x.references import TweetRef, Username


def offer_card(about: TweetRef | Username, offers: tuple[Offer, ...], buttons: tuple[Button, ...]) -> Card:
    """What it is, what can be done with it, and how that is typed where no button can be pressed."""
    match about:
        case TweetRef(_, author):
            title = f"A tweet by @{author}" if author else "A tweet"
            given = "LINK"
        case Username():
            title, given = about.handle, about.handle
        case _:
            assert_never(about)
    blocks: list[Block] = [
        Text(line(Link(about.url, about.url))),
        Text(line("What would you like to do with it?")),
    ]
    if offers:
        typed: list[Inline] = ["Typed: "]
        for index, offer in enumerate(offers):
            words = (offer.typed or f"{' '.join(offer.path)} ") + given
            typed += [", " if index else "", Code(words)]
        blocks.append(Text((*typed, "."), subtle=True))
    return Card(title, tuple(blocks), Tone.INFO, buttons)
