"""`tweet search`: tweets by words and by what X can tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote

from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import Block, Button, Field, Fields, Text, Timestamp, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import PageFrame, PageRows
from bot.core.commands.price_list import FOUND_POSTS
from bot.core.errors import UsageError
from bot.core.messages.errors import said_by
from bot.core.messages.message import Joined, msg
from bot.core.x.references import Username
from bot.core.x.search_building import LONGEST_QUERY, MediaWanted, SearchParts, Wanted, search_query
from bot.core.x.searches import day_of
from bot.features.services import CommandCall
from bot.features.shared.languages import InLanguage, asked_language
from bot.features.shared.post_rows import posts_listing
from bot.features.tweet.places import PlaceFound, PlaceOption, find_place, may_cost
from bot.xquik.models import Tweet, moment
from bot.xquik.resources.tweets import NEWEST

_EXAMPLE: Final = 'tweet search "mars rover" author:nasa since:2026-03-01'
# What a button of every platform leads to at the most.
_LONGEST_ADDRESS: Final = 500
# As long as every id of a place: what else is wrong is said before X is asked for one.
_ANY_PLACE: Final = "0" * 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TweetSearchArgs:
    """What to search for."""

    query: Annotated[
        str | None,
        Option(
            'Words, #tags or "phrases", OR between alternatives',
            main=True,
            max_length=LONGEST_QUERY,
            running=True,
            code="query",
            search=True,
        ),
    ] = None
    author: Annotated[Username | None, Option("By this account", suggest="people")] = None
    to: Annotated[Username | None, Option("In reply to this account", suggest="people")] = None
    mentioning: Annotated[Username | None, Option("That name this account", suggest="people")] = None
    language: InLanguage = None
    since: Annotated[str | None, Option("From this day on (UTC), like 2026-03-01", max_length=20)] = None
    until: Annotated[str | None, Option("Up to and with this day (UTC)", max_length=20)] = None
    media: Annotated[MediaWanted | None, Option("With something attached")] = None
    min_likes: Annotated[int, Option("At least so many likes", ge=0)] = 0
    min_reposts: Annotated[int, Option("At least so many reposts", ge=0)] = 0
    min_replies: Annotated[int, Option("At least so many replies", ge=0)] = 0
    verified: Annotated[bool, Option("By verified accounts alone")] = False
    place: PlaceOption = None
    replies: Annotated[Wanted | None, Option("Replies among them, none, or alone")] = None
    reposts: Annotated[Wanted | None, Option("Reposts among them, none, or alone")] = None
    phrase: Annotated[str | None, Option("With exactly these words, in this order", max_length=200)] = None
    without: Annotated[tuple[str, ...], Option("Without these words", le=20)] = ()
    advanced: Annotated[
        str | None,
        Option("More operators of X, as they are", max_length=LONGEST_QUERY, code="query", search=True),
    ] = None
    order: Annotated[str, Option("Which come first", choices={"newest": NEWEST, "top": "Top"})] = NEWEST


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return day_of(text)
    except ValueError as error:
        raise UsageError(said_by(error), option=option, example=_EXAMPLE) from None


@dataclass(frozen=True)
class FoundTweets(PageRows[Tweet]):
    """A page of what is found. place: where it was searched."""

    place: PlaceFound | None = None


def asked_for(args: TweetSearchArgs, place: str = "") -> str:
    """The search that X is asked. place: X's id of that of the options. UsageError for what can match
    nothing, and for no search at all. Pure."""
    parts = SearchParts(
        words=args.query or "",
        phrase=args.phrase or "",
        without=args.without,
        author=str(args.author or ""),
        to=str(args.to or ""),
        mentioning=str(args.mentioning or ""),
        language=asked_language(args.language, example=_EXAMPLE) or "",
        since=_day(args.since, "since"),
        until=_day(args.until, "until"),
        media=args.media,
        min_likes=args.min_likes,
        min_reposts=args.min_reposts,
        min_replies=args.min_replies,
        verified=args.verified,
        place=place,
        replies=args.replies,
        reposts=args.reposts,
        advanced=args.advanced or "",
    )
    try:
        query = search_query(parts)
    except ValueError as error:
        raise UsageError(said_by(error), example=_EXAMPLE) from None
    if not query:
        raise UsageError(
            msg("There is nothing to search for; give words, or an option like author."),
            option="query",
            example=_EXAMPLE,
        )
    return query


async def search(call: CommandCall, args: TweetSearchArgs, cursor: str, size: int) -> FoundTweets:
    """A page of what is found."""
    query = asked_for(args, _ANY_PLACE if args.place else "")
    place = None
    if args.place:
        place = await find_place(call, args.place)
        query = asked_for(args, place.id)
    xquik = await call.xquik()
    page = await xquik.tweets.search(
        query,
        order=args.order,
        cursor=cursor or None,
        rows=size,
        media="gifs" if args.media == "gifs" else None,
    )
    read_to = moment(page.read_back_to)
    partial = (
        msg("X was read back to {when}.", when=Timestamp(read_to.timestamp()))
        if read_to is not None and not page.items
        else ""
    )
    ran = page.searched_query
    note = line(msg("Xquik corrected the search: {query}", query=ran)) if ran and ran != query else ()
    return FoundTweets(
        page.items,
        page.next_cursor or "",
        partial=partial,
        note=note,
        unreadable=page.unreadable,
        charged=None if place is None else FOUND_POSTS.of(len(page.items) + page.unreadable) + place.charged,
        place=place,
    )


async def _framed(_call: CommandCall, args: TweetSearchArgs, rows: PageRows[Tweet]) -> PageFrame:
    place = rows.place if isinstance(rows, FoundTweets) else None
    query = asked_for(args, "" if place is None else place.id)
    fields = [Field(msg("Search"), (query,), short=False)]
    if place is not None and place.name:
        fields.append(Field(msg("Place"), (place.name,), short=False))
    above: list[Block] = [Fields(tuple(fields))]
    if place is not None and place.others:
        others = Joined(tuple(one.title for one in place.others))
        said = msg("X knows others of that name: {others}. `place` offers them now.", others=others)
        above.append(Text(line(said), subtle=True))
    if args.media == "gifs":
        above.append(Text(line(msg("GIFs alone.")), subtle=True))
    address = f"https://x.com/search?q={quote(query)}{_TABS.get(args.order, '')}"
    buttons = (Button(OPEN_ON_X, url=address),) if len(address) <= _LONGEST_ADDRESS else ()
    return PageFrame(above=tuple(above), buttons=buttons)


_TABS: Final[Mapping[str, str]] = {NEWEST: "&f=live"}

FOUND: Final = posts_listing(
    lambda _args: msg("Tweets found on X"),
    search,
    lambda _args: line(
        msg("No tweet matches. Fewer words or filters find more; `monitor keyword` waits for new ones.")
    ),
    frame=_framed,
    cost=FOUND_POSTS,
    besides=lambda args: may_cost(args.place),
)
