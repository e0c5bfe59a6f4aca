"""Answers one interaction.

The person's own view of it is always private: "thinking…" that only they see, then the answer, or
the error. What the channel shall see is posted as a message of the bot, and the private part is
taken away again, so a failure leaves nothing in the channel.

A press is acknowledged without "thinking…", since only then can the pressed message, which may be
private itself, be replaced.

Discord takes no form after an acknowledgement. Where ours was slower than `first_answer` seconds
the interaction has been acknowledged by `hurry`, and the form is offered behind a button.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import Final

import discord

from adapters.discord import limits
from adapters.discord.answers import InteractionAnswers
from adapters.discord.errors import said_by_discord
from adapters.discord.forms import modal
from adapters.discord.interaction import Incoming
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.permissions import missing
from adapters.discord.render import render
from adapters.discord.rest import LOST
from bot.cards.errors import with_code
from bot.core.chat import whole
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Button, ButtonStyle, Card, Form, Priority, Text, Tone, line
from bot.core.chat.delivery_results import Busy, Delivered, DeliveryResult, Gone, Refused, Unknown
from bot.core.chat.ids import Destination, MessageRef
from bot.core.clocks import Clock
from bot.core.errors import AnswerLost
from bot.core.messages.message import Joined, Message, msg
from bot.i18n.readers import TOLD_ALONE, Readers
from bot.i18n.translator import Translator

_LOG = logging.getLogger(__name__)
# Seconds between two views of a command's progress; a webhook takes 5 requests in 2 s.
PROGRESS_EVERY: Final = 2.0
# Seconds before the end of the token at which it is no longer relied on.
_MARGIN: Final = 10.0


_TOO_LATE: Final = msg("Discord shows nothing to one person alone any more: the command took too long.")


class _First(Enum):
    """What the first answer was."""

    NONE = "none"
    THINKING = "thinking"  # the original message is ours, private and still empty
    UPDATE = "update"  # the original message is the pressed one
    DONE = "done"  # the original message is our private answer
    FORM = "form"


class DiscordResponder:
    """A `Responder` for one interaction. clock: monotonic seconds, from when it was received; readers: in
    whose language something is said.

    unhurried: what is done is harmless even if Discord does not take its answer, so that a quick one is the
    first answer itself, without "thinking…" before it.
    """

    form_inputs = limits.MODAL_COMPONENTS
    presses = True

    def __init__(
        self,
        incoming: Incoming,
        place: Destination,
        answers: InteractionAnswers,
        messenger: DiscordMessenger,
        clock: Clock,
        readers: Readers = TOLD_ALONE,
    ) -> None:
        self._readers = readers
        self._incoming = incoming
        self._place = place
        self._answers = answers
        self._messenger = messenger
        self._clock = clock
        self._received = clock()
        self.unhurried = False
        self._first = _First.NONE
        self._lock = asyncio.Lock()
        self._audience = Audience.PRIVATE
        self._follow_up: int | None = None
        self._progress_at = self._received - PROGRESS_EVERY

    @property
    def key(self) -> str:
        """The key of the message that answers this interaction in the channel: one for each."""
        return f"i{self._incoming.id}"

    async def ask(self, form: Form) -> None:
        """Open the form, or where the acknowledgement was faster, offer it behind a button."""
        async with self._lock:
            if self._first is _First.NONE:
                shown = (await self._reader()).form(form)
                with self._told(msg("Discord did not accept the form.")):
                    await self._answers.open_modal(modal(shown))
                self._first = _First.FORM
                return
        open_it = Button(msg("Open the form"), action=form.action, style=ButtonStyle.PRIMARY)
        words = Text(line(msg("That took a moment too long for Discord to show the form by itself.")))
        await self._tell_person(Reply(Card(form.title, (words,), Tone.INFO, (open_it,))))

    @property
    def confidential(self) -> bool:
        """While Discord takes a message that the person alone sees; a direct message would stay."""
        return self._usable()

    @property
    def _replaceable(self) -> bool:
        """Whether the pressed message can show the answer: what is confidential, where nobody else sees it
        and nothing keeps it."""
        if self._audience is not Audience.CONFIDENTIAL:
            return True
        return self._incoming.pressed_private and self._usable()

    async def acknowledge(self, audience: Audience) -> None:
        """Tell Discord that an answer will come, unless that is left to `hurry`. Who will see it is ours to
        remember."""
        self._audience = audience
        if self.unhurried:
            return
        with self._told(msg("Discord did not accept the acknowledgement. Nothing was done.")):
            await self.hurry()

    async def hurry(self) -> None:
        """Acknowledge, if nothing has been answered yet."""
        async with self._lock:
            if self._first is not _First.NONE:
                return
            if self._incoming.pressed is not None:
                await self._answers.defer_update()
                self._first = _First.UPDATE
            else:
                await self._answers.defer()
                self._first = _First.THINKING

    async def progress(self, card: Card) -> None:
        """Show how far it is, at most every `PROGRESS_EVERY` seconds."""
        now = self._clock()
        if now - self._progress_at < PROGRESS_EVERY or self._first is _First.NONE:
            return
        self._progress_at = now
        with contextlib.suppress(discord.DiscordException, *LOST):
            await self._private(Reply(card), thinking_on=True)

    async def answer(self, reply: Reply) -> MessageRef | None:
        """Give the answer where the command's audience is; see the module."""
        with self._told(msg("Discord did not accept the answer.")):
            return await self._answered(reply)

    async def _answered(self, reply: Reply) -> MessageRef | None:
        if reply.replace and self._incoming.pressed is not None and self._replaceable:
            return await self._replace(reply)
        if reply.in_place:
            await self._instead(reply)
            return None
        if self._audience is not Audience.CHANNEL:
            await self._tell_person(reply)
            return None
        result = await self._post(reply)
        if isinstance(result, Delivered):
            await self._clear()
            return MessageRef(self._place, result.message)
        await self._tell_person(_with_reason(reply, result))
        return None

    async def fail(self, card: Card) -> None:
        """Tell the person. Never raises: there is nobody left to tell."""
        self._audience = Audience.PRIVATE  # of what went wrong nothing is confidential
        with contextlib.suppress(AnswerLost), self._told(msg("Discord did not accept the error.")):
            await self._tell_person(Reply(card))

    @contextlib.contextmanager
    def _told(self, lost: Message) -> Iterator[None]:
        """AnswerLost in place of what Discord, or the way to it, did; one line says it. lost: what became of
        what was to be shown."""
        try:
            yield
        except Exception as error:
            said = said_by_discord(error)
            if said is None:
                raise
            _LOG.warning("interaction %s: %s (%s)", self._incoming.id, lost, said)
            raise AnswerLost(lost) from None

    async def _post(self, reply: Reply) -> DeliveryResult:
        rights = self._incoming.app_permissions
        reader = await self._readers.place(self._place.tenant)
        files = bool(render(reader.card(reply.card), reply.files).files)
        lacking = missing(rights, thread=self._incoming.in_thread, files=files)
        if lacking:
            # Known beforehand: Discord counts refused requests towards a ban.
            return Gone(
                msg("The bot lacks {permissions} here.", permissions=Joined(lacking)),
                msg("Someone who manages the channel can."),
            )
        return await self._messenger.post(self._place, reply.card, self.key, reply.files)

    async def _replace(self, reply: Reply) -> MessageRef | None:
        """Put the answer in place of the pressed message."""
        pressed = self._incoming.pressed or ""
        await self.hurry()
        if self._usable():
            everybody = not self._incoming.pressed_private
            reader = await (self._readers.place(self._place.tenant) if everybody else self._reader())
            card, files = reader.card(reply.card), reader.files(reply.files)
            async with self._lock:
                await self._answers.edit_original(card, render(card, files))
        elif self._incoming.pressed_private:
            raise AnswerLost(_TOO_LATE)  # as a message of the channel Discord does not know it
        else:
            await self._messenger.edit(MessageRef(self._place, pressed), reply.card)
        await self._clear()
        return None if self._incoming.pressed_private else MessageRef(self._place, pressed)

    async def _instead(self, reply: Reply) -> None:
        """In place of our own private answer, while Discord takes that."""
        if self._usable() and (self._first in (_First.THINKING, _First.DONE) or self._follow_up is not None):
            await self._private(reply)

    async def _tell_person(self, reply: Reply) -> None:
        """Privately: on the interaction while Discord takes it there, else by direct message."""
        why: Exception | None = None
        if self._usable():
            try:
                await self._private(reply)
                return
            except (discord.DiscordException, *LOST) as error:
                if said_by_discord(error) is None or self._audience is Audience.CONFIDENTIAL:
                    raise
                why = error
        if self._audience is Audience.CONFIDENTIAL:
            raise AnswerLost(_TOO_LATE)
        # Another key: Discord tells nonces of one author apart, but not by channel.
        key = f"d{self._incoming.id}"
        result = await self._messenger.tell(self._place.tenant, self._incoming.actor.id, reply.card, key)
        if why is not None and not isinstance(result, Delivered):
            raise why

    async def _private(self, reply: Reply, *, thinking_on: bool = False) -> None:
        reader = await self._reader()
        card = reader.card(reply.card)
        rendered = render(card, reader.files(reply.files))
        async with self._lock:
            match self._first:
                case _First.NONE:
                    await self._answers.message(card, rendered)
                    self._first = _First.DONE
                case _First.THINKING | _First.DONE:
                    await self._answers.edit_original(card, rendered)
                    self._first = _First.THINKING if thinking_on else _First.DONE
                case _First.UPDATE | _First.FORM:
                    if self._follow_up is None:
                        self._follow_up = await self._answers.follow_up(card, rendered)
                    else:
                        await self._answers.edit_follow_up(self._follow_up, card, rendered)

    async def _clear(self) -> None:
        """Take the private part away: the answer stands elsewhere. Not worth an error."""
        with contextlib.suppress(discord.DiscordException, *LOST):
            if self._first is _First.THINKING:
                await self._answers.delete_original()
            if self._follow_up is not None:
                await self._answers.delete_follow_up(self._follow_up)
                self._follow_up = None

    async def _reader(self) -> Translator:
        """For what the person alone sees."""
        return await self._readers.person(self._place.tenant, self._incoming.actor.id, self._incoming.locale)

    def _usable(self) -> bool:
        return self._clock() - self._received < limits.TOKEN_SECONDS - _MARGIN


def _with_reason(reply: Reply, result: DeliveryResult) -> Reply:
    """The answer for the person alone, with a word why it is not in the channel."""
    match result:
        case Gone(reason, remedy):
            why = line(reason, " ", *with_code(remedy))
        case Busy():
            why = line(msg("Discord is busy and did not accept it."))
        case Refused():
            why = line(msg("Discord did not accept it."))
        case Unknown():
            why = line(msg("Discord did not confirm it, so it may be in the channel as well."))
        case Delivered():
            return reply
    # A mark of priority alone would make any card one that is decided by.
    priority = Priority.ESSENTIAL if whole.names(reply.card) else Priority.ORDINARY
    private = msg("Only you see this; I could not post it here.")
    note = Text(line(private, " ", *why), subtle=True, priority=priority)
    return replace(reply, card=replace(reply.card, blocks=(*reply.card.blocks, note)))
