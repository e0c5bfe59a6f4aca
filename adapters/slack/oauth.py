"""Installing the app in a workspace, or in a whole Enterprise Grid organisation.

The state is issued once, taken back once, and bound to the browser by a cookie, so that nobody can
finish an install that another began. Pages are fixed texts: nothing of a request is echoed.
Source: docs.slack.dev/authentication/installing-with-oauth.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from math import ceil
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.slack.begun import Begun
from adapters.slack.clients import SlackClients
from adapters.slack.errors import CallRefused, code_of
from adapters.slack.manifest import OPTIONAL_SCOPES, SCOPES
from adapters.slack.rotation import with_end
from adapters.slack.settings import SlackSettings
from bot.core.clocks import Clock, Monotonic
from bot.core.errors import StorageUnavailable
from bot.core.http.clients import ClientAddresses
from bot.core.http.cookies import cookie
from bot.core.http.languages import first_language
from bot.core.messages.message import Message, msg
from bot.core.ports import Remember, not_remembered
from bot.core.stores import Installations, InstallStates, StoredInstallation
from bot.i18n.translator import translator

COOKIE: Final = "xquik_slack_state"
COOKIE_SECONDS: Final = 600
# As `bot.storage.places.oauth_states` makes them; of Slack's codes only this much is sure.
_STATE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE: Final = re.compile(r"[!-~]{1,500}")
# Seconds for which nothing more is logged of a database that does not answer: anybody can ask it.
_SILENT: Final = 10.0
# What is kept of Slack's answer: of the person who installed nothing but the id, to tell them of troubles.
_KEPT: Final = ("access_token", "token_type", "scope", "bot_user_id", "app_id", "team", "enterprise")
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"  # no message: a header
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_log = logging.getLogger(__name__)


Installed: TypeAlias = Callable[[str | None, str], Awaitable[None]]
"""Told the enterprise and the workspace that the app was installed in."""


class OAuth:
    """The two pages. remote: knows the proxies. ticks: seconds that never go back. installed: told which
    workspace's token is new (None: of a whole organisation), and the id of who installed the app."""

    def __init__(
        self,
        settings: SlackSettings,
        clients: SlackClients,
        installations: Installations,
        states: InstallStates,
        clock: Clock,
        *,
        remote: ClientAddresses,
        ticks: Monotonic,
        installed: Installed,
        remember: Remember = not_remembered,
    ) -> None:
        self._settings = settings
        self._clients = clients
        self._installations = installations
        self._states = states
        self._clock = clock
        self._installed = installed
        self._remember = remember
        self._remote = remote
        self._ticks = ticks
        self._begun = Begun(ticks)
        self._told = float("-inf")

    async def install(self, request: Request) -> Response:
        """Send the browser to Slack's consent page; 429 when too many were begun within a minute."""
        peer = request.client.host if request.client else None
        if (wait := self._begun.wait(self._remote.name(peer, request.scope["headers"]))) > 0:
            return _page(request, 429, msg("Too many installs at once"), _LATER, again=True, wait=wait)
        try:
            state = await self._states.issue()
        except StorageUnavailable:
            return self._not_stored(request)
        self._remember(state, passing=True)
        query = {
            "client_id": self._settings.client_id,
            "scope": ",".join((*SCOPES, *OPTIONAL_SCOPES)),
            "state": state,
        }
        if (back := self._redirect_uri()) is not None:
            query["redirect_uri"] = back
        response = RedirectResponse(f"{self._authorize_url()}?{urlencode(query)}", 302, _HEADERS)
        response.set_cookie(
            COOKIE,
            state,
            max_age=COOKIE_SECONDS,
            path="/slack",
            secure=self._is_https(request),
            httponly=True,
            samesite="lax",
        )
        return response

    def _not_stored(self, request: Request) -> Response:
        if self._ticks() - self._told >= _SILENT:
            self._told = self._ticks()
            _log.warning("an install failed: the database does not answer")
        return _page(request, 503, msg("The database does not answer"), _NOT_STORED, again=True, wait=_RETRY)

    async def redirect(self, request: Request) -> Response:
        """Slack sends the browser back: exchange the code, store the installation."""
        try:
            return await self._finish(request)
        except StorageUnavailable:
            return self._not_stored(request)

    async def _finish(self, request: Request) -> Response:
        given, bound = request.query_params.get("state", ""), cookie(request.scope["headers"], COOKIE)
        code = request.query_params.get("code", "")
        if not _STATE.fullmatch(given) or (code and not _CODE.fullmatch(code)):
            return _page(request, 400, msg("This install link is not valid"), _STALE, again=True)
        same = hmac.compare_digest(given.encode(), bound.encode())
        if not same or not await self._states.consume(given):
            return _page(request, 400, msg("This install link is not valid"), _STALE, again=True)
        if request.query_params.get("error"):
            return _page(
                request,
                200,
                msg("Nothing was installed"),
                msg("Slack was told not to install the app."),
                again=True,
            )
        if not code:
            return _page(request, 400, msg("This install link is not valid"), _STALE, again=True)
        self._remember(code, passing=True)
        try:
            answer = await self._exchange(code)
        except (SlackApiError, CallRefused) as error:
            _log.warning("oauth.v2.access: %s", code_of(error))
            return _page(request, 400, msg("Slack did not confirm the install"), _REFUSED, again=True)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("oauth.v2.access: %s", type(error).__name__)
            return _page(
                request, 502, msg("Slack could not be reached"), msg("Nothing was installed."), again=True
            )
        await self._store(answer)
        return _page(request, 200, msg("Installed"), _DONE)

    async def _exchange(self, code: str) -> Mapping[str, Any]:
        settings = self._settings
        assert settings.client_id is not None  # noqa: S101 - SlackSettings has checked both
        assert settings.client_secret is not None  # noqa: S101
        sent = {
            "client_id": settings.client_id,
            "client_secret": settings.client_secret.get_secret_value(),
            "code": code,
        }
        if (back := self._redirect_uri()) is not None:
            sent["redirect_uri"] = back
        answer = await self._clients.client().api_call("oauth.v2.access", data=sent)
        data = answer.data
        if not isinstance(data, dict) or not data.get("access_token"):
            raise CallRefused("no_bot_token")
        return data

    async def _store(self, answer: Mapping[str, Any]) -> None:
        org_wide = bool(answer.get("is_enterprise_install"))
        team = None if org_wide else (answer.get("team") or {}).get("id")
        enterprise = (answer.get("enterprise") or {}).get("id")
        installation = StoredInstallation(
            enterprise=enterprise,
            team=team,
            bot_user=str(answer.get("bot_user_id") or ""),
            installed_at=self._clock(),
            bundle={name: answer.get(name) for name in _KEPT} | with_end(answer, self._clock()),
        )
        await self._installations.save(installation)
        person = (answer.get("authed_user") or {}).get("id")
        await self._installed(team, person if isinstance(person, str) else "")

    def _redirect_uri(self) -> str | None:
        public = self._settings.public_url
        return f"{public.rstrip('/')}/slack/oauth_redirect" if public else None

    def _authorize_url(self) -> str:
        """The consent page of the Slack whose API is used (slack.com, slack-gov.com)."""
        parts = urlsplit(self._settings.api_url)
        return urlunsplit((parts.scheme, parts.netloc, "/oauth/v2/authorize", "", ""))

    def _is_https(self, request: Request) -> bool:
        return (self._settings.public_url or f"{request.scope['scheme']}://").startswith("https://")


