"""The six analyses as lists: five a page, all of it as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from bot.core.chat.cards import Block, line
from bot.core.commands.listing import Cell, Column, Listing, PageFrame, PageRows
from bot.core.commands.price_list import ANALYSES
from bot.core.messages.message import Message, msg, nmsg
from bot.core.text.shortening import shorten
from bot.features.analyze.args import BrandArgs, ClassifyArgs, SearchedArgs, SourceArgs, TopicArgs
from bot.features.analyze.cards import Judged, row_blocks, sum_blocks
from bot.features.analyze.questions import MOST_QUESTIONS, questions_of
from bot.features.analyze.rows import judged
from bot.features.services import CommandCall
from bot.xquik.models import moment

A = TypeVar("A", bound=SourceArgs)
_SEARCH: Final = 60
_NAME: Final = 40


def _question(at: int) -> Callable[[Judged], Cell]:
    return lambda row: row.given[at].question if at < len(row.given) else None


def _answer(at: int) -> Callable[[Judged], Cell]:
    def cell(row: Judged) -> Cell:
        if at >= len(row.given):
            return None
        given = row.given[at]
        return given.value or given.answer.probability

    return cell


def _sure(at: int) -> Callable[[Judged], Cell]:
    return lambda row: row.given[at].answer.confidence if at < len(row.given) else None


COLUMNS: Final[tuple[Column[Judged], ...]] = (
    Column("id", lambda row: row.id),
    Column("url", lambda row: None if row.own else row.post.tweet.url),
    Column("author", lambda row: row.post.tweet.author.username if row.post.tweet.author else None),
    Column("text", lambda row: row.post.tweet.text),
    Column("created_at", lambda row: moment(row.post.tweet.created_at)),
    Column("score", lambda row: row.post.viral_score),
    Column("verdict", lambda row: row.post.viral_verdict),
    *(
        column
        for at in range(MOST_QUESTIONS)
        for column in (
            Column(f"question_{at + 1}", _question(at)),
            Column(f"answer_{at + 1}", _answer(at)),
            Column(f"confidence_{at + 1}", _sure(at)),
        )
    ),
)
"""What the file says of each: a probability as 0 to 1."""


async def sentiment(call: CommandCall, args: SearchedArgs, cursor: str, size: int) -> PageRows[Judged]:
    """What attitude they show."""
    return await judged(call, "sentiment", args, cursor, size)


async def classify(call: CommandCall, args: ClassifyArgs, cursor: str, size: int) -> PageRows[Judged]:
    """What they answer to questions of one's own."""
    questions = questions_of(args.questions)
    return await judged(call, "classify", args, cursor, size, questions=questions)


async def brand(call: CommandCall, args: BrandArgs, cursor: str, size: int) -> PageRows[Judged]:
    """What they say of a brand."""
    return await judged(call, "brand", args, cursor, size, targets=args.about)


async def news(call: CommandCall, args: TopicArgs, cursor: str, size: int) -> PageRows[Judged]:
    """What sort of news they are."""
    return await judged(call, "news", args, cursor, size, targets=args.about)


async def market(call: CommandCall, args: TopicArgs, cursor: str, size: int) -> PageRows[Judged]:
    """What they expect of an asset."""
    return await judged(call, "market-signals", args, cursor, size, targets=args.about)


async def score(call: CommandCall, args: SearchedArgs, cursor: str, size: int) -> PageRows[Judged]:
    """How their wording reads."""
    return await judged(call, "viral-score", args, cursor, size)


async def draw(_call: CommandCall, _args: SourceArgs, rows: PageRows[Judged]) -> tuple[Block, ...]:
    """Each with its answers."""
    return tuple(block for row in rows.items for block in row_blocks(row))


async def frame(_call: CommandCall, _args: SourceArgs, rows: PageRows[Judged]) -> PageFrame:
    """What the page says in sum."""
    return PageFrame(above=sum_blocks(rows.items))


def _about(args: SourceArgs) -> str:
    """What is analyzed, in a few words."""
    if args.search:
        return shorten(args.search, _SEARCH)
    if args.user:
        return msg("tweets of @{user}", user=str(args.user))
    if args.replies:
        return msg("replies to {id}", id=args.replies.id)
    if args.quotes:
        return msg("quotes of {id}", id=args.quotes.id)
    if args.tweets:
        return nmsg("{n} tweet", "{n} tweets", n=len(args.tweets))
    if args.drafts:
        return nmsg("{n} draft", "{n} drafts", n=len(args.drafts))
    return msg("your text")


def _named(args: BrandArgs | TopicArgs) -> str:
    """The brand or the topic by its first name, and in what it is looked for; without one, that alone."""
    about = _about(args)
    if not args.about:
        return about
    return msg("{name} in {about}", name=shorten(args.about[0], _NAME), about=about)


def _listing(
    title: Callable[[A], Message], fetch: Callable[[Any, A, str, int], Awaitable[PageRows[Judged]]]
) -> Listing[A, Judged]:
    return Listing(
        title=title,
        fetch=fetch,
        identity=lambda row: row.id,
        draw=draw,
        empty=lambda _args: line(
            msg("Nothing was found that can be analyzed. Try another search, or `tweet show` what you gave.")
        ),
        frame=frame,
        size=5,
        columns=COLUMNS,
        cost=ANALYSES,
    )


SENTIMENT: Final[Listing[SearchedArgs, Judged]] = _listing(
    lambda args: msg("Sentiment: {about}", about=_about(args)), sentiment
)
CLASSES: Final[Listing[ClassifyArgs, Judged]] = _listing(
    lambda args: msg("Your questions: {about}", about=_about(args)), classify
)
BRAND: Final[Listing[BrandArgs, Judged]] = _listing(
    lambda args: msg("Brand: {about}", about=_named(args)), brand
)
NEWS: Final[Listing[TopicArgs, Judged]] = _listing(
    lambda args: msg("News: {about}", about=_named(args)), news
)
MARKET: Final[Listing[TopicArgs, Judged]] = _listing(
    lambda args: msg("Market: {about}", about=_named(args)), market
)
SCORES: Final[Listing[SearchedArgs, Judged]] = _listing(
    lambda args: msg("Score: {about}", about=_about(args)), score
)
