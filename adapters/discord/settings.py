"""What the Discord adapter is told when it is made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

API_URL = "https://discord.com/api/v10"


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How Discord is reached.

    api_url, gateway_url: other addresses, for proxies and tests. shard_ids: the shards this process
    connects (empty: all); shard_count: of all processes together, asked of Discord when None.
    proxy: http(s) address, else that of the environment (`proxy_of`).
    request_timeout: seconds for one request, waits for rate limits included. first_answer: seconds
    after which a slow command is acknowledged for it. guild_timeout: seconds without news of a
    further server until the bot is ready. grace: seconds that running commands get to finish when
    the bot stops.
    """

    token: SecretStr
    api_url: str | None = None
    gateway_url: str | None = None
    shard_ids: tuple[int, ...] = ()
    shard_count: int | None = None
    proxy: str | None = None
    request_timeout: float = 60.0
    first_answer: float = 1.8
    guild_timeout: float = 2.0
    grace: float = 10.0

    def __post_init__(self) -> None:
        if self.shard_count is not None and any(i >= self.shard_count for i in self.shard_ids):
            msg = f"shard ids {self.shard_ids} need a shard_count above {max(self.shard_ids)}"
            raise ValueError(msg)


def proxy_of(settings: DiscordSettings, environment: Mapping[str, str] = os.environ) -> str | None:
    """The proxy for Discord's API: as set, else HTTPS_PROXY (HTTP_PROXY for plain http) unless
    NO_PROXY names the host. discord.py looks at none of these itself."""
    if settings.proxy:
        return settings.proxy
    url = urlsplit(settings.api_url or API_URL)
    proxies = _proxies(environment)
    if _bypassed(url.hostname or "", proxies.get("no", "")):
        return None
    return proxies.get(url.scheme) or proxies.get("all")


def _proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """Scheme → proxy, from variables in either case."""
    lower = {name.lower(): value for name, value in environment.items() if value}
    return {name.removesuffix("_proxy"): value for name, value in lower.items() if name.endswith("_proxy")}


def _bypassed(host: str, no_proxy: str) -> bool:
    """Whether NO_PROXY names the host, or a domain that it belongs to."""
    names = [name.strip().lstrip(".").lower() for name in no_proxy.split(",") if name.strip()]
    return any(name in ("*", host) or host.endswith(f".{name}") for name in names)
