"""Whether something that was asked of Xquik may have been charged: known to whoever began it, however deep
below him it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class PaidRequests:
    """Requests that may have been charged. sent: how many so far."""

    __slots__ = ("_around", "sent")

    def __init__(self, around: PaidRequests | None) -> None:
        self.sent = 0
        self._around = around

    def note(self) -> None:
        """There was one more."""
        self.sent += 1
        if self._around is not None:
            self._around.note()


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


def note_paid_request() -> None:
    """One that may have been charged was answered, or its answer was lost."""
    if (one := _NOW.get()) is not None:
        one.note()
