"""Consent: what is asked before a command reads what X shows to one account alone, and who may answer it.

It is asked in any case, whatever the place lets be spent at once (`bot.core.commands.spending`), and answered
by who asked for it alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import msgspec

from bot.core.chat.answers import Audience
from bot.core.chat.cards import Field, Line
from bot.core.chat.invocation import Call, Invocation, Values
from bot.core.errors import DestinationTrouble, NotPermitted
from bot.core.messages.message import msg
from bot.core.ports import Responder

A = TypeVar("A")


class Consent(msgspec.Struct, frozen=True):
    """title, fields, note: of the question. about: what tells it from others, for instance whose account it
    is about: where that is not the same any more at the click, it is asked again. pinned: the options with
    which the command runs then, in place of those given, so that it does what was asked.
    """

    title: str
    fields: tuple[Field, ...]
    about: str
    note: Line = ()
    pinned: Values = msgspec.field(default_factory=dict)


AskConsent: TypeAlias = Callable[[Call[Any], A], Awaitable[Consent]]
"""What is asked before a run with these options. Raises what speaks against it already."""


def check_place(audience: Audience, responder: Responder) -> None:
    """DestinationTrouble where what stays with one person cannot be shown; nothing was read then."""
    if audience is Audience.CONFIDENTIAL and not responder.confidential:
        raise DestinationTrouble(
            msg("An answer that nobody else sees, and that is kept nowhere, cannot be given here."),
            remedy=msg("Type the command in a channel that the bot is in. Nothing was read."),
        )


def check_asker(audience: Audience, invocation: Invocation, asked_by: str) -> None:
    """NotPermitted where somebody else asked to see what stays with one person."""
    if audience is Audience.CONFIDENTIAL and invocation.actor.id != asked_by:
        raise NotPermitted(
            msg("Somebody else asked to read this, and it is shown to nobody but them."),
            remedy=msg("Run the command yourself."),
        )
