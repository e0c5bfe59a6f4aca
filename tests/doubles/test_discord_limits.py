"""Limits of the Discord double, met by requests written by hand, with and without the specification."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.discord import DiscordServer


@pytest.fixture(params=["with the specification", "without it"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        if request.param == "without it":
            server.specification = None
        yield server


def _buttons(label: str = "a", custom_id: str = "c") -> list[dict[str, Any]]:
    return [{"type": 1, "components": [{"type": 2, "style": 1, "label": label, "custom_id": custom_id}]}]


_TEXT = {"type": 10, "content": "t"}
_V2 = 1 << 15


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x", "flags": _V2, "components": [_TEXT]},
        {"flags": _V2, "components": [_TEXT] * 41},
        {"flags": _V2, "components": [{"type": 10, "content": "x" * 2001}] * 2},
        {"flags": _V2, "components": [{"type": 12, "items": []}]},
        {"flags": _V2, "components": [{"type": 12, "items": [{"media": {"url": "https://a.b/c"}}] * 11}]},
        {"flags": _V2, "components": [{"type": 9, "components": [_TEXT]}]},
        {"flags": _V2, "components": [{"type": 17, "components": [{"type": 17, "components": [_TEXT]}]}]},
        {"flags": _V2, "components": [{"type": 13, "file": {"url": "attachment://none.csv"}}]},
        {"components": [_TEXT]},
        {"content": "x", "components": _buttons(label="x" * 81)},
        {"content": "x", "components": _buttons(custom_id="x" * 101)},
        {"content": "x", "components": _buttons() + _buttons()},
        {"content": "x", "embeds": [{"description": "x" * 3001}] * 2},
        {"content": "x", "embeds": [{"title": "x" * 257}]},
        {"content": "x", "nonce": "x" * 26},
        {"content": "x", "flags": 64},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    ],
)
async def test_message_bodies_beyond_a_limit_are_refused(server: DiscordServer, body: dict[str, Any]) -> None:
    channel = server.add_guild().add_channel("alerts")
    status, answer = await _send(server, "POST", f"/channels/{channel.id}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    assert channel.messages == [] and len(server.violations) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "Upper"}, "name"),
        ({"description": ""}, "description"),
        ({"description": "x" * 101}, "description"),
        (
            {
                "options": [
                    {"type": 3, "name": "a", "description": "d"},
                    {"type": 3, "name": "b", "description": "d", "required": True},
                ]
            },
            "required options",
        ),
        ({"options": [{"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)]}, "25"),
        (
            {
                "options": [
                    {
                        "type": 3,
                        "name": "a",
                        "description": "d",
                        "choices": [{"name": f"{n:0100}", "value": f"{n:0100}"} for n in range(25)],
                    }
                    | {"name": f"o{m}"}
                    for m in range(2)
                ]
            },
            "8000",
        ),
    ],
)
async def test_command_uploads_beyond_a_limit_are_refused(
    server: DiscordServer, change: dict[str, Any], reason: str
) -> None:
    path = f"/applications/{server.application_id}/commands"
    status, _ = await _send(server, "PUT", path, [{"name": "ok", "description": "d", **change}])
    assert status == 400 and server.commands() == []
    assert re.search(reason, server.violations[0].detail)


async def test_a_hundred_commands_fit_and_one_more_does_not(server: DiscordServer) -> None:
    path = f"/applications/{server.application_id}/commands"
    commands = [{"name": f"c{n}", "description": "d"} for n in range(101)]
    assert (await _send(server, "PUT", path, commands[:100]))[0] == 200
    assert (await _send(server, "PUT", path, commands))[0] == 400
    assert len(server.commands()) == 100


async def test_a_command_keeps_its_id_when_the_set_is_uploaded_again(server: DiscordServer) -> None:
    path = f"/applications/{server.application_id}/commands"
    _, first = await _send(server, "PUT", path, [{"name": "a", "description": "d"}])
    again = [{"name": "b", "description": "d"}, {"name": "a", "description": "e"}]
    _, second = await _send(server, "PUT", path, again)
    assert second[1]["id"] == first[0]["id"] and second[1]["description"] == "e"


async def test_operations_that_do_not_exist_are_violations(server: DiscordServer) -> None:
    assert (await _send(server, "GET", "/no/such/path", None))[0] in (404, 501)
    assert len(server.violations) == 1


async def _send(server: DiscordServer, method: str, path: str, body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {server.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, server.api_url + path, json=body) as response,
    ):
        return response.status, await response.json()
