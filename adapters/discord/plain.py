"""A card as text alone, for when Discord refuses its components: the same words, no pictures.

Buttons that act cannot be text; those that are links become links.
"""

from __future__ import annotations

from adapters.discord import limits
from adapters.discord.blocks import block_text, more
from adapters.discord.body import LEAST, UNLIMITED
from adapters.discord.escape import one_line, within
from adapters.discord.inline import masked_link
from adapters.discord.kinds import Component, Type
from adapters.discord.marks import mark as put_mark
from adapters.discord.pings import role_mentions
from adapters.discord.render import COMPONENTS_V2
from bot.core.chat.cards import Card, Shape, priority_of
from bot.core.chat.missing import NO_TEXT, Missing
from bot.core.chat.room import allot
from bot.core.chat.words import shows
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.i18n.speaking import in_its_language

CONTENT = limits.CONTENT


@in_its_language
def plain(card: Card, limit: int = CONTENT) -> str:
    """The card in at most `limit` characters of markdown."""
    title = within(card.title, min(limits.TITLE, limit // 4), one_line)
    if blank(card.title) or (card.shape is not Shape.CARD and any(map(shows, card.blocks))):
        title = ""
    links = [masked_link(button.label, button.url) for button in card.buttons if button.url]
    pings = role_mentions(card.pings)
    parts = [part for part in (pings, f"**{title}**" if title else "") if part]
    room = limit - sum(limits.size(part) + 1 for part in parts)
    foot = " · ".join(links)
    if limits.size(foot) > room // 4:
        foot = more(len(links), Missing.LINKS) if links else ""
    blocks = [block for block in card.blocks if shows(block)]
    wanted = [limits.size(block_text(block, UNLIMITED)) for block in blocks]
    priorities = [priority_of(block) for block in blocks]
    given = allot(wanted, priorities, room - limits.size(foot) - len(blocks) - 1 - LEAST, LEAST)
    texts = [block_text(block, share) for block, share in zip(blocks, given, strict=True)]
    left = sum(1 for text, want in zip(texts, wanted, strict=True) if want and not text)
    parts += [*texts, more(left, Missing.PARTS) if left else "", foot]
    return "\n".join(part for part in parts if part) or say(NO_TEXT)


def plain_components(card: Card, *, mark: str | None = None) -> list[Component]:
    """The text as the simplest Components V2 message there is: it can be marked and edited."""
    text: Component = {"type": Type.TEXT, "content": plain(card, limits.TEXT)}
    container: Component = {"type": Type.CONTAINER, "components": [text]}
    if mark is not None:
        put_mark([container], mark)
    return [container]


__all__ = ["COMPONENTS_V2", "CONTENT", "plain", "plain_components"]
