"""What is on a list, who follows it, and lists by what they are about, whose they are and who is on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, EmptyLine, FetchRows, Listing, PageRows, TitleOf
from bot.core.commands.price_list import LISTS
from bot.core.errors import BotError, Rejected
from bot.core.messages.message import msg
from bot.core.x.gatherings import ListRef
from bot.features.list.cards import lists_table
from bot.features.services import CommandCall
from bot.features.shared.people_rows import people_listing, rows_of
from bot.features.shared.post_rows import posts_listing
from bot.features.shared.seen_things import LISTS as SEEN
from bot.features.shared.seen_things import remember
from bot.features.shared.user_args import UserArgs, of_account
from bot.xquik.models import Tweet, User, XList, moment
from bot.xquik.resources.lists import MOST_PEOPLE

A = TypeVar("A")


@dataclass(frozen=True, kw_only=True)
class ListArgs:
    """Which list."""

    list: Annotated[
        ListRef, Option("The list's link, or the digits at its end", main=True, suggest="x_lists")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSearchArgs:
    """What the lists are about."""

    query: Annotated[str, Option("Words of its name or description", main=True, max_length=200)]


async def tweets(call: CommandCall, args: ListArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what members write."""
    xquik = await call.xquik()
    return rows_of(await xquik.lists.tweets(args.list.id, cursor=cursor or None, rows=size))


async def members(call: CommandCall, args: ListArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of whose tweets it shows."""
    xquik = await call.xquik()
    return rows_of(await xquik.lists.members(args.list.id, cursor=cursor or None, rows=size))


async def followers(call: CommandCall, args: ListArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of who follows it."""
    xquik = await call.xquik()
    return rows_of(await xquik.lists.followers(args.list.id, cursor=cursor or None, rows=size))


async def search(call: CommandCall, args: ListSearchArgs, cursor: str, size: int) -> PageRows[XList]:
    """A page of lists, as X ranks them."""
    xquik = await call.xquik()
    return rows_of(await xquik.lists.search(args.query, cursor=cursor or None, rows=size))


async def how_many_members(call: CommandCall, args: ListArgs) -> int | None:
    """As the list says, for the price of looking it up."""
    return (await (await call.xquik()).lists.show(args.list.id)).member_count


async def how_many_followers(call: CommandCall, args: ListArgs) -> int | None:
    """The same of who follows it."""
    return (await (await call.xquik()).lists.show(args.list.id)).subscriber_count


async def draw(call: CommandCall, _args: Any, rows: PageRows[XList]) -> tuple[Block, ...]:
    """The lists of a page, which are offered from then on."""
    await remember(call, SEEN, rows.items)
    return (lists_table(rows.items),)


TWEETS: Final = posts_listing(
    lambda args: msg("Tweets of list {id}", id=args.list.id),
    tweets,
    lambda args: line(
        msg("Its members have no tweets that can be read. `list members {id}` shows them.", id=args.list.id)
    ),
)
MEMBERS: Final = people_listing(
    lambda args: msg("Members of list {id}", id=args.list.id),
    members,
    lambda args: line(msg("Nobody is on this list. `list show {id}` shows it.", id=args.list.id)),
    counted=how_many_members,
    most=MOST_PEOPLE,
)
FOLLOWERS: Final = people_listing(
    lambda args: msg("Followers of list {id}", id=args.list.id),
    followers,
    lambda args: line(msg("Nobody follows this list. `list show {id}` shows it.", id=args.list.id)),
    counted=how_many_followers,
    most=MOST_PEOPLE,
)


def _lists(title: TitleOf[A], fetch: FetchRows[A, XList], empty: EmptyLine[A]) -> Listing[A, XList]:
    """Lists, 1 credit each."""
    return Listing(
        title=title,
        fetch=fetch,
        identity=lambda found: found.id,
        draw=draw,
        empty=empty,
        columns=(
            Column("id", lambda found: found.id),
            Column("url", lambda found: found.url),
            Column("name", lambda found: found.title),
            Column("description", lambda found: found.about),
            Column("owner_id", lambda found: found.owner.id if found.owner else None),
            Column("owner", lambda found: found.owner.username if found.owner else None),
            Column("members", lambda found: found.member_count),
            Column("followers", lambda found: found.subscriber_count),
            Column("created_at", lambda found: moment(found.created_at)),
        ),
        cost=LISTS,
    )


FOUND: Final = _lists(
    lambda args: msg("Lists: {query}", query=args.query),
    search,
    lambda _args: line(msg("X finds no list by these words. Try fewer, or more common ones.")),
)


def _public(read: FetchRows[UserArgs, XList]) -> FetchRows[UserArgs, XList]:
    """`read`, and why there is nothing where the account is private: following it would not help."""

    async def fetch(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[XList]:
        try:
            return await read(call, args, cursor, size)
        except BotError as error:
            if error.code != "x_account_protected":
                raise
            raise Rejected(
                msg("@{user} is private: X tells nobody of its lists.", user=str(args.user)),
                remedy=msg("`list search` finds public lists by words."),
                code=error.code,
            ) from error

    return fetch


OWNED: Final = _lists(
    lambda args: msg("Lists of @{user}", user=str(args.user)),
    _public(of_account(lambda xquik: xquik.users.lists)),
    lambda args: line(
        msg(
            "@{user} has no public lists. `list memberships @{user}` shows which it is on.",
            user=str(args.user),
        )
    ),
)
MEMBERSHIPS: Final = _lists(
    lambda args: msg("Lists with @{user}", user=str(args.user)),
    _public(of_account(lambda xquik: xquik.users.memberships)),
    lambda args: line(
        msg("@{user} is on no public list. `list owned @{user}` shows its own.", user=str(args.user))
    ),
)
