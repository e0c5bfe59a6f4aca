"""A command in one declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Card
from bot.core.chat.invocation import Call
from bot.core.commands import presets
from bot.core.commands.declaring import Effect, Option
from bot.core.commands.presets import INSIDE, Rights, command


@dataclass(frozen=True, slots=True, kw_only=True)
class Args:
    """What to say."""

    text: Annotated[str, Option("What to say", main=True)]


async def say(_call: Call[Any], args: Args) -> Reply:
    """It."""
    return Reply(Card(args.text))


async def untyped(call, args):  # type: ignore[no-untyped-def]  # which is what is tried
    """Nobody knows what it takes."""


def test_its_options_are_those_of_its_handler() -> None:
    made = command("thing say", say, INSIDE, "Say a thing", "thing say hello", "thing say bye")
    assert made.path == ("thing", "say") and made.args is Args and made.run is say
    assert [one.name for one in made.parameters] == ["text"]
    assert (made.effect, made.needs, made.audience) == (Effect.READ, Permission.VIEW, Audience.PRIVATE)
    assert made.needs_key and made.examples == ("thing say hello", "thing say bye")


def test_one_without_an_example_is_refused() -> None:
    with pytest.raises(ValueError, match="`thing say` has no example"):
        command("thing say", say, INSIDE, "Say a thing")


def test_one_whose_options_are_not_said_is_refused() -> None:
    with pytest.raises(TypeError, match="`thing say` does not say which options"):
        command("thing say", untyped, INSIDE, "Say a thing", "thing say hello")


def test_no_two_presets_are_the_same() -> None:
    named = [one for one in vars(presets).values() if isinstance(one, Rights)]
    assert len(named) == len(set(named)) == 9
