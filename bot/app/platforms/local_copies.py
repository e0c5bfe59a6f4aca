"""Where media is fetched from instead while a platform, or Xquik, is a local copy of it.

The sandbox stands in for Xquik and serves pictures of its own; a local Discord keeps what is attached in
it. Both are on this machine, where the bot fetches nothing else from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from bot.settings import Settings

PICTURES: Final = "https://images.example.com"
"""An origin that nobody has (RFC 2606): with the sandbox, its pictures."""
_OF_DISCORD: Final = ("https://cdn.discordapp.com", "https://media.discordapp.net")


def local_copies(settings: Settings) -> Mapping[str, str]:
    """Origins, each with the one that is asked in its place."""
    found: dict[str, str] = {}
    for url, origins in ((settings.xquik.base_url, (PICTURES,)), (settings.discord.api_url, _OF_DISCORD)):
        if (local := _local(url or "")) is not None:
            found |= dict.fromkeys(origins, local)
    return found


def _local(url: str) -> str | None:
    """The origin of a copy on this machine: plain HTTP is set up for nothing else."""
    parts = urlsplit(url)
    return f"http://{parts.netloc}" if parts.scheme == "http" else None
