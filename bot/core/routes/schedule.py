"""The schedule of a route: when its messages are sent.

Data alone; the answers are in `bot.core.routes.schedule_moments`.
"""

from __future__ import annotations

import msgspec


class QuietHours(msgspec.Struct, frozen=True):
    """From `begins` to `ends`, minutes after midnight on the wall clock; over midnight when `ends` is not
    greater. What comes in between is held and sent as one list at the end."""

    begins: int
    ends: int


class Burst(msgspec.Struct, frozen=True):
    """When more than `count` events come within `seconds`, the further ones of that time become one list."""

    count: int
    seconds: int


class Schedule(msgspec.Struct, frozen=True):
    """See the module.

    timezone: IANA name; every time of day below is meant in it. digest: a cron expression ("0 * * * *"
    hourly, "0 18 * * *" daily at six); everything is held and sent as one list then. per_hour: messages
    in each channel, evenly spaced; what is more waits its turn. per_day: messages in each channel from
    midnight to midnight; what is more is left out, and the channel is told once.
    """

    timezone: str = "UTC"
    quiet: QuietHours | None = None
    digest: str = ""
    burst: Burst | None = None
    per_hour: int | None = None
    per_day: int | None = None

    @property
    def steady(self) -> bool:
        """Whether every event is sent at once, whatever the clock shows."""
        return not (self.quiet or self.digest or self.burst or self.per_hour or self.per_day)


STEADY = Schedule()
