"""Fields of a form whose values are known: selects that ask for their options while somebody types.

Slack sends `block_suggestion` with what was typed and wants the options within three seconds. A select takes
nothing that is not among them, so what was typed is offered too wherever other values are possible.
Source: docs.slack.dev/reference/block-kit/block-elements/select-menu-element.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from adapters.slack import limits
from adapters.slack.escape import one_line
from adapters.slack.inline import Json
from bot.core.chat.cards import Choice, Input, InputKind
from bot.core.commands.declaring import Catalogue, OptionKind, Parameter
from bot.core.text.lists import ListError, as_list, items_of

PREFIX: Final = "xquik:suggest:"


class OptionQuery(msgspec.Struct, frozen=True):
    """What is filled in: an option of a command."""

    path: tuple[str, ...]
    parameter: Parameter


def suggested(item: Input) -> Json | None:
    """The element of a field whose values are offered; None where a text field is better: for what is longer
    than an option may be, or cannot be told apart any more."""
    source = item.suggested
    if source is None or item.kind not in (InputKind.TEXT, InputKind.SUBJECT):
        return None
    if item.many and (item.max_length or 0) > limits.OPTION_VALUE:
        return None
    try:
        items = items_of(item.value) if item.many else [item.value] if item.value else []
    except ListError:
        return None
    given = [as_list([one]) for one in items] if item.many else items
    if any(len(value) > limits.OPTION_VALUE for value in given):
        return None
    made: Json = {
        "type": "multi_external_select" if item.many else "external_select",
        "action_id": f"{PREFIX}{' '.join(source.path)}:{source.option}",
        "min_query_length": 0,
    }
    chosen = options([Choice(value, value) for value in dict.fromkeys(given)])
    if not chosen:
        return made
    return made | ({"initial_options": chosen} if item.many else {"initial_option": chosen[0]})


def asked(catalogue: Catalogue, action_id: str) -> OptionQuery | None:
    """Which option an element is for; None for one of another version."""
    path, _, name = action_id.removeprefix(PREFIX).rpartition(":")
    command = catalogue.command(tuple(path.split(" ")))
    parameter = next((one for one in command.parameters if one.name == name), None) if command else None
    return None if command is None or parameter is None else OptionQuery(command.path, parameter)


def answer(found: Sequence[Choice], typed: str, parameter: Parameter) -> list[Json]:
    """The options for what was typed: that itself too, where it may be a value."""
    own = typed.strip()
    if not own or parameter.kind is OptionKind.CHOICE:
        return options(found)
    value = as_list([own]) if parameter.many else own
    known = {choice.value.casefold() for choice in found}
    mine = [] if value.casefold() in known else [Choice(own, value)]
    return options([*found[: limits.OPTIONS - len(mine)], *mine])


def options(choices: Sequence[Choice]) -> list[Json]:
    """Those that Slack takes, each once: a label on one line, and a value that is not cut."""
    unique = {choice.value: choice for choice in reversed(choices)}
    usable = [
        choice
        for choice in choices
        if 0 < len(choice.value) <= limits.OPTION_VALUE and unique[choice.value] is choice
    ]
    return [{"text": _plain(choice), "value": choice.value} for choice in usable[: limits.OPTIONS]]


def _plain(choice: Choice) -> Json:
    text = one_line(choice.label, limits.OPTION_TEXT) or one_line(choice.value, limits.OPTION_TEXT)
    return {"type": "plain_text", "text": text, "emoji": False}
