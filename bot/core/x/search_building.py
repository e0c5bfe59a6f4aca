"""A search on X, made of what people choose: its words and X's own operators. Pure.

The parts are those of the first documents of Xquik's API; operators as X's advanced search has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

import msgspec

from bot.core.messages.message import msg
from bot.core.x.searches import checked_search

LONGEST_QUERY: Final = 512
"""Characters that X searches for: Xquik refuses a longer search."""

Wanted: TypeAlias = Literal["include", "exclude", "only"]
"""Whether replies or reposts are found among others, not at all, or alone."""
MediaWanted: TypeAlias = Literal["images", "videos", "gifs", "media"]
"""What has to be attached; media: any of the three."""


class SearchParts(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for. since, until: days in UTC, both included. language: X's code. verified: by
    verified accounts alone. place: X's id of one. advanced: more operators, taken as they are."""

    words: str = ""
    phrase: str = ""
    without: tuple[str, ...] = ()
    author: str = ""
    to: str = ""
    mentioning: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    media: MediaWanted | None = None
    min_likes: int = 0
    min_reposts: int = 0
    min_replies: int = 0
    verified: bool = False
    place: str = ""
    replies: Wanted | None = None
    reposts: Wanted | None = None
    advanced: str = ""


def search_query(parts: SearchParts) -> str:
    """The search as X takes it, "" where nothing was chosen.

    ValueError names what can match nothing, and a search that is longer than `LONGEST_QUERY`.
    """
    if parts.since and parts.until and parts.until < parts.since:
        raise ValueError(
            msg(
                "until {until} is before since {since}, so nothing can match; write the earlier day as since",
                until=parts.until.isoformat(),
                since=parts.since.isoformat(),
            )
        )
    pieces = [*_words(parts), *_people(parts), *_days(parts), *_figures(parts), *_sorts(parts)]
    free = [piece for piece in (parts.words.strip(), parts.advanced.strip()) if piece]
    alone = len(pieces) + len(free) == 1
    query = checked_search(" ".join([*(one if alone else _together(one) for one in free), *pieces]))
    if len(query) > LONGEST_QUERY:
        raise ValueError(
            msg(
                "the search has {length} characters, and X takes {most}; leave out some words",
                length=len(query),
                most=LONGEST_QUERY,
            )
        )
    return query


def _together(text: str) -> str:
    """In brackets where it offers alternatives: what stands beside it holds for each of them."""
    outside = "".join(text.split('"')[::2]).split()
    return f"({text})" if "OR" in outside else text


def _words(parts: SearchParts) -> Iterator[str]:
    if phrase := _unquoted(parts.phrase):
        yield f'"{phrase}"'
    for one in parts.without:
        word = _unquoted(one.strip().lstrip("-"))
        if word:
            yield f'-"{word}"' if any(char in word for char in " ():") else f"-{word}"


def _unquoted(text: str) -> str:
    """A text that can stand between quotes, without those around it."""
    bare = " ".join(text.strip().strip('"').split())
    if '"' in bare:
        raise ValueError(msg("{text} has quotes inside; leave them out", text=repr(bare[:40])))
    return bare


def _people(parts: SearchParts) -> Iterator[str]:
    if parts.author:
        yield f"from:{parts.author}"
    if parts.to:
        yield f"to:{parts.to}"
    if parts.mentioning:
        yield f"@{parts.mentioning}"
    if parts.verified:
        yield "filter:verified"
    if parts.place:
        yield f"place:{parts.place}"


def _days(parts: SearchParts) -> Iterator[str]:
    if parts.language:
        yield f"lang:{parts.language}"
    if parts.since:
        yield f"since:{parts.since.isoformat()}"
    if parts.until and parts.until < date.max:
        # X leaves that day itself out.
        yield f"until:{(parts.until + timedelta(days=1)).isoformat()}"


def _figures(parts: SearchParts) -> Iterator[str]:
    if parts.min_likes:
        yield f"min_faves:{parts.min_likes}"
    if parts.min_reposts:
        yield f"min_retweets:{parts.min_reposts}"
    if parts.min_replies:
        yield f"min_replies:{parts.min_replies}"


_REPLIES: Final = {"exclude": "-filter:replies", "only": "filter:replies"}
_REPOSTS: Final = {
    "include": "include:nativeretweets",
    "exclude": "-filter:nativeretweets",
    "only": "filter:nativeretweets",
}


def _sorts(parts: SearchParts) -> Iterator[str]:
    if parts.media:
        # X has no operator for GIFs alone: Xquik looks for these among what has media.
        yield f"filter:{'media' if parts.media == 'gifs' else parts.media}"
    if parts.replies in _REPLIES:
        yield _REPLIES[parts.replies]
    if parts.reposts in _REPOSTS:
        yield _REPOSTS[parts.reposts]
