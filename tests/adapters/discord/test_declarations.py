"""The real commands on Discord: uploaded as they are declared, and each invoked once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.platform import DiscordPlatform
from adapters.discord.tree import command_tree, offered
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Choice
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import NONE_GIVEN, Invocation, Values
from bot.core.commands.binding import bind
from bot.core.commands.declaring import Catalogue, Command, OptionKind, Parameter
from bot.core.commands.forms import form_for
from bot.core.commands.grammar import Parsed, parse
from bot.core.commands.offers import Offer
from bot.core.ports import Responder
from bot.core.x.references import TweetRef
from bot.features.catalogue import catalogue
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.places.claims import StoredClaims
from bot.storage.places.tenants import StoredTenants
from tests.adapters.discord.harness import instant, settings_for
from tests.doubles.discord import Channel, DiscordServer, Guild, Member
from tests.doubles.discord.rules_commands import check_commands

REAL = catalogue()


@dataclass
class Recorder:
    """Stands where the dispatcher stands, and notes what reaches it."""

    catalogue: Catalogue
    ran: list[tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = field(default_factory=list)
    pressed: list[tuple[ActionRef, dict[str, str] | None]] = field(default_factory=list)
    suggested: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)
    acted: list[tuple[tuple[str, ...], tuple[TweetRef, ...]]] = field(default_factory=list)

    def admit(self, tenant: TenantId, person: str) -> None:
        """Everybody may go on."""

    async def run(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Mapping[str, Sequence[str]],
        responder: Responder,
    ) -> None:
        self.ran.append((command.path, {name: tuple(given) for name, given in values.items()}))
        if command.form_first:
            await responder.ask(form_for(command, values, ActionRef("form.command", "k")))
            return
        await responder.acknowledge(command.audience)
        await responder.answer(Reply(Card(f"Ran {command.name}")))

    async def press(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None = None,
    ) -> None:
        self.pressed.append((ref, dict(values) if values is not None else None))
        await responder.answer(Reply(Card("Pressed")))

    async def run_text(self, invocation: Invocation, text: str, responder: Responder) -> None:
        raise AssertionError("Discord has no lines of text")

    async def on_message(
        self, invocation: Invocation, offer: Offer, posts: Sequence[TweetRef], responder: Responder
    ) -> None:
        self.acted.append((offer.path, tuple(posts)))
        await responder.answer(Reply(Card("Acted")))

    async def open_to(self, invocation: Invocation) -> Catalogue:
        return self.catalogue

    async def suggest(
        self,
        invocation: Invocation,
        path: tuple[str, ...],
        option: str,
        typed: str,
        given: Values = NONE_GIVEN,
    ) -> tuple[Choice, ...]:
        self.suggested.append((path, option, typed))
        return (Choice("One", "one"), Choice("Too long", "x" * 101), Choice("", ""))


@asynccontextmanager
async def platform(
    server: DiscordServer, store: Database, recorder: Recorder
) -> AsyncIterator[DiscordPlatform]:
    made = DiscordPlatform(
        settings_for(server),
        recorder,
        claims=StoredClaims(store, lambda: 0.0),
        kv=StoredKeyValues(store),
        tenants=StoredTenants(store, lambda: 0.0),
        pause=instant,
    )
    await made.start()
    try:
        await server.gateway.wait_connected()
        yield made
    finally:
        await made.stop()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(REAL)


def typed_options(command: Command[Any], parsed: Parsed, channel: Channel) -> dict[str, Any]:
    """The values of an example as a person enters them in Discord's fields."""
    shown = {parameter.name: parameter for parameter in offered(command)}
    return {
        name: _typed(shown[name], values, channel) for name, values in parsed.values.items() if name in shown
    }


def _typed(parameter: Parameter, values: Sequence[str], channel: Channel) -> Any:
    if parameter.many:
        return ", ".join(values)
    match parameter.kind:
        case OptionKind.INTEGER:
            return int(values[0])
        case OptionKind.BOOLEAN:
            return values[0] in ("yes", "true")
        case OptionKind.CHANNEL:
            return channel
        case _:
            return values[0]


def test_the_tree_keeps_discords_limits() -> None:
    assert list(check_commands(command_tree(REAL))) == []


@pytest.mark.parametrize("command", list(REAL), ids=lambda command: command.name)
def test_no_description_is_cut_and_every_option_is_shown(command: Command[Any]) -> None:
    assert limits.size(command.described) <= limits.COMMAND_DESCRIPTION
    shown = offered(command)
    secrets = [p for p in command.parameters if p.kind is OptionKind.SECRET]
    assert len(shown) + len(secrets) == len(command.parameters)
    assert all(limits.size(p.description) <= limits.COMMAND_DESCRIPTION for p in shown)


def in_discord(command: Command[Any]) -> str:
    """The words of a command, behind the root that its group nests under."""
    group = REAL.group(command.path[0])
    assert group is not None
    return command.name if group.under is None else f"{group.under.name} {command.name}"


