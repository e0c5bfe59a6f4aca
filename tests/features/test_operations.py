"""What a command says it performs of the API is what it performs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.commands.declaring import Command
from bot.features.catalogue import catalogue
from tests.facts.sdk_calls import named_calls, unnamed
from tests.features.edge import words
from tests.features.examples import prepared
from tests.features.harness import TWEET, BotHarness

IN_PASSING = {
    "GET /account",
    "GET /credits",
    "GET /x/accounts",
    "GET /x/write-actions/{}",
    "GET /monitors",
    "GET /monitors/keywords",
    "GET /monitors/posts",
}
"""What many look up on their way: the balance, the connected accounts, the monitors of routes, how a write is
going. Commands that are about these say so."""


KEYWORD = '"new horizons"'
ALSO = {
    "monitor pause": (
        *(f"monitor keyword {KEYWORD}", f"monitor pause {KEYWORD}"),
        *(f"monitor post {TWEET}", f"monitor pause {TWEET}"),
    ),
    "monitor edit": (
        *(f"monitor keyword {KEYWORD}", f"monitor edit {KEYWORD} name:horizons"),
        *(f"monitor post {TWEET}", f"monitor edit {TWEET} name:launch"),
    ),
    "monitor resume": (
        *("monitor add nasa", "monitor pause nasa", "monitor resume nasa"),
        *(f"monitor keyword {KEYWORD}", f"monitor pause {KEYWORD}", f"monitor resume {KEYWORD}"),
        *(f"monitor post {TWEET}", f"monitor pause {TWEET}", f"monitor resume {TWEET}"),
    ),
    "monitor remove": (
        *(f"monitor keyword {KEYWORD}", f"monitor remove {KEYWORD}"),
        *(f"monitor post {TWEET}", f"monitor remove {TWEET}"),
    ),
}
"""Lines that show what the examples of a command do not; those of other commands count for nothing."""


async def _performed_by(house: BotHarness, line: str) -> set[str]:
    """What a line performs, its Confirm included."""
    before = (await house.state())["operations"]
    screen = await house.done(line)
    assert screen.names[-1] != "fail", words(screen.failure)
    after = (await house.state())["operations"]
    return {unnamed(name) for name, times in after.items() if times > before.get(name, 0)}


@pytest.mark.parametrize("command", list(catalogue()), ids=lambda command: command.name)
async def test_a_command_performs_the_operations_that_it_names(
    house: BotHarness, command: Command[Any]
) -> None:
    performed: set[str] = set()
    for example in command.examples:
        performed |= await _performed_by(house, await prepared(house, command, example))
    for line in ALSO.get(command.name, ()):
        found = await _performed_by(house, line)
        performed |= found if line.startswith(command.name) else set()
    named = {unnamed(one) for one in command.operations}
    assert performed - named <= IN_PASSING, "performed, and not named"
    assert named <= performed, "named, and not performed by any example"


def test_operations_are_named_as_the_sdk_names_them() -> None:
    named = {one for command in catalogue() for one in command.operations}
    assert named <= set(named_calls())
