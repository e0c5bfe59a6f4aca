"""Which token speaks for a workspace: the one of the settings, or the one of its installation.

An org-wide installation has one token for all workspaces of an organisation. A delivery knows only
its workspace, so which organisation that belongs to is remembered as a fact when a person of it is
first seen. Tokens are held as `SecretStr`, for a minute at most.
"""

from __future__ import annotations

from cachetools import TTLCache
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.clients import SlackClients
from adapters.slack.interaction import SlackInteraction
from adapters.slack.rotation import Rotation
from adapters.slack.sole_token import BotToken, NotInstalled, SoleToken
from bot.core.chat.ids import TenantId
from bot.core.clocks import Monotonic
from bot.core.stores import Installations, KeyValues, StoredInstallation

KEPT = 2_000
SECONDS = 60.0


class Tokens:
    """Tokens by workspace. sole: the only token, when the settings carry one; else installations and
    kv say which there are. rotation: renews those that expire."""

    def __init__(
        self,
        clients: SlackClients,
        ticks: Monotonic,
        *,
        sole: SoleToken | None = None,
        installations: Installations | None = None,
        kv: KeyValues | None = None,
        rotation: Rotation | None = None,
    ) -> None:
        self._clients = clients
        self._sole = sole
        self._installations = installations
        self._rotation = rotation
        self._kv = kv
        self._held: TTLCache[str, BotToken] = TTLCache(KEPT, SECONDS, ticks)
        self._noted: TTLCache[str, str] = TTLCache(KEPT, 24 * 3600.0, ticks)

    async def client(self, tenant: TenantId) -> AsyncWebClient:
        """A client that speaks for the workspace; NotInstalled when none can."""
        token = await self.token(tenant.workspace)
        # What happens in no workspace has the organisation's id, which no call takes for a workspace's.
        named = token.org_wide and not tenant.workspace.startswith("E")
        return self._clients.client(token.token, team=tenant.workspace if named else None)

    async def token(self, team: str) -> BotToken:
        """The workspace's token; NotInstalled when there is none."""
        if self._sole is not None:
            owned = await self._sole.owned()
            return owned.speaking_for(team, await self._organisation(team) if owned.token.org_wide else None)
        found = self._held.get(team) or await self._stored(team)
        if found is None:
            raise NotInstalled(team)
        self._held[team] = found
        return found

    async def of(self, interaction: SlackInteraction) -> BotToken:
        """The token that answers for a payload; NotInstalled when there is none."""
        if self._sole is not None:
            token = (await self._sole.owned()).speaking_for(interaction.team, interaction.enterprise)
            await self._note(interaction)
            return token
        held = self._held.get(interaction.team)
        if held is not None:
            return held
        await self._note(interaction)
        enterprise = interaction.enterprise or await self._organisation(interaction.team)
        found = await self._find(enterprise, interaction.team, org_wide=interaction.org_wide)
        if found is None:
            raise NotInstalled(interaction.team)
        self._held[interaction.team] = found
        return found

    def forget(self, team: str | None) -> None:
        """Read the token anew next time; None: every token."""
        if team is None:
            self._held.clear()
        else:
            self._held.pop(team, None)

    async def _find(self, enterprise: str | None, team: str, *, org_wide: bool) -> BotToken | None:
        if self._installations is None:
            return None
        own = None if team == enterprise else team
        found = await self._installations.find(enterprise, own, is_enterprise_install=org_wide)
        return await self._fresh(found)

    async def _stored(self, team: str) -> BotToken | None:
        if self._installations is None:
            return None
        own = await self._fresh(await self._installations.of_team(team))
        if own is not None:
            return own
        enterprise = await self._organisation(team)
        if enterprise is None:
            return None
        return await self._find(enterprise, team, org_wide=True)

    async def _fresh(self, found: StoredInstallation | None) -> BotToken | None:
        if found is not None and self._rotation is not None:
            found = await self._rotation.fresh(found)
        return _token(found)

    async def _organisation(self, team: str) -> str | None:
        """The organisation of the workspace, as far as is remembered."""
        return None if self._kv is None else await self._kv.get(_fact(team))

    async def _note(self, interaction: SlackInteraction) -> None:
        """Remember which organisation the workspace is of, once."""
        # Of a workspace with an installation of its own too: the organisation may install the app later.
        if self._kv is None or interaction.enterprise is None:
            return
        if self._noted.get(interaction.team) != interaction.enterprise:
            await self._kv.put(_fact(interaction.team), interaction.enterprise)
            self._noted[interaction.team] = interaction.enterprise


def _fact(team: str) -> str:
    return f"slack.enterprise.{team}"


def _token(installation: StoredInstallation | None) -> BotToken | None:
    if installation is None:
        return None
    bundle = installation.bundle
    return BotToken(
        SecretStr(str(bundle["access_token"])),
        installation.bot_user,
        installation.team is None,
        frozenset(str(bundle.get("scope", "")).split(",")),
    )
