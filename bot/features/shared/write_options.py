"""Options that several writes on X have in common: as whom, with what, and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from bot.core.commands.declaring import Option
from bot.core.x.gatherings import CommunityRef
from bot.core.x.media_refs import MediaRef
from bot.core.x.references import Username
from bot.features.shared.accounts import account_option
from bot.features.shared.goals import Goal

TweetTextOption: TypeAlias = Annotated[
    str, Option("The text of the tweet", main=True, max_length=25_000, paragraph=True, running=True)
]
LongOption: TypeAlias = Annotated[bool, Option("A long tweet, up to 25,000 characters (X Premium)")]

CommunityOption: TypeAlias = Annotated[
    CommunityRef | None, Option("A community to post it in", suggest="x_communities")
]


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

    media: Annotated[tuple[MediaRef, ...], Option("Up to 4 pictures or one MP4: files or links", le=4)] = ()


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """What a tweet is to be about, for advice on writing it."""

    topic: Annotated[str, Option("What the tweet is about", main=True, max_length=500, running=True)]
    goal: Annotated[Goal, Option("What it should achieve")] = "engagement"
