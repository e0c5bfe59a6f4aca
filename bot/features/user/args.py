"""The options of commands about an account on X."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from bot.core.commands.declaring import Option
from bot.core.x.references import Username


@dataclass(frozen=True, kw_only=True)
class UserArgs:
    """Which account."""

    user: Annotated[Username, Option("The account, like @nasa", main=True, suggest="people")]


def once(users: Iterable[Username]) -> tuple[str, ...]:
    """Each account once, in the order and the spelling in which they were named first."""
    found: dict[str, str] = {}
    for one in users:
        found.setdefault(str(one).casefold(), str(one))
    return tuple(found.values())
