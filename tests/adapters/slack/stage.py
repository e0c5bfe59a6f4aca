"""Small commands that do what a test tells them, and note what they were given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import SecretStr

from bot.core.access import Permission
from bot.core.actions import ActionRef
from bot.core.answers import Answer, Audience, Reply
from bot.core.cards import Button, Card, File, Form, Input, InputKind, Text, line
from bot.core.commands import Action, Catalogue, ChannelRef, Command, Effect, Group, NoArgs, Option
from bot.core.invocation import Call
from bot.core.references import TweetRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SayArgs:
    text: Annotated[str, Option("What to say", main=True, max_length=5000, paragraph=True)]
    times: Annotated[int, Option("How often", ge=1, le=9)] = 1
    loud: Annotated[bool, Option("Louder")] = False
    mood: Annotated[Literal["calm", "glad"], Option("How")] = "calm"
    where: Annotated[ChannelRef | None, Option("Where")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyArgs:
    key: Annotated[SecretStr, Option("The key")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TweetArgs:
    tweet: Annotated[TweetRef, Option("The tweet", main=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyArgs:
    tweet: Annotated[TweetRef, Option("The tweet", main=True)]
    text: Annotated[str, Option("The reply", paragraph=True)]


@dataclass
class Stage:
    """seen: (command, its arguments) in order. The rest says what the next command does."""

    seen: list[tuple[str, Any]] = field(default_factory=list)
    calls: list[Call[Any]] = field(default_factory=list)
    card: Card = field(default_factory=lambda: Card("Done", (Text(line("It is done.")),)))
    files: tuple[File, ...] = ()
    replace: bool = False
    error: BaseException | None = None
    progress: tuple[Card, ...] = ()
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def button(self, label: str = "Again", name: str = "thing.again", key: str = "k1") -> None:
        """The next card carries a button."""
        self.card = Card("Pick", (Text(line("One button")),), buttons=(Button(label, ActionRef(name, key)),))

    async def act(self, call: Call[Any], what: str, args: Any) -> Reply:
        self.seen.append((what, args))
        self.calls.append(call)
        for card in self.progress:
            await call.progress(card)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Reply(self.card, self.files, self.replace)


def catalogue(stage: Stage) -> Catalogue:
    """One of every kind of command."""

    def command(
        path: str,
        args: type[Any] = NoArgs,
        audience: Audience = Audience.PRIVATE,
        needs: Permission = Permission.USE,
        **more: Any,
    ) -> Command[Any]:
        async def run(call: Call[Any], given: Any) -> Answer:
            return await stage.act(call, path, given)

        words = tuple(path.split())
        return Command(words, f"Summary of {path}", args, run, Effect.READ, needs, audience, (path,), **more)

    async def pressed(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        return await stage.act(call, "pressed", (dict(state), dict(values)))

    async def form(_call: Call[Any], key: str, _state: Mapping[str, Any]) -> Form:
        text = Input("text", "Text", InputKind.PARAGRAPH, max_length=200)
        return Form("Write", ActionRef("thing.write", key), (text,), note="Once only")

    thing = (
        command("thing say", SayArgs),
        command("thing post", audience=Audience.CHANNEL),
        command("thing key", KeyArgs, needs=Permission.MANAGE, form_first=True),
        command("thing spend", needs=Permission.SPEND),
    )
    tweet = (command("tweet show", TweetArgs, Audience.CHANNEL), command("tweet reply", ReplyArgs))
    return Catalogue(
        groups=(Group("thing", "Things", thing), Group("tweet", "Tweets", tweet)),
        actions=(
            Action("thing.again", pressed, Permission.USE, stored=False),
            Action("thing.loud", pressed, Permission.USE, Audience.CHANNEL, stored=False),
            Action("thing.write", pressed, Permission.USE, form=form, stored=False),
        ),
    )
