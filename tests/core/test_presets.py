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
from bot.core.commands.cost import FREE_OF_CHARGE, Cost, Unit
from bot.core.commands.declaring import Effect, Option
from bot.core.commands.presets import FREE, INSIDE, SETTING_AT_XQUIK, SPENDING, WRITING, Rights, command
from bot.core.messages.message import msg, nmsg


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
    assert len(named) == len(set(named)) == 12


PER_PAGE = Cost(each=1, unit=Unit(msg("page"), nmsg("{n} page", "{n} pages", n=1)))


@pytest.mark.parametrize(
    ("rights", "cost", "why"),
    [
        (SPENDING, FREE_OF_CHARGE, "costs credits and does not say how many"),
        (WRITING, FREE_OF_CHARGE, "costs credits and does not say how many"),
        (WRITING, Cost(10), "spends credits on what nobody confirmed"),
        (SETTING_AT_XQUIK, Cost(10), "spends credits on what nobody confirmed"),
        (FREE, Cost(1), "is declared to cost nothing and has a cost"),
        (SPENDING, PER_PAGE, "has no estimate"),
    ],
)
def test_a_cost_that_does_not_fit_the_rights_is_refused(rights: Rights, cost: Cost, why: str) -> None:
    with pytest.raises(ValueError, match=f"`thing say` .*{why}"):
        command("thing say", say, rights, "Say a thing", "thing say hello", cost=cost)


def test_what_it_costs_stands_behind_its_summary() -> None:
    made = command("thing say", say, SPENDING, "Say a thing", "thing say hello", cost=Cost(3))
    assert (made.described, made.credits(Args(text="x"))) == ("Say a thing (3 credits)", 3)
    free = command("thing say", say, FREE, "Say a thing", "thing say hello")
    assert (free.described, free.credits(Args(text="x"))) == ("Say a thing", 0)


def test_its_estimate_is_that_of_its_options() -> None:
    """What only Confirm spends is not among it."""
    made = command(
        "thing say",
        say,
        SPENDING,
        "Say a thing",
        "thing say hello",
        cost=PER_PAGE,
        estimate=lambda args: PER_PAGE.of(len(args.text)),
    )
    assert made.credits(Args(text="four")) == 4
    asked = command(
        "thing say", say, WRITING, "Say it", "thing say hello", cost=Cost(10, confirmed=True, look=1)
    )
    assert asked.credits(Args(text="four")) == 0
