"""Every declared command, once through a real Slack payload in each mode, and once through its form."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.manifest import manifest
from bot.core.chat.answers import Answer, Audience, Reply
from bot.core.chat.cards import Card
from bot.core.chat.invocation import Call
from bot.core.commands.binding import bind
from bot.core.commands.declaring import Catalogue, Command
from bot.core.commands.grammar import Parsed, parse
from bot.features.catalogue import catalogue as declared
from bot.storage.engine.database import Database
from tests.adapters.scripted_commands import ScriptedCommands
from tests.adapters.slack.harness import SlackHarness, running
from tests.doubles.slack import SlackServer, User, View

REAL = declared()


@dataclass
class Recorded:
    """The real declarations, whose handlers note what they were given instead of asking Xquik."""

    seen: list[tuple[str, Any]] = field(default_factory=list)

    def catalogue(self, _stage: ScriptedCommands) -> Catalogue:
        groups = (
            replace(group, commands=tuple(self._noting(command) for command in group.commands))
            for group in REAL.groups
        )
        return replace(REAL, groups=tuple(groups), menus={})

    def _noting(self, command: Command[Any]) -> Command[Any]:
        async def run(_call: Call[Any], args: Any) -> Answer:
            self.seen.append((command.name, args))
            return Reply(Card(f"ran {command.name}"))

        # What is asked first is asked at Xquik, which is not here.
        audience = Audience.PRIVATE if command.consent else command.audience
        return replace(command, run=run, listing=None, consent=None, audience=audience)


def lines() -> Iterator[tuple[Command[Any], str]]:
    """Each command with each of its examples."""
    for command in REAL:
        for example in command.examples or (command.name,):
            yield command, example


async def answered(house: SlackHarness, boss: User, text: str) -> None:
    """Type a line; fill in the form where one opens; wait for the answer."""
    before = len(house.ws.ephemerals) + len(house.channel.messages)
    ix = await house.slash(text, boss)
    assert ix.acked_in is not None, text
    assert ix.acked_in < 1, text

    def count() -> int:
        return len(house.ws.ephemerals) + len(house.channel.messages)

    await house.server.wait_for(lambda: boss.views or count() > before)
    if boss.views:
        await house.ws.submit_view(boss.views[-1], required(boss.views[-1], text))
        await house.server.wait_for(lambda: count() > before)


def parsed(line: str) -> Parsed:
    found = parse(REAL, line)
    assert isinstance(found, Parsed), line
    return found


def required(view: View, line: str) -> dict[str, Any]:
    """What a person would enter: the values of the example, something in the fields it leaves out."""
    given = dict(parsed(line).values)
    entered: dict[str, Any] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        name, kind = block["block_id"], block["element"]["type"]
        values = given.get(name, ())
        if values:
            entered[f"{name}/{block['element']['action_id']}"] = _entered(kind, values)
        elif not block["optional"]:
            entered[f"{name}/value"] = "xq_" + "a" * 64
    return entered


def _entered(kind: str, values: tuple[str, ...]) -> Any:
    text = ", ".join(values)
    if kind.endswith("conversations_select"):
        return ["C0001"] if kind.startswith("multi") else "C0001"
    if kind.endswith("external_select"):
        option = {"text": {"type": "plain_text", "text": text}, "value": text}
        return [option] if kind.startswith("multi") else option
    return text


def expected(command: Command[Any], line: str) -> Any:
    values = dict(parsed(line).values)
    for parameter in command.parameters:
        if parameter.required and parameter.name not in values:
            values[parameter.name] = ("xq_" + "a" * 64,)
    return bind(command, values, from_form=True)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_every_declared_command_arrives_with_its_values(
    server: SlackServer, storage: Database, mode: str
) -> None:
    recorded = Recorded()
    async with running(server, storage, mode=mode, commands=recorded.catalogue) as house:
        boss = house.ws.add_user("U2", "boss", admin=True)
        for command, line in lines():
            await answered(house, boss, line)
            name, args = recorded.seen[-1]
            assert (name, plainly(args)) == (command.name, plainly(expected(command, line))), line
        assert len(recorded.seen) == len(list(lines()))
        assert house.observer.failures == []


async def test_every_command_can_be_given_by_its_form(server: SlackServer, storage: Database) -> None:
    """Named alone, what is required is asked for; the form takes the values of the example."""
    recorded = Recorded()
    async with running(server, storage, commands=recorded.catalogue) as house:
        boss = house.ws.add_user("U2", "boss", admin=True)
        for command in REAL:
            if not any(parameter.required for parameter in command.parameters):
                continue
            ix = await house.slash(command.name, boss)
            view = await ix.wait_for_view()
            asked = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            assert asked == {one.name for one in command.parameters}
            before = len(recorded.seen)

            def noted(before: int = before) -> bool:
                return len(recorded.seen) > before

            await house.ws.submit_view(view, required(view, command.examples[0]))
            await house.server.wait_for(lambda: house.server.sockets.unacked == {} and not boss.views)
            await until(house, noted)
            assert recorded.seen[-1][0] == command.name


def _answers(house: SlackHarness) -> int:
    return len(house.ws.ephemerals) + len(house.channel.messages)


async def until(house: SlackHarness, ready: Callable[[], object]) -> None:
    """The answer rings the server's bell, and comes after the command was noted."""
    deadline = time.monotonic() + 5
    while not ready() and time.monotonic() < deadline:
        count = _answers(house)
        await house.server.wait_for(lambda: ready() or _answers(house) > count)  # noqa: B023 - called in here


def plainly(args: Any) -> Any:
    """Arguments that compare: secrets by what they hold."""
    found = {name: getattr(args, name) for name in args.__dataclass_fields__}
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in found.items()
    }


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_the_manifest_is_made_from_the_declarations(mode: str) -> None:
    made = manifest(REAL, mode=mode, public_url="https://bot.example/")
    (slash,) = made["features"]["slash_commands"]
    assert slash["command"] == "/xquik"
    assert all(group.name in slash["usage_hint"] for group in REAL.groups)
    assert made["settings"]["socket_mode_enabled"] is (mode == "socket")
    urls = [slash.get("url"), made["settings"]["interactivity"].get("request_url")]
    assert urls == (["https://bot.example/slack/events"] * 2 if mode == "http" else [None, None])
    assert not [scope for scope in made["oauth_config"]["scopes"]["bot"] if "history" in scope]
    names = [entry["name"] for entry in made["features"]["shortcuts"]]
    assert names[:-1] == [
        "Show tweet",
        "Run a draw",
        "Download media",
        "Draft a reply",
        "Translate tweet",
        "Watch tweet",
    ]
    assert names[-1] == "Run a command"
    assert all(len(name) <= 24 for name in names) and len(names) <= 10
    ids = [entry["callback_id"] for entry in made["features"]["shortcuts"]]
    assert ids[:-1] == [f"xquik_{action.key}" for action, _ in REAL.message_actions]
    assert {"xquik_show_tweet", "xquik_draft_reply"} < {*ids}, "what installed manifests have"
    assert len({*ids}) == len(ids) and {type(name) for name in names} == {str}


def test_http_mode_needs_a_public_address() -> None:
    with pytest.raises(ValueError, match="public_url"):
        manifest(REAL, mode="http")
