"""The Web API clients, all over one HTTP session.

The SDK's own default resends a call when the connection breaks after sending: harmless for reads,
a second message for `chat.postMessage`. So no client here retries by itself; who calls decides.
Proxies (`HTTPS_PROXY`, `NO_PROXY`) are read by aiohttp and certificates (`SSL_CERT_FILE`) by the
default TLS context; the SDK's own reading of the proxy knows no `NO_PROXY`, so it is switched off.
"""

from __future__ import annotations

import logging
import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from cachetools import LRUCache
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.http.trust import trusted

TIMEOUT = 15
# Clients that are kept for the next call: making one reads the proxies from the environment.
_KEPT = 500
# An address whose host is plain and ends where its path begins. Any other is taken apart.
_USUAL = re.compile(r"https://([a-z0-9][a-z0-9.-]*)/")
# The SDK logs bodies at DEBUG, tokens' owners among them: it never gets below this.
_SDK_LOG = logging.getLogger("adapters.slack.sdk")
_SDK_LOG.setLevel(logging.INFO)


class SlackClients:
    """Makes clients for tokens. Use between `open` and `close`."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._tls = trusted()
        self._session: aiohttp.ClientSession | None = None
        api = urlsplit(api_url)
        self._api = (api.scheme, api.hostname, api.port)
        own = () if api.hostname is None or _is_numeric(api.hostname) else (api.hostname,)
        self._homes = ("slack.com", *own)
        self._made: LRUCache[tuple[str, str | None], AsyncWebClient] = LRUCache(_KEPT)

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session; RuntimeError before `open`."""
        if self._session is None:
            msg = "Slack is not started"
            raise RuntimeError(msg)
        return self._session

    @property
    def log(self) -> logging.Logger:
        """The logger for the SDK, which never logs the bodies of calls."""
        return _SDK_LOG

    @property
    def websocket_proxy(self) -> str | None:
        """The proxy for Socket Mode: the one of the Web API, whose host decides about `NO_PROXY`.

        aiohttp finds none by itself, since it looks for the scheme `wss` in the environment.
        """
        parts = urlsplit(self._api_url)
        if parts.hostname is None or proxy_bypass(parts.hostname):
            return None
        proxies = getproxies()
        return proxies.get(parts.scheme) or proxies.get("all")

    def is_slack(self, url: str) -> bool:
        """Whether an address that came in a payload is Slack's: https at slack.com or at the host of
        the API, or at one of their subdomains; or what `slack.api_url` itself stands at."""
        if (usual := _USUAL.match(url)) and "\\" not in url:
            return self._is_home(usual[1]) or self._api == ("https", usual[1], None)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return False
        # Parsers disagree about where the host begins in such an address.
        if not host or "@" in parts.netloc or "\\" in url:
            return False
        if (parts.scheme, host, port) == self._api:
            return True
        return parts.scheme == "https" and port in (None, 443) and self._is_home(host)

    def _is_home(self, host: str) -> bool:
        """Whether a host is Slack's. It stands in lower case, without a port."""
        return any(host == home or host.endswith(f".{home}") for home in self._homes)

    async def open(self) -> None:
        """Open the session."""
        if self._session is None:
            self._session = self.new_session(TIMEOUT)

    def new_session(self, total: float | None) -> aiohttp.ClientSession:
        """A session of its own, with the same proxies and certificates. total: seconds that a call
        may take; None for a connection that stays."""
        return aiohttp.ClientSession(
            trust_env=True,
            connector=aiohttp.TCPConnector(ssl=self._tls, limit=100),
            timeout=aiohttp.ClientTimeout(total=total, connect=5),
        )

    async def close(self) -> None:
        """Close the session."""
        session, self._session = self._session, None
        self._made.clear()
        if session is not None:
            await session.close()

    def client(self, token: SecretStr | None = None, *, team: str | None = None) -> AsyncWebClient:
        """A client. team: which workspace an org-wide token speaks for. One of a token may be shared by
        all who ask for it, so that nothing of it is to be changed."""
        if token is None:
            return self._new(token, team)
        key = (token.get_secret_value(), team)
        client = self._made.get(key)
        # Who changes sessions, as tests do, gets the one of now.
        if client is None or client.session is not self._session:
            client = self._made[key] = self._new(token, team)
        return client

    def _new(self, token: SecretStr | None, team: str | None) -> AsyncWebClient:
        client = _Client(
            token=token.get_secret_value() if token is not None else None,
            base_url=self._api_url,
            timeout=TIMEOUT,
            ssl=self._tls,
            session=self._session,
            team_id=team,
            logger=_SDK_LOG,
            retry_handlers=[],
        )
        client.proxy = None
        return client


class _Client(AsyncWebClient):
    """The SDK's, for which an answer that is no JSON object is a refusal too. It takes one of text for an
    object, and fails over that with an AttributeError; whatever stands between us and Slack can give one."""

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=req_args)
        if isinstance(answer["data"], dict | bytes):
            return answer
        told = {"headers": answer["headers"], "status_code": answer["status_code"]}
        nothing = AsyncSlackResponse(
            client=self, http_verb=http_verb, api_url=api_url, req_args={}, data={}, **told
        )
        raise SlackApiError("the answer did not come from Slack", nothing)  # type: ignore[no-untyped-call]  # no message: for the log


def _is_numeric(host: str) -> bool:
    """Whether a host is an IP address, which has no subdomains."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
