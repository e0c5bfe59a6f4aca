"""Whatever Discord does (an outage, a ban, a lost answer) is a line in the log and a word to the person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.discord.platform import DiscordConnection, DiscordRefused, DiscordUnreachable
from bot.core.chat.cards import Card, Text, line
from bot.observability.flood import A_MINUTE
from bot.storage.engine.database import Database
from tests.adapters.discord.harness import DiscordHarness, instant, running, settings_for
from tests.adapters.logged import Logged, logged
from tests.adapters.scripted_commands import ScriptedCommands
from tests.doubles.discord import Channel, DiscordServer, Guild, Member
from tests.journeys.run.harness import until

UNKNOWN_INTERACTION = {"message": "Unknown interaction", "code": 10062}
UNKNOWN_WEBHOOK = {"message": "Unknown Webhook", "code": 10015}
INVALID_TOKEN = {"message": "Invalid Webhook Token", "code": 50027}
# A 429 without `Via` comes from the proxy in front of Discord: a ban of the address.
BLOCKED = {"message": "You are being blocked from accessing our API"}
BAN: dict[str, Any] = {"status": 429, "body": BLOCKED, "headers": {"Retry-After": "60"}}
TROUBLES = [
    {"status": 404, "body": UNKNOWN_INTERACTION},
    {"status": 404, "body": UNKNOWN_WEBHOOK},
    {"status": 401, "body": INVALID_TOKEN},
    {"status": 403, "body": {"message": "Missing Access", "code": 50001}},
    {"status": 503},
    BAN,
]


@pytest.fixture
def said() -> Iterator[Logged]:
    with logged() as found:
        yield found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits seconds between its tries; here it does not."""
    real = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda seconds, *a: real(min(seconds, 0.01), *a))


async def _slow(house: DiscordHarness, guild: Guild, channel: Channel, ada: Member) -> None:
    """A command that is acknowledged before it answers."""
    house.platform._interactions._first_answer = 0.0
    house.stage.gate.clear()
    shown = await house.server.slash(guild, channel, ada, "thing say", {"text": "x"})
    assert shown.deferred
    house.stage.gate.set()


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
async def test_the_answer_of_a_quick_read_that_discord_does_not_take_comes_as_a_direct_message(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged, trouble: dict[str, Any]
) -> None:
    house.server.fail_next("POST", "/interactions/*", times=None, **trouble)
    await house.server.slash(guild, channel, ada, "thing say", {"text": "x"}, wait=False)
    await until(lambda: house.server.dm(ada.user).messages and house.observer.outcomes)
    assert "It is done." in house.server.dm(ada.user).messages[-1].text
    assert [outcome for _, outcome in house.observer.outcomes] == ["ok"]
    said.is_without_traceback()


