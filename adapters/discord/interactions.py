"""What people do in Discord, brought to the core: slash commands, menu entries, presses, forms.

Every interaction is claimed durably before it runs, since a gateway delivers one again after it
resumes. While the claim, the policy and the form's state are read and written, a watch acknowledges
the interaction for a command that is late (`first_answer` seconds; Discord waits 3).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import discord

from adapters.discord.answers import InteractionAnswers
from adapters.discord.completion import completions
from adapters.discord.errors import said_by_discord
from adapters.discord.forms import submitted
from adapters.discord.interaction import Incoming, read
from adapters.discord.menu import offer_named, tweets_in
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.notation import ServerNames, values_seen
from adapters.discord.pickers import picked
from adapters.discord.render import render
from adapters.discord.responder import DiscordResponder
from adapters.discord.rest import LOST, Rest
from adapters.discord.values import typed
from bot.cards.errors import with_code
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card, Text, Tone, line
from bot.core.chat.ids import Destination
from bot.core.chat.invocation import Invocation, Values
from bot.core.clocks import Clock, Monotonic
from bot.core.commands.declaring import Command
from bot.core.commands.entry import Commands
from bot.core.errors import BotError, said_of_outage
from bot.core.messages.message import msg
from bot.core.ports import Remember
from bot.core.stores import Claims
from bot.core.tasks import TaskSet
from bot.i18n.readers import TOLD_ALONE, Readers
from bot.i18n.translator import translator

_LOG = logging.getLogger(__name__)
CLAIM_SCOPE: Final = "discord.interaction"
_MESSAGE_MENU: Final = 3
# Seconds for the last words of a command that is stopped with the process.
_LAST_WORDS: Final = 2.0


class Interactions:
    """Runs interactions, each in the task that discord.py made for it.

    clock: epoch seconds; monotonic: seconds; first_answer: see the module.
    """

    def __init__(
        self,
        commands: Commands,
        claims: Claims,
        rest: Rest,
        messenger: DiscordMessenger,
        names: ServerNames,
        *,
        clock: Clock,
        monotonic: Monotonic,
        first_answer: float,
        remember: Remember,
        readers: Readers = TOLD_ALONE,
    ) -> None:
        self._readers = readers
        self._commands = commands
        self._claims = claims
        self._rest = rest
        self._messenger = messenger
        self._names = names
        self._clock = clock
        self._monotonic = monotonic
        self._first_answer = first_answer
        self._remember = remember
        self._running = TaskSet()
        self._stopping = False

    async def handle(self, interaction: discord.Interaction[Any]) -> None:
        """Answer one interaction. Never raises."""
        self._remember(interaction.token, passing=True)
        with self._running.joined():
            try:
                await self._handle(read(interaction))
            except Exception as error:
                # The dispatcher turns errors into cards; what arrives here is an answer that Discord
                # did not take, or a defect of ours.
                said = said_by_discord(error) or said_of_outage(error)
                if said is None:
                    _LOG.exception("an interaction could not be answered", extra={"id": interaction.id})
                else:
                    _LOG.warning("interaction %s could not be answered: %s", interaction.id, said)

    async def close(self, grace: float) -> None:
        """Take nothing more, wait `grace` seconds for what is running, then cancel it."""
        self._stopping = True
        await self._running.close(grace)

    async def _handle(self, incoming: Incoming) -> None:
        answers = InteractionAnswers(self._rest, incoming)
        if incoming.kind is discord.InteractionType.autocomplete:
            await self._complete(incoming, answers)
            return
        said = translator(incoming.locale)
        if incoming.place is None:
            await _say(answers, said.card(_IN_A_SERVER))
            return
        if self._stopping:
            await _say(answers, said.card(_RESTARTING))
            return
        if refused := self._commands.admit(incoming.place.tenant, incoming.actor.id):
            await _say(answers, said.card(_refusal(refused)))
            return
        responder = DiscordResponder(
            incoming, incoming.place, answers, self._messenger, self._monotonic, self._readers
        )
        # A timer, not a task: hardly any command is that late.
        late: list[asyncio.Task[None]] = []
        watch = asyncio.get_running_loop().call_later(
            self._first_answer, lambda: late.append(asyncio.create_task(self._hurry(responder)))
        )
        try:
            await self._run(incoming, incoming.place, responder)
        except asyncio.CancelledError:
            await self._give_up(responder)
            raise
        finally:
            watch.cancel()
            for task in late:
                task.cancel()

    async def _run(self, incoming: Incoming, place: Destination, responder: DiscordResponder) -> None:
        work, harmless = self._work(incoming, place, responder)
        try:
            first = await self._claims.claim(CLAIM_SCOPE, str(incoming.id), durably=not harmless)
        except BotError as error:
            await responder.fail(_refusal(error))
            return
        if first:
            responder.unhurried = harmless
            await self._readers.told(place.tenant, incoming.server_locale)
            await (responder.fail(_UNKNOWN) if work is None else work())

    def _work(
        self, incoming: Incoming, place: Destination, responder: DiscordResponder
    ) -> tuple[Callable[[], Awaitable[object]] | None, bool]:
        """What is to be done, None when nothing of ours is meant; and whether doing it twice is harmless."""
        invocation = incoming.invocation(place, self._clock())
        data = incoming.data
        if incoming.kind is discord.InteractionType.application_command:
            if data.get("type") == _MESSAGE_MENU:
                return self._menu(incoming, place, responder), False
            asked = typed(data)
            command = self._commands.catalogue.command(asked.path)
            # An option that is no more says something else than the command without it.
            if command is None or not asked.values.keys() <= {p.name for p in command.parameters}:
                return None, True
            return (
                lambda: self._command(invocation, command, asked.values, data, responder),
                command.harmless,
            )
        ref = ActionRef.parse(str(data.get("custom_id", "")))
        if ref is None:
            return None, True
        sent = incoming.kind is discord.InteractionType.modal_submit
        values = submitted(data) if sent else picked(data)
        return lambda: self._commands.press(invocation, ref, responder, values), False

    async def _command(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        data: Mapping[str, Any],
        responder: DiscordResponder,
    ) -> object:
        resolved = data.get("resolved") or {}
        seen = await values_seen(command, values, resolved, self._names, invocation.tenant)
        return await self._commands.run(invocation, command, seen, responder)

    def _menu(
        self, incoming: Incoming, place: Destination, responder: DiscordResponder
    ) -> Callable[[], Awaitable[object]] | None:
        """A context-menu entry: the command it stands for, with the link in the chosen message."""
        offer = offer_named(self._commands.catalogue, str(incoming.data.get("name")))
        if offer is None:
            return None
        invocation = incoming.invocation(place, self._clock())
        posts = tweets_in(incoming.data)
        return lambda: self._commands.on_message(invocation, offer, posts, responder)

    async def _complete(self, incoming: Incoming, answers: InteractionAnswers) -> None:
        choices: list[dict[str, str]] = []
        if incoming.place is not None and not self._stopping:
            invocation = incoming.invocation(incoming.place, self._clock())
            reader = await self._readers.person(invocation.tenant, incoming.actor.id, incoming.locale)
            choices = await completions(self._commands, invocation, typed(incoming.data), reader)
        # The person may have typed on, and Discord forgotten the question.
        try:
            await answers.choices(choices)
        except (discord.DiscordException, *LOST):
            _LOG.debug("suggestions came too late", extra={"id": incoming.id})

    async def _hurry(self, responder: DiscordResponder) -> None:
        try:
            await responder.hurry()
        except (discord.DiscordException, *LOST) as error:
            _LOG.warning("an interaction could not be acknowledged: %s", said_by_discord(error) or error)

    async def _give_up(self, responder: DiscordResponder) -> None:
        """The process stops while a command runs: its person is told, if that goes quickly."""
        try:
            async with asyncio.timeout(_LAST_WORDS):
                await responder.fail(_INTERRUPTED)
        except TimeoutError:
            _LOG.warning("a command was stopped without a word")


async def _say(answers: InteractionAnswers, card: Card) -> None:
    await answers.message(card, render(card))


def _refusal(error: BotError) -> Card:
    return Card(error.title, (Text(line(error.detail)), Text(with_code(error.remedy))), Tone.DANGER)


_IN_A_SERVER: Final = Card(
    msg("Please use this in a server"),
    (
        Text(
            line(
                msg(
                    "Keys, routes and permissions belong to a server, so I can do nothing in private "
                    "messages."
                )
            )
        ),
    ),
    Tone.INFO,
)
_RESTARTING: Final = Card(
    msg("The bot is restarting"), (Text(line(msg("Nothing was done. Try again in a minute."))),), Tone.INFO
)
_INTERRUPTED: Final = Card(
    msg("The bot was restarted"),
    (
        Text(line(msg("The command was stopped before it ended. Run it again."))),
        Text(line(msg("What was confirmed before goes on after the restart.")), subtle=True),
    ),
    Tone.WARNING,
)
_UNKNOWN: Final = Card(
    msg("This belongs to an older version of the bot"),
    (Text(line(msg("Reload Discord to see the current commands, or run the command again."))),),
)
