"""Lists and communities of X that were shown in a place: offered by name to who types from then on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

from bot.core.afterwards import or_else
from bot.core.chat.cards import Choice
from bot.core.text.shortening import shorten
from bot.features.services import CommandCall
from bot.features.shared.suggesting import Source, fitting, sees_inside
from bot.xquik.models import Community, XList

Thing: TypeAlias = XList | Community
KEPT_SECONDS: Final = 30 * 86_400.0
LISTS: Final = "x-lists"
COMMUNITIES: Final = "x-communities"
_MOST: Final = 200
_LABEL: Final = 80
_UNREAD: Final = "what was shown here cannot be read"  # no message: for the log


async def remember(call: CommandCall, key: str, shown: Iterable[Thing]) -> None:
    """Keep their names, where that is possible. key: `LISTS` or `COMMUNITIES`."""
    new = {one.url: shorten(one.title, _LABEL) or one.id for one in shown}
    known = await or_else(_known(call, key), None, what=_UNREAD)
    if not new or known is None or all(known.get(url) == name for url, name in new.items()):
        return
    kept = {**{url: name for url, name in known.items() if url not in new}, **new}
    body = msgspec.json.encode(dict(list(kept.items())[-_MOST:])).decode()
    await call.services.answers.put(call.tenant, key, body, lifetime=KEPT_SECONDS)


async def _known(call: CommandCall, key: str) -> dict[str, str]:
    """Names by links, the newest last."""
    kept = await call.services.answers.get(call.tenant, key)
    return {} if kept is None else msgspec.json.decode(kept.body, type=dict[str, str])


def seen(key: str) -> Source:
    """Offers what was shown in this place, the newest first, to those who see the inside."""

    async def suggest(call: CommandCall, typed: str) -> tuple[Choice, ...]:
        if not await sees_inside(call):
            return ()
        known = await _known(call, key)
        return fitting([Choice(name, url) for url, name in reversed(known.items())], typed)

    return suggest
