"""What is analyzed, and by which questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from bot.core.commands.declaring import Option
from bot.core.x.references import TweetRef, Username

SOURCES: Final = ("search", "tweets", "user", "replies", "quotes", "drafts", "text")
"""Of which exactly one is given."""


@dataclass(frozen=True, kw_only=True)
class SourceArgs:
    """Which posts, or texts of one's own."""

    search: Annotated[str | None, Option("Tweets that a search on X finds", max_length=512, search=True)] = (
        None
    )
    tweets: Annotated[tuple[TweetRef, ...], Option("These tweets, by links or ids", le=100)] = ()
    user: Annotated[Username | None, Option("What this account writes", suggest="people")] = None
    replies: Annotated[TweetRef | None, Option("The replies to this tweet")] = None
    quotes: Annotated[TweetRef | None, Option("The quotes of this tweet")] = None
    drafts: Annotated[
        tuple[str, ...], Option("Drafts of yours, like #3", le=20, suggest="drafts", words=True)
    ] = ()
    text: Annotated[
        str | None, Option("A text of your own", max_length=25_000, running=True, paragraph=True)
    ] = None
    order: Annotated[Literal["latest", "top"] | None, Option("Which tweets of a search come first")] = None


@dataclass(frozen=True, kw_only=True)
class SearchedArgs(SourceArgs):
    """The same, a search first."""

    search: Annotated[
        str | None, Option("Tweets that a search on X finds", main=True, max_length=512, search=True)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyArgs(SourceArgs):
    """With questions of one's own."""

    questions: Annotated[
        tuple[str, ...],
        Option(
            "Up to 8 questions like “Is it a joke?” or “What is it? news / fun”",
            main=True,
            le=8,
            paragraph=True,
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandArgs(SourceArgs):
    """About which brand."""

    about: Annotated[tuple[str, ...], Option("The brand, and what else it is called", main=True, le=8)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicArgs(SearchedArgs):
    """About what, where that is not plain."""

    about: Annotated[tuple[str, ...], Option("The topic or asset it is about", le=8)] = ()
