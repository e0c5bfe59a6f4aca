"""What time it is for a server: the Date header of its answers (RFC 9110, section 6.6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

# The header has whole seconds; the middle of the one it names is right on average.
_HALF = 0.5


def server_time(headers: Mapping[str, str]) -> float | None:
    """Epoch seconds, to within half a second and the way of the answer; None without such a header.

    headers: names in lower case.
    """
    try:
        return parsedate_to_datetime(headers["date"]).timestamp() + _HALF
    except (KeyError, ValueError, OverflowError):
        return None
