"""Where a stored message has its words: the line that somebody typed, or what stands in a card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from bot.core.chat.cards import Button, Link

# An address counts and never its label, which may look like another one.
_LABELLED: Final = (Link.__name__, Button.__name__)
_NO_WORDS: Final = frozenset({"type", "action"})


def texts_of(body: str) -> Iterator[str]:
    """The texts of a message, from what people see first. body: as of `adapters.playground.bodies`."""
    data = json.loads(body)
    # A line is shown with a slash before it, behind which a link would be none.
    yield from (text.removeprefix("/") for text in _texts(data.get("text")))
    yield from _texts(data.get("card"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        if value.get("type") in _LABELLED:
            yield from _texts(value.get("url"))
            return
        for name, one in value.items():
            if name not in _NO_WORDS:
                yield from _texts(one)
