"""(g) For information: what the bot adds to a command, and what parsing and drawing cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from timeit import timeit
from typing import Annotated, Any

from adapters.discord.render import render
from adapters.slack.render import blocks
from benchmarks.databases import Databases, on_each
from benchmarks.figures import Figure
from benchmarks.opened import open_app
from benchmarks.options import Options
from benchmarks.relay_parts import TENANT
from benchmarks.seeding import NOW, TWEET
from bot.app.wiring import App
from bot.cards.errors import error_card
from bot.cards.events.events import event_card
from bot.cards.help import help_card
from bot.core.access import Actor, Permission
from bot.core.chat.answers import Answer, Audience, Reply
from bot.core.chat.cards import Card, Form, Text, line
from bot.core.chat.ids import Destination, MessageRef
from bot.core.chat.invocation import Call, Invocation
from bot.core.commands.declaring import Catalogue, Command, Effect, Group, Option
from bot.core.commands.dispatch import Dispatcher, InvocationOutcome
from bot.core.commands.grammar import parse
from bot.core.routes.events import Event
from bot.features.catalogue import PROPOSAL_KINDS, declared
from bot.features.help.cards.offers import offer_card
from bot.observability.logs import configure
from bot.observability.observers import InvocationLog
from bot.proposals.cards import ProposalCards
from bot.proposals.opening import PendingProposals
from bot.storage.secrets.vault import new_key

_LINE = "draw run https://x.com/xquik/status/1893456789012345678 winners:3 must_follow:@xquik"


@dataclass(frozen=True, slots=True, kw_only=True)
class _NoOpArgs:
    text: Annotated[str, Option("Anything", main=True)]


class _Silent:
    """A responder that shows nothing."""

    form_inputs = 5
    presses = True
    confidential = True

    async def ask(self, form: Form) -> None:
        """Nothing."""

    async def acknowledge(self, audience: Audience) -> None:
        """Nothing."""

    async def progress(self, card: Card) -> None:
        """Nothing."""

    async def answer(self, reply: Reply) -> MessageRef | None:
        """Nothing."""
        return None

    async def fail(self, card: Card) -> None:
        """Nothing."""


def run(options: Options) -> list[Figure]:
    """Commands a second through the dispatcher, and microseconds of its pure parts."""
    configure("warning")
    figures = on_each(options.databases, partial(_measured, options.scale.calls))
    return [*figures, *_parts(options.scale.calls)]


def _measured(calls: int, databases: Databases) -> list[Figure]:
    notes = ("one after another: binding, grants and key from the database, a log line, figures",)
    per_second = asyncio.run(_commands(databases.new(), calls))
    return [Figure("commands through the dispatcher", per_second, "/s", notes=notes)]


def _parts(calls: int) -> list[Figure]:
    event = Event(1, TENANT, "tweet.new", "nasa", None, NOW, NOW, TWEET, "e:1")
    card = event_card(event)
    return [
        _micro("parsing a line of three options", lambda: parse(declared(), _LINE), calls),
        _micro("an event's card", lambda: event_card(event), calls),
        _micro("that card for Discord", lambda: render(card), calls),
        _micro("that card for Slack", lambda: blocks(card), calls),
    ]


async def _commands(url: str, calls: int) -> float:
    app = await open_app(url)
    await app.keys.put(TENANT, new_key())
    dispatcher = noop(app)
    invocation = Invocation("bench", Actor("U1", "Ann"), Destination(TENANT, "C1"), NOW)
    rates = []
    for _ in range(3):
        started = time.perf_counter()
        for _ in range(calls):
            outcome = await dispatcher.run_text(invocation, "bench noop hello", _Silent())
            if outcome is not InvocationOutcome.OK:
                raise RuntimeError(f"the command ended as {outcome}")
        rates.append(calls / (time.perf_counter() - started))
    await app.close()
    return median(rates)


def noop(app: App) -> Dispatcher:
    """A dispatcher with one command, which does nothing, over what the bot has."""
    command = Command(
        ("bench", "noop"),
        "Nothing",
        _NoOpArgs,
        _no_op,
        Effect.READ,
        Permission.USE,
        Audience.PRIVATE,
        ("bench noop hello",),
    )
    return Dispatcher(
        Catalogue((Group("bench", "For measuring", (command,)),)),
        app.services,
        access=app.services.grants,
        keys=app.keys,
        states=app.states,
        proposals=PendingProposals(app.services.proposals, ProposalCards(PROPOSAL_KINDS), app.executor),
        observer=InvocationLog(app.figures),
        present_error=error_card,
        help_card=help_card,
        offer_card=offer_card,
        clock=time.monotonic,
    )


async def _no_op(_call: Call[Any], args: _NoOpArgs) -> Answer:
    return Reply(Card("Done", (Text(line(args.text)),)))


def _micro(name: str, work: Callable[[], object], calls: int) -> Figure:
    work()
    return Figure(name, min(timeit(work, number=calls) for _ in range(5)) / calls * 1e6, "µs")
