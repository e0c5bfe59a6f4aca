"""The option of commands about a tweet on X."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.commands.declaring import Option
from bot.core.x.references import TweetRef


@dataclass(frozen=True, kw_only=True)
class TweetArgs:
    """Which tweet."""

    tweet: Annotated[TweetRef, Option("A tweet link or id", main=True, suggest="tweets")]
