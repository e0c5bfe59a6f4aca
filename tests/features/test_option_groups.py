"""Options that several commands have in common are declared once, and shown in an order that makes sense."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.declaring import Command, Option, parameters_of
from bot.core.x.references import Username
from bot.features.catalogue import catalogue

COMMANDS = tuple(catalogue(()))


@dataclass(frozen=True, kw_only=True)
class Acting:
    """As whom."""

    account: Annotated[str | None, Option("As whom")] = None


@dataclass(frozen=True, kw_only=True)
class Wording:
    """In which words."""

    text: Annotated[str, Option("The words", main=True)]
    tone: Annotated[str, Option("The tone")] = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Args(Acting, Wording):
    """Both, and more."""

    loud: Annotated[bool, Option("How loud")] = False
    to: Annotated[str, Option("To whom")]
    account: Annotated[str | None, Option("As whom, said otherwise")] = None


def test_the_main_option_and_what_is_required_come_first_then_the_groups_as_they_are_named() -> None:
    assert [one.name for one in parameters_of(Args)] == ["text", "to", "account", "tone", "loud"]


def test_an_option_of_a_group_can_be_said_otherwise_in_its_place() -> None:
    said = {one.name: one.description for one in parameters_of(Args)}
    assert said["account"] == "As whom, said otherwise" and said["tone"] == "The tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """No group."""

    loud: Annotated[bool, Option("How loud")] = False
    text: Annotated[str, Option("The words", main=True)]


def test_without_a_group_the_order_is_that_of_the_fields() -> None:
    assert [one.name for one in parameters_of(Alone)] == ["loud", "text"]


def test_what_is_bound_has_the_options_of_its_groups() -> None:
    command: Command[Any] = next(one for one in COMMANDS if one.name == "user follow")
    args = bind(command, {"user": ("@nasa",), "account": ("acme",)})
    assert (args.user, args.account) == (Username("nasa"), Username("acme"))


def _declared(command: Command[Any]) -> list[tuple[str, str, type[Any]]]:
    """Each option in the words of its declaration, and the class in which that stands."""
    classes = [one for one in command.args.__mro__ if dataclasses.is_dataclass(one)]
    return [(name, str(words), where) for where in classes for name, words in where.__annotations__.items()]


def test_no_option_is_written_out_twice() -> None:
    """A name for it, or a group, and every command that has it changes with one line."""
    found: dict[tuple[str, str], set[str]] = {}
    for command in COMMANDS:
        for name, words, where in _declared(command):
            if words.startswith("Annotated["):
                found.setdefault((name, words), set()).add(where.__qualname__)
    assert {key: where for key, where in found.items() if len(where) > 1} == {}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_main_option_is_shown_first(command: Command[Any]) -> None:
    mains = [number for number, one in enumerate(command.parameters) if one.main]
    assert mains in ([], [0])