async def test_a_quick_read_answers_with_its_first_answer(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member
) -> None:
    shown = await house.server.slash(guild, channel, ada, "thing say", {"text": "x"})
    assert not shown.deferred
    assert shown.ephemeral and "It is done." in shown.text


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
@pytest.mark.parametrize("command", ["thing post"])
async def test_a_first_answer_that_discord_does_not_take_is_a_line_and_a_direct_message(
    house: DiscordHarness,
    guild: Guild,
    channel: Channel,
    ada: Member,
    said: Logged,
    trouble: dict[str, Any],
    command: str,
) -> None:
    house.server.fail_next("POST", "/interactions/*", times=None, **trouble)
    await house.server.slash(guild, channel, ada, command, {}, wait=False)
    await until(lambda: house.server.dm(ada.user).messages and house.observer.outcomes)
    assert "Nothing was done" in house.server.dm(ada.user).messages[-1].text
    assert house.stage.seen == []
    assert [outcome for _, outcome in house.observer.outcomes] == ["AnswerLost"]
    assert house.observer.failures == []
    assert len(said.lines("did not accept")) == 1
    said.is_without_traceback()


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
async def test_a_follow_up_that_is_lost_comes_as_a_direct_message(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged, trouble: dict[str, Any]
) -> None:
    house.server.fail_next("PATCH", "/webhooks/*", times=None, **trouble)
    await _slow(house, guild, channel, ada)
    await until(lambda: house.server.dm(ada.user).messages and house.observer.outcomes)
    assert "It is done." in house.server.dm(ada.user).messages[-1].text
    assert [outcome for _, outcome in house.observer.outcomes] == ["ok"]
    said.is_without_traceback()


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
async def test_what_is_confidential_never_comes_as_a_direct_message(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged, trouble: dict[str, Any]
) -> None:
    """Not even where nothing else is left: a direct message stays."""
    house.stage.button(name="thing.hush")
    shown = await (
        await house.server.slash(guild, channel, ada, "thing say", {"text": "x"})
    ).wait_for_answer()
    house.server.fail_next("PATCH", "/webhooks/*", times=None, **trouble)
    house.stage.card, house.stage.replace = Card("Hush", (Text(line("between us")),)), True
    await house.server.press(shown, "x1:thing.hush:k1", ada, wait=False)
    await until(lambda: len(house.observer.outcomes) == 2)
    assert [outcome for _, outcome in house.observer.outcomes] == ["ok", "AnswerLost"]
    assert "between us" not in "".join(one.text for one in house.server.dm(ada.user).messages)
    assert "between us" not in shown.text and channel.history == []
    said.is_without_traceback()


async def test_after_fifteen_minutes_a_message_that_one_person_sees_is_not_believed_to_be_changed(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, store: Database
) -> None:
    """Discord knows no such message of the channel: who pressed is told so; nothing is lost unseen."""
    now, stage = [0.0], ScriptedCommands()
    async with running(server, store, stage=stage, monotonic=lambda: now[0]) as house:
        stage.card = Card("Pick", (), buttons=(await house.button("Again", "thing.again", {"page": "2"}),))
        shown = await (await server.slash(guild, channel, ada, "thing say", {"text": "x"})).wait_for_answer()
        stage.gate.clear()
        stage.started.clear()
        stage.card, stage.replace = Card("At last"), True
        await server.press(shown, shown.button("Again")["custom_id"], ada, wait=False)
        await stage.started.wait()
        now[0] = 15 * 60.0
        stage.gate.set()
        await until(lambda: len(house.observer.outcomes) == 2)
        (told,) = await server.dm(ada.user).wait_for_messages(1)
        assert "took too long" in told.text and "At last" not in shown.text


async def test_after_fifteen_minutes_nothing_confidential_is_shown(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, store: Database
) -> None:
    now, stage = [0.0], ScriptedCommands()
    stage.button(name="thing.hush")
    async with running(server, store, stage=stage, monotonic=lambda: now[0]) as house:
        shown = await (await server.slash(guild, channel, ada, "thing say", {"text": "x"})).wait_for_answer()
        stage.gate.clear()
        stage.started.clear()
        stage.card, stage.replace = Card("Hush", (Text(line("between us")),)), True
        await server.press(shown, "x1:thing.hush:k1", ada, wait=False)
        await stage.started.wait()
        now[0] = 15 * 60.0
        stage.gate.set()
        await until(lambda: len(house.observer.outcomes) == 2)
        (told,) = await server.dm(ada.user).wait_for_messages(1)
        assert "took too long" in told.text and "between us" not in told.text


async def test_a_follow_up_that_nothing_takes_is_a_line(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged
) -> None:
    house.server.fail_next("PATCH", "/webhooks/*", 404, UNKNOWN_WEBHOOK, times=None)
    house.server.fail_next("POST", "/users/@me/channels", 403, {"message": "no", "code": 50007}, times=None)
    await _slow(house, guild, channel, ada)
    await until(lambda: said.lines("did not accept"))
    assert 1 <= len(said.lines("did not accept")) <= 2  # the answer, and the word about it
    assert house.observer.failures == []
    said.is_without_traceback()


