"""Whatever id comes back, the person gets an answer in time, and the log no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.chat.ids import TenantId
from tests.adapters.discord.harness import DiscordHarness
from tests.adapters.logged import Logged, logged
from tests.doubles.discord import Channel, DiscordServer, Guild, Member
from tests.doubles.discord.interactions import Interaction, Kind

# What a message of another version, of another bot or of nobody may carry.
IDS = [
    *("", "x", "x1:", "x1::", "x1:thing.again", "x1:thing.again:", "x1:gone.action:k1", "x1:thing.again:k1"),
    *('{"a": 1}', "[", "null", "\x00", "🏴", "x" * 100, "x1:thing.again:" + "k" * 61, "x2:thing.again:k1"),
    *("x1:form.command:gone", "x1:form.action:gone", "x1:THING:k1", "x1:thing.again:k1\n"),
]
SELECTS = (3, 5, 6, 7, 8)
_BUTTON = 2
_TEXT_INPUT = {"type": 4, "custom_id": "gone", "value": "something"}
FIELDS: list[Any] = [
    [],
    [{"type": 1, "components": []}],
    [{"type": 1, "components": [_TEXT_INPUT]}],
    [{"type": 18, "component": _TEXT_INPUT}],
    [{"type": 18, "component": {"type": 3, "custom_id": "gone", "values": []}}],
    [{"type": 10, "content": "words"}],
]


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


async def is_told(ix: Interaction) -> None:
    """Words for the person alone. (That they came within three seconds, the double looks after.)"""
    await ix.wait_for(lambda one: one.text)
    assert ix.ephemeral
    assert "older version" in ix.text or "expired" in ix.text.lower(), ix.text


async def foreign(house: DiscordHarness) -> str:
    """An id that another server's message carries."""
    elsewhere = TenantId("discord", "999")
    return f"x1:thing.again:{await house.states.keep(elsewhere, 'thing.again', {'page': '2'}, lifetime=60.0)}"


async def test_every_button_and_select_is_answered(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, said: Logged
) -> None:
    message = channel.post(server.world.bot, "old")
    asked: list[dict[str, Any]] = [{"component_type": _BUTTON, "custom_id": one} for one in IDS]
    asked.append({"component_type": _BUTTON, "custom_id": await foreign(house)})
    asked += [
        {"component_type": kind, "custom_id": IDS[number % len(IDS)], "values": values}
        for number, (kind, values) in enumerate(
            (kind, values) for kind in SELECTS for values in ([], ["1"], ["x" * 100, "y"])
        )
    ]
    for data in asked:
        await is_told(await server.send(Kind.COMPONENT, guild, channel, ben, data, source=message))
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


async def test_every_form_is_answered(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, said: Logged
) -> None:
    for number, custom_id in enumerate([*IDS, await foreign(house)]):
        data = {"custom_id": custom_id, "components": FIELDS[number % len(FIELDS)]}
        await is_told(await server.send(Kind.MODAL, guild, channel, ben, data))
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


@pytest.mark.parametrize(
    "data",
    [
        {"type": 1, "name": "gone"},
        {"type": 1, "name": "thing", "options": []},
        {"type": 1, "name": "thing", "options": [{"type": 1, "name": "gone", "options": []}]},
        {"type": 1, "name": "thing", "options": [{"type": 2, "name": "gone", "options": []}]},
        {"type": 2, "name": "gone", "target_id": "1"},
        {"type": 3, "name": "Show a card of old", "target_id": "1", "resolved": {"messages": {}}},
        {"type": 3, "name": "Show a card of old", "target_id": "1"},
    ],
    ids=str,
)
async def test_every_command_and_menu_entry_is_answered(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    house: DiscordHarness,
    said: Logged,
    data: dict[str, Any],
) -> None:
    await is_told(await server.send(Kind.COMMAND, guild, channel, ben, {"id": "1", **data}))
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


async def test_a_command_with_an_option_that_is_no_more_does_nothing(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, said: Logged
) -> None:
    options = [{"type": 3, "name": "gone", "value": "x"}, {"type": 3, "name": "text", "value": "x"}]
    data = {
        "id": "1",
        "type": 1,
        "name": "thing",
        "options": [{"type": 1, "name": "say", "options": options}],
    }
    ix = await server.send(Kind.COMMAND, guild, channel, ben, data)
    await is_told(ix)
    assert house.stage.seen == [] and house.observer.failures == []
    said.is_without_traceback()


@pytest.mark.parametrize("path", [("gone",), ("thing",), ("thing", "gone"), ("thing", "say")], ids=str)
@pytest.mark.parametrize(
    "option",
    [
        {"name": "gone", "value": "a", "focused": True},
        {"name": "text", "value": "x" * 6000, "focused": True},
        {"name": "text", "focused": True},
        {"name": "text", "value": "a"},
        {"name": "", "value": '{"a":', "focused": True},
    ],
    ids=lambda one: str(one)[:40],
)
async def test_what_suggests_nothing_suggests_nothing(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    house: DiscordHarness,
    said: Logged,
    path: tuple[str, ...],
    option: dict[str, Any],
) -> None:
    options = [{"type": 3, **option}]
    for name in reversed(path[1:]):
        options = [{"type": 1, "name": name, "options": options}]
    data = {"id": "1", "type": 1, "name": path[0], "options": options}
    ix = await server.send(Kind.AUTOCOMPLETE, guild, channel, ben, data)
    assert ix.choices == []
    assert house.observer.failures == []
    said.is_without_traceback()
