"""`xquik-bot check` on the Slack settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from adapters.slack.check import examine
from adapters.slack.manifest import SCOPES
from bot.core.errors import NotConfigured, UpstreamUnavailable
from bot.core.findings import Finding
from tests.adapters.slack.harness import settings_of
from tests.doubles.slack import SlackServer


async def test_good_tokens_are_named_with_their_workspace(server: SlackServer) -> None:
    ws = server.add_workspace("T0001", "Acme", scopes=SCOPES)
    assert await examine(settings_of(server, ws, "socket")) == Finding(
        "slack", "ok", "the tokens work in Acme"
    )
    assert "/slack/install" in (await examine(settings_of(server, ws, "http"))).detail


async def test_a_missing_scope_is_named(server: SlackServer) -> None:
    ws = server.add_workspace("T0001", scopes=set(SCOPES) - {"files:write"})
    seen = await examine(settings_of(server, ws, "socket"))
    assert "files:write" in seen.detail and "slack-manifest" in seen.remedy


async def test_a_wrong_token_is_told(server: SlackServer) -> None:
    ws = server.add_workspace("T0001", scopes=SCOPES)
    wrong = replace(settings_of(server, ws, "socket"), bot_token=SecretStr("xoxb-wrong"))
    with pytest.raises(NotConfigured, match="invalid_auth"):
        await examine(wrong)


async def test_a_process_that_only_posts_asks_for_the_bot_token_alone(server: SlackServer) -> None:
    ws = server.add_workspace("T0001", "Acme", scopes=SCOPES)
    posts = replace(settings_of(server, ws, "socket"), serves=False, app_token=SecretStr("xapp-wrong"))
    assert (await examine(posts)).remedy == ""


async def test_a_slack_that_fails_says_nothing_of_the_token(server: SlackServer) -> None:
    ws = server.add_workspace("T0001", scopes=SCOPES)
    server.fail_next("auth.test", status=503)
    with pytest.raises(UpstreamUnavailable, match=r"slack\.bot_token could not be checked"):
        await examine(settings_of(server, ws, "socket"))


async def test_slack_out_of_reach_is_told() -> None:
    async with SlackServer() as server:
        settings = settings_of(server, server.add_workspace("T0001"), "socket")
    with pytest.raises(UpstreamUnavailable, match="could not be checked"):
        await examine(settings)
