"""Who is in a community, what is written there, and communities by what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import COMMUNITIES
from bot.core.messages.message import Message, msg
from bot.core.x.gatherings import CommunityRef
from bot.features.community.cards import communities_table
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.people_rows import LEAST_PEOPLE, people_listing, rows_of
from bot.features.shared.post_rows import posts_listing
from bot.xquik.models import Community, Tweet, User, moment
from bot.xquik.resources.communities import MOST_PEOPLE, Order

NO_COMMUNITY: Final = (
    msg("X has no such community."),
    msg("Check the link; `community find` looks for it by its words."),
)


@dataclass(frozen=True, kw_only=True)
class CommunityArgs:
    """Which community."""

    community: Annotated[CommunityRef, Option("The community's link, or the digits at its end", main=True)]


@dataclass(frozen=True, kw_only=True)
class CommunityOrder:
    """Which tweets come first."""

    order: Annotated[Order, Option("Newest first, or what X ranks highest")] = "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityTweetsArgs(CommunityArgs, CommunityOrder):
    """Which community, and in which order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunitySearchArgs(CommunityOrder):
    """What to look for, and where."""

    query: Annotated[
        str, Option("Words, as in the search of X", main=True, max_length=512, running=True, code="query")
    ]
    community: Annotated[CommunityRef | None, Option("Only in this community; else in all")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityFindArgs:
    """What the communities are about."""

    query: Annotated[str, Option("Words of its name or topic", main=True, max_length=200)]


async def members(call: CommandCall, args: CommunityArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of who is in it."""
    xquik = await call.xquik()
    with absent(*NO_COMMUNITY):
        page = await xquik.communities.members(args.community.id, cursor=cursor or None, rows=size)
    return rows_of(page)


async def moderators(call: CommandCall, args: CommunityArgs, cursor: str, _size: int) -> PageRows[User]:
    """A page of who keeps order, as long as X has it."""
    xquik = await call.xquik()
    with absent(*NO_COMMUNITY):
        page = await xquik.communities.moderators(args.community.id, cursor=cursor or None)
    return rows_of(page)


async def tweets(call: CommandCall, args: CommunityTweetsArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what is written there."""
    communities = (await call.xquik()).communities
    order = None if args.order == "latest" else args.order
    with absent(*NO_COMMUNITY):
        page = await communities.tweets(args.community.id, order=order, cursor=cursor or None, rows=size)
    return rows_of(page)


async def search(call: CommandCall, args: CommunitySearchArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what is found in one community, or in all."""
    communities, order = (await call.xquik()).communities, args.order
    if args.community is None:
        found = await communities.search_all(args.query, order=order, cursor=cursor or None, rows=size)
        return rows_of(found)
    with absent(*NO_COMMUNITY):
        found = await communities.search(
            args.query, community_id=args.community.id, order=order, cursor=cursor or None, rows=size
        )
    return rows_of(found)


async def find(call: CommandCall, args: CommunityFindArgs, cursor: str, size: int) -> PageRows[Community]:
    """A page of communities, in X's order."""
    xquik = await call.xquik()
    return rows_of(await xquik.communities.find(args.query, cursor=cursor or None, rows=size))


async def how_many_members(call: CommandCall, args: CommunityArgs) -> int | None:
    """As the community says, for the price of looking it up."""
    return (await (await call.xquik()).communities.show(args.community.id)).member_count


async def how_many_moderators(call: CommandCall, args: CommunityArgs) -> int | None:
    """The same of who keeps order."""
    return (await (await call.xquik()).communities.show(args.community.id)).moderator_count


async def draw(_call: Any, _args: CommunityFindArgs, rows: PageRows[Community]) -> tuple[Block, ...]:
    """The communities of a page."""
    return (communities_table(rows.items),)


def _searched(args: CommunitySearchArgs) -> Message:
    if args.community is None:
        return msg("Tweets of communities: {query}", query=args.query)
    return msg("Tweets of community {id}: {query}", id=args.community.id, query=args.query)


MEMBERS: Final = people_listing(
    lambda args: msg("Members of community {id}", id=args.community.id),
    members,
    lambda args: line(
        msg("It has no members that can be read. `community show {id}` shows it.", id=args.community.id)
    ),
    counted=how_many_members,
    most=MOST_PEOPLE,
)
MODERATORS: Final = people_listing(
    lambda args: msg("Moderators of community {id}", id=args.community.id),
    moderators,
    lambda args: line(msg("It has no moderators. `community show {id}` shows it.", id=args.community.id)),
    counted=how_many_moderators,
    most=LEAST_PEOPLE,
)
TWEETS: Final = posts_listing(
    lambda args: msg("Tweets of community {id}", id=args.community.id),
    tweets,
    lambda args: line(
        msg("Nothing is written there yet. `community show {id}` shows it.", id=args.community.id)
    ),
)
SEARCHED: Final = posts_listing(
    _searched,
    search,
    lambda _args: line(msg("Nothing is found. Try fewer words, or leave out the community.")),
)
FOUND: Final = Listing(
    title=lambda args: msg("Communities: {query}", query=args.query),
    fetch=find,
    identity=lambda found: found.id,
    draw=draw,
    empty=lambda _args: line(msg("X finds no community by these words. Try fewer, or more common ones.")),
    columns=(
        Column("id", lambda found: found.id),
        Column("url", lambda found: found.url),
        Column("name", lambda found: found.title),
        Column("description", lambda found: found.about),
        Column("topic", lambda found: found.topic or None),
        Column("members", lambda found: found.member_count),
        Column("moderators", lambda found: found.moderator_count),
        Column("joining", lambda found: found.join_policy),
        Column("sensitive", lambda found: found.is_nsfw),
        Column("creator", lambda found: found.creator.username if found.creator else None),
        Column("created_at", lambda found: moment(found.created_at)),
    ),
    cost=COMMUNITIES,
)
