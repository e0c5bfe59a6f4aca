"""What a process does by its roles. `run` and `check` both ask here."""

from __future__ import annotations

from collections.abc import Set

from bot.setting_roles import ALL

__all__ = ["ALL", "does", "relays"]


def does(roles: Set[str], role: str) -> bool:
    """Whether a process with these roles has that one."""
    return ALL in roles or role in roles


def relays(roles: Set[str]) -> bool:
    """Whether such a process needs the lock of the one that relays."""
    return does(roles, "relay")
