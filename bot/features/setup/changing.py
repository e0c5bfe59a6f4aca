"""Settings that one command shows, sets and takes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.core.errors import UsageError
from bot.features.services import CommandCall

T = TypeVar("T")


async def set_or_taken_back(
    call: CommandCall,
    value: T | None,
    *,
    off: bool,
    put: Callable[[T], Awaitable[object]],
    remove: Callable[[], Awaitable[object]],
    both: UsageError,
) -> bool:
    """Do what the options ask for; False where they only ask to see it. both: raised where a value and `off`
    are given."""
    if value is not None and off:
        raise both
    if value is not None:
        await call.services.tenants.ensure(call.tenant)
        await put(value)
    elif off:
        await remove()
    return off or value is not None
