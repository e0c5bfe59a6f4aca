"""Takes up each occasion once: claims it, finds out who it is, runs the command, gives the answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.asking import Opener
from adapters.slack.clients import SlackClients
from adapters.slack.errors import note
from adapters.slack.inline import Json
from adapters.slack.interaction import SlackInteraction
from adapters.slack.notation import WorkspaceNames, unescaped, values_seen
from adapters.slack.offered import OptionQuery
from adapters.slack.people import SlackPeople
from adapters.slack.ports import Random
from adapters.slack.render import blocks
from adapters.slack.responder import SlackResponder
from adapters.slack.response_urls import ResponseUrl
from adapters.slack.sending import send
from adapters.slack.sole_token import NotInstalled, NotServed
from adapters.slack.tokens import Tokens
from bot.cards.errors import error_card
from bot.cards.help import help_card
from bot.core.chat.cards import Button, Card, Choice
from bot.core.chat.invocation import Invocation
from bot.core.clocks import Clock, Sleep
from bot.core.commands.declaring import Catalogue
from bot.core.commands.entry import Commands
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import BotError, NotConfigured, StorageUnavailable, UsageError
from bot.core.ports import Claims, Responder
from bot.core.tasks import TaskSet

Job = Callable[[Invocation, Responder], Awaitable[object]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dependencies:
    """What the desk works with. clock: epoch seconds; random: that many bytes."""

    clients: SlackClients
    tokens: Tokens
    people: SlackPeople
    names: WorkspaceNames
    claims: Claims
    work: TaskSet
    clock: Clock
    sleep: Sleep
    random: Random
    prefix: str


class InteractionHandler:
    """Where occasions are taken up."""

    def __init__(self, commands: Commands, means: Dependencies) -> None:
        self.commands = commands
        self._means = means

    @property
    def catalogue(self) -> Catalogue:
        """Every command there is."""
        return self.commands.catalogue

    def now(self) -> float:
        """Epoch seconds."""
        return self._means.clock()

    def error_card(self, error: BotError, buttons: tuple[Button, ...] = ()) -> Card:
        """What happened and what to do next."""
        return error_card(error, buttons)

    def take(self, occasion: SlackInteraction, *, claim: str, asks: bool, job: Job) -> None:
        """Run a job for an occasion, unless its id was claimed before. asks: a form is likely."""
        self._means.work.start(self._taken(occasion, claim, job, asks=asks))

    async def line(self, invocation: Invocation, text: str, responder: Responder) -> object:
        """Run the text of a slash command, which Slack wrote in its own notation."""
        try:
            parsed = parse(self.catalogue, text)
        except UsageError:
            parsed = None
        if not isinstance(parsed, Parsed):  # help, or an error: the core says it in its own words
            return await self.commands.run_text(invocation, unescaped(text), responder)
        values = await values_seen(parsed.command, parsed.values, self._means.names, invocation.tenant)
        return await self.commands.run(invocation, parsed.command, values, responder)

    async def offered(
        self, occasion: SlackInteraction, asked: OptionQuery, typed: str, given: Mapping[str, str]
    ) -> tuple[Choice, ...]:
        """What is known for an option, in the time that Slack waits; nothing rather than late. given: what
        stands in the other fields of the form."""
        try:
            async with asyncio.timeout(limits.SUGGEST_SECONDS):
                token = await self._means.tokens.of(occasion)
                client = self._means.clients.client(
                    token.token, team=occasion.team if token.org_wide else None
                )
                invocation = await self._invocation(client, occasion)
                values = {name: (text,) for name, text in given.items() if text}
                name = asked.parameter.name
                return await self.commands.suggest(invocation, asked.path, name, typed, values)
        except Exception as error:
            note(_log, logging.INFO, "nothing was suggested", error)
            return ()

    def open_view(self, occasion: SlackInteraction, view: Json, *, claim: str) -> None:
        """Open a view of our own."""

        async def opened(client: AsyncWebClient) -> None:
            means = self._means
            until = occasion.issued_at + limits.TRIGGER_SECONDS
            opener = Opener(client, occasion.trigger, until=until, clock=means.clock, sleep=means.sleep)
            await opener.show(view)

        self._means.work.start(self._once(occasion, claim, opened))

    def show_home(self, occasion: SlackInteraction, *, claim: str) -> None:
        """Draw the home tab: what the bot can do for the person."""

        async def published(client: AsyncWebClient) -> None:
            allowed = await self.commands.open_to(await self._invocation(client, occasion))
            card = help_card(allowed, None, prefix=self._means.prefix)
            home = {"type": "home", "blocks": blocks(card, most=limits.VIEW_BLOCKS)}
            await client.views_publish(user_id=occasion.user, view=home)

        self._means.work.start(self._once(occasion, claim, published))

    async def _taken(self, occasion: SlackInteraction, claim: str, job: Job, *, asks: bool) -> None:
        means = self._means
        client = await self._client(occasion)
        if client is None:
            return
        until = occasion.issued_at + limits.TRIGGER_SECONDS
        opener = Opener(client, occasion.trigger, until=until, clock=means.clock, sleep=means.sleep)
        url = ResponseUrl(means.clients, occasion, means.clock)
        responder = SlackResponder(occasion, client, opener, url, clock=means.clock, sleep=means.sleep)
        try:
            if refused := self.commands.admit(occasion.tenant, occasion.user):
                await responder.fail(error_card(refused))
                return
            if not await self._first(claim):
                return
            if asks:
                opener.expect()
            await job(await self._invocation(client, occasion), responder)
        except Exception as error:
            note(_log, logging.WARNING, "an occasion could not be handled", error)
            await responder.fail(error_card(StorageUnavailable("The bot could not handle that.")))
        finally:
            await responder.close()

    async def _once(
        self, occasion: SlackInteraction, claim: str, act: Callable[[AsyncWebClient], Awaitable[None]]
    ) -> None:
        client = await self._client(occasion)
        # Somebody who only opens our page too often needs no word about it.
        if client is None or self.commands.admit(occasion.tenant, occasion.user):
            return
        try:
            if await self._first(claim):
                await act(client)
        except BotError as error:
            await self._tell(client, occasion, error)
        except Exception as error:
            note(_log, logging.WARNING, "a view could not be shown", error)

    async def _tell(self, client: AsyncWebClient, occasion: SlackInteraction, error: BotError) -> None:
        """Say to a person what was to be seen and is not."""
        means = self._means
        until = occasion.issued_at
        opener = Opener(client, "", until=until, clock=means.clock, sleep=means.sleep)
        url = ResponseUrl(means.clients, occasion, means.clock)
        responder = SlackResponder(occasion, client, opener, url, clock=means.clock, sleep=means.sleep)
        await responder.fail(error_card(error))

    async def _first(self, claim: str) -> bool:
        """Whether this id is seen for the first time. What comes without one cannot come twice."""
        return not claim or await self._means.claims.claim("slack.interaction", claim)

    async def _client(self, occasion: SlackInteraction) -> AsyncWebClient | None:
        try:
            token = await self._means.tokens.of(occasion)
        except NotServed:
            _log.warning(
                "a payload came from %s, which is not the workspace of slack.bot_token", occasion.team
            )
            await self._say_without_token(
                occasion,
                NotConfigured(
                    "This bot serves another workspace.",
                    remedy="Whoever runs it can let more workspaces install it, in HTTP mode.",
                ),
            )
            return None
        except NotInstalled:
            _log.warning("a payload came from a workspace without an installation")
            await self._say_without_token(
                occasion,
                NotConfigured(
                    "The app is not installed in this workspace.",
                    remedy="Someone who manages the workspace can install it; earlier settings are kept.",
                ),
            )
            return None
        except Exception as error:
            note(_log, logging.WARNING, "the token of a workspace could not be read", error)
            await self._say_without_token(occasion, StorageUnavailable("The bot could not handle that."))
            return None
        return self._means.clients.client(token.token, team=occasion.team if token.org_wide else None)

    async def _invocation(self, client: AsyncWebClient, occasion: SlackInteraction) -> Invocation:
        person = await self._means.people.person(client, occasion)
        return Invocation(
            id=self._means.random(8).hex(),
            actor=person.actor,
            place=occasion.place,
            received_at=self.now(),
            locale=person.locale,
            message=occasion.pressed,
            zone=person.zone,
            alone=occasion.alone,
        )

    async def _say_without_token(self, occasion: SlackInteraction, error: BotError) -> None:
        """A response_url needs no token: the one way to tell somebody."""
        url = ResponseUrl(self._means.clients, occasion, self._means.clock)
        if not url.left:
            return
        try:
            await send(error_card(error), url.post)
        except Exception as failed:
            note(_log, logging.INFO, "response_url", failed)
