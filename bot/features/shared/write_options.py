"""Options that several writes on X have in common: as whom, with what, and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from bot.core.commands.declaring import Option
from bot.core.x.references import Username
from bot.features.shared.accounts import account_option
from bot.features.shared.goals import Goal

TweetTextOption: TypeAlias = Annotated[
    str, Option("The text of the tweet", main=True, max_length=25_000, paragraph=True, running=True)
]
LongOption: TypeAlias = Annotated[bool, Option("A long tweet, up to 25,000 characters (X Premium)")]


@dataclass(frozen=True, kw_only=True)
class ActingAs:
    """As whom something is done on X."""

    account: Annotated[Username | None, account_option("The connected X account to use")] = None


@dataclass(frozen=True, kw_only=True)
class PostingAs:
    """As whom something is posted."""

    account: Annotated[Username | None, account_option("The connected X account to post from")] = None


@dataclass(frozen=True, kw_only=True)
class PostingMedia(PostingAs):
    """As whom something is posted, and what is shown in it."""

    media: Annotated[tuple[str, ...], Option("Up to 4 image links, or one MP4 link", le=4, words=True)] = ()


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """What a tweet is to be about, for advice on writing it."""

    topic: Annotated[str, Option("What the tweet is about", main=True, max_length=500, running=True)]
    goal: Annotated[Goal, Option("What it should achieve")] = "engagement"
