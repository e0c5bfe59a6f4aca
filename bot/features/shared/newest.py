"""What was shown or found in a place lately: the newest of it, by id, offered to who types from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec

from bot.core.afterwards import or_else
from bot.features.services import CommandCall
from bot.xquik.models import parse

T = TypeVar("T")
KEPT_SECONDS: Final = 30 * 86_400.0
MOST: Final = 200
_UNREAD: Final = "what was shown here cannot be read"  # no message: for the log


@dataclass(frozen=True)  # no slots: Python 3.11 could not make a Newest[str](…) then
class Newest(Generic[T]):
    """The newest `MOST` of one sort, a place's own. key: under which they are kept; each: the type of one."""

    key: str
    each: Any

    async def known(self, call: CommandCall) -> dict[str, T]:
        """By their ids, the newest last. Raises StorageUnavailable."""
        kept = await call.services.answers.get(call.tenant, self.key)
        if kept is None:
            return {}
        found: dict[str, T] = parse(dict[str, self.each], msgspec.json.decode(kept.body))  # type: ignore[name-defined]  # a type that is a value
        return found

    async def add(self, call: CommandCall, new: Mapping[str, T]) -> None:
        """Keep these as the newest, where that is possible: what is there and cannot be read stays."""
        known = await or_else(self.known(call), None, what=_UNREAD)
        if not new or known is None or all(known.get(one_id) == one for one_id, one in new.items()):
            return
        kept = {**{one_id: one for one_id, one in known.items() if one_id not in new}, **new}
        body = msgspec.json.encode(dict(list(kept.items())[-MOST:])).decode()
        await call.services.answers.put(call.tenant, self.key, body, lifetime=KEPT_SECONDS)
