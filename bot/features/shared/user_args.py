"""The options of commands about an account on X, and how lists that belong to one are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from bot.core.commands.declaring import Option
from bot.core.commands.listing import FetchRows, PageRows
from bot.core.x.references import Username
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.xquik.client import XquikClient
from bot.xquik.models import Page

PageOfAccount: TypeAlias = Callable[..., Awaitable[Page[Any]]]
"""A page of what belongs to an account: by its name, `cursor` and `rows`."""


@dataclass(frozen=True, kw_only=True)
class UserArgs:
    """Which account."""

    user: Annotated[Username, Option("The account, like @nasa", main=True, suggest="people")]


def of_account(read: Callable[[XquikClient], PageOfAccount]) -> FetchRows[UserArgs, Any]:
    """A page of what `read` lists of the account. read: the request of the client."""

    async def fetch(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[Any]:
        page = read(await call.xquik())
        return rows_of(await page(str(args.user), cursor=cursor or None, rows=size))

    return fetch
