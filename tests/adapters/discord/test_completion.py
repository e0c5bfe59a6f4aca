"""Values suggested in a slash command: at most 25, whole values, one line each, lists item by item."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.completion import completions
from adapters.discord.tree import command_tree, completes
from adapters.discord.values import Typed, typed
from bot.core.access import Actor
from bot.core.chat.cards import Choice
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Invocation
from bot.features.catalogue import catalogue

REAL = catalogue()
HERE = Invocation("i1", Actor("1", "Ada"), Destination(TenantId("discord", "900"), "1"), 0.0)


class Source:
    """Stands where the dispatcher stands."""

    catalogue = REAL

    def __init__(self, *found: Choice) -> None:
        self.found = found
        self.asked: list[str] = []
        self.given: list[Any] = []

    async def suggest(
        self, _invocation: Invocation, _path: Any, _option: str, typed: str, given: Any
    ) -> tuple[Choice, ...]:
        self.asked.append(typed)
        self.given.append(given)
        return self.found


async def complete(source: Source, line: str, typed: str) -> list[dict[str, str]]:
    *path, option = line.split()
    return await completions(source, HERE, Typed(tuple(path), {}, (option, typed)))  # type: ignore[arg-type]


async def test_25_at_most_with_labels_on_one_line_that_fit() -> None:
    many = [Choice(f"#{n} · İlk\ntaslak \u202e{'ü' * 120}", f"#{n}") for n in range(60)]
    made = await complete(Source(*many), "draft show draft", "")
    assert len(made) == limits.COMMAND_CHOICES
    for choice in made:
        assert "\n" not in choice["name"] and "\u202e" not in choice["name"]
        assert 0 < limits.size(choice["name"]) <= limits.CHOICE_NAME


async def test_a_value_that_does_not_fit_is_left_out_and_not_cut() -> None:
    found = (Choice("long", "v" * 101), Choice("", "kept"), Choice("empty", ""), Choice("😀", "😀" * 51))
    assert await complete(Source(*found), "monitor pause monitor", "v") == [{"name": "kept", "value": "kept"}]


@pytest.mark.parametrize(
    ("typed", "asked", "value"),
    [
        ("na", "na", "moon"),
        ("nasa, es", "es", "nasa, moon"),
        ('"new horizons, x", la', "la", '"new horizons, x", moon'),
        ('"new horizons, x', '"new horizons, x', "moon"),
        ("“ay, güneş”، قم", "قم", "“ay, güneş”، moon"),
        ("月、火", "火", "月、 moon"),
        ("", "", "moon"),
    ],
)
async def test_the_open_item_of_a_list_is_completed(typed: str, asked: str, value: str) -> None:
    source = Source(Choice("Moon", "moon"))
    made = await complete(source, "relay add keyword", typed)
    assert source.asked == [asked] and [one["value"] for one in made] == [value]


async def test_what_a_list_has_already_is_not_offered_again() -> None:
    source = Source(Choice("@nasa", "nasa"), Choice("@esa", "esa"))
    assert [one["value"] for one in await complete(source, "relay add account", "nasa, ")] == ["nasa, esa"]


async def test_what_stands_in_the_other_options_is_told() -> None:
    """As Discord sends it: the option that is typed is the focused one."""
    source = Source(Choice("1. contains one of: ay", "1"))
    options = [
        {"type": 3, "name": "route", "value": "güneş"},
        {"type": 5, "name": "clear", "value": False},
        {"type": 3, "name": "remove", "value": "a", "focused": True},
    ]
    asked = typed({"name": "relay", "options": [{"type": 1, "name": "filter", "options": options}]})
    assert await completions(source, HERE, asked) == [  # type: ignore[arg-type]
        {"name": "1. contains one of: ay", "value": "1"}
    ]
    assert source.given == [{"route": ("güneş",), "clear": ("no",)}]


def test_numbers_that_are_suggested_are_typed_as_text_so_that_they_can_be() -> None:
    """Discord's field of whole numbers takes no #2, and no words to look for a filter by."""
    command = REAL.command(("relay", "filter"))
    assert command is not None
    remove = next(one for one in command.parameters if one.name == "remove")
    assert completes(remove)
    relay = next(root for root in command_tree(REAL) if root["name"] == "relay")
    verb = next(one for one in relay["options"] if one["name"] == "filter")
    declared = next(one for one in verb["options"] if one["name"] == "remove")
    assert (declared["type"], declared["autocomplete"]) == (3, True)
    assert "min_value" not in declared and "max_value" not in declared
