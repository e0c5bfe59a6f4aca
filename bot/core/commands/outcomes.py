"""How invocations end."""

from __future__ import annotations

from enum import StrEnum

from bot.core.errors import BotError, NotPermitted, UsageError
from bot.core.messages.message import msg


class InvocationOutcome(StrEnum):
    """How an invocation ended."""

    OK = "ok"
    FORM = "form"
    FAILED = "failed"
    NOT_UNDERSTOOD = "not_understood"
    NOT_PERMITTED = "not_permitted"


def outcome_of(error: BotError) -> InvocationOutcome:
    """How one ended that raised this."""
    if isinstance(error, UsageError):
        return InvocationOutcome.NOT_UNDERSTOOD
    if isinstance(error, NotPermitted):
        return InvocationOutcome.NOT_PERMITTED
    return InvocationOutcome.FAILED


def went_wrong(invocation: str) -> BotError:
    """What is said of a mistake of ours. invocation: its id, by which it is found in the log."""
    return BotError(
        msg("Something went wrong inside the bot. This step changed nothing on X."),
        remedy=msg(
            "Try again. If it happens again, give whoever runs this bot this id: {id}",
            id=invocation,
        ),
    )
