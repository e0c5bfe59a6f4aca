"""What somebody asks to have collected, as Xquik takes it: the target, the limit and the filters of a tool.

What does not fit is refused by its name before anything is asked of Xquik. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.core.messages.enumerations import sentences
from bot.core.messages.errors import said_by
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.nearest import names_close_to, names_with_part
from bot.core.text.shortening import cut
from bot.core.x.extraction_filters import LONGEST_VALUE, ExtractionFilter, FilterKind
from bot.core.x.extraction_tools import ExtractionTool, TargetKind
from bot.core.x.gatherings import parse_community_ref, parse_list_ref, parse_space_ref
from bot.core.x.references import TweetRef, Username, only_reference, parse_tweet_ref, parse_username

_NAMED: Final = re.compile(r"[^\W\d][\w -]{0,40}[=:]")
_THOUSANDS: Final = re.compile(r"[0-9]{3}", re.ASCII)
_ONLY_DIGITS: Final = re.compile(r"[0-9]{5,}", re.ASCII)

Given = tuple[ExtractionFilter, Any]
"""A filter with its value, as Xquik takes it."""


class ExtractionOptionError(ValueError):
    """An option that a tool does not take as it was given. option: its name; about: the filter at fault,
    None where it is none of the tool's."""

    def __init__(self, option: str, detail: str, about: ExtractionFilter | None = None) -> None:
        super().__init__(detail)
        self.option = option
        self.about = about


def extraction_request(
    tool: ExtractionTool,
    target: str,
    limit: int | None,
    filters: Sequence[str],
    *,
    query: str = "",
    zone: str = "UTC",
) -> dict[str, Any]:
    """The body of the request. filters: each as `name=value`; query: what is searched for, where the target
    is no search; zone: of times that name none. ExtractionOptionError names what is wrong."""
    body: dict[str, Any] = {"toolType": tool.name, tool.target.value: _target(tool, target)}
    asked = read_filters(tool, filters, zone)
    if query.strip():
        asked = _with_query(tool, asked, query)
    for one, value in asked:
        body[one.key] = value
    if missing := lacking(tool, body):
        raise ExtractionOptionError(
            missing, msg("{tool} needs it: {words}", tool=tool.word, words=tool.by_name[missing].words)
        )
    if limit is not None:
        body["resultsLimit"] = limit
    return body


def lacking(tool: ExtractionTool, body: Mapping[str, Any]) -> str:
    """The filter without which the tool does nothing and that a request has not; "" for none."""
    return next((name for name in tool.needs if tool.by_name[name].key not in body), "")


def read_filters(tool: ExtractionTool, filters: Sequence[str], zone: str = "UTC") -> list[Given]:
    """The filters with their values, as Xquik takes them. ExtractionOptionError names a filter that the tool
    does not take, and what it does, one that is given twice, and two that nothing can meet together."""
    found: dict[str, Given] = {}
    for name, value in _pairs(tool, filters):
        one = tool.by_name.get(name)
        if one is None:
            raise ExtractionOptionError("filters", _unknown(tool, name))
        if not value.strip():
            raise ExtractionOptionError(
                "filters", msg("{filter} has no value; write {filter}=…", filter=name), one
            )
        try:
            read = one.read(value, zone)
        except ValueError as error:
            raise ExtractionOptionError(
                "filters", msg("{filter}: {why}", filter=name, why=said_by(error)), one
            ) from None
        if name in found and found[name][1] != read:
            raise ExtractionOptionError("filters", _twice(one, found[name][1], read), one)
        found[name] = one, read
    _check_together(found)
    return list(found.values())


# --- how they are written --------------------------------------------------------------------


def _pairs(tool: ExtractionTool, filters: Sequence[str]) -> list[tuple[str, str]]:
    """Names and values as they were written. A piece without a name goes on with the value before it where
    that may have commas: words of a text, the thousands of a number."""
    found: list[tuple[str, str]] = []
    for given in filters:
        for piece in _pieces(tool, given):
            mark = min((at for at in (piece.find("="), piece.find(":")) if at >= 0), default=-1)
            name = _plain(piece[:mark] if mark >= 0 else piece)
            if mark >= 0:
                found.append((name, piece[mark + 1 :].strip()))
            elif name in tool.by_name:
                found.append((name, ""))
            elif found and _goes_on(tool.by_name.get(found[-1][0]), found[-1][1], piece):
                found[-1] = found[-1][0], f"{found[-1][1]},{piece}"
            else:
                raise ExtractionOptionError("filters", _nameless(tool, piece, found))
    return found


