"""`article show|list`: a long text on X, part by part and whole as a file; those of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec

from bot.cards.figures import count, epoch
from bot.cards.tweets import OPEN_ON_X, byline, web_url
from bot.core.chat.cards import Block, Button, Field, Fields, Picture, Quote, line
from bot.core.commands.cost import credit_words
from bot.core.commands.declaring import Group, Option
from bot.core.commands.listing import Listing, PageFrame, PageRows
from bot.core.commands.pager import PAGE_LIFETIME
from bot.core.commands.presets import SPENDING, listing_command
from bot.core.commands.price_list import ARTICLE as ARTICLE_PRICE
from bot.core.errors import Expired
from bot.core.messages.message import msg
from bot.core.x.readings import Author
from bot.core.x.references import TweetRef
from bot.features.article.lists import ARTICLES
from bot.features.article.parts import article_file, article_parts
from bot.features.services import CommandCall
from bot.features.shared.roots import MORE
from bot.xquik.models import Article, User, parse

FRESH_SECONDS: Final = 3_600.0
"""An article that was read so long ago is shown again for nothing."""
KEEP_SECONDS: Final = PAGE_LIFETIME + FRESH_SECONDS
"""It is kept for as long as the buttons of its pages work, so that turning those costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleArgs:
    """Which article."""

    tweet: Annotated[
        TweetRef, Option("The link or id of a tweet that shows an article", main=True, suggest="tweets")
    ]


class ArticlePart(msgspec.Struct, frozen=True):
    """A part of the text. number: from 0."""

    number: int
    text: str


@dataclass(frozen=True)  # as `PageRows`
class ArticleRows(PageRows[ArticlePart]):
    """A part with the article that it is of: read once, also where it could not be kept."""

    of: Article | None = None


async def _article(call: CommandCall, tweet: TweetRef, cursor: str) -> tuple[Article, bool]:
    """As it was read within the last hour, or read now; and whether that was read now. cursor: of a further
    part, which is of what was read for the first; Expired where that is not kept any more."""
    key = f"article:{tweet.id}"
    kept = await call.services.answers.get(call.tenant, key)
    if kept is not None and (cursor or call.services.clock() - kept.fetched_at < FRESH_SECONDS):
        return parse(Article, msgspec.json.decode(kept.body)), False
    if cursor:
        raise Expired(
            msg("This article is not kept any more."),
            remedy=msg(
                "Read it again from its first part, for {price}.", price=credit_words(ARTICLE_PRICE.fixed)
            ),
        )
    xquik = await call.xquik()
    found = await xquik.articles.show(tweet.id)
    body = msgspec.json.encode(found).decode()
    await call.services.answers.put(call.tenant, key, body, lifetime=KEEP_SECONDS)
    return found, True


async def parts(call: CommandCall, args: ArticleArgs, cursor: str, _size: int) -> PageRows[ArticlePart]:
    """One part."""
    article, now = await _article(call, args.tweet, cursor)
    texts = article_parts(article)
    number = int(cursor or 0)
    shown = tuple(ArticlePart(number, text) for text in texts[number : number + 1])
    after = str(number + 1) if number + 1 < len(texts) else ""
    return ArticleRows(shown, after, charged=None if now else 0, of=article)


async def _draw(_call: Any, args: ArticleArgs, rows: PageRows[ArticlePart]) -> tuple[Block, ...]:
    return tuple(Quote(part.text, url=args.tweet.url) for part in rows.items)


async def _framed(_call: CommandCall, args: ArticleArgs, rows: PageRows[ArticlePart]) -> PageFrame:
    """What it is, above its first part; and all of it as a file."""
    opened = (Button(OPEN_ON_X, url=args.tweet.url),)
    article = rows.of if isinstance(rows, ArticleRows) else None
    if article is None or not rows.first:
        return PageFrame(buttons=opened)
    whole = article_file(article)
    return PageFrame(above=heading(article), buttons=opened, files=() if whole is None else (whole,))


def heading(article: Article) -> tuple[Block, ...]:
    """Its title, who wrote it, its picture and its figures. Pure."""
    author = article.author or User()
    said = "\n".join(filter(None, (article.title.strip(), article.preview_text.strip())))
    blocks: list[Block] = [
        Quote(
            said,
            author=byline(Author(author.id, author.username, author.name)),
            author_url=author.url if author.username else None,
            avatar_url=web_url(author.profile_picture),
            at=epoch(article.created_at),
        )
    ]
    if cover := web_url(article.cover_image_url):
        blocks.append(Picture(cover, msg("Cover of the article")))
    figures = (
        (msg("Likes"), article.like_count),
        (msg("Reposts"), article.retweet_count),
        (msg("Replies"), article.reply_count),
        (msg("Views"), article.view_count),
    )
    fields = tuple(Field(name, (count(number),)) for name, number in figures if number is not None)
    return (*blocks, Fields(fields)) if fields else tuple(blocks)


ARTICLE_TEXT: Final = Listing(
    title=lambda args: msg("Article of tweet {id}", id=args.tweet.id),
    fetch=parts,
    identity=lambda part: str(part.number),
    draw=_draw,
    empty=lambda _args: line(msg("X shows no text of this article here; open it on X.")),
    frame=_framed,
    size=1,
    cost=ARTICLE_PRICE,
    kept=True,
)

ARTICLE: Final = Group(
    "article",
    "Long articles on X",
    (
        listing_command(
            "article show",
            ARTICLE_TEXT,
            SPENDING,
            "Read an article, also as a file",
            "article show https://x.com/esa/status/1893700000000000001",
            operations=("GET /x/articles/{tweet_id}",),
        ),
        listing_command(
            "article list",
            ARTICLES,
            SPENDING,
            "List the articles of an account, newest first",
            "article list @esa",
            operations=("GET /x/users/{id}/articles",),
        ),
    ),
    default="show",
    under=MORE,
)
