"""Small commands that do what a test tells them, and note what they were given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Audience, Reply
from bot.core.chat.cards import Button, Card, File, Form, Input, InputKind, Text, line
from bot.core.chat.invocation import Call
from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Action, Command, Effect, Group, NoArgs, Option
from bot.core.x.references import TweetRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SayArgs:
    """One of each plain kind of option."""

    text: Annotated[str, Option("What to say", main=True, max_length=5000, paragraph=True)]
    times: Annotated[int, Option("How often", ge=1, le=9)] = 1
    loud: Annotated[bool, Option("Louder")] = False
    mood: Annotated[Literal["calm", "glad"], Option("How")] = "calm"
    where: Annotated[ChannelRef | None, Option("Where")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TweetArgs:
    tweet: Annotated[TweetRef, Option("The tweet", main=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyArgs:
    tweet: Annotated[TweetRef, Option("The tweet", main=True)]
    text: Annotated[str, Option("The reply", max_length=4000, paragraph=True)]


@dataclass
class ScriptedCommands:
    """seen: (command, its arguments) in order. started: set once a command runs. The rest says what the
    next command does."""

    seen: list[tuple[str, Any]] = field(default_factory=list)
    calls: list[Call[Any]] = field(default_factory=list)
    card: Card = field(default_factory=lambda: Card("Done", (Text(line("It is done.")),)))
    files: tuple[File, ...] = ()
    replace: bool = False
    renews: Card | None = None
    instead: Card | None = None
    withdrawn: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None
    progress: tuple[Card, ...] = ()
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    started: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def button(self, label: str = "Again", name: str = "thing.again", key: str = "k1") -> None:
        """The next card carries a button."""
        self.card = Card("Pick", (Text(line("One button")),), buttons=(Button(label, ActionRef(name, key)),))

    async def act(self, call: Call[Any], what: str, args: Any) -> Reply:
        """What every command and button runs."""
        self.seen.append((what, args))
        self.calls.append(call)
        self.started.set()
        for card in self.progress:
            await call.progress(card)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        later = None if self.instead is None else self.later
        return Reply(self.card, self.files, self.replace, self.renews, later=later)

    async def later(self) -> Reply | None:
        """What takes the place of an answer once it is withdrawn."""
        await self.withdrawn.wait()
        return None if self.instead is None else Reply(self.instead, replace=True, in_place=True)


def command(
    stage: ScriptedCommands,
    path: str,
    args: type[Any] = NoArgs,
    audience: Audience = Audience.PRIVATE,
    needs: Permission = Permission.USE,
    **more: Any,
) -> Command[Any]:
    """A command of the stage. more: further fields of `Command`."""

    async def run(call: Call[Any], given: Any) -> Answer:
        return await stage.act(call, path, given)

    words = tuple(path.split())
    return Command(words, f"Summary of {path}", args, run, Effect.READ, needs, audience, (path,), **more)


def groups(stage: ScriptedCommands, *, say: type[Any], key: type[Any], show: Audience) -> tuple[Group, ...]:
    """A command of each kind. say, key: the options of `thing say` and of `thing key`; show: who sees
    what `tweet show` answers."""
    thing = (
        command(stage, "thing say", say),
        command(stage, "thing post", audience=Audience.CHANNEL),
        command(stage, "thing key", key, needs=Permission.MANAGE, form_first=True),
        command(stage, "thing spend", needs=Permission.SPEND),
    )
    tweet = (
        command(stage, "tweet show", TweetArgs, show),
        command(stage, "tweet reply", ReplyArgs),
    )
    return Group("thing", "Things", thing), Group("tweet", "Tweets", tweet)


def actions(stage: ScriptedCommands, *, stored: bool) -> tuple[Action, ...]:
    """Buttons that answer, always have a state, post, answer in confidence, ask. stored: whether the
    first has one too."""

    async def pressed(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        return await stage.act(call, "pressed", (dict(state), dict(values)))

    async def form(_call: Call[Any], key: str, _state: Mapping[str, Any]) -> Form:
        text = Input("text", "Text", InputKind.PARAGRAPH, max_length=200)
        return Form("Write", ActionRef("thing.write", key), (text,), note="Once only")

    return (
        Action("thing.again", pressed, Permission.USE, stored=stored),
        Action("thing.kept", pressed, Permission.USE),
        Action("thing.loud", pressed, Permission.USE, Audience.CHANNEL, stored=False),
        Action("thing.hush", pressed, Permission.USE, Audience.CONFIDENTIAL, stored=False),
        Action("thing.write", pressed, Permission.USE, form=form, stored=False),
    )
