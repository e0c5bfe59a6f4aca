"""What is offered for a line that is only the link of a tweet, or only an account: buttons to commands."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.access import allows
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Card
from bot.core.chat.invocation import Invocation
from bot.core.commands.admission import Admission
from bot.core.commands.asking import FORM_ACTION, RUN_ACTION, Asking
from bot.core.commands.declaring import Catalogue
from bot.core.commands.offers import Offer
from bot.core.x.references import TweetRef, Username

OfferCard = Callable[[TweetRef | Username, tuple[Offer, ...], tuple[Button, ...]], Card]
"""Draws what a link alone offers: what it is about, what can be done, and the buttons for it."""


class Offering:
    """Makes the card. present: what it is about, what is offered and the buttons for it → card."""

    def __init__(
        self, catalogue: Catalogue, admission: Admission, asking: Asking, present: OfferCard
    ) -> None:
        self._catalogue = catalogue
        self._admission = admission
        self._asking = asking
        self._present = present

    async def card(self, invocation: Invocation, about: TweetRef | Username) -> Card:
        """A button for each command that the person may run. NotPermitted where they may run none."""
        held = await self._admission.held(invocation)
        known = [
            (one, self._catalogue.command(one.path)) for one in self._catalogue.offers.get(type(about), ())
        ]
        there = [(offer, command) for offer, command in known if command is not None]
        open_to = [(offer, command) for offer, command in there if allows(held, command.needs)]
        if there and not open_to:
            await self._admission.permit(invocation, there[0][1].needs)
        text = about.url if isinstance(about, TweetRef) else about.handle
        buttons: list[Button] = []
        for offer, command in open_to:
            action = FORM_ACTION if offer.asks else RUN_ACTION
            key = await self._asking.keep(invocation, command, {offer.option: (text,)}, action)
            style = ButtonStyle.SECONDARY if buttons else ButtonStyle.PRIMARY
            buttons.append(Button(offer.label, action=ActionRef(action, key), style=style))
        return self._present(about, tuple(offer for offer, _ in open_to), tuple(buttons))
