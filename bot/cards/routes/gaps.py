"""Why a route gets nothing, or not all of what it names, and what mends that. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from bot.cards.monitors import paused_words
from bot.core.chat.cards import Bold, Code, Text, line
from bot.core.messages.message import Message, msg, nmsg
from bot.core.routes.event_words import types_words
from bot.core.text.shortening import shorten

_NO_CREDITS: Final = "insufficient_credits"
# Gaps of a route that its own page tells.
_TOLD: Final = 10
_TYPES: Final = 3
_NAMED: Final = 60  # characters


class GapCause(StrEnum):
    """UNWATCHED: nobody watches it. PAUSED: its monitor is off; STOPPED: by Xquik. TYPES: its monitor does
    not report these types. NEVER: no search reports them."""

    UNWATCHED = "unwatched"
    PAUSED = "paused"
    STOPPED = "stopped"
    TYPES = "types"
    NEVER = "never"


class RouteGap(msgspec.Struct, frozen=True):
    """Something that a route names and nothing comes from. what: in words, "" for all it takes; step: the
    command that mends it; reason: of STOPPED, in Xquik's own word; types: of TYPES and NEVER."""

    cause: GapCause
    what: str
    step: str
    reason: str = ""
    types: tuple[str, ...] = ()


class Feeding(msgspec.Struct, frozen=True):
    """What comes to a route. nothing: not one monitor reports anything for it."""

    nothing: bool = False
    gaps: tuple[RouteGap, ...] = ()


def gap_lines(route: str, feeding: Feeding, *, listed: bool = False) -> tuple[Text, ...]:
    """Each gap in a line, the first few of a route. route: its name. listed: beside other routes, where there
    is little room; its own page tells more."""
    most = 1 if listed else _TOLD
    told = [_gap_line(route, one) for one in feeding.gaps[:most]]
    if (left := len(feeding.gaps) - most) > 0:
        further = f"relay show {route}" if listed else "monitor list"  # no message: commands
        more = nmsg(
            "{route}: and {n} more. {command}",
            "{route}: and {n} more. {command}",
            n=left,
            route=Bold(route),
            command=Code(further),
        )
        told.append(Text(line(more), subtle=True))
    return tuple(told)


def gaps_in_words(feeding: Feeding) -> str:
    """The causes, for a cell of a file: "unwatched: @nasa; paused: @esa"."""
    return "; ".join(
        f"{one.cause.value}: {one.what}" if one.what else one.cause.value for one in feeding.gaps
    )


def unasked_text() -> Text:
    """Where it is not known what is watched."""
    said = msg("Xquik could not be asked what is watched, so routes that get nothing are not marked.")
    return Text(line(said), subtle=True)


def _gap_line(route: str, gap: RouteGap) -> Text:
    said = msg("{route}: {why} Next: {command}", route=Bold(route), why=_why(gap), command=Code(gap.step))
    return Text(line(said))


def _why(gap: RouteGap) -> Message:
    what = shorten(gap.what, _NAMED)
    match gap.cause:
        case GapCause.UNWATCHED:
            if not what:
                return msg("nothing that it takes is watched.")
            return msg("{what} is not watched.", what=what)
        case GapCause.PAUSED:
            return msg("the monitor of {what} is paused.", what=what)
        case GapCause.STOPPED if gap.reason == _NO_CREDITS:
            return msg(
                "Xquik stopped the monitor of {what}, since the credits were used up (`credits topup`).",
                what=what,
            )
        case GapCause.STOPPED:
            return msg("Xquik stopped the monitor of {what}: {why}.", what=what, why=paused_words(gap.reason))
        case GapCause.NEVER:
            return msg("no search reports this: {types}.", types=types_words(gap.types, _TYPES))
        case GapCause.TYPES if not what:
            return msg("no monitor reports what it takes.")
        case GapCause.TYPES:
            return msg(
                "the monitor of {what} does not report this: {types}.",
                what=what,
                types=types_words(gap.types, _TYPES),
            )
