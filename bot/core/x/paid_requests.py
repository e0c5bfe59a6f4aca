"""Whether something that was asked of Xquik may have been charged: known to whoever began it, however deep
below him it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.core.x.prices import DEAREST_REQUEST


class PaidRequests:
    """Requests that may have been charged. sent: how many so far; missed: those of them of which Xquik said
    that there is no such thing."""

    __slots__ = ("_around", "missed", "sent")

    def __init__(self, around: PaidRequests | None) -> None:
        self.sent = self.missed = 0
        self._around = around

    def note(self, *, missed: bool) -> None:
        """There was one more."""
        self.sent += 1
        self.missed += missed
        if self._around is not None:
            self._around.note(missed=missed)

    @property
    def missed_cost(self) -> int | None:
        """Credits that they cost at the most, where all of them missed; None where one did not. Rows are
        charged as they come, so that one which brings none costs no more than a request does."""
        return self.missed * DEAREST_REQUEST if self.missed == self.sent else None


_NOW: ContextVar[PaidRequests | None] = ContextVar("paid_requests", default=None)


@contextmanager
def counting_paid_requests() -> Iterator[PaidRequests]:
    """Counts those of what runs in it, in tasks that it begins too."""
    one = PaidRequests(_NOW.get())
    token = _NOW.set(one)
    try:
        yield one
    finally:
        _NOW.reset(token)


def note_paid_request(*, missed: bool = False) -> None:
    """One that may have been charged was answered, or its answer was lost. missed: there is no such thing."""
    if (one := _NOW.get()) is not None:
        one.note(missed=missed)
