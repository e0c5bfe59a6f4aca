"""Lists and communities of X that were shown in a place: offered by name to who types from then on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from bot.core.chat.cards import Choice
from bot.core.text.shortening import shorten
from bot.features.services import CommandCall
from bot.features.shared.newest import Newest
from bot.features.shared.suggesting import Source, fitting, sees_inside
from bot.xquik.models import Community, XList

Thing: TypeAlias = XList | Community
LISTS: Final = Newest[str]("x-lists", str)
"""Names by links."""
COMMUNITIES: Final = Newest[str]("x-communities", str)
"""The same."""
_LABEL: Final = 80


async def remember(call: CommandCall, things: Newest[str], shown: Iterable[Thing]) -> None:
    """Keep their names, where that is possible. things: `LISTS` or `COMMUNITIES`."""
    await things.add(call, {one.url: shorten(one.title, _LABEL) or one.id for one in shown})


def seen(things: Newest[str]) -> Source:
    """Offers what was shown in this place, the newest first, to those who see the inside."""

    async def suggest(call: CommandCall, typed: str) -> tuple[Choice, ...]:
        if not await sees_inside(call):
            return ()
        known = await things.known(call)
        return fitting([Choice(name, url) for url, name in reversed(known.items())], typed)

    return suggest
