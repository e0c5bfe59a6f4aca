"""The one table that turns a class of error into a card."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat.cards import Block, Bold, Button, Card, Code, Line, Link, Text, Tone, line
from bot.core.errors import (
    AccountTrouble,
    AnswerLost,
    BotError,
    Conflict,
    Expired,
    KeyRejected,
    NotConfigured,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OutOfCredits,
    RateLimited,
    UpstreamUnavailable,
    UsageError,
)
from bot.core.messages.message import Argument, Message, msg
from bot.core.text.shortening import mask_keys

_MINUTES = 120  # seconds; from here on they are said in minutes
# What a person can mend at once is a warning or a plain word; what is broken is red.
_TONES: dict[type[BotError], Tone] = {
    UsageError: Tone.WARNING,
    NotPermitted: Tone.WARNING,
    NotConfigured: Tone.INFO,
    NotFound: Tone.WARNING,
    Conflict: Tone.WARNING,
    Expired: Tone.NEUTRAL,
    RateLimited: Tone.WARNING,
    OutOfCredits: Tone.WARNING,
    KeyRejected: Tone.DANGER,
    AccountTrouble: Tone.DANGER,
    UpstreamUnavailable: Tone.DANGER,
    OutcomeUnknown: Tone.WARNING,
    AnswerLost: Tone.WARNING,
}


def error_card(error: BotError, buttons: tuple[Button, ...] = ()) -> Card:
    """What happened, what to do next and, for a command, a line that works."""
    blocks: list[Block] = [
        Text(line(masked(error.detail))),
        Text((Bold(msg("What next:")), " ", *with_code(error.remedy))),
    ]
    if isinstance(error, UsageError) and error.example:
        blocks.append(Text(line(msg("For example: {line}", line=Code(mask_keys(error.example))))))
    if error.retry_after:
        blocks.append(Text(line(_again_in(error.retry_after)), subtle=True))
    if error.code:
        blocks.append(Text(line(msg("Code: {code}", code=Code(error.code))), subtle=True))
    tone = next((_TONES[kind] for kind in type(error).__mro__ if kind in _TONES), Tone.DANGER)
    return Card(error.title, tuple(blocks), tone, buttons, error.option or "")


def with_code(text: str) -> Line:
    """A remedy of ours, where what stands in backticks is a command or a setting."""
    if isinstance(text, Message):
        return (text,)
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # the last one opens nothing
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    return tuple(Code(piece) if index % 2 else piece for index, piece in enumerate(pieces) if piece)


def masked(text: str) -> str:
    """A text without what looks like an Xquik key; a message stays one, and loses it from its arguments."""
    return text.with_arguments(_masked) if isinstance(text, Message) else mask_keys(text)


def _masked(value: Argument) -> Argument:
    if isinstance(value, str):
        return mask_keys(value)
    if isinstance(value, Bold | Code | Link):
        return replace(value, text=mask_keys(value.text))
    return value


def _again_in(seconds: float) -> Message:
    whole = max(1, round(seconds))
    if whole < _MINUTES:
        return msg("You can try again in {seconds} s.", seconds=whole)
    return msg("You can try again in {minutes} min.", minutes=whole // 60)
