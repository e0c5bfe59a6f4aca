"""The shape of one piece of advice, and how rows of it are written."""

from __future__ import annotations

import msgspec

from bot.core.errors import BotError


class Advice(msgspec.Struct, frozen=True):
    """The meaning of one code.

    error: the class of situation. what: a sentence that says what happened. remedy: the next step. Both are
    templates of messages, found by their place (`bot.i18n.extraction`).
    retryable: the same request can succeed later without anyone changing anything.
    """

    error: type[BotError]
    what: str
    remedy: str
    retryable: bool = False


def group(
    error: type[BotError], rows: dict[str, tuple[str, str]], *, retryable: bool = False
) -> dict[str, Advice]:
    """Advice of one class: `{code: (what happened, what to do next)}`."""
    return {code: Advice(error, what, remedy, retryable) for code, (what, remedy) in rows.items()}
