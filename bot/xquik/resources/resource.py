"""What every resource has: the way to Xquik of one tenant."""

from __future__ import annotations

from bot.xquik.transport.caller import Caller


class Resource:
    """The requests about one thing. Errors are those of `Transport.request`.

    What only looks is repeated on passing failures; everything else is sent once.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
