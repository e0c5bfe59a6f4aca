"""Every declared command, with each of its examples, against the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.core.access import Permission
from bot.core.chat.answers import Audience
from bot.core.commands.declaring import Command, Effect
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.catalogue import catalogue
from bot.setting_sections import ChatSection
from bot.settings import Settings
from bot.xquik.models import KeywordMonitor, Monitor
from tests.features.edge import ref_of, words
from tests.features.examples import prepared
from tests.features.harness import HERE, MEMBER, BotHarness, open_house

ALL = catalogue()
EXAMPLES = [(command, example) for command in ALL for example in command.examples]


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=[e for _, e in EXAMPLES])
async def test_every_example_works(house: BotHarness, command: Command[Any], example: str) -> None:
    line = await prepared(house, command, example)
    before, running = (await house.state())["writes"], await _running(house)
    screen = await house.say(line)
    assert await _running(house) <= running, "no line starts or resumes a monitor"
    if command.form_first:
        assert screen.outcome is InvocationOutcome.FORM
        assert screen.names == ["ask"]
        return
    assert screen.outcome is InvocationOutcome.OK, words(screen.failure)
    assert screen.names[0] == "acknowledge"
    assert screen.steps[0][1] is command.audience
    if command.effect is Effect.PUBLISH or command.name == "draw run":
        assert ref_of(screen.card, "Confirm")
        assert (await house.state())["writes"] == before, "nothing is done before Confirm"


async def _running(house: BotHarness) -> set[str]:
    """The monitors that are on."""
    xquik = await house.app.services.xquik.of(HERE)
    found: list[Monitor | KeywordMonitor] = [
        *await xquik.monitors.list(),
        *await xquik.keyword_monitors.list(),
    ]
    return {one.id for one in found if one.is_active}


@pytest.mark.parametrize("command", list(ALL), ids=lambda command: command.name)
def test_every_command_is_declared_whole(command: Command[Any]) -> None:
    assert command.examples
    assert all(example.startswith(command.path[0]) for example in command.examples)
    assert len(command.described) <= 100, "Discord shows at most 100 characters"
    assert sum(parameter.main for parameter in command.parameters) <= 1
    assert all(len(parameter.description) <= 100 for parameter in command.parameters)
    names = [parameter.name for parameter in command.parameters]
    required = [parameter.required for parameter in command.parameters]
    assert len(names) <= 25
    assert required == sorted(required, reverse=True), "Discord wants required options first"
    if command.effect is Effect.PUBLISH:
        # What is written to one person is nobody else's to approve.
        alone = command.needs is not None and Permission.PRIVATE in command.needs
        assert command.audience is (Audience.CONFIDENTIAL if alone else Audience.CHANNEL)


def _hasty(settings: Settings) -> Settings:
    """One person gives every command there is."""
    return settings.model_copy(
        update={"chat": ChatSection(commands_per_second=1_000.0, commands_at_once=10_000)}
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def refusing(tmp_path_factory: pytest.TempPathFactory, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """One house for all that is refused there: nothing is done in it, so none finds what another left."""
    async with open_house(tmp_path_factory.mktemp("refusing"), empty_bot, change=_hasty) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def keyless(tmp_path_factory: pytest.TempPathFactory, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """The same, where Xquik's key is not known any more."""
    async with open_house(tmp_path_factory.mktemp("keyless"), empty_bot, change=_hasty) as opened:
        await opened.app.services.keys.forget(HERE)
        yield opened


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "command", [c for c in ALL if c.needs and "use" not in c.needs.names()], ids=lambda c: c.name
)
async def test_a_member_is_refused_what_was_not_granted(refusing: BotHarness, command: Command[Any]) -> None:
    before = await refusing.state()
    screen = await refusing.say(command.examples[0], MEMBER)
    assert screen.outcome is InvocationOutcome.NOT_PERMITTED
    assert screen.names == ["fail"], "refused before anything was acknowledged or asked"
    said = words(screen.failure)
    assert f"policy grant {','.join(command.needs.names())} to:@role" in said
    assert (await refusing.state())["requests"] == before["requests"]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("command", [c for c in ALL if c.needs_key], ids=lambda c: c.name)
async def test_without_a_key_it_says_how_to_set_one_up(keyless: BotHarness, command: Command[Any]) -> None:
    screen = await keyless.say(command.examples[0])
    assert screen.outcome is InvocationOutcome.FAILED
    assert screen.names == ["fail"]
    assert "setup key" in words(screen.failure)
