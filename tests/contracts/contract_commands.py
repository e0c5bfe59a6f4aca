"""The commands of the contract: small ones that do what a test tells them, and note that they ran.

Everything that the dispatcher can bring an adapter to is here: a private and a public answer, a form
for what is missing, a permission that is not given, and buttons that answer, post and replace.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Audience, Reply
from bot.core.chat.cards import Block, Button, Card, Field, File, Form, Input, InputKind, Table, Text, line
from bot.core.chat.invocation import Call, Invocation
from bot.core.commands.consent import Consent
from bot.core.commands.cost import Cost
from bot.core.commands.declaring import Action, Catalogue, Command, Effect, Group, NoArgs, Option, Root
from bot.core.commands.listing import Listing, PageRows, page_of
from bot.core.commands.presets import FREE, SHOWN, Rights, listing_command

MORE = Root("more", "What is rarely needed")
KEPT = "try.kept"
HUSHED = "try.hushed"
LOUD = "try.loud"
WRITE = "try.write"
LIFETIME = 60.0  # seconds that a stored button lives


@dataclass(frozen=True, slots=True, kw_only=True)
class SayArgs:
    """Options of `try say`: the text is asked for in a form where it is missing."""

    text: Annotated[str, Option("What to say", main=True, max_length=2000, paragraph=True)]
    times: Annotated[int, Option("How often", ge=1, le=9)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListArgs:
    """Options of `try list`: what people write with quotes and commas."""

    text: Annotated[str, Option("Asked for in a form where it is missing", paragraph=True)]
    words: Annotated[tuple[str, ...], Option("Words or phrases")] = ()
    search: Annotated[str | None, Option("A search as on X", code="query")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsArgs:
    """Options of `try rows`, `try board` and `try secret`."""

    word: Annotated[str, Option("What each row says", main=True)] = "row"


@dataclass
class ContractCommands:
    """What the next command does; `ran` is which ran so far with what, in order; `invocation`: the last.
    doing: what it does besides. rows: how many there are to list; fetched: which pages were, by the row
    before each."""

    ran: list[tuple[str, Any]] = field(default_factory=list)
    card: Card = field(default_factory=lambda: Card("Done", (Text(line("It is done.")),)))
    files: tuple[File, ...] = ()
    replace: bool = False
    error: BaseException | None = None
    invocation: Invocation | None = None
    progress: tuple[Card, ...] = ()
    doing: Callable[[], Awaitable[None]] | None = None
    rows: int = 25
    fetched: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def names(self) -> list[str]:
        """Which commands ran."""
        return [name for name, _ in self.ran]

    def button(self, name: str, key: str = "k1", label: str = "Press") -> None:
        """The next answer carries a button."""
        self.card = Card("Pick", (Text(line("One button.")),), buttons=(Button(label, ActionRef(name, key)),))

    async def act(self, call: Call[Any], what: str, given: Any) -> Reply:
        """What every command and button runs."""
        self.ran.append((what, given))
        self.invocation = call.invocation
        for card in self.progress:
            await call.progress(card)
        await self.gate.wait()
        if self.doing is not None:
            await self.doing()
        if self.error is not None:
            raise self.error
        return Reply(self.card, self.files, self.replace)


def _listing(stage: ContractCommands) -> Listing[RowsArgs, str]:
    async def fetch(_call: Call[Any], args: RowsArgs, cursor: str, size: int) -> PageRows[str]:
        stage.fetched.append(json.loads(cursor)[0] if cursor else "")
        found = [f"{args.word} {number:02}" for number in range(1, stage.rows + 1)]
        return page_of(found, lambda one: (one,), cursor, size)

    async def draw(_call: Call[Any], _args: RowsArgs, rows: PageRows[str]) -> tuple[Block, ...]:
        return (Table(("Row",), tuple(((one,),) for one in rows.items)),)

    return Listing(
        title=lambda _args: "Rows",
        fetch=fetch,
        identity=lambda one: one,
        draw=draw,
        empty=lambda _args: line("There is no row."),
    )


async def _consent(_call: Call[Any], _args: RowsArgs) -> Consent:
    return Consent("Read it?", (Field("Who sees it", ("You alone",)),), "it")


def catalogue(stage: ContractCommands) -> Catalogue:
    """The commands over a stage."""

    def command(
        path: str,
        audience: Audience = Audience.PRIVATE,
        args: type[Any] = NoArgs,
        needs: Permission = Permission.USE,
    ) -> Command[Any]:
        async def run(call: Call[Any], given: Any) -> Answer:
            return await stage.act(call, path, given)

        words = tuple(path.split())
        return Command(words, f"Summary of {path}", args, run, Effect.READ, needs, audience, (path,))

    async def pressed(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        return await stage.act(call, "pressed", (dict(state), dict(values)))

    async def form(_call: Call[Any], key: str, _state: Mapping[str, Any]) -> Form:
        return Form("Write", ActionRef(WRITE, key), (Input("text", "Text", InputKind.PARAGRAPH),))

    commands = (
        command("try whisper"),
        command("try shout", Audience.CHANNEL),
        command("try say", args=SayArgs),
        command("try list", args=ListArgs),
        command("try spend", needs=Permission.SPEND),
        listing_command("try rows", _listing(stage), FREE, "Summary of try rows", "try rows"),
        listing_command(
            "try secret",
            replace(_listing(stage), cost=Cost(1)),
            Rights(Effect.SPEND, Permission.USE, Audience.CONFIDENTIAL),
            "Summary of try secret",
            "try secret",
            consent=_consent,
        ),
        listing_command("try board", _listing(stage), SHOWN, "Summary of try board", "try board"),
    )
    rare = (command("archive dig", args=SayArgs), command("archive bury", Audience.CHANNEL))
    return Catalogue(
        groups=(Group("try", "Tries", commands), Group("archive", "Rare things", rare, under=MORE)),
        actions=(
            Action(KEPT, pressed, Permission.USE),
            Action(HUSHED, pressed, Permission.USE, Audience.CONFIDENTIAL, stored=False),
            Action(LOUD, pressed, Permission.USE, Audience.CHANNEL, stored=False),
            Action(WRITE, pressed, Permission.USE, form=form, stored=False),
        ),
    )
