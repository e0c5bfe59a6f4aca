"""Pointing the discord.py of this process at a server, for tests that drive discord.py without our
adapter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer


@contextmanager
def redirected(server: DiscordServer) -> Iterator[None]:
    """discord.py talks to `server` within the block, and to its former addresses afterwards."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, URL(server.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
