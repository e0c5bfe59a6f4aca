"""Where links lead, and the HTML of a tweet. What others wrote stands in cells and quotes. Pure."""

from __future__ import annotations

from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import Block, Button, Card, Quote, Table, Text, Tone, line
from bot.core.messages.message import msg, nmsg
from bot.core.text.shortening import cut, shorten
from bot.core.x.references import TweetRef
from bot.xquik.models import ResolvedLinks, TweetEmbed

_ADDRESS = 300
_HTML = 1_500


def links_card(found: ResolvedLinks) -> Card:
    """A row each. Addresses are shown and never opened: nobody has looked at what stands there."""
    rows = tuple(
        (
            (one.url,),
            (shorten(one.resolved_url, _ADDRESS) if one.resolved_url else msg("X has no such link"),),
        )
        for one in found.links
    )
    blocks: list[Block] = [Table((msg("Link"), msg("Leads to")), rows)] if rows else []
    if found.unprocessed:
        left = nmsg(
            "{n} link was not looked up; try it again.",
            "{n} links were not looked up; try them again.",
            n=len(found.unprocessed),
        )
        blocks.append(Text(line(left)))
    tone = Tone.WARNING if found.unprocessed else Tone.INFO
    return Card(msg("Where links lead"), tuple(blocks), tone)


def embed_card(tweet: TweetRef, found: TweetEmbed) -> Card:
    """Its HTML, to be copied into a website."""
    blocks = (
        Text(line(msg("Put this into a page; it loads a script of X that draws the tweet."))),
        Quote(cut(found.html, _HTML), url=tweet.url),
    )
    return Card(
        msg("Tweet {id} for a website", id=tweet.id), blocks, Tone.INFO, (Button(OPEN_ON_X, url=tweet.url),)
    )
