"""X ids carry their time: the top bits are milliseconds since 2010-11-04T01:42:54.657Z."""

from __future__ import annotations

from datetime import UTC, datetime

_EPOCH_MS = 1_288_834_974_657
_SEQUENCE_BITS = 22


def at(seconds: float, sequence: int = 0) -> str:
    """The id of something that happened ``seconds`` after the Unix epoch."""
    milliseconds = int(seconds * 1000) - _EPOCH_MS
    return str((milliseconds << _SEQUENCE_BITS) + sequence % (1 << _SEQUENCE_BITS))


def seconds_of(snowflake: str) -> float:
    """When the thing with this id happened, in seconds since the Unix epoch."""
    return ((int(snowflake) >> _SEQUENCE_BITS) + _EPOCH_MS) / 1000


def iso(seconds: float) -> str:
    """The way the API writes times: UTC with milliseconds and a ``Z``."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
