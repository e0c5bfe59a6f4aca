"""Who is in a community, and what is written there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Final

from bot.core.chat.cards import Line, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import PageRows
from bot.core.messages.message import Message, msg
from bot.core.x.gatherings import CommunityRef
from bot.features.services import CommandCall
from bot.features.shared.absent import absent
from bot.features.shared.people_rows import LEAST_PEOPLE, people_listing, rows_of
from bot.features.shared.post_rows import posts_listing
from bot.xquik.models import Community, Tweet, User
from bot.xquik.resources.communities import MOST_PEOPLE, Order

NO_COMMUNITY: Final = (
    msg("X has no such community."),
    msg("Check the link; `community find` looks for it by its words."),
)


@dataclass(frozen=True, kw_only=True)
class CommunityArgs:
    """Which community."""

    community: Annotated[
        CommunityRef,
        Option("The community's link, or the digits at its end", main=True, suggest="x_communities"),
    ]


async def the_community(call: CommandCall, args: CommunityArgs) -> Community:
    """The community itself, for 1 credit. NotFound where X has none."""
    xquik = await call.xquik()
    with absent(*NO_COMMUNITY):
        return await xquik.communities.show(args.community.id)


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
    community: Annotated[
        CommunityRef | None, Option("Only in this community; else in all", suggest="x_communities")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityMembersArgs(CommunityArgs):
    """Which community, and who of it."""

    name: Annotated[str | None, Option("Only those of this name or username", max_length=50)] = None


async def members(call: CommandCall, args: CommunityMembersArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of who is in it, or who of a name is."""
    communities = (await call.xquik()).communities
    with absent(*NO_COMMUNITY):
        if args.name is None:
            page = await communities.members(args.community.id, cursor=cursor or None, rows=size)
            return rows_of(page)
        named = await communities.members_named(args.community.id, args.name)
    few = line(msg("X looks among ten accounts of that name at most."))
    return replace(rows_of(named), note=few if named.items else ())


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


async def media(call: CommandCall, args: CommunityArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what is written there with pictures or videos."""
    xquik = await call.xquik()
    with absent(*NO_COMMUNITY):
        page = await xquik.communities.media(args.community.id, cursor=cursor or None, rows=size)
    return rows_of(page)


async def how_many_members(call: CommandCall, args: CommunityMembersArgs) -> int | None:
    """As the community says, for the price of looking it up."""
    if args.name is not None:
        return None
    return (await (await call.xquik()).communities.show(args.community.id)).member_count


async def how_many_moderators(call: CommandCall, args: CommunityArgs) -> int | None:
    """The same of who keeps order."""
    return (await (await call.xquik()).communities.show(args.community.id)).moderator_count


def _members(args: CommunityMembersArgs) -> Message:
    if args.name is None:
        return msg("Members of community {id}", id=args.community.id)
    return msg("Members of community {id}: {name}", id=args.community.id, name=args.name)


def _no_members(args: CommunityMembersArgs) -> Line:
    if args.name is None:
        said = msg(
            "It has no members that can be read. `community show {id}` shows it.", id=args.community.id
        )
    else:
        said = msg(
            "No member of that name is found. `community members {id}` lists all.", id=args.community.id
        )
    return line(said)


def _searched(args: CommunitySearchArgs) -> Message:
    if args.community is None:
        return msg("Tweets of communities: {query}", query=args.query)
    return msg("Tweets of community {id}: {query}", id=args.community.id, query=args.query)


MEMBERS: Final = people_listing(
    _members,
    members,
    _no_members,
    counted=how_many_members,
    most=MOST_PEOPLE,
)
MODERATORS: Final = people_listing(
    lambda args: msg("Moderators of community {id}", id=args.community.id),
    moderators,
    lambda args: line(msg("It has no moderators. `community show {id}` shows it.", id=args.community.id)),
    counted=how_many_moderators,
    least=1,
    most=LEAST_PEOPLE,
    guessed=True,
)
TWEETS: Final = posts_listing(
    lambda args: msg("Tweets of community {id}", id=args.community.id),
    tweets,
    lambda args: line(
        msg("Nothing is written there yet. `community show {id}` shows it.", id=args.community.id)
    ),
)
MEDIA: Final = posts_listing(
    lambda args: msg("Pictures and videos of community {id}", id=args.community.id),
    media,
    lambda args: line(
        msg(
            "Nothing with pictures or videos is there. `community tweets {id}` lists all.",
            id=args.community.id,
        )
    ),
)
SEARCHED: Final = posts_listing(
    _searched,
    search,
    lambda _args: line(msg("Nothing is found. Try fewer words, or leave out the community.")),
)