_STALE = msg("It was opened in another browser, used already, or is older than ten minutes.")
_REFUSED = msg("The link was used already or is too old, or the app's settings at Slack do not match.")
_LATER = msg("Wait a minute and try again.")
_NOT_STORED = msg("Nothing was installed. Wait a moment and start again.")
_RETRY = 5.0
_DONE = msg(
    "Go back to Slack and type {command}. Invite the bot to the channels it is to post in.",
    command="/xquik help",  # no message: a command
)
_TEMPLATE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;
padding:0 1rem}}</style></head><body><h1>{title}</h1><p>{text}</p>{again}</body></html>
"""  # no message: the frame of the page


def _page(
    request: Request, status: int, title: Message, text: Message, *, again: bool = False, wait: float = 0
) -> Response:
    """A page of fixed words, in the language of the browser. again: with a link to start anew. wait: seconds
    to wait before."""
    headers = {**_HEADERS, "Retry-After": str(ceil(wait))} if wait else _HEADERS
    reader = translator(first_language(request.headers.get("accept-language", "")))
    anew = escape(reader.words(msg("Start again")), quote=False)
    link = f'<p><a href="/slack/install">{anew}</a></p>' if again else ""
    heading, words = (escape(reader.words(one), quote=False) for one in (title, text))
    body = _TEMPLATE.format(language=reader.language, title=heading, text=words, again=link)
    response = HTMLResponse(body, status, headers)
    if not wait:  # else an install that began in time may still end
        response.delete_cookie(COOKIE, path="/slack")
    return response
