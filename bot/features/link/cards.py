"""Where links lead, and the HTML of a tweet. What others wrote stands in cells and quotes. Pure."""

from __future__ import annotations

from typing import Final

from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import Block, Button, Card, File, Priority, Quote, Table, Text, Tone, line
from bot.core.messages.message import msg, nmsg
from bot.core.text.shortening import cut, shorten
from bot.core.x.references import TweetRef
from bot.tabular.formats import TableFormat
from bot.tabular.parts import TableParts
from bot.xquik.models import ResolvedLinks, TweetEmbed

_ADDRESS = 300
_HTML = 1_500
_FILE: Final = "links.csv"
SHOWN_WELL: Final = 10
"""More links than this come as a file too: a message has no room for a hundred addresses."""


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
    if _many(found):
        whole = msg("{file} has all of them, with addresses in full.", file=_FILE)
        blocks.append(Text(line(whole), priority=Priority.ESSENTIAL))
    tone = Tone.WARNING if found.unprocessed else Tone.INFO
    return Card(msg("Where links lead"), tuple(blocks), tone)


def links_files(found: ResolvedLinks) -> tuple[File, ...]:
    """All of them as a file, also those that were not looked up; none where the card shows them well."""
    if not _many(found):
        return ()
    table = TableParts(TableFormat.CSV, ("link", "leads_to", "looked_up"))
    for one in found.links:
        table.add((one.url, one.resolved_url, True))
    for url in found.unprocessed:
        table.add((url, None, False))
    return (File(_FILE, TableFormat.CSV.content_type, table.close().content),)


def _many(found: ResolvedLinks) -> bool:
    return len(found.links) + len(found.unprocessed) > SHOWN_WELL


def embed_card(tweet: TweetRef, found: TweetEmbed) -> Card:
    """Its HTML, to be copied into a website."""
    blocks = (
        Text(line(msg("Put this into a page; it loads a script of X that draws the tweet."))),
        Quote(cut(found.html, _HTML), url=tweet.url),
    )
    return Card(
        msg("Tweet {id} for a website", id=tweet.id), blocks, Tone.INFO, (Button(OPEN_ON_X, url=tweet.url),)
    )
