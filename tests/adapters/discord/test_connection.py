"""Starting, stopping, servers that come and go, addresses and proxies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from dataclasses import replace

import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.discord.invite import invite_url
from adapters.discord.permissions import NEEDED, missing
from adapters.discord.platform import DiscordConnection, DiscordRefused
from adapters.discord.settings import DiscordSettings, proxy_of
from bot.core.chat.ids import TenantId
from bot.core.http.trust import trusted
from bot.storage.engine.database import Database
from tests.adapters.discord.harness import DiscordHarness, instant, running, settings_for
from tests.doubles.discord import Channel, DiscordServer, Guild, Member


async def until_known(house: DiscordHarness, guild: Guild, *, removed: bool) -> None:
    """Wait until the database says so."""
    for _ in range(1000):
        found = await house.tenants.get(TenantId("discord", str(guild.id)))
        if found is not None and (found.removed_at is not None) == removed:
            return
        await asyncio.sleep(0.005)
    pytest.fail(f"the tenant was not {'removed' if removed else 'known'}")


async def test_it_is_connected_once_it_started_and_not_after_it_stopped(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    async with running(server, store) as house:
        await (await server.slash(guild, channel, ben, "help")).wait_for_answer()
        await house.platform.client.wait_until_ready()
        started = house.platform.ready
    assert started and not house.platform.ready
    assert house.platform.finished.is_set() and house.platform.failure is None


async def _until_connected(house: DiscordHarness, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not house.platform.ready:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.005)
    return house.platform.ready


async def test_it_is_connected_as_soon_as_all_its_servers_have_come(
    server: DiscordServer, guild: Guild, store: Database
) -> None:
    async with running(server, store, guild_timeout=60.0, wait=False) as house:
        assert await _until_connected(house, 5.0)
        assert not house.platform.client.is_ready()
        assert [known.id for known in house.platform.client.guilds] == [guild.id]


async def test_a_server_with_an_outage_is_waited_for_only_so_long(
    server: DiscordServer, guild: Guild, store: Database
) -> None:
    server.add_guild(name="Away").set_unavailable()
    async with running(server, store, guild_timeout=0.3) as house:
        assert not house.platform.ready
        assert await _until_connected(house, 5.0)
        assert house.platform.client.is_ready()


async def test_it_comes_back_after_the_connection_is_cut(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    server.gateway.ask_to_reconnect()
    ix = await server.slash(guild, channel, ben, "help")
    await ix.wait_for_answer()
    assert not house.platform.finished.is_set()


@pytest.mark.parametrize(("code", "words"), [(4004, "code 4004"), (4014, "intents")])
async def test_a_connection_that_discord_ends_for_good_says_why(
    server: DiscordServer, guild: Guild, house: DiscordHarness, code: int, words: str
) -> None:
    await house.platform.client.wait_until_ready()
    server.gateway.drop(code)
    async with asyncio.timeout(5.0):
        await house.platform.finished.wait()
    assert not house.platform.ready
    assert house.platform.failure is not None and words in house.platform.failure.detail


async def test_a_wrong_token_is_refused_without_being_shown(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "MTIz.wrong.token-value"
    connection = DiscordConnection(settings_for(server, token=SecretStr(wrong)))
    with pytest.raises(DiscordRefused) as caught:
        await connection.open()
    await connection.stop()
    assert "discord.token" in caught.value.remedy
    assert wrong not in caplog.text + repr(caught.value) + repr(connection.settings)


async def test_the_token_is_in_no_log(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    store: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(server, store):
        ix = await server.slash(guild, channel, ben, "thing post")
        await channel.wait_for_messages(1)
    assert server.token not in caplog.text
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("adapters", "bot"))]
    assert not any(ix.token in message for message in ours)


async def test_a_discord_that_is_not_there_is_said(server: DiscordServer) -> None:
    settings = settings_for(server)
    await server.stop()
    connection = DiscordConnection(settings, pause=instant)
    with pytest.raises(DiscordRefused, match="could not be reached"):
        await connection.open()
    await connection.stop()


async def test_only_the_guilds_intent_is_asked_for(house: DiscordHarness) -> None:
    intents = house.platform.client.intents
    assert [name for name, on in intents if on] == ["guilds"]


# --- servers -----------------------------------------------------------------------------------


async def test_servers_become_known(server: DiscordServer, guild: Guild, house: DiscordHarness) -> None:
    await until_known(house, guild, removed=False)
    invited = server.add_guild(name="Later")
    await until_known(house, invited, removed=False)
    found = await house.tenants.get(TenantId("discord", str(invited.id)))
    assert found is not None and found.name == "Later"


async def test_an_outage_removes_nothing(
    server: DiscordServer, guild: Guild, ben: Member, house: DiscordHarness
) -> None:
    other = server.add_guild(name="Other")
    place, cat = other.add_channel("general"), other.add_member(name="cat")
    await until_known(house, guild, removed=False)
    guild.set_unavailable()
    # Events come in order: once this is answered, the outage was heard of.
    await (await server.slash(other, place, cat, "help")).wait_for_answer()
    found = await house.tenants.get(TenantId("discord", str(guild.id)))
    assert found is not None and found.removed_at is None
    guild.set_unavailable(False)
    await until_known(house, guild, removed=False)


async def test_a_real_removal_is_noted_and_undone_when_the_bot_returns(
    server: DiscordServer, guild: Guild, house: DiscordHarness
) -> None:
    await until_known(house, guild, removed=False)
    guild.remove_bot()
    await until_known(house, guild, removed=True)
    guild.invite_bot()
    await until_known(house, guild, removed=False)


# --- shards ------------------------------------------------------------------------------------


async def test_a_process_serves_the_shards_it_is_told(server: DiscordServer, store: Database) -> None:
    guilds = [server.add_guild(id=(number << 22) + 1, name=f"G{number}") for number in range(1000, 1004)]
    async with running(server, store, shard_ids=(1,), shard_count=2) as house:
        mine = {g.id for g in guilds if (g.id >> 22) % 2 == 1}
        for guild in guilds:
            if guild.id in mine:
                await until_known(house, guild, removed=False)
        assert {g.id for g in house.platform.client.guilds} == mine
    with pytest.raises(ValueError, match="shard_count"):
        settings_for(server, shard_ids=(0, 2), shard_count=2)


# --- the way there -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"https_proxy": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, None),
        ({"ALL_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.com, discord.com"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "cord.com"}, "http://proxy:3128"),
    ],
)
def test_the_proxy_of_the_environment_counts(environment: dict[str, str], expected: str | None) -> None:
    assert proxy_of(DiscordSettings(SecretStr("t")), environment) == expected


def test_a_proxy_of_the_settings_wins() -> None:
    settings = DiscordSettings(SecretStr("t"), proxy="http://mine:1")
    assert proxy_of(settings, {"HTTPS_PROXY": "http://theirs:1", "NO_PROXY": "*"}) == "http://mine:1"


async def test_requests_go_through_the_proxy(server: DiscordServer) -> None:
    seen: list[str] = []

    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(str(request.url))
        return web.Response(status=418)

    proxy = web.ServerRunner(web.Server(refuse))
    await proxy.setup()
    site = web.TCPSite(proxy, "127.0.0.1", 0)
    await site.start()
    port = proxy.addresses[0][1]
    settings = replace(settings_for(server), proxy=f"http://127.0.0.1:{port}")
    connection = DiscordConnection(settings, pause=instant)
    with pytest.raises(DiscordRefused):
        await connection.open()
    await connection.stop()
    await proxy.cleanup()
    assert seen == [f"{server.api_url}/users/@me"]


async def test_the_certificates_of_the_environment_are_trusted(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE counts when the client is made, not when a library was imported."""
    used: list[object] = []

    def counted() -> ssl.SSLContext:
        used.append(1)
        return trusted()

    monkeypatch.setattr("adapters.discord.connection.trusted", counted)
    connection = DiscordConnection(settings_for(server))
    assert not used
    await connection.open()
    assert used
    await connection.stop()


async def test_what_never_connected_stops_quietly(server: DiscordServer) -> None:
    await DiscordConnection(settings_for(server)).stop()


def test_the_invitation_asks_for_what_is_needed_and_no_more() -> None:
    url = invite_url(42)
    assert "client_id=42" in url and "scope=bot+applications.commands" in url
    assert f"permissions={NEEDED.value}" in url
    assert not NEEDED.administrator and not NEEDED.mention_everyone
    assert missing(NEEDED.value, thread=True, files=True) == ()
    assert missing(0, thread=False) == ("View Channel", "Send Messages")
