"""A list once more, from what a button remembers of it: the words of its command and the raw values given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.chat.answers import Audience
from bot.core.chat.invocation import Values
from bot.core.commands.binding import bind
from bot.core.commands.declaring import Command
from bot.core.errors import Expired, NotPermitted, UsageError
from bot.core.messages.message import msg


def remembered(command: Command[Any], values: Values, person: str) -> Mapping[str, Any]:
    """What a button keeps of a list, as JSON. person: the id of who opened it."""
    kept = {name: list(given) for name, given in values.items()}
    return {"path": list(command.path), "values": kept, "person": person}


def values_of(state: Mapping[str, Any]) -> Values:
    """The values that are remembered, as they were given."""
    return {name: tuple(given) for name, given in state["values"].items()}


def check_opener(command: Command[Any], state: Mapping[str, Any], person: str) -> None:
    """NotPermitted where the list is private and somebody else opened it."""
    if command.audience is not Audience.CHANNEL and state.get("person") not in (None, person):
        raise NotPermitted(
            msg("Somebody else opened this list."),
            remedy=msg("Run `{command}` to see it yourself.", command=command.name),
        )


def bound_again(command: Command[Any], values: Values) -> Any:
    """The options as they are understood now; Expired where they are not any more, so that a list is never
    read, and paid for, without a filter that it was opened with."""
    try:
        if gone := values.keys() - command.by_name.keys():
            raise UsageError(msg("It has no {option} any more.", option=min(gone)))
        return bind(command, values)
    except UsageError as error:
        raise Expired(
            msg(
                "This list was opened with options that `{command}` takes no more. {why}",
                command=command.name,
                why=error.detail,
            ),
            remedy=msg("Run it again, for instance `{example}`.", example=command.examples[0]),
        ) from None
