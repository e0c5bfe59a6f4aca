"""Holds our clock against Xquik's whenever Xquik is asked something, also where no delivery comes."""

from __future__ import annotations

from bot.core.clocks import Clock
from bot.relay.observing import RelayObserver
from bot.xquik.transport.client import Exchange

# Seconds. The Date header has whole ones, and the answer takes its time: what is less is no skew, and
# the timestamps of deliveries say it better.
_DOUBTFUL = 30.0


class ClockWatch:
    """An observer for `bot.xquik.transport.client.Transport`."""

    def __init__(self, observer: RelayObserver, clock: Clock) -> None:
        """observer: told by how much, and again once it is over. clock: epoch seconds."""
        self._observer = observer
        self._clock = clock
        self._was_wrong = False

    def __call__(self, exchange: Exchange) -> None:
        """One request."""
        if exchange.server_time is None:
            return
        skew = exchange.server_time - self._clock()
        wrong = abs(skew) >= _DOUBTFUL
        if wrong or self._was_wrong:
            self._observer.skewed(skew)
        self._was_wrong = wrong
