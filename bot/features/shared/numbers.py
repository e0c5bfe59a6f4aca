"""Draws, drafts and extractions by the numbers that this place gave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.commands.local_numbers import local_number, number_in_digits, written
from bot.core.errors import StorageUnavailable
from bot.core.messages.message import Message, msg
from bot.features.services import CommandCall
from bot.storage.places.local_numbers import Numbered


async def numbers_of(call: CommandCall, kind: Numbered, items: Iterable[str]) -> Mapping[str, int]:
    """The numbers of what is to be shown, by its id; what had none gets one. items: the oldest first.

    Where they cannot be stored there are none: what was asked for is shown, or was done, all the same.
    """
    try:
        return await call.services.numbers.give(call.tenant, kind, list(items))
    except StorageUnavailable:
        return {}


async def number_of(call: CommandCall, kind: Numbered, item: str) -> int | None:
    """The same of one."""
    return (await numbers_of(call, kind, (item,))).get(item)


def hint_at_number(kind: Numbered, given: str) -> Message | None:
    """What to type instead where digits alone, which are an id of Xquik, name nothing; None for other
    words."""
    number = number_in_digits(given)
    if number is None:
        return None
    return msg(
        "Numbers are written with a #: `{kind} show {number}`. `{kind} list` shows them.",
        kind=kind.value,
        number=written(number),
    )


async def item_meant(call: CommandCall, kind: Numbered, given: str) -> str | None:
    """The id at Xquik that somebody means by `#3` or by the id itself; None for a number that nothing
    here has."""
    number = local_number(given)
    return given if number is None else await call.services.numbers.item(call.tenant, kind, number)