@pytest.mark.parametrize("command", ["thing say", "thing post", "thing key"])
@pytest.mark.parametrize("path", ["/interactions/*", "/webhooks/*", "/channels/*", "*"])
async def test_an_answer_that_is_none_of_discords_is_a_line(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged, path: str, command: str
) -> None:
    """Whatever stands between us and Discord may answer in its place, with a success."""
    house.server.fail_next("*", path, 200, "<html>It works</html>", times=None)
    values = {"text": "x"} if command == "thing say" else {}
    await house.server.slash(guild, channel, ada, command, values, wait=False)
    await until(lambda: house.observer.outcomes)
    house.server.faults.clear()
    again = await house.server.slash(guild, channel, ada, "thing say", {"text": "x"})
    await again.wait_for(lambda one: one.text)
    assert house.observer.failures == []
    said.is_without_traceback()


async def test_a_form_that_does_not_open_is_said(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged
) -> None:
    house.server.fail_next("POST", "/interactions/*", 404, UNKNOWN_INTERACTION, times=None)
    await house.server.slash(guild, channel, ada, "thing key", {}, wait=False)
    await until(lambda: house.server.dm(ada.user).messages and house.observer.outcomes)
    assert "Discord did not accept the form" in house.server.dm(ada.user).messages[-1].text
    said.is_without_traceback()


async def test_what_is_wrong_with_our_own_request_keeps_its_traceback(
    house: DiscordHarness, guild: Guild, channel: Channel, ada: Member, said: Logged
) -> None:
    body = {"message": "Invalid Form Body", "code": 50109}
    house.server.fail_next("POST", "/interactions/*", 400, body, times=None)
    await house.server.slash(guild, channel, ada, "thing say", {"text": "x"}, wait=False)
    await until(lambda: house.observer.failures)
    await until(lambda: said.lines("could not be answered"))
    assert "Traceback" in said.text


# --- the way in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "refused"),
    [
        ({"status": 500}, False),
        ({"status": 503}, False),
        (BAN, False),
        ({"status": 401, "body": {"message": "401: Unauthorized", "code": 0}}, True),
        ({"status": 403, "body": {"message": "no", "code": 40002}}, True),
    ],
    ids=str,
)
@pytest.mark.usefixtures("quick")
async def test_a_login_that_fails_says_whether_another_one_may_do(
    server: DiscordServer, said: Logged, trouble: dict[str, Any], refused: bool
) -> None:
    server.fail_next("GET", "/users/@me", times=None, **trouble)
    connection = DiscordConnection(settings_for(server), pause=instant)
    with pytest.raises(DiscordRefused) as error:
        await connection.open()
    await connection.stop()
    assert isinstance(error.value, DiscordUnreachable) is not refused
    said.is_without_traceback()


@pytest.mark.usefixtures("quick")
async def test_a_gateway_that_cannot_be_found_is_looked_for_again(
    server: DiscordServer, guild: Guild, store: Database, said: Logged
) -> None:
    """Between the login and the connection: discord.py gives up then."""
    server.fail_next("GET", "/gateway/bot", 502, times=12)
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async with running(server, store, pause=pause, gateway_url=None):
        pass
    assert waits == [1.0, 2.0]
    assert len(said.lines("gateway cannot be reached")) == 2
    said.is_without_traceback()


async def test_a_gateway_that_refuses_for_hours_is_tried_as_long_and_told_in_lines(
    server: DiscordServer, guild: Guild, said: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py calls itself for each further try, a thousand of which are too many for Python."""
    real = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _seconds, *a: real(0, *a))
    tries = 0
    connection = DiscordConnection(settings_for(server))
    await connection.open()
    client = connection.client

    async def refused(*_: Any, **__: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries > 1_200:
            await client.close()
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr("discord.shard.DiscordWebSocket.from_client", refused)
    await client.connect()
    assert tries == 1_201
    assert len(said.lines("Failed to connect for shard_id")) == A_MINUTE  # the rest is counted
    said.is_without_traceback()
