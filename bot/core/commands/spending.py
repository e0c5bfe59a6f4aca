"""The spending question: asks before a command spends more credits than its place wants spent at once, and
before it reads what stays with one person (`bot.core.commands.consent`), whatever that costs.

Only what spends without a Confirm of its own: a command that proposes something asks in any case. What was
asked is stored, so the answer may come after a restart; it is given once. Who confirms needs what the command
needs, at that moment. The estimate comes from the options alone; where it is higher at the click than what
was shown, it is asked again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Call, Invocation, Values
from bot.core.clocks import Clock
from bot.core.commands.budgets import Meter
from bot.core.commands.consent import Consent, check_asker
from bot.core.commands.cost import LEAST_ASK_ABOVE, credit_words
from bot.core.commands.declaring import Catalogue, Command
from bot.core.errors import Expired, OutOfCredits
from bot.core.messages.message import msg
from bot.core.ports import ButtonStates, Spending

SPEND: Final = "spend.confirm"
DECLINE: Final = "spend.cancel"
LIFETIME: Final = 15 * 60.0
"""Seconds for which it can be confirmed, as previews."""


class SpendingQuestion(msgspec.Struct, frozen=True):
    """What is asked. values: the options as they were given; credits: the estimate; above: what the place
    lets be spent at once; expires_at: epoch seconds; grown: it was confirmed for fewer credits. consent: what
    is asked besides, of what stays with one person; changed: it was confirmed about something else."""

    command: Command[Any]
    values: Values
    credits: int
    above: int
    requester: str
    expires_at: float
    confirm: ActionRef
    cancel: ActionRef
    grown: bool
    consent: Consent | None = None
    changed: bool = False


DrawSpending: TypeAlias = Callable[[SpendingQuestion], Card]
"""The question with its buttons."""
DrawDeclined: TypeAlias = Callable[[str], Card]
"""What stands in its place once somebody, by name, decided against it."""


Covers: TypeAlias = Callable[[TenantId, int], Awaitable[bool]]
"""Whether the credits of a place are enough for so many; True where nobody says."""


class SpendingCards(msgspec.Struct, frozen=True):
    """Draws what is asked, and what became of it."""

    question: DrawSpending
    declined: DrawDeclined


class Agreed(msgspec.Struct, frozen=True):
    """What was confirmed. from_form: the values came from a form; by: the id of who asked; about: as of
    `Consent`."""

    command: Command[Any]
    values: Values
    credits: int
    from_form: bool
    ref: ActionRef
    by: str
    about: str = ""


class SpendingGate:
    """See the module. covers: asked once more when it is confirmed. clock: epoch seconds. meter: counts what
    is spent; None: nothing does."""

    def __init__(
        self,
        catalogue: Catalogue,
        spending: Spending,
        states: ButtonStates,
        cards: SpendingCards,
        covers: Covers,
        clock: Clock,
        meter: Meter | None = None,
    ) -> None:
        self.meter = meter
        self._catalogue = catalogue
        self._spending = spending
        self._states = states
        self._cards = cards
        self.covers = covers
        self._clock = clock

    async def question(
        self,
        call: Call[Any],
        command: Command[Any],
        args: Any,
        values: Values,
        *,
        from_form: bool,
        agreed: Agreed | None,
    ) -> Card | None:
        """What has to be asked before this runs; None where it may run at once. agreed: the confirmation that
        it runs by."""
        estimate, invocation = command.credits(args), call.invocation
        consent = None if command.consent is None else await command.consent(call, args)
        if consent is None and estimate <= LEAST_ASK_ABOVE:
            return None  # nowhere is that asked about, so nothing is looked up for it
        above = await self._spending.threshold(invocation.tenant)
        grown = estimate > (above if agreed is None else max(above, agreed.credits))
        about = "" if consent is None else consent.about
        unasked = consent is not None and (agreed is None or agreed.about != about)
        if not grown and not unasked:
            return None
        asked = values if consent is None else {**values, **consent.pinned}
        key = await self._keep(invocation, command, asked, estimate, about, from_form=from_form)
        return self._cards.question(
            SpendingQuestion(
                command,
                values,
                estimate,
                above,
                invocation.actor.display_name,
                self._clock() + LIFETIME,
                ActionRef(SPEND, key),
                ActionRef(DECLINE, key),
                grown=agreed is not None and grown,
                consent=consent,
                changed=agreed is not None and unasked,
            )
        )

    async def agreed(self, invocation: Invocation, ref: ActionRef) -> Agreed:
        """What a pressed Confirm is about, still to be taken; Expired once it was, NotPermitted where
        somebody else alone is asked."""
        state = await self._states.recall(invocation.tenant, SPEND, ref.key)
        command = self._catalogue.command(tuple(state["path"])) if state else None
        if state is None or command is None:
            raise _over()
        values = {name: tuple(given) for name, given in state["values"].items()}
        by, about = str(state["by"]), str(state.get("about", ""))
        check_asker(command.audience, invocation, by)
        return Agreed(command, values, int(state["credits"]), bool(state["from_form"]), ref, by, about)

    async def afford(self, invocation: Invocation, agreed: Agreed) -> None:
        """OutOfCredits where the credits are fewer than what was confirmed: it would end half-way. The
        question stays, to be confirmed when there are more."""
        if agreed.credits and not await self.covers(invocation.tenant, agreed.credits):
            raise OutOfCredits(
                msg(
                    "That may cost {credits}, and the Xquik credits do not cover it. Nothing was spent.",
                    credits=credit_words(agreed.credits),
                ),
                remedy=msg("Top up and press Confirm again, or ask for less."),
            )

    async def take(self, invocation: Invocation, agreed: Agreed) -> None:
        """Use a confirmation up: of two clicks one gets it, the other is Expired."""
        if await self._states.consume(invocation.tenant, SPEND, agreed.ref.key) is None:
            raise _over()

    def declined(self, invocation: Invocation) -> Card:
        """What stands in the place of a question that somebody decided against."""
        return self._cards.declined(invocation.actor.display_name)

    async def _keep(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        credits: int,
        about: str,
        *,
        from_form: bool,
    ) -> str:
        state: Mapping[str, Any] = {
            "path": list(command.path),
            "values": {name: list(given) for name, given in values.items()},
            "credits": credits,
            "from_form": from_form,
            "by": invocation.actor.id,
            "about": about,
        }
        return await self._states.keep(
            invocation.tenant, SPEND, state, lifetime=LIFETIME, person=invocation.actor.id
        )


def _over() -> Expired:
    return Expired(
        msg("This was decided already, or nobody confirmed it within 15 minutes."),
        remedy=msg("Run the command again if you still want it."),
    )
