"""A bot token in the settings speaks for its own workspace, and for no other that names itself."""

from __future__ import annotations

import logging
import os
import time

import pytest

from adapters.slack.platform import SlackPlatform
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Delivered, Gone
from bot.core.chat.ids import Destination, TenantId
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.places.claims import StoredClaims
from tests.adapters.slack.harness import TENANT, running, settings_of
from tests.doubles.slack import SlackServer
from tests.doubles.slack.workspace import DEFAULT_SCOPES, Grant

MODES = pytest.mark.parametrize("mode", ["socket", "token"])
TO = Destination(TENANT, "C0001")


@MODES
async def test_a_payload_of_another_workspace_is_turned_away_privately(
    server: SlackServer, storage: Database, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, storage, mode=mode) as house:
        other = server.add_workspace("T0009", installed=False)
        there, eve = other.add_channel("C0009", "elsewhere"), other.add_user("U9", "eve", admin=True)
        caplog.set_level(logging.WARNING)
        told = await (await other.slash(eve, there, "/xquik", "thing say x")).wait_for_ephemeral()
        assert "another workspace" in told.visible_text
        assert house.stage.calls == []
        assert "T0009" in caplog.text
        await (await house.slash("thing say x")).wait_for_ephemeral()
        assert [call.invocation.tenant for call in house.stage.calls] == [TENANT]


async def test_nothing_is_posted_for_another_workspace(server: SlackServer, storage: Database) -> None:
    async with running(server, storage) as house:
        elsewhere = Destination(TenantId("slack", "T0009"), "C0001")
        assert isinstance(await house.platform.messenger.post(elsewhere, Card("x"), "k"), Gone)
        assert house.channel.messages == []
        assert isinstance(await house.platform.messenger.post(TO, Card("x"), "k"), Delivered)
        assert len(server.calls("auth.test")) == 1


async def test_the_workspace_is_asked_for_later_when_slack_did_not_tell_at_the_start(
    server: SlackServer, storage: Database
) -> None:
    server.fail_next("auth.test", error="internal_error")
    async with running(server, storage) as house:
        other = server.add_workspace("T0009", installed=False)
        there, eve = other.add_channel("C0009", "elsewhere"), other.add_user("U9", "eve")
        assert (await (await other.slash(eve, there, "/xquik", "thing say x")).wait_for_ephemeral()).text
        await (await house.slash("thing say x")).wait_for_ephemeral()
        assert [call.invocation.tenant for call in house.stage.calls] == [TENANT]


async def test_a_process_that_only_posts_knows_its_workspace_too(
    server: SlackServer, storage: Database
) -> None:
    ws = server.add_workspace("T0001")
    channel = ws.add_channel("C0001", "alerts")
    platform = SlackPlatform(
        settings_of(server, ws, "token"),
        object(),  # type: ignore[arg-type]  # it gets no command
        StoredClaims(storage, time.time),
        clock=time.time,
        random=os.urandom,
    )
    await platform.open()
    elsewhere = Destination(TenantId("slack", "T0009"), "C0001")
    assert isinstance(await platform.messenger.post(elsewhere, Card("x"), "k"), Gone)
    assert isinstance(await platform.messenger.post(TO, Card("x"), "k"), Delivered)
    assert len(channel.messages) == 1
    await platform.stop()


async def test_an_organisations_token_speaks_for_its_workspaces(
    server: SlackServer, storage: Database
) -> None:
    acme = server.add_enterprise("E0001")
    ws = server.add_workspace("T0001", enterprise=acme, installed=False)
    grant = server.grant(Grant("xoxb-org-1", None, acme, DEFAULT_SCOPES, "UE0001BOT"))
    ws.bot_token = grant.token
    async with running(server, storage) as house:
        other = server.add_workspace("T0009", installed=False)
        there, eve = other.add_channel("C0009", "elsewhere"), other.add_user("U9", "eve")
        told = await (await other.slash(eve, there, "/xquik", "thing say x")).wait_for_ephemeral()
        assert "another workspace" in told.visible_text
        await (await house.slash("thing post")).wait_for_message()
        assert isinstance(await house.platform.messenger.post(TO, Card("x"), "k"), Delivered)
        elsewhere = Destination(TenantId("slack", "T0009"), "C0009")
        assert isinstance(await house.platform.messenger.post(elsewhere, Card("x"), "k"), Gone)
        assert await StoredKeyValues(storage).get("slack.enterprise.T0001") == "E0001"
