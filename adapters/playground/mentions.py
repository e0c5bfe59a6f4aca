"""`@Ben` in a command that is about people of this place: what Discord and Slack write as a mention.

Elsewhere `@Ben` is a name of X, and stays so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.playground.settings import Visitor

# Commands whose options name people here, and the options that do.
_GROUP = "policy"
_OPTIONS = frozenset({"to"})
_QUOTES = "\"'“”„"


def in_line(text: str, people: Sequence[Visitor]) -> str:
    """The line, with the ids of those it mentions."""
    words = text.split()
    if not words or words[0].lower() != _GROUP:
        return text
    return " ".join(_word(word, people) for word in words)


def in_form(values: Mapping[str, str], people: Sequence[Visitor]) -> dict[str, str]:
    """The values of a form, with the ids of those they mention."""
    return {name: _word(value, people) if name in _OPTIONS else value for name, value in values.items()}


def _word(word: str, people: Sequence[Visitor]) -> str:
    before, at, name = word.strip().partition("@")
    option = before.strip(_QUOTES)
    if not at or (option and option[-1] not in ":="):
        return word
    wanted = name.strip(_QUOTES).casefold()
    found = next((one for one in people if wanted in (one.id.casefold(), one.name.casefold())), None)
    return word if found is None else f"{option}user:{found.id}"
