"""The roles that a message notifies: the only mentions of a card that ever ping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from adapters.discord import limits
from adapters.discord.inline import is_id
from bot.core.chat.cards import Card


def pinging(card: Card, guild: str) -> Card:
    """The card with those pings alone that are ids of roles. guild: id of the server, which is also
    the id of its role @everyone; nobody pings that one."""
    roles = dict.fromkeys(role for role in card.pings if is_id(role) and role != guild)
    kept = tuple(roles)[: limits.PINGS]
    return card if kept == card.pings else replace(card, pings=kept)


def role_mentions(roles: Iterable[str]) -> str:
    """The roles as a line of mentions."""
    known = list(dict.fromkeys(role for role in roles if is_id(role)))
    return " ".join(f"<@&{role}>" for role in known[: limits.PINGS])


def allowed(roles: Sequence[str] = ()) -> dict[str, Any]:
    """The `allowed_mentions` of a message that notifies these roles, and nobody else."""
    return {"parse": [], "roles": list(roles)} if roles else {"parse": []}
