"""What adapters are given to hand in what people do: `bot.core.commands.dispatch.Dispatcher`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import NONE_GIVEN, Invocation, Values
from bot.core.commands.declaring import Catalogue, Command
from bot.core.commands.offers import Offer
from bot.core.errors import BotError
from bot.core.ports import Responder
from bot.core.x.references import TweetRef


class Commands(Protocol):
    """Runs commands, presses buttons, completes values: `bot.core.commands.dispatch.Dispatcher`."""

    @property
    def catalogue(self) -> Catalogue:
        """Every command there is."""

    def admit(self, tenant: TenantId, person: str) -> BotError | None:
        """None when the person may go on; else what to tell them, and do nothing more. Asked once for
        each command, press and form, before anything of it is stored."""

    async def run(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
    ) -> object:
        """Run a command with the raw values of its options."""

    async def run_text(self, invocation: Invocation, text: str, responder: Responder) -> object:
        """Run one line in the text grammar, without the name of the bot's own command."""

    async def on_message(
        self, invocation: Invocation, offer: Offer, posts: Sequence[TweetRef], responder: Responder
    ) -> object:
        """Run an entry of the menu of a message. posts: the tweets that the message links to, of which one
        is asked for where there are several."""

    async def press(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None = None,
    ) -> object:
        """Press a button, or hand in a form when `values` is given."""

    async def open_to(self, invocation: Invocation) -> Catalogue:
        """The same with those commands alone that the person may run, for help."""

    async def suggest(
        self,
        invocation: Invocation,
        path: tuple[str, ...],
        option: str,
        typed: str,
        given: Values = NONE_GIVEN,
    ) -> tuple[Choice, ...]:
        """Values for an option that begin as typed; from memory or cache. given: what stands in the other
        options by now, where the platform tells: some depend on them."""
