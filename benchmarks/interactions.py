"""(h) A command that does nothing, through discord.py and through bolt: from the payload to its answer.

Against the same libraries with a handler that only answers. The network is left out on both sides: a session
that answers at once stands in for aiohttp's. Processor time of the process, all threads and the durable claim
included.

The clock of the event loop is moved on by 30 ms before each interaction, so that the 10,000 of a whole run
come in five minutes, for as long as discord.py keeps what it counts for one of them: each must cost what the
first did.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

import discord
from multidict import CIMultiDict
from pydantic import SecretStr
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest

from adapters.discord.platform import DiscordPlatform
from adapters.discord.settings import DiscordSettings
from adapters.slack.platform import SlackPlatform
from adapters.slack.settings import SlackSettings
from benchmarks.databases import Databases, on_each, stopwatch
from benchmarks.dispatch import noop
from benchmarks.figures import Figure, ratio_at_most
from benchmarks.opened import open_app
from benchmarks.options import Options
from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.observability.logs import configure
from bot.storage.secrets.vault import new_key

_GUILD, _CHANNEL, _PERSON, _APP = "1001", "1002", "1003", "1004"
_FIRST: Final = 2_000_000
_APART: Final = 0.03
"""Seconds between two interactions."""
_ROUNDS: Final = 5
"""In which those of a round of the others are sent: the two sides take turns more often."""

Asked = Callable[[int], Awaitable[None]]
"""Send one interaction, and wait for its answer. It is told which one it is."""


@dataclass
class _Answered:
    """An answer as aiohttp gives it."""

    data: Any
    status: int = 200
    headers: CIMultiDict[str] = field(
        default_factory=lambda: CIMultiDict({"Content-Type": "application/json"})
    )
    content_type: str = "application/json"
    charset: str = "utf-8"

    async def __aenter__(self) -> _Answered:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def json(self, **_: object) -> Any:
        return self.data

    async def text(self, **_: object) -> str:
        return json.dumps(self.data)

    async def read(self) -> bytes:
        return json.dumps(self.data).encode()


_SAID: Final[dict[str, dict[str, Any]]] = {
    "callback": {"interaction": {"id": "1", "type": 2}},
    "auth.test": {"team_id": "T1", "team": "Team", "user_id": "U0", "user": "bot", "bot_id": "B1"},
    "users.info": {"user": {"id": "U1", "team_id": "T1", "name": "ann", "profile": {"display_name": "Ann"}}},
    "usergroups.list": {"usergroups": []},
}


class _Session:
    """Answers every request at once, and tells whoever waits for the last of an interaction."""

    closed = False
    headers: Final[dict[str, str]] = {}

    def __init__(self) -> None:
        self.last: Callable[[str, str, Any], bool] = lambda _method, _url, _data: True
        self.done = asyncio.Event()
        self.requests = 0

    def request(self, method: str, url: Any, *, data: Any = None, **_: Any) -> _Answered:
        self.requests += 1
        name = str(url).rpartition("/")[2]
        if self.last(method, str(url), data):
            self.done.set()
        return _Answered({"ok": True, "id": "1", "ts": "1.1", "channel": "C1", **_SAID.get(name, {})})

    def post(self, url: Any, **arguments: Any) -> _Answered:
        return self.request("POST", url, **arguments)

    async def close(self) -> None: ...


def run(options: Options) -> list[Figure]:
    """Microseconds of processor an interaction, on both platforms, and whether it stays at that."""
    configure("warning")
    gc.collect()
    gc.freeze()  # as the bot does once it is loaded (`bot.app.memory`)

    def measured(databases: Databases) -> list[Figure]:
        return asyncio.run(_measured(databases.new(), databases.server, options))

    return on_each(options.databases, measured)


async def _measured(url: str, server: int | None, options: Options) -> list[Figure]:
    app = await open_app(url)
    figures = []
    loop, moved = asyncio.get_running_loop(), 0.0
    loop.time = lambda: time.monotonic() + moved  # type: ignore[method-assign] # discord.py has no other clock
    sides_of = (("discord.py", _bare_discord, _discord, 3.3), ("bolt", _bare_bolt, _bolt, 3.6))
    try:
        for name, bare, ours, most in sides_of:
            plain, close = await bare()
            full, stop = await ours(app)
            each = max(1, options.scale.calls // _ROUNDS)
            sides: dict[str, list[float]] = {"bare": [], "ours": []}
            sent, from_there = 0, moved
            for _ in range((1 + options.scale.rounds) * _ROUNDS):
                for side, ask in (("bare", plain), ("ours", full)):
                    used = stopwatch(server if side == "ours" else None)
                    for _ in range(each):
                        sent += 1
                        moved += _APART / 2  # on both sides
                        await ask(sent)
                    sides[side].append(used() / each * 1e6)
            await close()
            await stop()
            bare_rounds, our_rounds = sides["bare"][_ROUNDS:], sides["ours"][_ROUNDS:]
            # Of one moment, as for intake: the round with the median ratio.
            pairs = sorted(zip(our_rounds, bare_rounds, strict=True), key=lambda pair: pair[0] / pair[1])
            own_round, plain_round = pairs[len(pairs) // 2]
            figures.append(
                Figure(
                    f"a command through {name}",
                    own_round,
                    "µs",
                    plain_round,
                    "a handler that only answers",
                    ratio_at_most(most),
                )
            )
            # Over the bare handler of the same moment: the machine has its moods.
            steady = [own / plain for own, plain in zip(our_rounds, bare_rounds, strict=True)]
            third = max(1, len(steady) // 3)
            figures.append(
                Figure(
                    f"{name}: the last of {sent // 2:,} in {moved - from_there:.0f} s",
                    median(steady[-third:]),
                    "bare handlers",
                    median(steady[:third]),
                    "the first of them",
                    ratio_at_most(1.2),
                )
            )
    finally:
        await app.close()
    return figures


async def one_after_another(url: str, amounts: Sequence[int]) -> dict[str, list[float]]:
    """Microseconds of processor an interaction on each platform, as the median of those that came until there
    were so many (the first tenth of them left out), for each of these rising amounts."""
    app = await open_app(url)
    found: dict[str, list[float]] = {}
    try:
        for name, ours in (("discord.py", _discord), ("bolt", _bolt)):
            ask, stop = await ours(app)
            spent = []
            for number in range(amounts[-1]):
                began = time.process_time()
                await ask(number)
                spent.append((time.process_time() - began) * 1e6)
            await stop()
            found[name] = [median(spent[amount // 10 : amount]) for amount in amounts]
    finally:
        await app.close()
    return found


# --- Discord ---------------------------------------------------------------------------------------------


def _slash(number: int) -> dict[str, Any]:
    return {
        "id": str(_FIRST + number),
        "application_id": _APP,
        "type": 2,
        "token": f"token-{number}",
        "version": 1,
        "guild_id": _GUILD,
        "guild": {"id": _GUILD, "locale": "en-US", "features": []},
        "channel_id": _CHANNEL,
        "channel": {"id": _CHANNEL, "type": 0, "name": "general", "guild_id": _GUILD, "position": 0},
        "member": {
            "user": {
                "id": _PERSON,
                "username": "ann",
                "discriminator": "0",
                "global_name": "Ann",
                "avatar": None,
            },
            "roles": [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": "2147483647",
        },
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": "2147483647",
        "entitlements": [],
        "authorizing_integration_owners": {"0": _GUILD},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        "data": {
            "id": "77",
            "name": "bench",
            "type": 1,
            "options": [
                {"type": 1, "name": "noop", "options": [{"type": 3, "name": "text", "value": "hello"}]}
            ],
        },
    }


def _gateway(client: discord.Client, session: _Session) -> Asked:
    """Interactions as the gateway hands them to discord.py's state, over a session of ours."""
    client.http._HTTPClient__session = session  # type: ignore[attr-defined]
    client.http._global_over = asyncio.Event()
    client.http._global_over.set()
    client.loop = client.http.loop = client._connection.loop = asyncio.get_running_loop()
    client._connection.application_id = int(_APP)
    state = client._connection
    me = {"id": _APP, "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
    state.user = discord.ClientUser(state=state, data=me)  # type: ignore[arg-type]
    guild = {"id": _GUILD, "name": "Guild", "channels": [], "members": [], "roles": [], "unavailable": False}
    state._add_guild_from_data(guild)  # type: ignore[arg-type]

    async def ask(number: int) -> None:
        session.done.clear()
        state.parse_interaction_create(_slash(number))  # type: ignore[arg-type]
        await session.done.wait()

    return ask


async def _bare_discord() -> tuple[Asked, Callable[[], Awaitable[None]]]:
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = discord.app_commands.CommandTree(client)
    group = discord.app_commands.Group(name="bench", description="For measuring")

    @group.command(name="noop", description="Nothing")
    async def answer(interaction: discord.Interaction, text: str) -> None:
        del text
        await interaction.response.send_message("Done", ephemeral=True)

    tree.add_command(group)
    session = _Session()

    async def close() -> None: ...

    return _gateway(client, session), close


async def _discord(app: App) -> tuple[Asked, Callable[[], Awaitable[None]]]:
    await app.keys.put(TenantId("discord", _GUILD), new_key())
    platform = DiscordPlatform(
        DiscordSettings(SecretStr("token")),
        noop(app),
        claims=app.claims,
        kv=app.kv,
        tenants=app.tenants,
        remember=app.remember,
        readers=app.readers,
    )
    session = _Session()
    # A message, and not "thinking…".
    session.last = lambda method, _url, data: method == "PATCH" or '"type":4' in data
    return _gateway(platform.client, session), platform.quiet


# --- Slack -----------------------------------------------------------------------------------------------


def _line(number: int) -> str:
    return urlencode(
        {
            "command": "/xquik",
            "text": "bench noop hello",
            "team_id": "T1",
            "team_domain": "team",
            "channel_id": "C1",
            "channel_name": "general",
            "user_id": "U1",
            "user_name": "ann",
            "trigger_id": f"{number}.1.abc",
            "response_url": f"https://hooks.slack.com/commands/T1/{number}/abc",
            "api_app_id": "A1",
        }
    )


_FORM: Final[dict[str, str | Sequence[str]]] = {"content-type": ["application/x-www-form-urlencoded"]}


async def _bare_bolt() -> tuple[Asked, Callable[[], Awaitable[None]]]:
    app = AsyncApp(
        request_verification_enabled=False, process_before_response=True, authorize=_authorized, name="bare"
    )

    @app.command("/xquik")
    async def answer(ack: AsyncAck) -> None:
        await ack("Done")

    async def ask(number: int) -> None:
        await app.async_dispatch(AsyncBoltRequest(body=_line(number), headers=_FORM))

    async def close() -> None: ...

    return ask, close


async def _authorized(**_: Any) -> Any:
    from slack_bolt.authorization import AuthorizeResult

    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U0"
    )


async def _bolt(app: App) -> tuple[Asked, Callable[[], Awaitable[None]]]:
    await app.keys.put(TenantId("slack", "T1"), new_key())
    platform = SlackPlatform(
        SlackSettings(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr("s" * 32), mode="http"),
        noop(app),
        app.claims,
        clock=time.time,
        random=os.urandom,
        remember=app.remember,
        readers=app.readers,
    )
    session = _Session()
    session.last = lambda _method, url, _data: "hooks.slack.com" in url
    platform._clients._session = session  # type: ignore[assignment]
    bolt = platform._new_app()

    async def ask(number: int) -> None:
        session.done.clear()
        await bolt.async_dispatch(AsyncBoltRequest(body=_line(number), headers=_FORM))
        await session.done.wait()

    return ask, platform.stop
