"""Fetching a picture or video from an address that a stranger gave: bounded, and from the open internet
alone.

The name of a host is resolved here, once, and the request goes to the very address that was looked at: a
name that answers with a public address first and a private one afterwards gains nothing. Each redirect is
looked at in the same way. No header of ours but a name is sent, and no cookie is kept.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx
import msgspec

from bot.core.errors import Rejected
from bot.core.http.trust import trusted
from bot.core.media.limits import UPLOAD, too_large
from bot.core.messages.message import Message, msg
from bot.core.x.hosts import is_public
from bot.core.x.media_refs import plain_name

SECONDS: Final = 30.0
"""From the first look to the last byte: as long as Xquik itself would wait."""
_REDIRECTS: Final = 3
_CONNECT: Final = 10.0

Resolve: TypeAlias = Callable[[str, int], Awaitable[Collection[str]]]
"""The addresses of a host, for a port; OSError where it has none."""


class MediaFetcher:
    """Fetches what a link leads to. instead: origins (`https://cdn.discordapp.com`), each with the one on
    this machine that is asked in its place: those of a local copy, which the settings name."""

    def __init__(
        self,
        *,
        instead: Mapping[str, str] | None = None,
        resolve: Resolve | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._instead = dict(instead or {})
        self._resolve = resolve or _resolved
        self._seconds = seconds

    async def fetch(self, url: str, *, most: int = UPLOAD, option: str = "media") -> bytes:
        """The bytes behind a link, at most so many. Rejected, with why, for everything else; option: where
        the link was given. What a server says of length and type is not believed."""
        why: Message = msg("it took longer than {seconds} s", seconds=f"{self._seconds:g}")
        name = plain_name(urlsplit(url).path) or "file"
        with suppress(TimeoutError, httpx.TimeoutException):
            async with asyncio.timeout(self._seconds):
                got = await self._follow(url, name, most, option)
            if isinstance(got, bytes):
                return got
            why = got
        raise Rejected(
            msg("{name} could not be fetched: {why}.", name=name, why=why),
            remedy=msg("Check the link, or attach the file itself. Nothing was sent to X."),
            code="media_download_failed",
            option=option,
        )

    async def _follow(self, url: str, name: str, most: int, option: str) -> bytes | Message:
        for _ in range(_REDIRECTS + 1):
            target = await self._target(url)
            if not isinstance(target, _Target):
                return target
            try:
                got = await self._read(target, most)
            except httpx.TimeoutException:
                raise
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
                return msg("the connection failed ({error})", error=type(error).__name__)
            if got is None:
                raise too_large(name, most, option)
            if not isinstance(got, _Elsewhere):
                return got
            url = urljoin(url, got.location)
        return msg("it is passed on too often")

    async def _target(self, url: str) -> _Target | Message:
        """Where a request for that goes; why not, where it is not out in the open."""
        try:
            parts = urlsplit(url)
            origin = f"{parts.scheme}://{parts.netloc}"
            local = self._instead.get(origin)
            parts = urlsplit(url if local is None else local + url.removeprefix(origin))
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = parts.hostname or ""
            named = parts.scheme == "https" and not parts.username and is_public(host)
            addresses = await self._resolve(host, port) if named or local else ()
        except (OSError, ValueError, UnicodeError):
            return msg("there is no such host")
        if not addresses or not (local or all(map(_open, addresses))):
            return msg("the bot fetches from public https addresses alone")
        # IPv4 first: not every machine reaches the rest.
        return _Target(parts, host, port, min(addresses, key=lambda one: (":" in one, one)))

    async def _read(self, target: _Target, most: int) -> bytes | Message | _Elsewhere | None:
        """The bytes, where they are instead, or why there are none; None where there are too many."""
        headers = {
            "host": target.parts.netloc,
            "user-agent": "xquik-bot",
            "accept": "image/*,video/mp4",
            "accept-encoding": "identity",
        }
        received = bytearray()
        timeout = httpx.Timeout(self._seconds, connect=_CONNECT)
        sni = {"sni_hostname": target.host}
        verify = trusted() if target.parts.scheme == "https" else False
        async with (
            httpx.AsyncClient(verify=verify, timeout=timeout) as http,
            http.stream(
                "GET", target.url, headers=headers, follow_redirects=False, extensions=sni
            ) as response,
        ):
            if response.is_redirect:
                return _Elsewhere(response.headers.get("location", ""))
            if response.status_code != 200:
                return msg("the server answered {status}", status=str(response.status_code))
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) > most:
                    return None
        return bytes(received)


class _Target(msgspec.Struct, frozen=True):
    """Where one request goes. address: of the host, and the one that was looked at."""

    parts: SplitResult
    host: str
    port: int
    address: str

    @property
    def url(self) -> str:
        """By its address."""
        at = f"[{self.address}]" if ":" in self.address else self.address
        path = (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")
        return f"{self.parts.scheme}://{at}:{self.port}{path}"


class _Elsewhere(msgspec.Struct, frozen=True):
    """A redirect."""

    location: str


def _open(address: str) -> bool:
    """Whether an address is out in the open, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None and not inner.is_global:
            return False
        if found in _NAT64:
            return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF).is_global
    return found.is_global and not found.is_multicast


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


async def _resolved(host: str, port: int) -> Collection[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=1)
    return [str(one[4][0]) for one in found]
