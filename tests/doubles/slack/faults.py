"""Faults that a test orders, and the limit of about one message a second in a channel."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import Refused
from .model import Channel


@dataclass(slots=True)
class Fault:
    """What happens to the next ``times`` calls of ``method`` (``*`` for any).

    ``error`` answers with that error code (and ``messages``), ``status`` with that HTTP status (429 brings a
    ``Retry-After`` of a second unless ``headers`` has one; with a ``body`` that text instead of JSON),
    ``delay`` waits first (seconds), ``cut`` drops the connection without performing the call, ``lost``
    performs it and then drops the connection.
    """

    method: str
    times: int = 1
    error: str | None = None
    messages: Sequence[str] = ()
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    delay: float = 0.0
    cut: bool = False
    lost: bool = False
    channel: str | None = None

    def matches(self, method: str, args: Mapping[str, Any]) -> bool:
        right_channel = self.channel in (None, args.get("channel"), args.get("channel_id"))
        return self.times > 0 and self.method in ("*", method) and right_channel


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> Fault:
        if fault.status == 429 and "Retry-After" not in fault.headers:
            fault.headers = {"Retry-After": "1", **fault.headers}
        self._ordered.append(fault)
        return fault

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The first fault ordered for this call, used up by one."""
        for fault in self._ordered:
            if fault.matches(method, args):
                fault.times -= 1
                return fault
        return None

    def clear(self) -> None:
        self._ordered.clear()


class Limits:
    """``Retry-After``: who was told to wait, and until when (by the server's clock)."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}

    def check(self, method: str, channel: str, now: float) -> None:
        """Refuses a call that comes before the wait it was told is over, which breaks a rule."""
        remaining = self._until.get((method, channel), now) - now
        if remaining > 0:
            raise limited(remaining, rule_broken=True)

    def note(self, method: str, channel: str, now: float, headers: Mapping[str, str]) -> None:
        seconds = headers.get("Retry-After", "")
        if seconds.isdigit():
            self._until[method, channel] = now + int(seconds)


def limit_channel(channel: Channel, now: float, per_second: float | None) -> None:
    """Raises 429 when ``channel`` got a message less than ``1 / per_second`` seconds ago."""
    if per_second is not None and channel.last_post_at + 1 / per_second > now:
        raise limited(channel.last_post_at + 1 / per_second - now)
    channel.last_post_at = now


def limited(wait: float, *, rule_broken: bool = False) -> Refused:
    """429; ``Retry-After`` is in whole seconds, as Slack sends it."""
    seconds = str(max(1, math.ceil(wait)))
    return Refused("ratelimited", status=429, headers={"Retry-After": seconds}, rule_broken=rule_broken)
