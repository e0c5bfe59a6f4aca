"""`tweet quotes|thread|replies|retweeters|likers`: what is around a tweet, and who."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Final

from bot.core.chat.cards import Line, Timestamp, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import PageRows
from bot.core.errors import BotError, Rejected, UsageError
from bot.core.messages.message import Message, msg, nmsg
from bot.features.services import CommandCall
from bot.features.shared.languages import InLanguage, asked_language
from bot.features.shared.people_rows import people_listing, rows_of
from bot.features.shared.post_rows import posts_listing
from bot.features.shared.tweet_args import TweetArgs
from bot.xquik.client import XquikClient
from bot.xquik.models import RepliesPage, Tweet, User, moment

# Profiles that Xquik gives at once of who reposts or likes.
_MOST_PEOPLE: Final = 200
_NEWEST: Final = "latest"


async def quotes(call: CommandCall, args: TweetArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of them."""
    xquik = await call.xquik()
    return rows_of(await xquik.tweets.quotes(args.tweet.id, cursor=cursor or None, rows=size))


QUOTES: Final = posts_listing(
    lambda args: msg("Quotes of tweet {id}", id=args.tweet.id),
    quotes,
    lambda args: line(msg("Nobody has quoted this tweet. `tweet show {id}` shows it.", id=args.tweet.id)),
)


async def thread(call: CommandCall, args: TweetArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of it, the oldest first."""
    xquik = await call.xquik()
    return rows_of(await xquik.tweets.thread(args.tweet.id, cursor=cursor or None, rows=size))


THREAD: Final = posts_listing(
    lambda args: msg("Thread of tweet {id}", id=args.tweet.id),
    thread,
    lambda args: line(
        msg("X shows no thread of this tweet. `tweet show {id}` shows it alone.", id=args.tweet.id)
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepliesArgs(TweetArgs):
    """Which tweet, and which of its replies."""

    sort: Annotated[
        str,
        Option(
            "Which come first",
            choices={
                "newest": "latest",
                "oldest": "oldest",
                "most liked": "likes",
                "most relevant": "relevance",
            },
        ),
    ] = _NEWEST
    language: InLanguage = None
    media: Annotated[bool, Option("Only with pictures or videos")] = False
    others: Annotated[bool, Option("Leave out those by the author of the tweet")] = False
    hidden: Annotated[bool, Option("Those that its author hid, oldest first")] = False


async def replies(call: CommandCall, args: RepliesArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of them, and what X keeps back."""
    language = asked_language(args.language, example=f"tweet replies {args.tweet.id} language:en")
    xquik = await call.xquik()
    if args.hidden:
        return await _hidden(xquik, args, cursor, size, language)
    page = await xquik.tweets.replies(
        args.tweet.id,
        cursor=cursor or None,
        rows=size,
        sort=args.sort,
        language=language,
        media_only=args.media,
        others_only=args.others,
    )
    partial, note = kept_back(page)
    return PageRows(
        page.items, page.next_cursor or "", partial=partial, note=note, unreadable=page.unreadable
    )


async def _hidden(
    xquik: XquikClient, args: RepliesArgs, cursor: str, size: int, language: str | None
) -> PageRows[Tweet]:
    """A page of what its author hid, and of the replies to that. UsageError for an order of one's own."""
    if args.sort != _NEWEST or args.others:
        raise UsageError(
            msg("Hidden replies come oldest first, as X keeps them: leave out sort and others."),
            option="hidden",
            example=f"tweet replies {args.tweet.id} hidden:yes",
        )
    page = await xquik.tweets.hidden_replies(
        args.tweet.id, cursor=cursor or None, rows=size, language=language, media_only=args.media
    )
    return rows_of(page)


def _replies_title(args: RepliesArgs) -> Message:
    if args.hidden:
        return msg("Hidden replies to tweet {id}", id=args.tweet.id)
    return msg("Replies to tweet {id}", id=args.tweet.id)


def _no_replies(args: RepliesArgs) -> Line:
    if args.hidden:
        said = msg(
            "Its author hid no reply that fits. `tweet replies {id}` lists the others.", id=args.tweet.id
        )
    else:
        said = msg("No reply can be read that fits. `tweet show {id}` shows the tweet.", id=args.tweet.id)
    return line(said)


def kept_back(page: RepliesPage) -> tuple[str, Line]:
    """Why a page is not all that was asked for, "" where it is, and what else X says of it. Pure."""
    said: list[Line] = []
    before = moment(page.partial_before)
    if before is not None:
        at = Timestamp(before.timestamp())
        said.append(line(msg("X shows only some of the replies from before {when}.", when=at)))
    if page.order_partial:
        said.append(line(msg("Some replies are missing between these; try again later for all of them.")))
    if page.hidden_replies:
        said.append(
            line(
                nmsg(
                    "{n} more reply is counted by X and shown to nobody.",
                    "{n} more replies are counted by X and shown to nobody.",
                    n=page.hidden_replies,
                )
            )
        )
    if not said:
        return "", ()
    first = said[0][0]
    rest = tuple(part for one in said[1:] for part in (*one, " "))[:-1]
    return first if isinstance(first, Message) else "", rest


REPLIES: Final = posts_listing(
    _replies_title,
    replies,
    _no_replies,
)


async def retweeters(call: CommandCall, args: TweetArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of them."""
    xquik = await call.xquik()
    return rows_of(await xquik.tweets.retweeters(args.tweet.id, cursor=cursor or None, rows=size))


async def reposts(call: CommandCall, args: TweetArgs) -> int | None:
    """As the tweet says, for the price of looking it up."""
    xquik = await call.xquik()
    return (await xquik.tweets.show(args.tweet.id)).retweet_count


RETWEETERS: Final = people_listing(
    lambda args: msg("Who reposted tweet {id}", id=args.tweet.id),
    retweeters,
    lambda args: line(msg("Nobody has reposted this tweet. `tweet show {id}` shows it.", id=args.tweet.id)),
    counted=reposts,
    most=_MOST_PEOPLE,
)


async def likers(call: CommandCall, args: TweetArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of them. Rejected for a tweet that none of the connected accounts wrote."""
    xquik = await call.xquik()
    try:
        return rows_of(await xquik.tweets.likers(args.tweet.id, cursor=cursor or None, rows=size))
    except BotError as error:
        if error.code != "account_required":
            raise
        raise Rejected(
            msg("X shows who likes a tweet to its author alone, who is none of the connected accounts."),
            remedy=msg(
                "`tweet retweeters {id}` lists who reposted it, and `tweet replies {id}` who answered.",
                id=args.tweet.id,
            ),
            code=error.code,
        ) from error


# X shows who likes a tweet to its author alone: it stays with who asked, and becomes no file.
LIKERS: Final = replace(
    people_listing(
        lambda args: msg("Who likes tweet {id}", id=args.tweet.id),
        likers,
        lambda args: line(msg("Nobody likes this tweet yet. `tweet show {id}` shows it.", id=args.tweet.id)),
        most=_MOST_PEOPLE,
    ),
    columns=(),
)
