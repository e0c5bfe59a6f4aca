"""`tweet top`: what X ranks highest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from bot.core.chat.cards import Text, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import PageFrame, PageRows
from bot.core.errors import UsageError
from bot.core.messages.message import Message, msg
from bot.core.text.shortening import cut
from bot.features.services import CommandCall
from bot.features.shared.languages import InLanguage, asked_language
from bot.features.shared.people_rows import rows_of
from bot.features.shared.post_rows import posts_listing
from bot.i18n.territories import country_named
from bot.xquik.models import Tweet
from bot.xquik.resources.regions import known_region

Metric: TypeAlias = Literal["likes", "replies", "quotes", "bookmarks", "shares", "views"]
Window: TypeAlias = Literal["day", "week", "month"]

_EXAMPLE: Final = "tweet top likes window:week country:US"
# Tweets of a page, and of the whole list, at Xquik.
_MOST: Final = 20
_ENDS_AT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TopArgs:
    """What is ranked, by what."""

    by: Annotated[Metric, Option("What they are ranked by", main=True)] = "likes"
    window: Annotated[Window, Option("How far back")] = "day"
    country: Annotated[
        str | None,
        Option("Only from this country, like US, Japan or Portugal", max_length=60, suggest="countries"),
    ] = None
    language: InLanguage = None


def country_code(text: str | None) -> str | None:
    """The ISO 3166 code of a country by its code, or by its English name; None for none.

    UsageError for anything else.
    """
    if text is None:
        return None
    region = known_region(text)
    code = region.code if region is not None else country_named(text) or text.strip()
    if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        raise UsageError(
            msg(
                "There is no country {text}; write its name in English, or its two letters, like PT.",
                text=repr(cut(text, 30)),
            ),
            option="country",
            example=_EXAMPLE,
        )
    return code.upper()


async def top(call: CommandCall, args: TopArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of them, the highest first."""
    if args.country is not None and args.language is not None:
        raise UsageError(
            msg("X ranks the tweets of a country or of a language, not of both; leave one out."),
            option="language",
            example=_EXAMPLE,
        )
    country = country_code(args.country)
    language = asked_language(args.language, example=_EXAMPLE)
    xquik = await call.xquik()
    page = await xquik.tweets.top(
        metric=args.by,
        window=args.window,
        country=country,
        language=language,
        cursor=cursor or None,
        rows=size,
    )
    return rows_of(page)


_TITLES: Final[Mapping[str, Message]] = {
    "day": msg("Top tweets of the last day"),
    "week": msg("Top tweets of the last week"),
    "month": msg("Top tweets of the last month"),
}
_RANKED: Final[Mapping[str, Message]] = {
    "likes": msg("Ranked by likes."),
    "replies": msg("Ranked by replies."),
    "quotes": msg("Ranked by quotes."),
    "bookmarks": msg("Ranked by bookmarks."),
    "shares": msg("Ranked by shares."),
    "views": msg("Ranked by views."),
}


async def _framed(_call: CommandCall, args: TopArgs, _rows: PageRows[Tweet]) -> PageFrame:
    return PageFrame(above=(Text(line(_RANKED[args.by]), subtle=True),))


async def _at_most(_call: CommandCall, _args: TopArgs) -> int:
    return _ENDS_AT


TOP: Final = posts_listing(
    lambda args: _TITLES[args.window],
    top,
    lambda _args: line(msg("X ranks no tweet there. `tweet top window:month` looks further back.")),
    frame=_framed,
    counted=_at_most,
    most=_MOST,
)
