"""Lists of posts on X: a few a page with who wrote them, and all their figures in the file."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from msgspec.structs import replace

from bot.cards.figures import count, joined
from bot.cards.tweets import byline, quote
from bot.core.chat.cards import Block, Text, line
from bot.core.commands.cost import Cost
from bot.core.commands.listing import (
    Column,
    CostBesides,
    CountRows,
    EmptyLine,
    FetchRows,
    FramePage,
    Listing,
    PageRows,
    TitleOf,
)
from bot.core.commands.price_list import POSTS
from bot.core.messages.message import msg, nmsg
from bot.core.text.shortening import shorten
from bot.xquik.models import Tweet, moment

A = TypeVar("A")

POSTS_SHOWN: Final = 5
"""Posts of a page."""
MOST_POSTS: Final = 100
"""Posts that Xquik gives at once."""
_TEXT: Final = 400

POST_COLUMNS: Final[tuple[Column[Tweet], ...]] = (
    Column("id", lambda post: post.id),
    Column("url", lambda post: post.url),
    Column("author_id", lambda post: post.author.id if post.author else None),
    Column("author", lambda post: post.author.username if post.author else None),
    Column("text", lambda post: post.text),
    Column("created_at", lambda post: moment(post.created_at)),
    Column("language", lambda post: post.lang),
    Column("likes", lambda post: post.like_count),
    Column("reposts", lambda post: post.retweet_count),
    Column("replies", lambda post: post.reply_count),
    Column("quotes", lambda post: post.quote_count),
    Column("views", lambda post: post.view_count),
    Column("bookmarks", lambda post: post.bookmark_count),
    Column("in_reply_to", lambda post: post.in_reply_to_id),
    Column("quoted", lambda post: post.quoted_tweet.id if post.quoted_tweet else None),
    Column("reposted", lambda post: post.retweeted_tweet.id if post.retweeted_tweet else None),
    Column("media", lambda post: len(post.media)),
    Column("media_url", lambda post: post.media[0].url if post.media else None),
)
"""What the file says of every post."""


def posts_listing(
    title: TitleOf[A],
    fetch: FetchRows[A, Tweet],
    empty: EmptyLine[A],
    *,
    frame: FramePage[A, Tweet] | None = None,
    counted: CountRows[A] | None = None,
    least: int = 1,
    most: int = MOST_POSTS,
    cost: Cost = POSTS,
    besides: CostBesides[A] | None = None,
) -> Listing[A, Tweet]:
    """A list of posts. least, most: how many Xquik gives at once; counted: see `CountRows`; cost, besides: as
    of `Listing`."""
    return Listing(
        title=title,
        fetch=fetch,
        identity=lambda post: post.id,
        draw=draw_posts,
        empty=empty,
        frame=frame,
        size=max(POSTS_SHOWN, least),
        columns=POST_COLUMNS,
        file_size=most,
        least=least,
        cost=cost,
        count=counted,
        besides=besides,
    )


async def draw_posts(_call: Any, _args: Any, rows: PageRows[Tweet]) -> tuple[Block, ...]:
    """Each with its author, its text, shortened, and its figures."""
    return tuple(block for post in rows.items for block in post_blocks(post))


def post_blocks(post: Tweet) -> tuple[Block, ...]:
    """One post of a list: of a repost, what is reposted, and by whom."""
    shown = post.shown
    blocks: list[Block] = []
    if post.retweeted_tweet is not None:
        blocks.append(Text(line(msg("{who} reposted", who=byline(post.author))), subtle=True))
    elif shown.in_reply_to_username:
        said = msg("In reply to @{username}", username=shown.in_reply_to_username)
        blocks.append(Text(line(said), subtle=True))
    blocks.append(quote(replace(shown, text=shorten(shown.text, _TEXT))))
    blocks.append(Text(joined(*_figures(shown)), subtle=True))
    return tuple(blocks)


def _figures(post: Tweet) -> tuple[str | None, ...]:
    pictures = nmsg("{n} attachment", "{n} attachments", n=len(post.media)) if post.media else None
    return (
        msg("♥ {likes}", likes=count(post.like_count)),
        msg("↻ {reposts}", reposts=count(post.retweet_count)),
        msg("↩ {replies}", replies=count(post.reply_count)),
        msg("👁 {views}", views=count(post.view_count)) if post.view_count else None,
        pictures,
    )
