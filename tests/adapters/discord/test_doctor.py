"""The report on Discord's side of the set-up."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from adapters.discord.check import findings
from adapters.discord.platform import DiscordConnection
from adapters.discord.tree import command_tree
from bot.core.findings import Finding
from bot.storage.engine.database import Database
from tests.adapters.discord.harness import catalogue, instant, running, settings_for
from tests.adapters.scripted_commands import ScriptedCommands
from tests.doubles.discord import DiscordServer, Guild, Permission

TREE = command_tree(catalogue(ScriptedCommands()))


@pytest.fixture
async def connection(server: DiscordServer) -> AsyncIterator[DiscordConnection]:
    made = DiscordConnection(settings_for(server), pause=instant)
    yield made
    await made.stop()


def named(report: tuple[Finding, ...], name: str) -> Finding:
    return next(one for one in report if one.name == f"discord {name}")


async def test_a_finished_set_up_is_well(
    server: DiscordServer, guild: Guild, store: Database, connection: DiscordConnection
) -> None:
    async with running(server, store):
        pass
    report = await findings(connection, TREE)
    assert [one.name for one in report if one.state != "ok"] == []
    assert [one.name for one in report] == ["discord token", "discord server Acme", "discord commands"]


async def test_what_is_missing_is_named_with_what_to_do(
    server: DiscordServer, guild: Guild, connection: DiscordConnection
) -> None:
    guild.everyone.permissions &= ~Permission.ATTACH_FILES
    guild.bot.set_permissions(0)
    report = await findings(connection, TREE)
    assert "Attach Files" in named(report, "server Acme").detail
    commands = named(report, "commands")
    assert commands.state == "warning" and "thing" in commands.detail and "Start the bot" in commands.remedy


async def test_without_a_server_the_invitation_is_given(
    server: DiscordServer, connection: DiscordConnection
) -> None:
    report = await findings(connection, TREE)
    assert f"client_id={server.application_id}" in named(report, "servers").remedy


async def test_a_wrong_token_is_the_only_line(server: DiscordServer) -> None:
    connection = DiscordConnection(settings_for(server, token=SecretStr("a.wrong.one")), pause=instant)
    (only,) = await findings(connection, TREE)
    await connection.stop()
    assert (only.name, only.state) == ("discord token", "failed")


async def test_a_failing_discord_is_said(
    server: DiscordServer, guild: Guild, connection: DiscordConnection
) -> None:
    server.fail_next("GET", "/users/@me/guilds", 503)
    report = await findings(connection, TREE)
    requests = named(report, "requests")
    assert requests.state == "warning", "the bot would try again"
