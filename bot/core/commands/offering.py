"""What the link of a tweet or an account alone offers, and the menu of a message that holds such a link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Block, Button, ButtonStyle, Card, Link, Text, Tone, line
from bot.core.chat.invocation import Invocation, Values
from bot.core.commands.admission import Admission
from bot.core.commands.asking import FORM_ACTION, RUN_ACTION, Asking
from bot.core.commands.declaring import Catalogue, Command
from bot.core.commands.offers import Offer
from bot.core.commands.outcomes import InvocationOutcome
from bot.core.errors import Expired, NotFound
from bot.core.messages.message import msg, nmsg
from bot.core.ports import Responder
from bot.core.x.references import TweetRef, Username

OfferCard = Callable[[TweetRef | Username, tuple[Offer, ...], tuple[Button, ...]], Card]
"""Draws what a link alone offers: what it is about, what can be done, and the buttons for it."""
RunOffered: TypeAlias = Callable[[Invocation, Command[Any], Values, Responder], Awaitable[InvocationOutcome]]
"""Runs a command with the values of its options."""
MOST_TWEETS: Final = 10
"""Tweets of one message that are offered for a choice: two rows of buttons."""
_LIKE_THIS: Final = "https://x.com/nasa/status/12345"


class Offering:
    """Makes the cards and runs what is chosen. present: what it is about, what is offered and the buttons for
    it → card."""

    def __init__(
        self, catalogue: Catalogue, admission: Admission, asking: Asking, present: OfferCard
    ) -> None:
        self._catalogue = catalogue
        self._admission = admission
        self._asking = asking
        self._present = present

    async def alone(
        self, invocation: Invocation, about: TweetRef | Username, responder: Responder
    ) -> InvocationOutcome:
        """Answer a line that is only a link or a name: a button for each command that the person may run.
        NotPermitted where they may run none."""
        standing = await self._admission.standing(invocation)
        known = [
            (one, self._catalogue.command(one.path)) for one in self._catalogue.offers.get(type(about), ())
        ]
        there = [(offer, command) for offer, command in known if command is not None]
        open_to = [(offer, command) for offer, command in there if standing.may(command.deed)]
        if there and not open_to:
            await self._admission.permit(invocation, there[0][1])
        text = about.url if isinstance(about, TweetRef) else about.handle
        buttons: list[Button] = []
        for offer, command in open_to:
            buttons.append(
                await self._button(invocation, offer, command, (text,), offer.label, first=not buttons)
            )
        card = self._present(about, tuple(offer for offer, _ in open_to), tuple(buttons))
        await responder.answer(Reply(card))
        return InvocationOutcome.OK

    async def on_message(
        self,
        invocation: Invocation,
        offer: Offer,
        posts: Sequence[TweetRef],
        responder: Responder,
        run: RunOffered,
    ) -> InvocationOutcome:
        """Run an entry of the menu of a message. posts: the tweets that the message links to; of several, one
        is asked for. NotPermitted before anything is said of the message; NotFound where there is none."""
        command = self._catalogue.command(offer.path)
        if command is None:
            raise Expired(msg("This belongs to an older version of the bot."))
        await self._admission.permit(invocation, command)
        if not posts:
            raise NotFound(
                msg("That message has no link to a tweet."),
                remedy=msg(
                    "Use it on a message with a link like {link}. Short ones, as of t.co, do not say where "
                    "they lead.",
                    link=_LIKE_THIS,
                ),
            )
        if len(posts) > 1:
            await responder.answer(Reply(await self._choice(invocation, offer, command, posts)))
            return InvocationOutcome.OK
        values = {offer.option: (posts[0].url,)}
        if offer.asks:
            await self._asking.command(invocation, command, values, responder)
            return InvocationOutcome.FORM
        return await run(invocation, command, values, responder)

    async def _choice(
        self, invocation: Invocation, offer: Offer, command: Command[Any], posts: Sequence[TweetRef]
    ) -> Card:
        """A button for each of the tweets, and one for all where the command takes all."""
        name = offer.label if offer.on_message is None else offer.on_message.name
        blocks: list[Block] = [Text(line(msg("That message links to several tweets. Which one is meant?")))]
        buttons: list[Button] = []
        for number, post in enumerate(posts[:MOST_TWEETS], 1):
            blocks.append(Text(line(f"{number}. ", Link(post.url, post.url))))
            label = f"{number} · @{post.username}" if post.username else str(number)
            buttons.append(await self._button(invocation, offer, command, (post.url,), label))
        if (left := len(posts) - MOST_TWEETS) > 0:
            more = nmsg("{n} more is not listed.", "{n} more are not listed.", n=left)
            blocks.append(Text(line(more), subtle=True))
        option = command.by_name[offer.option]
        if option.many and (option.le is None or len(posts) <= option.le):
            label = nmsg("All {n} tweet", "All {n} tweets", n=len(posts))
            urls = tuple(post.url for post in posts)
            buttons.append(await self._button(invocation, offer, command, urls, label, first=True))
        return Card(name, tuple(blocks), Tone.INFO, tuple(buttons))

    async def _button(
        self,
        invocation: Invocation,
        offer: Offer,
        command: Command[Any],
        given: tuple[str, ...],
        label: str,
        *,
        first: bool = False,
    ) -> Button:
        """Runs the command, or opens its form, with what is given. first: it is what most want."""
        action = FORM_ACTION if offer.asks else RUN_ACTION
        key = await self._asking.keep(invocation, command, {offer.option: given}, action)
        style = ButtonStyle.PRIMARY if first else ButtonStyle.SECONDARY
        return Button(label, action=ActionRef(action, key), style=style)
