"""The one bot token of the settings, and whose it is.

A payload only says which workspace it is of; with one token for all, whoever can send payloads could
name any. So Slack is asked once (`auth.test`), and the token speaks for that workspace alone, or for
the workspaces of that organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace
from pydantic import SecretStr

from adapters.slack.clients import SlackClients


class NotInstalled(Exception):
    """The workspace has no installation, or removed it."""


class NotServed(NotInstalled):
    """The workspace is none of those that the token of the settings speaks for."""


class BotToken(msgspec.Struct, frozen=True):
    """A bot token. org_wide: it serves an organisation, so calls name the workspace."""

    token: SecretStr
    bot_user: str = ""
    org_wide: bool = False
    scopes: frozenset[str] = msgspec.field(default_factory=frozenset)


class OwnedToken(msgspec.Struct, frozen=True):
    """A token with its owner. owner: the id of the workspace, or of the organisation."""

    token: BotToken
    owner: str

    def speaking_for(self, team: str, enterprise: str | None) -> BotToken:
        """The token, for a workspace of an organisation; NotServed when it is not its own."""
        own = self.owner in (team, enterprise) if self.token.org_wide else self.owner == team
        if not own:
            raise NotServed(team)
        return self.token


class SoleToken:
    """Asks Slack whose the token is, at the start or, where that failed, when it is first needed."""

    def __init__(self, token: SecretStr, clients: SlackClients) -> None:
        self._token = BotToken(token)
        self._clients = clients
        self._owned: OwnedToken | None = None

    async def owned(self) -> OwnedToken:
        """The token with its owner. Raises what the SDK raises when Slack does not tell."""
        if self._owned is None:
            answer = await self._clients.client(self._token.token).auth_test()
            self._owned = _owned(self._token, dict(answer.data) if isinstance(answer.data, dict) else {})
        return self._owned


def _owned(token: BotToken, answer: Mapping[str, Any]) -> OwnedToken:
    org_wide = answer.get("is_enterprise_install") is True
    owner = (answer.get("enterprise_id") if org_wide else None) or answer.get("team_id")
    named = replace(token, bot_user=str(answer.get("user_id") or ""), org_wide=org_wide)
    return OwnedToken(named, str(owner or ""))
