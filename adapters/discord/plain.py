"""A card as text alone, for when Discord refuses its components: the same words, no pictures.

Buttons that act cannot be text; those that are links become links.
"""

from __future__ import annotations

from adapters.discord import limits
from adapters.discord.blocks import block_text, more
from adapters.discord.escape import one_line, within
from adapters.discord.inline import masked_link
from adapters.discord.kinds import Component, Type
from adapters.discord.marks import mark as put_mark
from adapters.discord.pings import role_mentions
from adapters.discord.render import COMPONENTS_V2, shares
from bot.core.cards import Card, Shape

CONTENT = limits.CONTENT


def plain(card: Card, limit: int = CONTENT) -> str:
    """The card in at most `limit` characters of markdown."""
    title = within(card.title, min(limits.TITLE, limit // 4), one_line)
    if card.shape is not Shape.CARD and card.blocks:
        title = ""
    links = [masked_link(button.label, button.url) for button in card.buttons if button.url]
    pings = role_mentions(card.pings)
    parts = [part for part in (pings, f"**{title}**" if title else "") if part]
    room = limit - sum(limits.size(part) + 1 for part in parts)
    foot = " · ".join(links)
    if limits.size(foot) > room // 4:
        foot = more(len(links), "links") if links else ""
    wanted = [limits.size(block_text(block, 1_000_000)) for block in card.blocks]
    given = shares(wanted, room - limits.size(foot) - len(card.blocks) - 1)
    parts += [block_text(block, share) for block, share in zip(card.blocks, given, strict=True)]
    return "\n".join(part for part in (*parts, foot) if part) or limits.ELLIPSIS


def plain_components(card: Card, *, mark: str | None = None) -> list[Component]:
    """The text as the simplest Components V2 message there is: it can be marked and edited."""
    text: Component = {"type": Type.TEXT, "content": plain(card, limits.TEXT)}
    container: Component = {"type": Type.CONTAINER, "components": [text]}
    if mark is not None:
        put_mark([container], mark)
    return [container]


__all__ = ["COMPONENTS_V2", "CONTENT", "plain", "plain_components"]
