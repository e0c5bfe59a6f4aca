"""When a read is asked again, and after how long. Pure: the transport acts on it.

Writes, and what does something for credits, never come here: they are sent once. A read that costs credits is
asked again only where it is certain that the try before was not charged.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bot.xquik.errors import Complaint, is_retryable, retry_after
from bot.xquik.limits import Kind
from bot.xquik.transport.answers import Answer, Lost

_RETRIED_STATUSES: Final = frozenset({408, 429})
_FAILING: Final = 500


class RetryRules(msgspec.Struct, frozen=True):
    """How often a read is repeated, and how the waits grow (seconds).

    deadline: no repeat starts later than this after the first try. longest_asked: a longer wait that Xquik
    asks for is handed to the caller, who says so to a person, or looks again later.
    """

    repeats: int = 3
    first_delay: float = 0.5
    longest_delay: float = 8.0
    jitter: float = 0.25
    deadline: float = 60.0
    longest_asked: float = 10.0

    def backoff(self, attempt: int, rng: random.Random) -> float:
        """The wait after the given try (0 is the first): doubling, plus a random part."""
        delay = min(self.longest_delay, self.first_delay * 2.0**attempt)
        return delay + rng.uniform(0.0, self.jitter * delay)


def repeat_after(
    result: Answer | Lost, kind: Kind, attempt: int, rules: RetryRules, rng: random.Random
) -> float | None:
    """Seconds until the next try (`attempt` counts from 0), or None when this result stands."""
    if kind not in ("read", "paid") or attempt >= rules.repeats:
        return None
    if isinstance(result, Lost):
        return None if kind == "paid" and result.sent else rules.backoff(attempt, rng)
    if not worth_repeating(result.status, result.body, attempt):
        return None
    if kind == "paid" and not surely_unpaid(result.status, result.body, result.headers):
        return None
    asked = retry_after(result.body, result.headers) or 0.0
    if result.status >= _FAILING and asked > rules.longest_asked:
        return None
    return wait_before_repeat(result.body, result.headers, attempt, rules, rng)


def worth_repeating(status: int, body: Mapping[str, Any], attempt: int) -> bool:
    """Whether an answer to a read invites another try (`attempt` counts from 0).

    408, 429 and 5xx do, unless the code is known to be final (a daily limit, say); 424 only when
    the answer says that it is safe; an occupied coverage cursor (409) once.
    """
    code = Complaint.of(body).code
    if status == 409:
        return code == "coverage_cursor_unavailable" and attempt == 0
    if status == 424:
        return body.get("safeToRetry") is True
    if status in _RETRIED_STATUSES or status >= 500:
        return is_retryable(code) is not False
    return False


def surely_unpaid(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Whether an answer says that no work was done for it, of those that are `worth_repeating`: Xquik held
    the request back (429, 503 with a time to wait, an occupied cursor), or calls a repeat safe. Any other
    failure may have come after X was read."""
    if body.get("safeToRetry") is True or status in (409, 429):
        return True
    return status == 503 and retry_after(body, headers) is not None


def wait_before_repeat(
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    attempt: int,
    rules: RetryRules,
    rng: random.Random,
) -> float:
    """Seconds to wait: what the server asks for, never less, plus jitter; else the backoff."""
    asked = retry_after(body, headers)
    if asked is None:
        return rules.backoff(attempt, rng)
    # Many clients are told the same second: a little jitter keeps them from returning together.
    return asked + rng.uniform(0.0, rules.jitter * min(1.0, asked or rules.first_delay))
