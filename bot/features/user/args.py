"""The options of commands about an account on X."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.commands.declaring import Option
from bot.core.x.references import Username


@dataclass(frozen=True, kw_only=True)
class UserArgs:
    """Which account."""

    user: Annotated[Username, Option("The account, like @nasa", main=True, suggest="people")]
