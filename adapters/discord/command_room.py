"""How much of Discord's limits on commands is used: a root holds 8,000 characters and 25 commands.

Source: docs.discord.com/developers/interactions/application-commands, "Slash command options". Characters are
those of names, descriptions and the values of choices, each in its longest translation, over all options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from adapters.discord import limits

_SLASH, _NESTED = 1, frozenset({1, 2})


class RootRoom(msgspec.Struct, frozen=True):
    """What a root uses. characters: in all; below: subcommands or subcommand groups, the most that stand in
    one place; options, choices: the most of one command and of one option; description: the longest. texts:
    the characters of what is translated."""

    name: str
    characters: int
    below: int
    options: int
    choices: int
    description: int
    texts: int

    @property
    def longer(self) -> float:
        """By which part of itself a translation may be longer than what is there: 0.25 is a quarter."""
        return (limits.ROOT_CHARACTERS - self.characters) / max(self.texts, 1)


def root_rooms(tree: Sequence[Mapping[str, Any]]) -> tuple[RootRoom, ...]:
    """Of every slash command in an upload, the fullest first."""
    rooms = (_room(root) for root in tree if root["type"] == _SLASH)
    return tuple(sorted(rooms, key=lambda room: (-room.characters, room.name)))


def overfull(tree: Sequence[Mapping[str, Any]]) -> list[str]:
    """What Discord would refuse, in words."""
    rooms = root_rooms(tree)
    found = [] if len(rooms) <= limits.ROOTS else [f"{len(rooms)} roots, at most {limits.ROOTS}"]
    entries = [one for one in tree if one["type"] != _SLASH]
    if len(entries) > limits.MENU_ENTRIES:
        found.append(f"{len(entries)} entries of the menu of messages, at most {limits.MENU_ENTRIES}")
    for room in rooms:
        for used, most, what in (
            (room.characters, limits.ROOT_CHARACTERS, "characters"),
            (room.below, limits.SUBCOMMANDS, "commands side by side"),
            (room.options, limits.COMMAND_OPTIONS, "options of a command"),
            (room.choices, limits.COMMAND_CHOICES, "choices of an option"),
            (room.description, limits.COMMAND_DESCRIPTION, "characters of a description"),
        ):
            if used > most:
                found.append(f"/{room.name}: {used:,} {what}, at most {most:,}")
    return found


def _room(root: Mapping[str, Any]) -> RootRoom:
    things = list(_walk(root))
    return RootRoom(
        root["name"],
        sum(_characters(one) for one in things),
        max(sum(option["type"] in _NESTED for option in _options(one)) for one in things),
        max(sum(option["type"] not in _NESTED for option in _options(one)) for one in things),
        max(len(one.get("choices") or ()) for one in things),
        max(_longest(one, "description") for one in things),
        sum(_texts(one) for one in things),
    )


def _walk(thing: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A command and all options below it."""
    yield thing
    for option in _options(thing):
        yield from _walk(option)


def _options(thing: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return thing.get("options") or ()


def _characters(thing: Mapping[str, Any]) -> int:
    values = sum(limits.size(str(one["value"])) for one in thing.get("choices") or ())
    return _longest(thing, "name") + _texts(thing) + values


def _texts(thing: Mapping[str, Any]) -> int:
    """Descriptions and the names of choices: what is translated."""
    return _longest(thing, "description") + sum(_longest(one, "name") for one in thing.get("choices") or ())


def _longest(thing: Mapping[str, Any], key: str) -> int:
    """The length of a text in its longest translation."""
    translated = (thing.get(f"{key}_localizations") or {}).values()
    return max(limits.size(text) for text in (str(thing.get(key) or ""), *translated))
