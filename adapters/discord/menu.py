"""Entries of a message's context menu: commands that take the link to a tweet in that message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.commands import Catalogue, Command

_TWEET: Final = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|\w{1,15})/status/\d{5,20}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Entry:
    """name: as the menu shows it; path: the command; option: what the link is given as."""

    name: str
    path: tuple[str, ...]
    option: str


_ENTRIES: Final = (
    Entry("Show tweet", ("tweet", "show"), "tweet"),
    Entry("Draft a reply", ("tweet", "reply"), "tweet"),
)


def entries(catalogue: Catalogue) -> Iterator[tuple[Entry, Command[Any]]]:
    """The entries whose commands exist."""
    for entry in _ENTRIES:
        command = catalogue.command(entry.path)
        if command is not None:
            yield entry, command


def tweet_in(data: Mapping[str, Any]) -> str | None:
    """The first link to a tweet in the chosen message: its text, embeds and buttons."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    chosen = messages.get(str(data.get("target_id")))
    if chosen is None:
        return None
    parts = (chosen.get("content"), chosen.get("embeds"), chosen.get("components"))
    return next((match[0] for text in _texts(parts) if (match := _TWEET.search(text))), None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        # Our own cards escape the colon of an address.
        yield value.replace("\\", "")
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
