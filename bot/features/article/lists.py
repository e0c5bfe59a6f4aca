"""`article list`: the articles of an account, each by its title and how it begins."""

from __future__ import annotations

from typing import Any, Final

from bot.cards.figures import count, epoch, joined
from bot.core.chat.cards import Block, Quote, Text, line
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import ARTICLES_LISTED
from bot.core.messages.message import msg
from bot.core.text.shortening import decoded, shorten
from bot.features.shared.user_args import of_account
from bot.xquik.models import Article, moment

_SHOWN: Final = 5
_TITLE: Final = 120
_PREVIEW: Final = 300


async def _draw(_call: Any, args: Any, rows: PageRows[Article]) -> tuple[Block, ...]:
    return tuple(block for article in rows.items for block in _blocks(str(args.user), article))


def _blocks(user: str, article: Article) -> tuple[Block, ...]:
    """What it is called and how it begins, its figures, and how it is read."""
    quoted = Quote(
        shorten(decoded(article.preview_text), _PREVIEW) or "…",
        author=shorten(decoded(article.title), _TITLE) or f"@{user}",
        author_url=_address(article),
        at=epoch(article.created_at),
    )
    figures = joined(
        msg("♥ {likes}", likes=count(article.like_count)),
        msg("↻ {reposts}", reposts=count(article.retweet_count)),
        msg("👁 {views}", views=count(article.view_count)) if article.view_count else None,
        msg("`article show {id}`", id=article.tweet_id),
    )
    return quoted, Text(figures, subtle=True)


def _address(article: Article) -> str:
    """The tweet that shows it."""
    name = article.author.username if article.author is not None else ""
    return f"https://x.com/{name or 'i'}/status/{article.tweet_id}"


ARTICLES: Final = Listing(
    title=lambda args: msg("Articles of @{user}", user=str(args.user)),
    fetch=of_account(lambda xquik: xquik.users.articles),
    identity=lambda article: article.tweet_id,
    draw=_draw,
    empty=lambda args: line(
        msg("@{user} has no articles. `user tweets @{user}` lists what it writes.", user=str(args.user))
    ),
    size=_SHOWN,
    columns=(
        Column("tweet_id", lambda article: article.tweet_id),
        Column("url", _address),
        Column("title", lambda article: decoded(article.title)),
        Column("preview", lambda article: decoded(article.preview_text)),
        Column("created_at", lambda article: moment(article.created_at)),
        Column("likes", lambda article: article.like_count),
        Column("reposts", lambda article: article.retweet_count),
        Column("replies", lambda article: article.reply_count),
        Column("quotes", lambda article: article.quote_count),
        Column("views", lambda article: article.view_count),
        Column("bookmarks", lambda article: article.bookmark_count),
    ),
    cost=ARTICLES_LISTED,
)
