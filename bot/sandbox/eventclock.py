"""The clock that makes monitors produce events, and bills them by the hour."""

from __future__ import annotations

import random

from bot.sandbox.actions import settle
from bot.sandbox.credits import MONITOR_HOUR
from bot.sandbox.emitting import emit
from bot.sandbox.happenings import Happening, Happenings
from bot.sandbox.post_happenings import PostHappenings
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import MonitorRecord, WriteActionRecord
from bot.sandbox.state import Sandbox

_HOUR = 3_600.0
_LONGEST_WAIT = 30.0


class EventClock:
    """Looks at every active monitor when one of them is due."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._happenings = Happenings(sandbox)
        self._of_posts = PostHappenings(sandbox)
        self._rng = random.Random(f"clock:{sandbox.config.seed}")

    async def run(self) -> None:
        """Tick for ever; returns when the sandbox closes."""
        listener = self._sandbox.bell.listener()
        while not self._sandbox.closing.is_set():
            await listener.wait(self.tick())

    def tick(self) -> float:
        """Do what is due now; the number of seconds until something is due again."""
        now = self._sandbox.now()
        for monitor in self._sandbox.monitors:
            if monitor.active and self._paid(monitor, now) and monitor.next_event_at <= now:
                with self._sandbox.store.atomic():
                    self._produce(monitor, now)
        due = [m.next_event_at for m in self._sandbox.monitors if m.active]
        due += [action.settles_at for action in self._settled() if not action.terminal]
        return min(max(min(due, default=now + _LONGEST_WAIT) - self._sandbox.now(), 0.01), _LONGEST_WAIT)

    def _settled(self) -> list[WriteActionRecord]:
        """Writes that were open, each brought to its end if its time had come."""
        return [settle(self._sandbox, action) for action in self._sandbox.actions if not action.terminal]

    def _paid(self, monitor: MonitorRecord, now: float) -> bool:
        """Charge the hour that is due; a monitor that cannot be paid for is switched off.

        Hours during which the sandbox was not running are not billed.
        """
        if monitor.next_billing_at > now:
            return True
        try:
            self._sandbox.credits.charge(monitor.owner, MONITOR_HOUR)
        except ApiProblem:
            monitor.pause("insufficient_credits", now)
        else:
            monitor.next_billing_at = now + _HOUR
        self._sandbox.monitors.put(monitor)
        return monitor.active

    def _next_of(self, monitor: MonitorRecord) -> Happening | None:
        if monitor.kind == "post":
            return self._of_posts.of_post(monitor)
        make = self._happenings.of_account if monitor.kind == "account" else self._happenings.of_search
        return make(monitor)

    def _produce(self, monitor: MonitorRecord, now: float) -> None:
        happening = self._next_of(monitor)
        monitor.produced += 1
        monitor.next_event_at = now + self._sandbox.config.event_interval * self._rng.uniform(0.7, 1.3)
        self._sandbox.monitors.put(monitor)
        if happening is None:
            return
        emit(
            self._sandbox,
            monitor.owner,
            happening.type,
            happening.data,
            monitor_id=monitor.id,
            monitor_kind=monitor.kind,
            username=monitor.username,
            query=monitor.query,
        )
