"""`help`, and what a link alone offers, are said whole in another language."""

from __future__ import annotations

import pytest

from bot.core.messages.message import Message
from bot.features.help.notes import NOTES
from tests.features.harness import MEMBER, TWEET, BotHarness
from tests.i18n.left_over import english_in
from tests.i18n.strict import left_beyond_code
from tests.i18n.test_commands import NAMES


@pytest.mark.parametrize(
    "line",
    [
        "help",
        "help draw",
        "help draw run",
        "help relay",
        "help relay filter",
        "help account",
        "help draw xyzzyq",
        "help draw delte",
        "help xyzzyq",
        "help giveaway",
        "help undo",
        "help delete",
        "undo",
        "schedule",
        "cancel",
        "reroll",
        TWEET,
        "@nasa",
    ],
)
async def test_help_is_said_whole(house: BotHarness, line: str) -> None:
    values = f"{NAMES} {line} topic twitter https com status LINK Next backup"
    assert left_beyond_code(await house.say(line), values) == set()
    assert left_beyond_code(await house.say(line, MEMBER), f"{values} manage view spend publish") == set()


def test_what_no_command_does_is_said_whole() -> None:
    for note in NOTES.values():
        assert isinstance(note.said, Message) and isinstance(note.instead, Message)
        assert english_in(note.said) == set()
