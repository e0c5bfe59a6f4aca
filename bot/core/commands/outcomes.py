"""How invocations end."""

from __future__ import annotations

from enum import StrEnum

from bot.core.errors import BotError, NotPermitted, UsageError


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
