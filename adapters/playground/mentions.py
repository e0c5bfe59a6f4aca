"""`@Ben` in a command that is about people of this place: what Discord and Slack write as a mention.

Elsewhere `@Ben` is a name of X, and stays so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.playground.settings import Visitor
from bot.core.commands.declaring import Catalogue, OptionKind

# The group all of whose commands are about people here, so that a mention needs no option before it.
_GROUP = "policy"
# In a form an option is known by its name alone; elsewhere these are choices, which begin with no @.
_OPTIONS = frozenset({"to", "group", "person", "by"})
_QUOTES = "\"'“”„"


def in_line(text: str, people: Sequence[Visitor], catalogue: Catalogue) -> str:
    """The line, with the ids of those whom it mentions where an option is about people here."""
    words = text.split()
    options = _about_people(words, catalogue)
    if not options:
        return text
    return " ".join(_word(word, people, options) for word in words)


def in_form(values: Mapping[str, str], people: Sequence[Visitor]) -> dict[str, str]:
    """The values of a form, with the ids of those they mention."""
    return {
        name: _word(value, people, frozenset({""})) if name in _OPTIONS else value
        for name, value in values.items()
    }


def _about_people(words: Sequence[str], catalogue: Catalogue) -> frozenset[str]:
    """The options of the command that a line begins with which name people here; "" for what stands without
    an option."""
    for start in (0, 1):
        typed = tuple(word.lower() for word in words[start : start + 2])
        group = catalogue.group(typed[0]) if typed else None
        if group is None or (start and (group.under is None or group.under.name != words[0].lower())):
            continue
        command = catalogue.command(typed)
        shown = group.commands if command is None else (command,)
        names = {one.name for each in shown for one in each.parameters if one.kind is OptionKind.SUBJECT}
        return frozenset(names | ({""} if group.name == _GROUP else set()))
    return frozenset()


def _word(word: str, people: Sequence[Visitor], options: frozenset[str]) -> str:
    before, at, name = word.strip().partition("@")
    option = before.strip(_QUOTES)
    if not at or (option and option[-1] not in ":="):
        return word
    if option.strip("-:=").casefold() not in options:
        return word
    wanted = name.strip(_QUOTES).casefold()
    found = next((one for one in people if wanted in (one.id.casefold(), one.name.casefold())), None)
    return word if found is None else f"{option}user:{found.id}"
