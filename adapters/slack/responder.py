"""Answers one interaction in Slack.

Slack is acknowledged before any of this runs, with an empty answer that leaves nothing in the
channel. Private answers go through the response_url, else as an ephemeral message, else to the
person's direct messages; public ones are messages of the bot, which can be edited later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.asking import Opener
from adapters.slack.errors import note, outcome
from adapters.slack.forms import takes_files, view
from adapters.slack.inline import Json
from adapters.slack.interaction import SlackInteraction
from adapters.slack.render import overflow
from adapters.slack.response_urls import ResponseUrl
from adapters.slack.sending import QUIET, direct, manner, send, upload
from adapters.slack.tables import WorkspaceTables
from bot.cards.errors import with_code
from bot.core.chat import whole
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Bold, Card, File, Form, Line, Priority, Shape, Text, Tone, line
from bot.core.chat.delivery_results import Busy, Gone
from bot.core.chat.ids import Destination, MessageRef
from bot.core.clocks import Clock, Sleep
from bot.core.errors import AnswerLost
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.ports import Responder
from bot.core.tasks import cancelled
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator

T = TypeVar("T")
Reads: TypeAlias = Callable[[], Awaitable[tuple[Translator, Translator]]]
"""Finds the languages of what the person alone sees, and of what everybody sees."""

_log = logging.getLogger(__name__)
_WORKING = msg("Working on it…")
_ALONE = Bold(msg("Only you see this."))
# Notes on the way ("working…", progress) may not use up what the answer needs.
_KEPT_USES = 3
_NOTES = 2
_NOTE_EVERY = 20.0
_TRIES = 3
_LONGEST_WAIT = 30.0


class SlackResponder(Responder):
    """A `Responder`. Call `close` when the invocation is over."""

    form_inputs = limits.VIEW_BLOCKS - 1  # the note above them is a block too
    presses = True

    def __init__(
        self,
        interaction: SlackInteraction,
        client: AsyncWebClient,
        opener: Opener,
        url: ResponseUrl,
        *,
        clock: Clock,
        sleep: Sleep,
        tables: WorkspaceTables,
    ) -> None:
        """tables: of the workspace."""
        self._tables = tables
        self._interaction = interaction
        self._client = client
        self._opener = opener
        self._url = url
        self._clock = clock
        self._sleep = sleep
        self._audience = Audience.PRIVATE
        self._working: asyncio.Task[None] | None = None
        self._notes = 0
        self._noted_at = float("-inf")
        self._person = self._everybody = ENGLISH_TRANSLATOR
        self._reads: Reads | None = None

    @property
    def confidential(self) -> bool:
        """Where Slack tells a way to the person alone; a direct message would stay."""
        return self._url.left > 0 or bool(self._interaction.channel)

    async def listen(self, reads: Reads) -> None:
        """Find out in which languages something is said; again before the answer, which may be to have
        changed them."""
        self._reads = reads
        self._person, self._everybody = await reads()
        self._opener.speak(self._person.rules)

    async def ask(self, form: Form) -> None:
        """Open a form. Raises Expired when Slack's three seconds are over."""
        said = self._person.form(form)
        try:
            await self._opener.show(view(said, self._interaction))
        except SlackApiError:
            # Without `files:read` Slack takes no field for files; a form without it is better than none.
            if not takes_files(said):
                raise
            await self._opener.show(view(said, self._interaction, files=False))

    async def acknowledge(self, audience: Audience) -> None:
        """Slack knows already; the person is told if the answer takes long."""
        self._audience = audience
        await self._opener.settle()
        if self._opener.is_open:
            words = msg("The answer comes as a message. You can close this.")
            card = self._person.card(Card(_WORKING, (Text(line(words)),)))
            await self._opener.tell(card)
        self._working = asyncio.create_task(self._say_working())

    async def progress(self, card: Card) -> None:
        """Show how far it is: a private line now and then, since Slack limits how many fit."""
        if self._clock() - self._noted_at >= _NOTE_EVERY:
            await self._note(card)

    async def answer(self, reply: Reply) -> MessageRef | None:
        """Give the answer; see `bot.core.ports.Responder`."""
        await self._quiet()
        if self._reads is not None:
            await self.listen(self._reads)
        pressed = self._interaction.pressed is not None
        shown = self._shown(reply, everybody=pressed)
        replaced = (
            reply.replace
            and self._interaction.message is not None
            and (self._audience is not Audience.CONFIDENTIAL or self._interaction.ephemeral)
            and await self._replaced(shown.card)
        )
        if reply.in_place and not replaced:
            return None  # a further message would stand beside it
        if self._audience is Audience.CONFIDENTIAL:
            if not replaced:  # without files: those would last
                own = self._shown(reply, everybody=False) if pressed else shown
                await self._privately(own.card, lasting=False)
            return None
        await self._void(shown.renews, self._interaction.pressed)
        if replaced:
            ref = self._interaction.pressed
            # What can no longer be decided has its text in the file below its preview.
            files = _files(shown) if _decides(shown.card) else shown.files
            if files:
                await self._hand_over(files, ref)
            return ref
        if self._audience is Audience.CHANNEL:
            return await self._publicly(reply)
        own = self._shown(reply, everybody=False) if pressed else shown
        await self._privately(await self._with_files(own.card, _files(own)))
        return None

    async def fail(self, card: Card) -> None:
        """Tell the person alone: in the waiting form, or as a private message. Never raises."""
        await self._quiet()
        card = self._person.card(card)
        try:
            if not await self._opener.tell(card):
                await self._privately(card)
        except Exception as error:
            note(_log, logging.WARNING, "a failure could not be told", error)

    async def close(self) -> None:
        """End what waits in the background."""
        await self._quiet()
        await self._opener.settle()

    # --- public ------------------------------------------------------------------------------

    def _shown(self, reply: Reply, *, everybody: bool) -> Reply:
        """The answer in the language of who reads it; in direct messages that is the person."""
        reader = self._everybody if everybody and not self._interaction.alone else self._person
        renews = None if reply.renews is None else reader.card(reply.renews)
        return replace(reply, card=reader.card(reply.card), files=reader.files(reply.files), renews=renews)

    async def _publicly(self, original: Reply) -> MessageRef | None:
        place = self._interaction.place
        reply = self._shown(original, everybody=True)

        async def call(body: Json) -> MessageRef:
            posted = await self._client.chat_postMessage(
                channel=place.channel, thread_ts=place.thread, **manner(reply.card), **body
            )
            where = Destination(place.tenant, str(posted["channel"]), place.thread)
            return MessageRef(where, str(posted["ts"]))

        try:
            ref = await self._patiently(lambda: send(reply.card, call, self._tables))
        except Exception as error:
            noted = replace(original, card=_with_note(original.card, _why_private(error)))
            told = self._shown(noted, everybody=False)
            await self._privately(await self._with_files(told.card, _files(told)))
            return None
        if files := _files(reply):
            await self._hand_over(files, ref)
        return ref

    async def _void(self, old: Card | None, ref: MessageRef | None) -> None:
        """Say which files of a renewed preview count no more, since Slack keeps them: below the preview, or
        where the files of one that a person alone sees were sent."""
        names = tuple(file.name for file in overflow(old)) if old is not None else ()
        if not names:
            return
        words = msg(
            "The preview was changed. The old file above ({files}) will not be posted.",
            files=Joined(names, JoinedBy.COMMA),
        )
        reader = self._person if ref is None or self._interaction.alone else self._everybody
        card = reader.card(Card("", (Text(line(words)),), shape=Shape.BARE))

        async def call(body: Json) -> object:
            channel = ref.destination.channel if ref else await direct(self._client, self._interaction.user)
            return await self._client.chat_postMessage(
                channel=channel,
                thread_ts=(ref.destination.thread or ref.message) if ref else None,
                **manner(card),
                **body,
            )

        try:
            await self._patiently(lambda: send(card, call, self._tables))
        except Exception as error:
            note(_log, logging.WARNING, "old files could not be marked", error)
            await self._privately(card)

    async def _hand_over(self, files: Sequence[File], ref: MessageRef | None) -> None:
        """Files below the message they belong to; where that fails, to the person."""
        if ref is not None:
            thread = ref.destination.thread or ref.message
            try:
                await upload(self._client, ref.destination.channel, files, thread=thread)
                return
            except Exception as error:
                note(_log, logging.WARNING, "upload", error)
        await self._privately(await self._with_files(Card(msg("Your files")), files))

    # --- private -----------------------------------------------------------------------------

    async def _privately(self, card: Card, *, lasting: bool = True) -> None:
        """Show it to the person alone. lasting: their direct messages are a way too; AnswerLost where they
        are not, and no other is left."""
        card = self._person.card(card)  # with what was added to it on the way
        ways: list[tuple[str, Callable[[Json], Awaitable[object]]]] = []
        if self._url.left:
            ways.append(("response_url", self._url.post))
        if self._interaction.channel:
            ways.append(("ephemeral", self._ephemeral))
        if lasting:
            ways.append(("direct message", self._direct))  # no message: a log line
        for name, way in ways:
            try:
                await self._patiently(lambda way=way: send(card, way, self._tables, parsed=True))  # type: ignore[misc]
                return
            except Exception as error:
                note(_log, logging.INFO, name, error)
        _log.warning("an answer could not be given to the person")
        if not lasting:
            raise AnswerLost(msg("Slack did not accept an answer that only you would have seen."))

    async def _ephemeral(self, body: Json) -> None:
        await self._client.chat_postEphemeral(
            channel=self._interaction.channel,
            user=self._interaction.user,
            thread_ts=self._interaction.thread,
            parse="none",
            **body,
        )

    async def _direct(self, body: Json) -> None:
        channel = await direct(self._client, self._interaction.user)
        await self._client.chat_postMessage(channel=channel, mrkdwn=False, **QUIET, **body)

    async def _with_files(self, card: Card, files: Sequence[File]) -> Card:
        """Files that one person is to see go to their direct messages, and the card says so."""
        if not files:
            return card
        names = Joined(tuple(file.name for file in files), JoinedBy.COMMA)
        try:
            await upload(self._client, await direct(self._client, self._interaction.user), files)
        except Exception as error:
            note(_log, logging.WARNING, "upload", error)
            lost = Bold(msg("Slack did not accept the file:"))
            return _with_note(card, line(msg("{lost} {files}", lost=lost, files=names)))
        return _with_note(card, line(msg("{files}: sent to you in our direct messages.", files=names)))

    # --- in place ----------------------------------------------------------------------------

    async def _replaced(self, card: Card) -> bool:
        """Put the card in place of the pressed message; False when that cannot be done."""
        ways: list[Callable[[Json], Awaitable[object]]] = []
        if (ref := self._interaction.pressed) is not None:
            channel, ts = ref.destination.channel, ref.message
            ways.append(lambda body: self._client.chat_update(channel=channel, ts=ts, parse="none", **body))
        if self._url.left:
            ways.append(self._url.replace)
        for way in ways:
            try:
                await self._patiently(lambda way=way: send(card, way, self._tables, parsed=True))  # type: ignore[misc]
                return True
            except Exception as error:
                note(_log, logging.INFO, "replace", error)
        return False

    # --- on the way --------------------------------------------------------------------------

    async def _say_working(self) -> None:
        await self._sleep(limits.WORKING_AFTER)
        if self._notes == 0:
            await self._note(Card(_WORKING, tone=Tone.NEUTRAL))

    async def _note(self, card: Card) -> None:
        """One private line, if there is room for it. Never raises."""
        if self._notes >= _NOTES or self._url.left <= _KEPT_USES:
            return
        self._notes += 1
        self._noted_at = self._clock()
        try:
            await send(self._person.card(card), self._url.post, self._tables, parsed=True)
        except Exception as error:
            note(_log, logging.INFO, "note", error)

    async def _quiet(self) -> None:
        """No "working on it" after the answer."""
        task, self._working = self._working, None
        if task is None:
            return
        if self._notes:
            await cancelled([task])  # it may be about to be said
        else:
            task.cancel()  # it only waits, and ends without a word

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Again while Slack says that it did not take it and asks for a short wait."""
        for _ in range(_TRIES - 1):
            try:
                return await call()
            except Exception as error:
                match outcome(error):
                    case Busy(seconds, _) if seconds <= _LONGEST_WAIT:
                        await self._sleep(seconds)
                    case _:
                        raise
        return await call()


def _files(reply: Reply) -> tuple[File, ...]:
    """The files of an answer, after what a message does not hold of it."""
    return (*overflow(reply.card), *reply.files)


def _decides(card: Card) -> bool:
    """Whether something is decided with the card: it has a button that acts."""
    return any(button.action is not None and not button.disabled for button in card.buttons)


def _with_note(card: Card, words: Line) -> Card:
    priority = Priority.ESSENTIAL if whole.names(card) else Priority.ORDINARY
    return replace(card, blocks=(Text(words, priority=priority), *card.blocks))


def _why_private(error: BaseException) -> Line:
    """Why only the person sees what was meant for the channel, and how to mend it."""
    match outcome(error):
        case Gone(reason, remedy):
            return line(_ALONE, " ", reason, " ", *with_code(remedy))
        case _:
            return line(_ALONE, " ", msg("Slack did not confirm that the answer was posted in the channel."))
