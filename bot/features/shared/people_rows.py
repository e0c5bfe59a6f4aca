"""Lists of people on X: a table a page, and all they say of themselves in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from bot.cards.figures import count
from bot.core.chat.cards import Block, Line, Link, Table
from bot.core.commands.listing import Column, CountRows, EmptyLine, FetchRows, Listing, PageRows, TitleOf
from bot.core.commands.price_list import PROFILES
from bot.core.messages.message import msg
from bot.xquik.models import Page, User, moment

A = TypeVar("A")

LEAST_PEOPLE: Final = 20
MOST_PEOPLE: Final = 300
"""Profiles that Xquik gives at once: fewer than 20 cannot be asked for of most lists."""

PEOPLE_COLUMNS: Final[tuple[Column[User], ...]] = (
    Column("id", lambda user: user.id),
    Column("username", lambda user: user.username),
    Column("name", lambda user: user.name),
    Column("bio", lambda user: user.description),
    Column("followers", lambda user: user.followers),
    Column("following", lambda user: user.following),
    Column("tweets", lambda user: user.statuses_count),
    Column("verified", lambda user: user.is_verified),
    Column("protected", lambda user: user.protected),
    Column("location", lambda user: user.location),
    Column("website", lambda user: user.website),
    Column("joined", lambda user: moment(user.created_at)),
)
"""What the file says of everybody."""


def people_listing(
    title: TitleOf[A],
    fetch: FetchRows[A, User],
    empty: EmptyLine[A],
    *,
    counted: CountRows[A] | None = None,
    size: int = LEAST_PEOPLE,
    least: int = LEAST_PEOPLE,
    most: int = MOST_PEOPLE,
    guessed: bool = False,
) -> Listing[A, User]:
    """A list of people, 1 credit each. size: rows of a page; least, most: how many Xquik gives at once;
    guessed: as of `Listing`; counted: `CountRows`."""
    return Listing(
        title=title,
        fetch=fetch,
        identity=lambda user: user.id,
        draw=_draw,
        empty=empty,
        size=size,
        columns=PEOPLE_COLUMNS,
        file_size=most,
        least=least,
        guessed=guessed,
        cost=PROFILES,
        count=counted,
    )


def rows_of(page: Page[Any]) -> PageRows[Any]:
    """A page of Xquik's as a page of a listing."""
    return PageRows(page.items, page.next_cursor or "", unreadable=page.unreadable)


def people_table(users: Sequence[User]) -> Table:
    """A row each; bios are left to the file."""
    rows = tuple((_linked(user), (user.name,), (count(user.followers),)) for user in users)
    return Table((msg("Account"), msg("Name"), msg("Followers")), rows)


async def _draw(_call: Any, _args: Any, rows: PageRows[User]) -> tuple[Block, ...]:
    return (people_table(rows.items),)


def _linked(user: User) -> Line:
    return (Link(f"@{user.username or user.id}", user.url),)
