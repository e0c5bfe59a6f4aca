"""A feature: everything that one group of commands brings into the bot, in one value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from bot.core.chat.cards import Choice
from bot.core.chat.invocation import Call
from bot.core.commands.declaring import Action, Group
from bot.core.commands.menus import Menu
from bot.proposals.kinds import ProposalKind

Suggest: TypeAlias = Callable[[Call[Any], str], Awaitable[tuple[Choice, ...]]]
"""Values for an option, given what was typed of it."""
OfferMenu: TypeAlias = Callable[[Call[Any]], Awaitable[Menu]]
"""What a form offers for an option."""


class Feature(msgspec.Struct, frozen=True):
    """What `bot.features.catalogue` puts together. groups: with their commands. actions: what buttons do.
    suggestions, menus: by the name that options give. kinds: of what its commands propose."""

    groups: tuple[Group, ...] = ()
    actions: tuple[Action, ...] = ()
    suggestions: Mapping[str, Suggest] = msgspec.field(default_factory=dict)
    menus: Mapping[str, OfferMenu] = msgspec.field(default_factory=dict)
    kinds: tuple[ProposalKind, ...] = ()
