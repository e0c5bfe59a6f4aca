"""Draws, drafts and extractions by the numbers that this place gave them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from bot.core.commands.local_numbers import local_number, number_in_digits, written
from bot.core.errors import NotFound, StorageUnavailable
from bot.core.messages.message import Message, msg
from bot.core.text.shortening import cut
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


@asynccontextmanager
async def hinting(call: CommandCall, kind: Numbered, given: str, item: str) -> AsyncIterator[None]:
    """Where Xquik does not find the item, the error says that it is of another key, or how a number is
    written. given: as somebody named it."""
    try:
        yield
    except NotFound as error:
        if (elsewhere := await of_another_key(call, kind, given, item)) is not None:
            raise elsewhere from None
        remedy = hint_at_number(kind, given) or _LISTS[kind]
        raise NotFound(error.detail, remedy=remedy, code=error.code) from None


async def of_another_key(call: CommandCall, kind: Numbered, given: str, item: str) -> NotFound | None:
    """The error for what was seen with another Xquik key, or may have been, and is not found with this one;
    None for all else, and where that cannot be read."""
    numbers, named = call.services.numbers, cut(given, 40)
    try:
        if not await numbers.may_be_elsewhere(call.tenant, kind, item):
            return None
        sure = await numbers.is_elsewhere(call.tenant, kind, item)
    except StorageUnavailable:
        return None
    another = msg(
        "{named} is of another Xquik key than the one that is stored here now, which does not find it.",
        named=named,
    )
    unnoted = msg(
        "The Xquik key that is stored here now does not find {named}. With which key it was listed was not "
        "noted then, so it may be of another one.",
        named=named,
    )
    return NotFound(
        another if sure else unnoted,
        remedy=msg(
            "`{kind} list` shows what there is with this key. `setup key` stores another.", kind=kind.value
        ),
    )


_LISTS: Final = {
    Numbered.DRAW: msg("`draw list` shows the draws, the newest first, with their numbers."),
    Numbered.DRAFT: msg("`draft list` shows the drafts, the newest first, with their numbers."),
    Numbered.EXTRACTION: msg("`extract list` shows the extractions, the newest first, with their numbers."),
}


def not_here(kind: Numbered, given: str, detail: Message) -> NotFound:
    """Nothing here has that number. detail: that there is no such thing."""
    return NotFound(detail, remedy=hint_at_number(kind, given) or _LISTS[kind])


async def item_meant(call: CommandCall, kind: Numbered, given: str) -> str | None:
    """The id at Xquik that somebody means by `#3` or by the id itself; None for a number that nothing
    here has."""
    number = local_number(given)
    return given if number is None else await call.services.numbers.item(call.tenant, kind, number)