def _pieces(tool: ExtractionTool, given: str) -> Iterator[str]:
    """A list that came as one item, in quotes, in its pieces: parted before each name of a filter."""
    piece = ""
    for part in given.split(","):
        named = _NAMED.match(part.strip())
        if piece and named is not None and _plain(named[0][:-1]) in tool.by_name:
            yield piece.strip()
            piece = part
        else:
            piece = f"{piece},{part}" if piece else part
    if piece.strip():
        yield piece.strip()


def _plain(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def _goes_on(one: ExtractionFilter | None, value: str, piece: str) -> bool:
    if one is None:
        return False
    if one.kind is FilterKind.NUMBER:
        return value[-1:].isdecimal() and _THOUSANDS.fullmatch(piece) is not None
    return one.kind is FilterKind.TEXT and one.shape is None


def _nameless(tool: ExtractionTool, piece: str, before: Sequence[tuple[str, str]]) -> str:
    shown = repr(cut(piece, 30))
    if before:
        return msg(
            "{piece} behind {name}={value} names no filter; write name=value",
            piece=shown,
            name=before[-1][0],
            value=cut(before[-1][1], 30),
        )
    return _unknown(tool, piece)


# --- what does not go together ---------------------------------------------------------------

_SPANS: Final = (
    ("since", "until"),
    ("after", "before"),
    *(
        (f"min_{what}", f"max_{what}")
        for what in ("followers", "following", "tweets", "likes", "reposts", "replies", "quotes")
    ),
)
_APART: Final = (
    (("replies", "exclude"), ("answers", None)),
    (("replies", "exclude"), ("to", None)),
    (("quotes", "exclude"), ("quotes_of", None)),
    (("reposts", "exclude"), ("reposts_of", None)),
    (("reposts", "exclude"), ("native_reposts", True)),
    (("replies", "only"), ("reposts", "only")),
    (("quotes", "only"), ("reposts", "only")),
    (("depth", "nested"), ("max_depth", 1)),
    (("media", "none"), ("link", None)),
)
"""Two that no result meets; None: whatever its value is."""


def _check_together(found: Mapping[str, Given]) -> None:
    for first, last in _SPANS:
        if first in found and last in found and _empty(*found[first], found[last][1]):
            low, high = _said(found[first]), _said(found[last])
            raise ExtractionOptionError(
                "filters",
                msg("{low} and {high} leave nothing; swap them, or leave one out", low=low, high=high),
                found[first][0],
            )
    for one, other in _APART:
        if all(name in found and wanted in (None, found[name][1]) for name, wanted in (one, other)):
            raise ExtractionOptionError(
                "filters",
                msg(
                    "{one} and {other} contradict each other; leave one out",
                    one=_said(found[one[0]]),
                    other=_said(found[other[0]]),
                ),
                found[one[0]][0],
            )


def _empty(one: ExtractionFilter, low: Any, high: Any) -> bool:
    """Whether nothing is from one bound to the other. Of tweets the first does not count itself."""
    if one.kind is FilterKind.TWEET:
        return int(low) >= int(high)
    if one.kind is FilterKind.MOMENT:
        return _seconds(low) > _seconds(high)
    return bool(low > high)


def _seconds(moment: str) -> float:
    if moment.isdecimal():
        return float(moment)
    read = datetime.fromisoformat(moment)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def _twice(one: ExtractionFilter, first: Any, second: Any) -> Message:
    return msg(
        "{filter} is given twice: {first} and {second}; give one",
        filter=one.name,
        first=cut(one.written(first), 40),
        second=cut(one.written(second), 40),
    )


def _said(given: Given) -> str:
    one, value = given
    return f"{one.name}={cut(one.written(value), 40)}"


def _with_query(tool: ExtractionTool, asked: Sequence[Given], query: str) -> list[Given]:
    """The filters with what is searched for, which has an option of its own where a tool needs it."""
    one = tool.by_name.get("query")
    if one is None:
        why = (
            msg("{tool} searches for its target, so leave query out", tool=tool.word)
            if tool.target is TargetKind.SEARCH
            else msg("{tool} searches for nothing, so leave query out", tool=tool.word)
        )
        raise ExtractionOptionError("query", why)
    try:
        value = one.read(query)
    except ValueError as error:
        raise ExtractionOptionError("query", Message(said_by(error)), one) from None
    other = next((said for given, said in asked if given is one), value)
    if other != value:
        raise ExtractionOptionError("query", _twice(one, other, value), one)
    return [(one, value), *(given for given in asked if given[0] is not one)]


# --- what is collected from ------------------------------------------------------------------


def _account(text: str) -> str:
    if _ONLY_DIGITS.fullmatch(text.strip()):
        raise ValueError(
            msg(
                "{text} looks like an id; give the account by its name, like @nasa",
                text=cut(text.strip(), 30),
            )
        )
    return str(parse_username(text))


_TARGETS: Final[Mapping[TargetKind, Callable[[str], str]]] = {
    TargetKind.ACCOUNT: _account,
    TargetKind.TWEET: lambda text: parse_tweet_ref(text).id,
    TargetKind.LIST: lambda text: parse_list_ref(text).id,
    TargetKind.COMMUNITY: lambda text: parse_community_ref(text).id,
    TargetKind.SPACE: lambda text: parse_space_ref(text).id,
}


def _target(tool: ExtractionTool, text: str) -> str:
    """What is collected from, as Xquik takes it."""
    read = _TARGETS.get(tool.target)
    if read is None:
        return _searched(tool, text)
    try:
        return read(text)
    except ValueError as error:
        raise ExtractionOptionError(
            "target",
            msg(
                "{tool} collects from {kind}, and {text} is none: {why}",
                tool=tool.word,
                kind=KINDS[tool.target],
                text=repr(cut(text.strip(), 40)),
                why=said_by(error),
            ),
        ) from None


KINDS: Final[Mapping[TargetKind, Message]] = {
    TargetKind.ACCOUNT: msg("an account"),
    TargetKind.TWEET: msg("a tweet"),
    TargetKind.LIST: msg("a list"),
    TargetKind.COMMUNITY: msg("a community"),
    TargetKind.SPACE: msg("a Space"),
    TargetKind.SEARCH: msg("a search"),
}
"""What a tool collects from, in words."""


def _searched(tool: ExtractionTool, text: str) -> str:
    query = " ".join(text.split())
    if len(query) > LONGEST_VALUE:
        raise ExtractionOptionError(
            "target",
            msg(
                "the search has {length} characters, and X takes {most}",
                length=len(query),
                most=LONGEST_VALUE,
            ),
        )
    match only_reference(query) if "/" in query else None:
        case TweetRef():
            why = msg("a link to a tweet is no search; `replies`, `quotes` and `thread` collect from one")
        case Username(name):
            why = msg("a link to an account is no search; write `@{name}` or `from:{name}`", name=name)
        case _:
            return query
    raise ExtractionOptionError("target", msg("{tool}: {why}", tool=tool.word, why=why))


# --- what is none of them --------------------------------------------------------------------


def takes(tool: ExtractionTool) -> Message:
    """The filters that a tool takes: "likers takes: min_followers, …"."""
    if not tool.filters:
        return msg("`{tool}` takes no filters", tool=tool.word)
    return msg(
        "`{tool}` takes: `{filters}`", tool=tool.word, filters=Joined(tuple(tool.by_name), JoinedBy.COMMA)
    )


def _unknown(tool: ExtractionTool, name: str) -> str:
    shown = repr(cut(name, 30))
    if not tool.filters:
        return msg("{tool} takes no filters, so it cannot take {name}", tool=tool.word, name=shown)
    near = [*names_close_to(name, tool.by_name), *names_with_part(name, tool.by_name)][:3]
    said = msg("{tool} takes no {name}.", tool=tool.word, name=shown)
    meant = Joined(tuple(dict.fromkeys(near)), JoinedBy.OR)
    hint = msg("Did you mean {near}?", near=meant) if near else ""
    return sentences(said, hint, msg("{takes}.", takes=takes(tool)))
