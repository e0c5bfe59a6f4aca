"""The adapter as it runs: the real slack-bolt against the Slack double, the real dispatcher and real
storage; only the commands are small ones made for these tests."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette

from adapters.slack.manifest import SCOPES
from adapters.slack.platform import SlackPlatform
from adapters.slack.settings import SlackSettings
from bot.core.chat.ids import TenantId
from bot.core.commands.declaring import Catalogue
from bot.core.throttle import Throttle
from bot.i18n.readers import Readers
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.places.claims import StoredClaims
from bot.storage.places.installations import StoredInstallations
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.oauth_states import OAuthStates
from bot.storage.secrets.vault import Vault, new_key
from tests.adapters import around
from tests.adapters.around import GatedStates, Noted
from tests.adapters.scripted_commands import ScriptedCommands
from tests.adapters.slack.scripted_commands import catalogue
from tests.doubles.slack import Channel, Interaction, SlackServer, User, Workspace

TENANT = TenantId("slack", "T0001")
PUBLIC = "https://bot.test"
# Nobody waits for a turn in a channel.
UNPACED = 1e6


class Pauses:
    """Waiting that takes no time once a test lets it: until then it lasts for ever."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._over = asyncio.Event()
        self._rung = asyncio.Condition()

    async def __call__(self, seconds: float) -> None:
        async with self._rung:
            self.asked.append(seconds)
            self._rung.notify_all()
        await self._over.wait()

    async def until(self, seconds: float) -> None:
        """Until somebody waits that long."""
        async with asyncio.timeout(5), self._rung:
            await self._rung.wait_for(lambda: seconds in self.asked)

    def end(self) -> None:
        """Every wait, now and later, is over at once."""
        self._over.set()


@dataclass
class SlackHarness:
    """A running platform, what is around it, and what it did."""

    server: SlackServer
    ws: Workspace
    channel: Channel
    ann: User
    stage: ScriptedCommands
    platform: SlackPlatform
    states: GatedStates
    observer: Noted
    installations: StoredInstallations
    pauses: Pauses
    dispatcher: Any

    async def slash(self, text: str, user: User | None = None, channel: Channel | None = None) -> Interaction:
        """`/xquik text`."""
        return await self.ws.slash(user or self.ann, channel or self.channel, "/xquik", text)


def settings_of(server: SlackServer, ws: Workspace, mode: str) -> SlackSettings:
    """Settings for one workspace by a token ("socket", "token"), or for many by OAuth ("http")."""
    http = SlackSettings(
        mode="http",
        bot_token=None,
        signing_secret=SecretStr(server.signing_secret),
        client_id=server.client_id,
        client_secret=SecretStr(server.client_secret),
        api_url=server.api_url,
        public_url=PUBLIC,
        messages_per_second=UNPACED,
    )
    token = SecretStr(ws.bot_token)
    if mode == "http":
        return http
    if mode == "token":
        return replace(http, bot_token=token, client_id=None, client_secret=None)
    return SlackSettings(
        bot_token=token,
        app_token=SecretStr(server.app_token),
        api_url=server.api_url,
        messages_per_second=UNPACED,
    )


@asynccontextmanager
async def running(
    server: SlackServer,
    database: Database,
    *,
    mode: str = "socket",
    stage: ScriptedCommands | None = None,
    commands: Callable[[ScriptedCommands], Catalogue] = catalogue,
    turns: Throttle | None = None,
    installed: bool = True,
    dispatcher: Any = None,
    clock: Callable[[], float] = time.time,
    ticks: Callable[[], float] = time.monotonic,
    pauses: Pauses | None = None,
    proxies: tuple[str, ...] = (),
) -> AsyncIterator[SlackHarness]:
    """The platform in workspace T0001 with the channel #alerts and the person ann."""
    ws = server.workspaces.get("T0001") or server.add_workspace(
        "T0001", installed=mode != "http", scopes=SCOPES
    )
    channel = ws.channels.get("C0001") or ws.add_channel("C0001", "alerts")
    ann = ws.users.get("U1") or ws.add_user("U1", "ann", locale="de-DE")
    stage, observer, pauses = stage or ScriptedCommands(), Noted(), pauses or Pauses()
    states = GatedStates(database, time.time, os.urandom)
    installations = StoredInstallations(database, Vault([new_key()]))
    real = around.dispatcher(database, commands(stage), states, observer, turns=turns)

    platform = SlackPlatform(
        replace(settings_of(server, ws, mode), trusted_proxies=proxies),
        dispatcher or real, StoredClaims(database, time.time), clock=clock,
        random=os.urandom, sleep=pauses, installations=installations,
        states=OAuthStates(database, time.time, os.urandom), kv=StoredKeyValues(database),
        ping_interval=0.2, ticks=ticks, readers=Readers(StoredLanguages(database, time.time)),
    )  # fmt: skip
    await platform.start()
    house = SlackHarness(
        server, ws, channel, ann, stage, platform, states, observer, installations, pauses, dispatcher or real
    )
    try:
        if mode == "socket":
            await server.wait_connected()
        else:
            server.events_url = f"{PUBLIC}/slack/events"
            server.events_app = Starlette(routes=platform.routes)
        if mode == "http" and installed:
            await install(house)
        yield house
    finally:
        pauses.end()
        await platform.stop()


async def install(house: SlackHarness, *, org_wide: bool = False) -> int:
    """Install the app as a person does; returns the status of the last page."""
    allowed = await house.server.authorize(f"{PUBLIC}/slack/install", house.ws, house.ann, org_wide=org_wide)
    back = f"{PUBLIC}/slack/oauth_redirect?{allowed.query_string}"
    return (await house.server.get(back, {"Cookie": allowed.cookie_header})).status_code
