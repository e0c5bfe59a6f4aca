"""Accounts on X as a command about several names them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.x.references import Username


def once(users: Iterable[Username]) -> tuple[str, ...]:
    """Each account once, in the order and the spelling in which they were named first."""
    found: dict[str, str] = {}
    for one in users:
        found.setdefault(str(one).casefold(), str(one))
    return tuple(found.values())
