"""A command in one declaration: the handler, and the rights that commands of its sort have.

    SHOW = command("user show", show, SPENDING, "Show a profile", "user show @nasa", cost=LOOKUP)

The options are those of the handler's own annotation, so they cannot be another command's.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from bot.core.access import Permission
from bot.core.chat.answers import Audience
from bot.core.commands.consent import AskConsent
from bot.core.commands.cost import FREE_OF_CHARGE, Cost
from bot.core.commands.declaring import Command, Effect, EstimateCost, MoreOptions, OptionKind, RunCommand
from bot.core.commands.listing import Listing
from bot.core.messages.message import Message


class Rights(msgspec.Struct, frozen=True):
    """What a command can change at the most, who may run it, who sees the answer, and whether the place has
    to have an Xquik key."""

    effect: Effect
    needs: Permission
    audience: Audience
    needs_key: bool = True


LOCAL: Final = Rights(Effect.READ, Permission.USE, Audience.PRIVATE, needs_key=False)
"""Reads what the bot itself knows; for everybody, seen by who asked."""
FREE: Final = Rights(Effect.READ, Permission.USE, Audience.PRIVATE)
"""Asks Xquik for what costs nothing; for everybody, seen by who asked."""
SHOWN: Final = Rights(Effect.READ, Permission.USE, Audience.CHANNEL)
"""The same, seen by the channel."""
INSIDE_LOCAL: Final = Rights(Effect.READ, Permission.VIEW, Audience.PRIVATE, needs_key=False)
"""Reads of the team's inside what the bot itself knows."""
INSIDE: Final = Rights(Effect.READ, Permission.VIEW, Audience.PRIVATE)
"""Asks Xquik for the team's inside."""
SPENDING: Final = Rights(Effect.SPEND, Permission.SPEND, Audience.CHANNEL)
"""Costs credits, seen by the channel."""
SPENDING_INSIDE: Final = Rights(Effect.SPEND, Permission.SPEND | Permission.VIEW, Audience.PRIVATE)
"""Costs credits and shows the team's inside."""
CONFIDENTIAL: Final = Rights(Effect.SPEND, Permission.SPEND | Permission.PRIVATE, Audience.CONFIDENTIAL)
"""Costs credits and shows what X shows to a connected account alone: after a Confirm, and kept nowhere."""
WRITING: Final = Rights(Effect.PUBLISH, Permission.PUBLISH, Audience.CHANNEL)
"""Proposes what changes X, seen by the channel."""
WRITING_PRIVATELY: Final = Rights(
    Effect.PUBLISH, Permission.PUBLISH | Permission.PRIVATE, Audience.CONFIDENTIAL
)
"""Proposes a write that concerns one other person: preview and outcome are for who asked alone."""
SETTING: Final = Rights(Effect.SETTINGS, Permission.MANAGE, Audience.PRIVATE, needs_key=False)
"""Changes what the bot itself knows."""
SETTING_AT_XQUIK: Final = Rights(Effect.SETTINGS, Permission.MANAGE, Audience.PRIVATE)
"""Changes what Xquik keeps for the place."""

A = TypeVar("A")


def command(
    words: str,
    run: RunCommand[A],
    rights: Rights,
    summary: str,
    *examples: str,
    form_first: bool = False,
    more: MoreOptions[A] | None = None,
    one_of: tuple[str, ...] = (),
    cost: Cost = FREE_OF_CHARGE,
    estimate: EstimateCost[A] | None = None,
    operations: tuple[str, ...] = (),
    notes: tuple[Message, ...] = (),
    looks: tuple[str, ...] | None = None,
) -> Command[A]:
    """A command. words: as it is typed. What comes by name only: as of `Command`.

    ValueError without an example, and for a cost that does not fit the rights. TypeError for a handler whose
    options are not annotated.
    """
    if not examples:
        raise ValueError(f"`{words}` has no example")
    if wrong := _wrong_cost(rights.effect, cost, estimated=estimate is not None):
        raise ValueError(f"`{words}` {wrong}")

    return Command(
        path=tuple(words.split()),
        summary=summary,
        args=_options_of(words, run),
        run=run,
        effect=rights.effect,
        needs=rights.needs,
        audience=rights.audience,
        examples=examples,
        needs_key=rights.needs_key,
        form_first=form_first,
        more=more,
        one_of=one_of,
        cost=cost,
        estimate=estimate,
        operations=operations,
        notes=notes,
        looks=looks,
    )


def _wrong_cost(effect: Effect, cost: Cost, *, estimated: bool) -> str:
    """What speaks against a cost, "" for nothing."""
    if effect in (Effect.SPEND, Effect.PUBLISH) and cost.free:
        return "costs credits and does not say how many"  # no message: for who declares it
    if effect is Effect.READ and not cost.free:
        return "is declared to cost nothing and has a cost"  # no message: for who declares it
    if effect in (Effect.PUBLISH, Effect.SETTINGS) and not (cost.free or cost.confirmed):
        return "spends credits on what nobody confirmed"  # no message: for who declares it
    if cost.each and not cost.confirmed and not estimated:
        return "costs so much for each of something and has no estimate"  # no message: for who declares it
    return ""


def listing_command(
    words: str,
    listing: Listing[A, Any],
    rights: Rights,
    summary: str,
    *examples: str,
    one_of: tuple[str, ...] = (),
    operations: tuple[str, ...] = (),
    consent: AskConsent[A] | None = None,
) -> Command[A]:
    """A command that shows a list page by page; its options are those that `listing.fetch` takes, its cost is
    that of a page.

    As `command`; ValueError for an option that is a secret too, since a page remembers what it was made of.
    """
    if not examples:
        raise ValueError(f"`{words}` has no example")
    if wrong := _wrong_cost(rights.effect, listing.cost, estimated=True):
        raise ValueError(f"`{words}` {wrong}")
    made: Command[A] = Command(
        path=tuple(words.split()),
        summary=summary,
        args=_options_of(words, listing.fetch),
        run=None,
        effect=rights.effect,
        needs=rights.needs,
        audience=rights.audience,
        examples=examples,
        needs_key=rights.needs_key,
        one_of=one_of,
        cost=listing.cost,
        estimate=None if listing.cost.free else lambda args: listing.page_price(args, listing.size),
        listing=listing,
        operations=operations,
        consent=consent,
    )
    if any(one.kind is OptionKind.SECRET for one in made.parameters):
        raise ValueError(f"`{words}` lists by a secret")
    return made


def _options_of(words: str, handler: object) -> Any:
    """The type that a handler says its options have."""
    hints: Mapping[str, Any] = typing.get_type_hints(handler)
    args = next((hints[name] for name in ("args", "_args") if name in hints), None)
    if args is None:
        raise TypeError(f"the handler of `{words}` does not say which options it takes")
    return args
