"""The shape of one piece of advice, and how rows of it are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.errors import BotError

DASHBOARD: Final = "in the Xquik dashboard"


@dataclass(frozen=True, slots=True)
class Advice:
    """The meaning of one code.

    error: the class of situation. what: a sentence that says what happened. remedy: the next step.
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
