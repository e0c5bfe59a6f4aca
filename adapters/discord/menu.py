"""Entries of a message's context menu: commands that take the link to a tweet in that message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.texts import texts_of
from bot.core.commands.declaring import Catalogue, Command
from bot.core.x.references import find_posts


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """name: as the menu shows it; path: the command; option: what the link is given as."""

    name: str
    path: tuple[str, ...]
    option: str


# Names by which Discord knows the entries, and sends them back.
_ENTRIES: Final = (
    MenuEntry("Show tweet", ("tweet", "show"), "tweet"),  # no message: a name
    MenuEntry("Draft a reply", ("tweet", "reply"), "tweet"),  # no message: a name
)


def entries(catalogue: Catalogue) -> Iterator[tuple[MenuEntry, Command[Any]]]:
    """The entries whose commands exist."""
    for entry in _ENTRIES:
        command = catalogue.command(entry.path)
        if command is not None:
            yield entry, command


def tweet_in(data: Mapping[str, Any]) -> str | None:
    """The first link to a tweet in the chosen message, wherever it stands there."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    chosen = messages.get(str(data.get("target_id")))
    if chosen is None:
        return None
    return next((post.url for text in texts_of(chosen) for post in find_posts(text)), None)
