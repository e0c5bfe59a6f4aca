"""When a read is asked again, and after how long. Pure: the transport acts on it.

Writes and anything that spends credits never come here: they are sent once.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.xquik.errors import Complaint, is_retryable, retry_after

_RETRIED_STATUSES: Final = frozenset({408, 429})


@dataclass(frozen=True, slots=True)
class RetryRules:
    """How often a read is repeated, and how the waits grow (seconds).

    deadline: no repeat starts later than this after the first try.
    """

    repeats: int = 3
    first_delay: float = 0.5
    longest_delay: float = 8.0
    jitter: float = 0.25
    deadline: float = 60.0

    def backoff(self, attempt: int, rng: random.Random) -> float:
        """The wait after the given try (0 is the first): doubling, plus a random part."""
        delay = min(self.longest_delay, self.first_delay * 2.0**attempt)
        return delay + rng.uniform(0.0, self.jitter * delay)


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
