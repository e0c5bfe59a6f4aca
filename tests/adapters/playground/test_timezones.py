"""The timezone of a browser: sent with each request, checked, and what counts where nothing was set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.invocation import Call
from bot.core.commands.declaring import Catalogue, Command, Effect, Group, NoArgs
from tests.adapters.playground.harness import Visitor, open_house


async def _tell(call: Call[Any], _args: NoArgs) -> Reply:
    return Reply(Card(f"zone: {call.invocation.zone or 'none'}", (Text(line("as told")),)))


TELLING = Catalogue(
    (
        Group(
            "zone",
            "What the browser tells",
            (
                Command(
                    ("zone", "tell"),
                    "Say it",
                    NoArgs,
                    _tell,
                    Effect.READ,
                    Permission.USE,
                    Audience.PRIVATE,
                    ("zone tell",),
                    needs_key=False,
                ),
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("sent", "counts"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-3", "Etc/GMT-3"),
        ("EST5EDT", "EST5EDT"),
        ("europe/berlin", "none"),
        ("Mars/Base", "none"),
        ("posixrules", "none"),
        ("Factory", "none"),
        ("../../etc/passwd", "none"),
        ("x" * 5_000, "none"),
        ("Türkiye/İstanbul".encode(), "none"),
        (None, "none"),
    ],
)
async def test_the_zone_of_the_browser_is_checked_and_reaches_the_command(
    tmp_path: Path, sent: str | bytes | None, counts: str
) -> None:
    async with open_house(tmp_path / "bot.db", commands=TELLING) as house, Visitor(house, "ada") as ada:
        answer = await ada.post("command", {"text": "zone tell"}, {"x-timezone": sent})
        assert answer.status_code == 200, answer.text
        assert await ada.until_card(f"zone: {counts}")


async def test_the_page_is_told_what_the_bot_calls_the_zone_of_its_browser(ada: Visitor) -> None:
    told = {
        "Europe/Berlin": "Europe/Berlin",
        "Asia/Calcutta": "Asia/Kolkata",
        "Etc/GMT-3": "UTC+3",
        "Mars/Base": "",
        "<b>": "",
    }
    for sent, named in told.items():
        state = (await ada.client.get("/api/state", headers={"x-timezone": sent})).json()
        assert state["zone"] == named, sent
    assert (await ada.start())["zone"] == ""
