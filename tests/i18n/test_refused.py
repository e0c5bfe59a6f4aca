"""That a command needs a key, or a permission, is said whole in another language, whatever the command."""

from __future__ import annotations

from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import NotConfigured
from bot.features.catalogue import catalogue
from tests.features.harness import ELSEWHERE, MEMBER, BotHarness
from tests.i18n.strict import left_beyond_code

# About oneself may ask anybody: of `privacy` the example of a place.
EXAMPLES = tuple(command.examples[1 if command.path[0] == "privacy" else 0] for command in catalogue())
WITH_KEY = tuple(command.examples[0] for command in catalogue() if command.needs_key)


async def test_every_command_without_a_key_is_said_whole(house: BotHarness) -> None:
    for line in WITH_KEY:
        shown = await house.say(line, tenant=ELSEWHERE)
        assert left_beyond_code(shown, line) == set(), line
        assert shown.failure.title == NotConfigured.title, line


async def test_every_command_without_permission_is_said_whole(house: BotHarness) -> None:
    await house.say("policy revoke use group:everyone")
    for line in EXAMPLES:
        shown = await house.say(line, MEMBER)
        assert left_beyond_code(shown, f"use view private spend publish manage {line}") == set(), line
        assert shown.outcome is InvocationOutcome.NOT_PERMITTED
