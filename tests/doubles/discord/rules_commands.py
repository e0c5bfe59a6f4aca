"""The published limits of application commands, as a pure check of an upload."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from tests.doubles.discord.errors import Problem

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
(
    SUBCOMMAND,
    SUBCOMMAND_GROUP,
    STRING,
    INTEGER,
    BOOLEAN,
    USER,
    CHANNEL,
    ROLE,
    MENTIONABLE,
    NUMBER,
    ATTACHMENT,
) = range(1, 12)
_LIMITS = {
    SLASH: 100,
    USER_MENU: 15,
    MESSAGE_MENU: 15,
}  # menus: the platform notes; Discord's page once said 5
_MAX_TOTAL = 8000

Json = dict[str, Any]


def check_commands(commands: list[Json]) -> Iterator[Problem]:
    """Problems of the complete set of commands of one scope, after the upload."""
    for kind, limit in _LIMITS.items():
        names = [c.get("name") for c in commands if (c.get("type") or SLASH) == kind]
        if len(names) > limit:
            yield Problem("", f"{len(names)} commands of type {kind}, at most {limit}")
        if len(set(names)) != len(names):
            yield Problem("", f"two commands of type {kind} share a name")
    for index, command in enumerate(commands):
        yield from _check_command(f"{index}", command)


def _check_command(path: str, command: Json) -> Iterator[Problem]:
    kind = command.get("type") or SLASH
    if kind != SLASH:
        for key, name in [("name", command.get("name") or ""), *_localized(command, "name")]:
            if not 1 <= len(name) <= 32:
                yield Problem(f"{path}.{key}", "must be 1–32 characters")
        if command.get("description") or command.get("options"):
            yield Problem(path, "a context menu command has neither description nor options")
        return
    yield from _check_names(path, command)
    yield from _check_options(f"{path}.options", command.get("options") or [], depth=0)
    if (total := _total_length(command)) > _MAX_TOTAL:
        yield Problem(path, f"{total} characters in names, descriptions and values, at most {_MAX_TOTAL}")


def _check_names(path: str, thing: Json) -> Iterator[Problem]:
    names = [("name", thing.get("name") or ""), *_localized(thing, "name")]
    for key, name in names:
        if not is_name(name):
            yield Problem(f"{path}.{key}", f"{name!r} is not a valid command or option name")
    for key, text in [
        ("description", thing.get("description") or ""),
        *_localized(thing, "description"),
    ]:
        if not 1 <= len(text) <= 100:
            yield Problem(f"{path}.{key}", f"must be 1–100 characters, has {len(text)}")


def is_name(name: str) -> bool:
    r"""Whether a name matches `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$` and has no upper case."""
    return 1 <= len(name) <= 32 and name == name.lower() and all(map(_name_character, name))


def _name_character(character: str) -> bool:
    if character in "-_'":
        return True
    # Devanagari and Thai are allowed as scripts, with their vowel signs, which are not
    # letters by category.
    return (
        unicodedata.category(character)[0] in "LN"
        or "\u0900" <= character <= "\u097f"
        or "\u0e00" <= character <= "\u0e7f"
    )


def _check_options(path: str, options: list[Json], *, depth: int) -> Iterator[Problem]:
    if len(options) > 25:
        yield Problem(path, f"{len(options)} options, at most 25")
    names = [o.get("name") for o in options]
    if len(set(names)) != len(names):
        yield Problem(path, "two options share a name")
    nested = [o for o in options if o.get("type") in (SUBCOMMAND, SUBCOMMAND_GROUP)]
    if nested and len(nested) != len(options):
        yield Problem(path, "subcommands cannot be mixed with options")
    optional_seen = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        yield from _check_names(here, option)
        if option in nested:
            if option["type"] == SUBCOMMAND_GROUP and depth > 0:
                yield Problem(here, "a subcommand group cannot be inside another")
            if option["type"] == SUBCOMMAND_GROUP and any(
                o.get("type") != SUBCOMMAND for o in option.get("options") or []
            ):
                yield Problem(here, "a subcommand group holds subcommands only")
            yield from _check_options(f"{here}.options", option.get("options") or [], depth=depth + 1)
            continue
        if option.get("required") and optional_seen:
            yield Problem(here, "required options must come before optional ones")
        optional_seen = optional_seen or not option.get("required")
        yield from _check_value_option(here, option)


def _check_value_option(path: str, option: Json) -> Iterator[Problem]:
    choices = option.get("choices") or []
    if len(choices) > 25:
        yield Problem(f"{path}.choices", f"{len(choices)} choices, at most 25")
    if choices and option.get("autocomplete"):
        yield Problem(f"{path}.choices", "choices and autocomplete exclude each other")
    if (choices or option.get("autocomplete")) and option.get("type") not in (STRING, INTEGER, NUMBER):
        yield Problem(path, "only text and numbers have choices or autocomplete")
    for key in ("name", "value"):
        given = [c.get(key) for c in choices]
        if len(set(given)) != len(given):
            yield Problem(f"{path}.choices", f"two choices share a {key}")
    yield from check_choices(f"{path}.choices", choices)


def check_choices(path: str, choices: list[Json]) -> Iterator[Problem]:
    """Problems of the choices of an option, or of the answer to an autocomplete."""
    if len(choices) > 25:
        yield Problem(path, f"{len(choices)} choices, at most 25")
    for index, choice in enumerate(choices):
        if not 1 <= len(choice.get("name") or "") <= 100:
            yield Problem(f"{path}.{index}.name", "must be 1–100 characters")
        value = choice.get("value")
        if isinstance(value, str) and not 1 <= len(value) <= 100:
            yield Problem(f"{path}.{index}.value", "must be 1–100 characters")


def _localized(thing: Json, key: str) -> list[tuple[str, str]]:
    return [
        (f"{key}_localizations.{lang}", text)
        for lang, text in (thing.get(f"{key}_localizations") or {}).items()
    ]


def _total_length(thing: Json) -> int:
    """Name, description and value characters, with the longest localisation of each, over all
    options and choices.
    """
    total = 0
    for key in ("name", "description"):
        total += max(len(text) for _, text in [("", thing.get(key) or ""), *_localized(thing, key)])
    for choice in thing.get("choices") or []:
        total += len(choice.get("name") or "") + len(str(choice.get("value") or ""))
    return total + sum(_total_length(option) for option in thing.get("options") or [])