async def test_every_declared_command_is_invoked_through_the_gateway(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ada: Member,
    store: Database,
    recorder: Recorder,
) -> None:
    """One connection for all of them, each with the values of its own first example."""
    async with platform(server, store, recorder):
        for command in REAL:
            parsed = parse(REAL, command.examples[0])
            assert isinstance(parsed, Parsed)
            options = typed_options(command, parsed, channel)
            ix = await server.slash(guild, channel, ada, in_discord(command), options)
            assert ix.modal is not None if command.form_first else ix.deferred or command.harmless
            path, values = recorder.ran[-1]
            assert path == command.path
            assert set(values) == set(options)
            if command.form_first:
                continue
            # What arrived means what the example says.
            expected, arrived = bind(command, parsed.values), bind(command, values)
            for parameter in offered(command):
                if parameter.kind is OptionKind.CHANNEL and parameter.name in options:
                    assert getattr(arrived, parameter.name).id == str(channel.id)
                else:
                    assert getattr(arrived, parameter.name) == getattr(expected, parameter.name)
        assert len(recorder.ran) == len(list(REAL))


async def test_every_message_action_is_invoked_through_the_gateway(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    store: Database,
    recorder: Recorder,
) -> None:
    message = channel.post(ben, "https://x.com/nasa/status/12345 and https://x.com/i/status/20")
    async with platform(server, store, recorder):
        for action, offer in REAL.message_actions:
            ix = await server.message_command(guild, channel, ben, str(action.name), message)
            assert ix.ephemeral and "Acted" in ix.text
            assert recorder.acted[-1] == (offer.path, (TweetRef("12345", "nasa"), TweetRef("20")))
    assert recorder.ran == []


async def test_every_option_with_suggestions_completes(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ada: Member,
    store: Database,
    recorder: Recorder,
) -> None:
    async with platform(server, store, recorder):
        asked = 0
        for command in REAL:
            for parameter in offered(command):
                if parameter.suggest is None:
                    continue
                choices = await server.autocomplete(
                    guild, channel, ada, in_discord(command), focused=parameter.name, value="o"
                )
                assert choices == [{"name": "One", "value": "one"}]
                asked += 1
                path, name, typed = recorder.suggested[-1]
                assert (REAL.command(path), name, typed) == (command, parameter.name, "o")
        assert asked > 0


@pytest.mark.parametrize("command", [c for c in REAL if c.parameters], ids=lambda command: command.name)
async def test_every_form_is_a_modal_that_discord_opens(command: Command[Any]) -> None:
    from adapters.discord.forms import modal
    from tests.doubles.discord.rules_components import check_modal

    data = modal(form_for(command, {}, ActionRef("form.command", "k" * 22)))
    assert list(check_modal(data)) == []


async def test_the_tree_is_sent_once_and_again_only_when_it_changed(
    server: DiscordServer, guild: Guild, store: Database, recorder: Recorder
) -> None:
    path = f"/applications/{server.application_id}/commands"

    def uploads() -> int:
        return sum((r.method, r.path) == ("PUT", path) for r in server.requests)

    for _ in range(2):
        async with platform(server, store, recorder):
            assert uploads() == 1
    fewer = Recorder(Catalogue(REAL.groups[:3]))
    async with platform(server, store, fewer):
        assert uploads() == 2
        assert {c["name"] for c in server.commands()} == {group.name for group in REAL.groups[:3]}
    async with platform(server, store, recorder):
        assert uploads() == 3


def test_commands_are_offered_in_servers_only_and_install_there() -> None:
    for command in command_tree(REAL):
        assert command["contexts"] == [0]
        assert command["integration_types"] == [0]


def test_roots_that_only_managers_may_use_are_hidden_from_members() -> None:
    tree = {c["name"]: c["default_member_permissions"] for c in command_tree(REAL) if c["type"] == 1}
    manage_server = 1 << 5
    assert {name for name, needed in tree.items() if needed is not None} == {"setup"}
    assert tree["setup"] == manage_server
    for group in REAL.groups:
        managed = all("manage" in one.needs.names() for one in group.commands)
        if group.under is None:
            assert tree[group.name] == (manage_server if managed else None), group.name
        else:
            # Discord hides whole roots alone: what only managers may use below one is refused when it is run.
            assert group.name not in tree and tree[group.under.name] is None, group.name


def test_a_tweet_in_a_message_has_its_menu() -> None:
    entries = [c for c in command_tree(REAL) if c["type"] == 3]
    names = ["Show tweet", "Run a draw", "Download media", "Draft a reply", "Translate tweet", "Watch tweet"]
    assert [entry["name"] for entry in entries] == names
    assert all(entry["contexts"] == [0] and entry["integration_types"] == [0] for entry in entries)
    assert {entry["default_member_permissions"] for entry in entries} == {None}, "our policy decides"
    assert len(entries) <= limits.MENU_ENTRIES
