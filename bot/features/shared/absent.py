"""What is said where X has no such thing, and Xquik no code of its own for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bot.core.errors import NotFound
from bot.core.messages.message import Message

_NOT_NAMED: Final = (None, "not_found")


@contextmanager
def absent(said: Message, remedy: Message) -> Iterator[None]:
    """Says of a NotFound within what is missing, where its code does not."""
    try:
        yield
    except NotFound as error:
        if error.code not in _NOT_NAMED:
            raise
        raise NotFound(said, remedy=remedy, code=error.code) from None
