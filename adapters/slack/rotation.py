"""Token rotation: where an app has it switched on, its tokens expire after twelve hours and are renewed.

The token for renewing is good once, so of all processes one renews, and the others read what it stored. It
happens long before the end, since the answer of Slack may be lost: then the old token still serves until a
person installs the app again. Source: docs.slack.dev/authentication/using-token-rotation.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.clients import SlackClients
from adapters.slack.errors import CallRefused, code_of
from adapters.slack.settings import SlackSettings
from bot.core.clocks import Clock, Sleep
from bot.core.stores import Claims, Installations, StoredInstallation

# Seconds before its end at which a token is renewed, as Slack's own SDK does.
EARLY: Final = 2 * 3600.0
# Seconds after which a renewal that came to nothing is tried again, by whichever process is first.
_TURN: Final = 60.0
# How often, and for how long in between, the word of another process is waited for with a token that is over.
_LOOKS: Final = 10
_BETWEEN: Final = 0.5
_log = logging.getLogger(__name__)


def with_end(answer: Mapping[str, Any], now: float) -> dict[str, Any]:
    """The part of Slack's answer that says how long a token is good, and by what it is renewed; empty where
    it never ends. now: epoch seconds."""
    seconds, renewing = answer.get("expires_in"), answer.get("refresh_token")
    if not isinstance(seconds, int | float) or not isinstance(renewing, str):
        return {}
    return {"refresh_token": renewing, "expires_at": now + seconds}


class Rotation:
    """Renews tokens. clock: epoch seconds. claims: of all processes; one turn in a minute for each token."""

    def __init__(
        self,
        settings: SlackSettings,
        clients: SlackClients,
        installations: Installations,
        claims: Claims,
        *,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._clients = clients
        self._installations = installations
        self._claims = claims
        self._clock = clock
        self._sleep = sleep

    async def fresh(self, installation: StoredInstallation) -> StoredInstallation:
        """The installation with a token that is good for a while; as it was where Slack gives none now."""
        ends = installation.bundle.get("expires_at")
        now = self._clock()
        if ends is None or now < ends - EARLY:
            return installation
        renewing = str(installation.bundle["refresh_token"])
        turn = f"{hashlib.sha256(renewing.encode()).hexdigest()[:40]}.{int(now // _TURN)}"
        if await self._claims.claim("slack.rotation", turn):
            return await self._renewed(installation, renewing)
        if now < ends:
            return installation
        return await self._from_another(installation, renewing)

    async def _renewed(self, installation: StoredInstallation, renewing: str) -> StoredInstallation:
        # One that was renewed between our reading and our turn is not renewed by what is used up.
        stored = await self._stored(installation)
        if stored is None or stored.bundle.get("refresh_token") != renewing:
            return stored or installation
        try:
            answer = await self._asked(renewing)
        except (SlackApiError, CallRefused) as error:
            _log.warning("oauth.v2.access: a token could not be renewed: %s", code_of(error))
            return installation
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("oauth.v2.access: a token could not be renewed: %s", type(error).__name__)
            return installation
        given = {name: answer[name] for name in ("access_token", "scope") if answer.get(name)}
        bundle = {**installation.bundle, **given, **with_end(answer, self._clock())}
        renewed = replace(installation, bundle=bundle)
        await self._installations.renew(renewed)
        return renewed

    async def _asked(self, renewing: str) -> Mapping[str, Any]:
        settings = self._settings
        if settings.client_id is None or settings.client_secret is None:
            raise CallRefused("no_client_secret")
        sent = {
            "client_id": settings.client_id,
            "client_secret": settings.client_secret.get_secret_value(),
            "grant_type": "refresh_token",
            "refresh_token": renewing,
        }
        answer = (await self._clients.client().api_call("oauth.v2.access", data=sent)).data
        if not isinstance(answer, dict) or not with_end(answer, 0.0) or not answer.get("access_token"):
            raise CallRefused("no_bot_token")
        return answer

    async def _from_another(self, installation: StoredInstallation, renewing: str) -> StoredInstallation:
        """What the process whose turn it is has stored, as soon as it has."""
        for _ in range(_LOOKS):
            stored = await self._stored(installation)
            if stored is not None and stored.bundle.get("refresh_token") != renewing:
                return stored
            await self._sleep(_BETWEEN)
        return installation

    async def _stored(self, installation: StoredInstallation) -> StoredInstallation | None:
        org_wide = installation.team is None
        return await self._installations.find(
            installation.enterprise, installation.team, is_enterprise_install=org_wide
        )
