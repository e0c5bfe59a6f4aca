"""`trends story`: how a news story that X writes itself has changed, newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from bot.cards.figures import epoch
from bot.core.chat.cards import Block, Quote, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import NEWS_VERSIONS
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.shortening import cut, decoded, shorten
from bot.core.x.addresses import pieces
from bot.features.services import CommandCall
from bot.xquik.models import NewsVersion, moment

_SHOWN: Final = 3
_IN_FILE: Final = 1_000
_HEADLINE: Final = 150
_TEXT: Final = 700
_ID: Final = re.compile(r"[1-9][0-9]{0,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArgs:
    """Which story."""

    story: Annotated[
        str, Option("The story's link on X, or the digits at its end", main=True, max_length=200)
    ]


def story_id(text: str) -> str:
    """The id of a story, of its link or its digits. UsageError for anything else."""
    bare = text.strip().strip("<>")
    if _ID.fullmatch(bare):
        return bare
    for piece in pieces(text):
        path = piece.address.path if piece.address is not None else ()
        if len(path) > 2 and path[1].lower() == "trending" and _ID.fullmatch(path[2]):
            return path[2]
    raise UsageError(
        msg("{text} is no link to a news story of X.", text=repr(cut(text, 60))),
        option="story",
        example="trends story https://x.com/i/trending/1890000000000000001",
    )


async def versions(call: CommandCall, args: StoryArgs, cursor: str, size: int) -> PageRows[NewsVersion]:
    """A page of them; X gives all at once, so each page is a look of its own."""
    story = story_id(args.story)
    xquik = await call.xquik()
    page = await xquik.trends.versions(story)
    found = page.items[::-1]
    # Of what was written meanwhile nothing moves: a page begins behind the last version of the one before.
    start = next((at + 1 for at, one in enumerate(found) if one.id == cursor), 0)
    shown = found[start : start + size]
    more = start + len(shown) < len(found)
    return PageRows(
        shown, shown[-1].id if more else "", total=len(found), start=start, unreadable=page.unreadable
    )


async def _draw(_call: Any, args: StoryArgs, rows: PageRows[NewsVersion]) -> tuple[Block, ...]:
    url = f"https://x.com/i/trending/{story_id(args.story)}"
    return tuple(
        Quote(
            shorten(decoded(one.text), _TEXT),
            author=shorten(decoded(one.headline), _HEADLINE),
            author_url=url,
            at=epoch(one.created_at),
        )
        for one in rows.items
    )


STORY: Final = Listing(
    title=lambda args: msg("Versions of news story {id}", id=story_id(args.story)),
    fetch=versions,
    identity=lambda one: one.id,
    draw=_draw,
    empty=lambda _args: line(msg("X shows no version of this story. `trends show` lists what is new.")),
    size=_SHOWN,
    columns=(
        Column("id", lambda one: one.id),
        Column("written_at", lambda one: moment(one.created_at)),
        Column("headline", lambda one: decoded(one.headline)),
        Column("text", lambda one: decoded(one.text)),
    ),
    file_size=_IN_FILE,
    cost=NEWS_VERSIONS,
)
