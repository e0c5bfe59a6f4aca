"""`trends suggest`: hashtags, topics and accounts that X suggests to who types a search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec

from bot.core.chat.cards import Block, Inline, Link, Table, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import SUGGESTIONS
from bot.core.messages.message import Message, msg
from bot.core.text.shortening import shorten
from bot.features.services import CommandCall
from bot.xquik.models import SearchSuggestions

_ALL: Final = "all"
_SHOWN: Final = 20
_MOST: Final = 100
_CELL: Final = 80
_KINDS: Final = {
    "hashtag": msg("Hashtag"),
    "topic": msg("Topic"),
    "cashtag": msg("Stock or token"),
    "user": msg("Account"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestArgs:
    """What is typed, and what is wanted of it."""

    query: Annotated[
        str, Option("The beginning of a search, like space or #art", main=True, max_length=200, running=True)
    ]
    only: Annotated[
        str,
        Option(
            "Only suggestions of this sort",
            choices={
                "everything": _ALL,
                "hashtags": "hashtags",
                "topics": "topics",
                "stocks and tokens": "cashtags",
                "accounts": "users",
            },
        ),
    ] = _ALL


class SearchSuggestion(msgspec.Struct, frozen=True):
    """One of them. kind: hashtag, topic, cashtag or user; text: with its mark; name: of who or what it is."""

    kind: str
    text: str
    name: str = ""

    @property
    def label(self) -> Message:
        """What it is."""
        return _KINDS[self.kind]

    @property
    def url(self) -> str:
        """What it leads to on X."""
        if self.kind == "user":
            return f"https://x.com/{quote(self.text.removeprefix('@'))}"
        return f"https://x.com/search?q={quote(self.text)}"


async def suggested(
    call: CommandCall, args: SuggestArgs, _cursor: str, size: int
) -> PageRows[SearchSuggestion]:
    """What X suggests now. Nothing stands behind it."""
    xquik = await call.xquik()
    kinds = None if args.only == _ALL else args.only
    found = await xquik.trends.suggestions(args.query, kinds=kinds, rows=size)
    return PageRows(tuple(rows_of_suggestions(found)))


def rows_of_suggestions(found: SearchSuggestions) -> Iterator[SearchSuggestion]:
    """Words first, then who. Pure."""
    for tag in found.hashtags:
        yield SearchSuggestion("hashtag", f"#{tag.hashtag.removeprefix('#')}")
    for words in found.topics:
        yield SearchSuggestion("topic", words.topic)
    for asset in found.cashtags:
        yield SearchSuggestion("cashtag", f"${asset.ticker.removeprefix('$')}", asset.name or "")
    for user in found.users:
        yield SearchSuggestion("user", f"@{user.username}", user.name)


async def _draw(_call: Any, _args: Any, rows: PageRows[SearchSuggestion]) -> tuple[Block, ...]:
    cells = tuple(((_linked(one),), (one.label,), (shorten(one.name, _CELL) or "–",)) for one in rows.items)
    return (Table((msg("Suggestion"), msg("What it is"), msg("Name")), cells),)


def _linked(one: SearchSuggestion) -> Inline:
    return Link(shorten(one.text, _CELL), one.url)


SUGGESTED: Final = Listing(
    title=lambda args: msg("X suggests: {query}", query=args.query),
    fetch=suggested,
    identity=lambda one: f"{one.kind}:{one.text}",
    draw=_draw,
    empty=lambda _args: line(msg("X suggests nothing for that. Try fewer letters, or `tweet search`.")),
    size=_SHOWN,
    columns=(
        Column("kind", lambda one: one.kind),
        Column("suggestion", lambda one: one.text),
        Column("name", lambda one: one.name),
        Column("url", lambda one: one.url),
    ),
    file_size=_MOST,
    cost=SUGGESTIONS,
)
