"""Takes up each interaction once: claims it, finds out who it is, runs the command, gives the answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.asking import Opener, TypedLine
from adapters.slack.clients import SlackClients
from adapters.slack.errors import note
from adapters.slack.files import SlackFiles
from adapters.slack.inline import Json
from adapters.slack.interaction import SlackInteraction
from adapters.slack.notation import WorkspaceNames, unescaped, values_seen
from adapters.slack.offered import OptionQuery
from adapters.slack.people import SlackPeople
from adapters.slack.render import blocks
from adapters.slack.responder import SlackResponder
from adapters.slack.response_urls import ResponseUrl
from adapters.slack.sending import send
from adapters.slack.sole_token import NotInstalled, NotServed
from adapters.slack.tables import NO_TABLES, TakenTables
from adapters.slack.tokens import Tokens
from bot.cards.errors import error_card
from bot.cards.help import help_card
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Card, Choice
from bot.core.chat.invocation import Invocation
from bot.core.clocks import Clock, RandomBytes, Sleep
from bot.core.commands.declaring import Catalogue
from bot.core.commands.entry import Commands
from bot.core.errors import BotError, NotConfigured, StorageUnavailable
from bot.core.messages.message import msg
from bot.core.messages.speaking import speaking
from bot.core.ports import Responder
from bot.core.stores import Claims
from bot.core.tasks import TaskSet
from bot.i18n.readers import TOLD_ALONE, Readers
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator

Job = Callable[[Invocation, Responder], Awaitable[object]]
"""What an interaction asks for, with where to answer it."""
_log = logging.getLogger(__name__)
_UNHANDLED = msg("The bot could not handle that.")


@dataclass(frozen=True)
class Dependencies:
    """What the handler works with. clock: epoch seconds; random: that many bytes; readers: in whose language
    something is said."""

    clients: SlackClients
    tokens: Tokens
    people: SlackPeople
    names: WorkspaceNames
    claims: Claims
    work: TaskSet
    clock: Clock
    sleep: Sleep
    random: RandomBytes
    prefix: str
    tables: TakenTables
    files: SlackFiles
    readers: Readers = TOLD_ALONE


class InteractionHandler:
    """Where interactions are taken up."""

    def __init__(self, commands: Commands, dependencies: Dependencies) -> None:
        self.commands = commands
        self._dependencies = dependencies

    @property
    def catalogue(self) -> Catalogue:
        """Every command there is."""
        return self.commands.catalogue

    def now(self) -> float:
        """Epoch seconds."""
        return self._dependencies.clock()

    def error_card(self, error: BotError, buttons: tuple[Button, ...] = ()) -> Card:
        """What happened and what to do next."""
        return error_card(error, buttons)

    def take(
        self, interaction: SlackInteraction, *, claim: str, asks: bool, job: Job, harmless: bool = False
    ) -> None:
        """Run a job for an interaction, unless its id was claimed before. asks: a form is likely; harmless:
        so it would be to run it twice."""
        self._dependencies.work.start(self._taken(interaction, claim, job, asks=asks, harmless=harmless))

    async def line(self, invocation: Invocation, line: TypedLine, responder: Responder) -> object:
        """Run the text of a slash command, which Slack wrote in its own notation."""
        parsed = line.parsed
        if parsed is None:
            return await self.commands.run_text(invocation, unescaped(line.text), responder)
        values = await values_seen(parsed.command, parsed.values, self._dependencies.names, invocation.tenant)
        return await self.commands.run(invocation, parsed.command, values, responder)

    async def form(
        self,
        invocation: Invocation,
        interaction: SlackInteraction,
        action: ActionRef,
        responder: Responder,
        values: Mapping[str, str],
        attached: Mapping[str, Sequence[Json]],
    ) -> object:
        """Hand in a form, once what was attached to it is here."""
        try:
            if any(attached.values()):
                token = await self._dependencies.tokens.of(interaction)
                values = {
                    **values,
                    **await self._dependencies.files.values(invocation, attached, token.token),
                }
        except BotError as error:
            await responder.fail(error_card(error))
            return None
        return await self.commands.press(invocation, action, responder, values)

    async def offered(
        self, interaction: SlackInteraction, asked: OptionQuery, typed: str, given: Mapping[str, str]
    ) -> tuple[Choice, ...]:
        """What is known for an option, in the time that Slack waits; nothing rather than late. given: what
        stands in the other fields of the form."""
        try:
            async with asyncio.timeout(limits.SUGGEST_SECONDS):
                invocation = await self._invocation(await self._asking(interaction), interaction)
                values = {name: (text,) for name, text in given.items() if text}
                name = asked.parameter.name
                reader = await self._reader(invocation)
                with speaking(reader.rules):  # what is typed is compared with it
                    found = await self.commands.suggest(invocation, asked.path, name, typed, values)
                return reader.choices(found)
        except Exception as error:
            note(_log, logging.INFO, "nothing was suggested", error)
            return ()

    async def speaker(self, interaction: SlackInteraction) -> Translator:
        """For what the person alone sees, in the time that Slack waits for options; English if late."""
        try:
            async with asyncio.timeout(limits.SUGGEST_SECONDS):
                return await self._soon(await self._asking(interaction), interaction)
        except Exception as error:
            note(_log, logging.INFO, "the language of a person", error)
            return ENGLISH_TRANSLATOR

    def open_view(self, interaction: SlackInteraction, view: Callable[[], Json], *, claim: str) -> None:
        """Open a view of our own. view: makes it, in the language that is being spoken."""

        async def opened(client: AsyncWebClient) -> None:
            dependencies = self._dependencies
            until = interaction.issued_at + limits.TRIGGER_SECONDS
            opener = Opener(
                client, interaction.trigger, until=until, clock=dependencies.clock, sleep=dependencies.sleep
            )
            with speaking((await self._soon(client, interaction)).rules):
                made = view()
            await opener.show(made)

        self._dependencies.work.start(self._once(interaction, claim, opened))

    def show_home(self, interaction: SlackInteraction, *, claim: str) -> None:
        """Draw the home tab: what the bot can do for the person."""

        async def published(client: AsyncWebClient) -> None:
            invocation = await self._invocation(client, interaction)
            allowed = await self.commands.open_to(invocation)
            help_on_all = help_card(allowed, None, prefix=self._dependencies.prefix)
            card = (await self._reader(invocation)).card(help_on_all)
            home = {"type": "home", "blocks": blocks(card, most=limits.VIEW_BLOCKS)}
            await client.views_publish(user_id=interaction.user, view=home)

        self._dependencies.work.start(self._once(interaction, claim, published))

    async def _taken(
        self, interaction: SlackInteraction, claim: str, job: Job, *, asks: bool, harmless: bool
    ) -> None:
        dependencies = self._dependencies
        client = await self._client(interaction)
        if client is None:
            return
        until = interaction.issued_at + limits.TRIGGER_SECONDS
        opener = Opener(
            client, interaction.trigger, until=until, clock=dependencies.clock, sleep=dependencies.sleep
        )
        url = ResponseUrl(dependencies.clients, interaction, dependencies.clock)
        responder = SlackResponder(
            interaction, client, opener, url, clock=dependencies.clock, sleep=dependencies.sleep,
            tables=dependencies.tables.of(interaction.team),
        )  # fmt: skip
        try:
            if refused := self.commands.admit(interaction.tenant, interaction.user):
                await responder.fail(error_card(refused))
                return
            if not await self._first(claim, durably=not harmless):
                return
            if asks:
                opener.expect()
            invocation = await self._invocation(client, interaction)
            await responder.listen(partial(self._speakers, invocation))
            await job(invocation, responder)
        except Exception as error:
            note(_log, logging.WARNING, "an interaction could not be handled", error)
            await responder.fail(error_card(StorageUnavailable(_UNHANDLED)))
        finally:
            await responder.close()

    async def _once(
        self, interaction: SlackInteraction, claim: str, act: Callable[[AsyncWebClient], Awaitable[None]]
    ) -> None:
        client = await self._client(interaction)
        # Somebody who only opens our page too often needs no word about it.
        if client is None or self.commands.admit(interaction.tenant, interaction.user):
            return
        try:
            if await self._first(claim):
                await act(client)
        except BotError as error:
            await self._tell(client, interaction, error)
        except Exception as error:
            note(_log, logging.WARNING, "a view could not be shown", error)

    async def _tell(self, client: AsyncWebClient, interaction: SlackInteraction, error: BotError) -> None:
        """Say to a person what was to be seen and is not."""
        dependencies = self._dependencies
        until = interaction.issued_at
        opener = Opener(client, "", until=until, clock=dependencies.clock, sleep=dependencies.sleep)
        url = ResponseUrl(dependencies.clients, interaction, dependencies.clock)
        responder = SlackResponder(
            interaction, client, opener, url, clock=dependencies.clock, sleep=dependencies.sleep,
            tables=dependencies.tables.of(interaction.team),
        )  # fmt: skip
        await responder.fail(error_card(error))

    async def _first(self, claim: str, *, durably: bool = True) -> bool:
        """Whether this id is seen for the first time. What comes without one cannot come twice."""
        return not claim or await self._dependencies.claims.claim("slack.interaction", claim, durably=durably)

    async def _client(self, interaction: SlackInteraction) -> AsyncWebClient | None:
        try:
            token = await self._dependencies.tokens.of(interaction)
        except NotServed:
            _log.warning(
                "a payload came from %s, which is not the workspace of slack.bot_token", interaction.team
            )
            await self._say_without_token(
                interaction,
                NotConfigured(
                    msg("This bot serves another workspace."),
                    remedy=msg("Whoever runs it can let more workspaces install it, in HTTP mode."),
                ),
            )
            return None
        except NotInstalled:
            _log.warning("a payload came from a workspace without an installation")
            await self._say_without_token(
                interaction,
                NotConfigured(
                    msg("The app is not installed in this workspace."),
                    remedy=msg(
                        "Someone who manages the workspace can install it; earlier settings are kept."
                    ),
                ),
            )
            return None
        except Exception as error:
            note(_log, logging.WARNING, "the token of a workspace could not be read", error)
            await self._say_without_token(interaction, StorageUnavailable(_UNHANDLED))
            return None
        return self._dependencies.clients.client(
            token.token, team=interaction.team if token.org_wide else None
        )

    async def _invocation(self, client: AsyncWebClient, interaction: SlackInteraction) -> Invocation:
        person = await self._dependencies.people.person(client, interaction)
        return Invocation(
            id=self._dependencies.random(8).hex(),
            actor=person.actor,
            place=interaction.place,
            received_at=self.now(),
            locale=person.locale,
            message=interaction.pressed,
            zone=person.zone,
            alone=interaction.alone,
        )

    async def _asking(self, interaction: SlackInteraction) -> AsyncWebClient:
        """For what nobody is told of when it fails. The errors of `Tokens.of`."""
        token = await self._dependencies.tokens.of(interaction)
        team = interaction.team if token.org_wide else None
        return self._dependencies.clients.client(token.token, team=team)

    async def _reader(self, invocation: Invocation) -> Translator:
        """For what the person alone sees."""
        readers = self._dependencies.readers
        return await readers.person(invocation.tenant, invocation.actor.id, invocation.locale)

    async def _soon(self, client: AsyncWebClient, interaction: SlackInteraction) -> Translator:
        """The same for what must be there before the trigger ends: English where Slack does not say at once
        who it is."""
        try:
            async with asyncio.timeout(limits.LOADING_AFTER):
                return await self._reader(await self._invocation(client, interaction))
        except Exception as error:
            note(_log, logging.INFO, "the language of a person", error)
            return ENGLISH_TRANSLATOR

    async def _speakers(self, invocation: Invocation) -> tuple[Translator, Translator]:
        """For what the person alone sees, and for what everybody sees."""
        readers = self._dependencies.readers
        return await readers.both(invocation.tenant, invocation.actor.id, invocation.locale)

    async def _say_without_token(self, interaction: SlackInteraction, error: BotError) -> None:
        """A response_url needs no token: the one way to tell somebody."""
        url = ResponseUrl(self._dependencies.clients, interaction, self._dependencies.clock)
        if not url.left:
            return
        try:
            await send(ENGLISH_TRANSLATOR.card(error_card(error)), url.post, NO_TABLES)
        except Exception as failed:
            note(_log, logging.INFO, "response_url", failed)
