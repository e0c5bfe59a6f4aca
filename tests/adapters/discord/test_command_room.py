"""The limits of Discord on commands are held over the declarations, with what is left of each root."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.command_room import overfull, root_rooms
from adapters.discord.tree import command_tree
from bot.features.catalogue import catalogue
from tests.doubles.discord.rules_commands import check_commands

TREE = command_tree(catalogue())
Json = dict[str, Any]


def option(name: str, **more: Any) -> Json:
    """A text."""
    return {"type": 3, "name": name, "description": "d", **more}


def below(name: str, *options: Json, kind: int = 1) -> Json:
    """A subcommand, or a group of them."""
    return {"type": kind, "name": name, "description": "d", "options": list(options)}


def root(name: str, *options: Json, **more: Any) -> Json:
    """A command."""
    return {"type": 1, "name": name, "description": "d", "options": list(options), **more}


def many(count: int, make: Callable[[str], Json]) -> list[Json]:
    """So many of one sort, with names of one length."""
    return [make(f"n{number:03}") for number in range(count)]


def wide(name: str) -> Json:
    """A command of 8 options: 789 characters."""
    return below(name, *many(8, lambda one: option(one, description="d" * 94)))


def test_the_commands_that_are_declared_fit_discord() -> None:
    assert overfull(TREE) == []


def test_every_root_is_counted_the_fullest_first() -> None:
    rooms = root_rooms(TREE)
    assert {room.name for room in rooms} == {one["name"] for one in TREE if one["type"] == 1}
    assert list(rooms) == sorted(rooms, key=lambda room: (-room.characters, room.name))
    relay = next(room for room in rooms if room.name == "relay")
    assert relay.below == len(next(one for one in TREE if one["name"] == "relay")["options"])


FULL: dict[str, tuple[list[Json], str]] = {
    "roots": (many(101, root), "101 roots, at most 100"),
    "commands": ([root("big", *many(26, below))], "/big: 26 commands side by side, at most 25"),
    "groups": (
        [root("big", *many(26, lambda name: below(name, below("one"), kind=2)))],
        "/big: 26 commands side by side, at most 25",
    ),
    "options": (
        [root("big", below("one", *many(26, option)))],
        "/big: 26 options of a command, at most 25",
    ),
    "choices": (
        [root("big", option("one", choices=[{"name": f"c{n}", "value": f"v{n}"} for n in range(26)]))],
        "/big: 26 choices of an option, at most 25",
    ),
    "a description": (
        [root("big", description="d" * 101)],
        "/big: 101 characters of a description, at most 100",
    ),
    "characters": ([root("big", *many(11, wide))], "/big: 8,683 characters, at most 8,000"),
    "menu": (
        [{"type": 3, "name": f"Entry {n}"} for n in range(16)],
        "16 entries of the menu of messages, at most 15",
    ),
}


@pytest.mark.parametrize("what", FULL)
def test_what_is_too_much_is_named_and_discord_refuses_it(what: str) -> None:
    tree, said = FULL[what]
    assert overfull(tree) == [said]
    assert list(check_commands(tree))


def test_the_longest_translation_counts() -> None:
    choice = {"name": "all", "value": "all"}
    plain = root("trends", option("region", choices=[choice]))
    translated = root(
        "trends",
        option("region", choices=[choice | {"name_localizations": {"tr": "tümü"}}]),
        name_localizations={"tr": "gündemler", "de": "t"},
        description_localizations={"tr": "🚀" * 50},
    )
    (before,), (after,) = root_rooms([plain]), root_rooms([translated])
    # An emoji may count as two.
    assert after.characters - before.characters == (9 - 6) + (100 - 1) + (4 - 3)
    assert after.description == 100 and overfull([translated]) == []


def test_what_is_just_full_fits() -> None:
    assert overfull(many(limits.ROOTS, root)) == []
    full = root("big", *many(10, wide))
    left = limits.ROOT_CHARACTERS - root_rooms([full])[0].characters
    full["options"].append(below("n" * 4, *many(1, lambda name: option(name, description="d" * (left - 9)))))
    assert root_rooms([full])[0].characters == limits.ROOT_CHARACTERS
    assert overfull([full]) == [] and list(check_commands([full])) == []
