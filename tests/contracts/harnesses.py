"""What the contract suites do on a platform, and look at, in words that belong to none.

A `AdapterHarness` is one adapter as it runs: the real adapter, dispatcher and storage, against the local
double of its platform (the playground against itself over HTTP, the terminal against its consoles). Nothing
here knows how a platform says a thing; each harness lives in a file of its own.

What a platform has not got is written once, in `LACKS`, and skips the tests that need it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import pytest
from starlette.routing import BaseRoute

from bot.core.chat.ids import Destination, MessageRef
from bot.core.findings import Finding
from bot.core.ports import Messenger, Platform
from tests.contracts.contract_commands import ContractCommands
from tests.strictness import NOT_THERE

IN_TIME = 3.0  # seconds: the shortest deadline of the platforms
PATIENCE = 20.0  # seconds that a test waits for what must come


class Ability(Enum):
    """Something that not every platform has."""

    CONNECTION = "a bot that is there until it is stopped"
    NETWORK = "a network of others, which may be away or refuse the bot"
    PRIVACY = "an answer that one of several people sees"
    DEADLINE = "an acknowledgement that is waited for"
    BUTTONS = "buttons that are pressed later"
    DUPLICATES = "deliveries that come twice"
    CLOSING = "channels that the bot may not post in"
    MISSING = "channels that are not there"
    DELETION = "messages that are gone"
    BUSY = "moments in which it takes nothing"
    LOSS = "answers that are lost on the way"
    PINGS = "mentions that notify"
    THREADS = "threads below messages"
    PUBLISHING = "channels that other channels follow"
    FORUMS = "channels where every message is a post of its own"
    SENSITIVE = "channels meant for sensitive content"


LACKS: Mapping[str, Mapping[Ability, str]] = {
    "discord": {},
    "slack": {
        Ability.PUBLISHING: "no channel follows another",
        Ability.FORUMS: "a channel is one row of messages and their threads",
        Ability.SENSITIVE: "no channel is marked for sensitive content",
    },
    "playground": {
        Ability.NETWORK: "the page is the bot's own",
        Ability.DUPLICATES: "a page's request comes once",
        Ability.CLOSING: "the bot may post in every channel of the playground",
        Ability.LOSS: "a message goes straight into the database, which says yes or no",
        Ability.PINGS: "nobody is notified; whom a message would notify is shown",
        Ability.THREADS: "a channel is one row of messages",
        Ability.PUBLISHING: "no channel follows another",
        Ability.FORUMS: "a channel is one row of messages",
        Ability.SENSITIVE: "no channel is marked for sensitive content",
    },
    "terminal": {
        Ability.CONNECTION: "a command is run and printed; nothing waits for a further one",
        Ability.NETWORK: "nobody else is asked",
        Ability.PRIVACY: "whoever sits at the terminal sees everything",
        Ability.DEADLINE: "nobody waits for an acknowledgement: the command runs in the foreground",
        Ability.BUTTONS: "a printed button cannot be pressed; only --yes presses one, in the same run",
        Ability.DUPLICATES: "a line is typed once",
        Ability.CLOSING: "a terminal takes everything",
        Ability.MISSING: "any name is a channel of the terminal",
        Ability.DELETION: "what is printed stays",
        Ability.BUSY: "a terminal always takes what is printed",
        Ability.LOSS: "nothing stands between the bot and its terminal",
        Ability.PINGS: "nobody is notified; whom a message would notify is printed",
        Ability.THREADS: "lines are printed one after another",
        Ability.PUBLISHING: "nobody follows a terminal",
        Ability.FORUMS: "lines are printed one after another",
        Ability.SENSITIVE: "nothing is marked for sensitive content",
    },
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on a screen. links: addresses that can be followed; pings: who is notified, groups by
    their id alone; previewed: addresses below which the platform shows a preview of its own; buttons:
    labels of those that can be pressed; by_bot: who wrote it; handle: the platform's own object.
    """

    text: str
    links: frozenset[str] = frozenset()
    pings: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    by_bot: bool = True
    handle: Any = None
    previewed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a forum: its title, its tags by name, and what stands in it."""

    title: str
    tags: frozenset[str]
    messages: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form on the screen. filled: what stands in its fields; before: what the person was told
    before it opened; handle: the platform's own object."""

    title: str
    filled: Mapping[str, str]
    before: tuple[str, ...] = ()
    handle: Any = None


class Seen(Protocol):
    """What came of one gesture."""

    async def form(self) -> OpenForm:
        """The form, once it is open."""

    async def told(self, words: str = "") -> Shown:
        """What the person, and nobody else, is shown, once it holds these words."""

    @property
    def acknowledged_in(self) -> float | None:
        """Seconds until the platform was answered; None: it was not."""


class AdapterHarness(Protocol):
    """One adapter as it runs. `place` is where `command` is given; `person` gives it, without any
    rights of an administrator; `other` is somebody else; `groups` are roles or user groups, by id."""

    name: str
    stage: ContractCommands
    place: Destination
    person: str
    other: str
    groups: tuple[str, str]

    @property
    def messenger(self) -> Messenger:
        """Posts to the platform."""

    @property
    def platform(self) -> Platform[BaseRoute]:
        """The platform, started."""

    def another(self, *, refused: bool = False) -> Platform[BaseRoute]:
        """The platform of another process on the same database, not opened yet. refused: with a token that
        is not accepted."""

    async def check(self, *, refused: bool = False) -> Sequence[Finding]:
        """What `xquik-bot check` says of the platform. refused: as for `another`."""

    async def check_cut_off(self) -> Sequence[Finding]:
        """The same where nobody answers, as `cut_off`."""

    async def cut_off(self) -> Platform[BaseRoute]:
        """As `another`, and nobody answers it. Discord itself is away from then on."""

    @property
    def window(self) -> float:
        """The messenger's `idempotent_window`, in seconds."""

    async def command(self, path: str, **values: str | int) -> Seen:
        """Give a command; returns once the platform was answered."""

    async def press(self, message: Shown, label: str) -> Seen:
        """Press a button."""

    async def anew(self, message: Shown) -> Shown:
        """The same message, as the person sees it now."""

    async def submit(self, form: OpenForm, values: Mapping[str, str]) -> Seen:
        """Send a form; fields that are not named keep what stands in them."""

    async def again(self, failure: Shown, form: OpenForm, given: Mapping[str, str]) -> OpenForm:
        """The form once more, after it was sent with these values and they were wrong."""

    async def redeliver(self, seen: Seen) -> None:
        """The platform sends the same gesture once more."""

    async def restart(self) -> None:
        """Another process takes over: new objects, the same database."""

    async def channel(self, count: int = 0) -> list[Shown]:
        """What everybody sees in `place`, once there are so many messages."""

    async def inside(self, thread: str) -> list[Shown]:
        """What everybody sees in a thread of `place`, its root left out."""

    async def direct(self, person: str) -> list[Shown]:
        """What the bot has written to a person alone."""

    async def files(self) -> dict[str, bytes]:
        """The files that the person can get, by name."""

    async def keep(self, name: str, state: Mapping[str, Any]) -> str:
        """The key of a stored button."""

    async def speak(self, language: str, person: str = "") -> None:
        """Somebody set a language: of a person, or of the place. It counts for what is said after it."""

    async def close_channel(self) -> None:
        """From now on the bot may not post in `place`."""

    async def delete(self, ref: MessageRef) -> None:
        """A message is deleted."""

    async def be_busy(self) -> None:
        """The platform does not take the next message."""

    async def lose_answers(self) -> None:
        """The platform performs what it is asked, and its answers do not arrive."""

    def nowhere(self) -> Destination:
        """A channel that is not there."""

    def announcements(self) -> Destination:
        """A channel that other channels follow."""

    def published(self) -> list[Shown]:
        """What was published from there."""

    def forum(self) -> Destination:
        """A channel of posts, with the tags "news" and "media"."""

    def posts(self) -> list[Post]:
        """What stands there."""

    def sensitive(self) -> Destination:
        """A channel that is meant for sensitive content."""

    def violations(self) -> list[Any]:
        """Rules of the platform that were broken."""


class Opening(Protocol):
    """Opens a harness on the database at a SQLite URL."""

    def __call__(self, sqlite_url: str) -> AbstractAsyncContextManager[AdapterHarness]: ...


def need(harness: AdapterHarness, *abilities: Ability) -> None:
    """Skip the test, with the reason, on a platform that has no such thing."""
    for ability in abilities:
        reason = LACKS[harness.name].get(ability)
        if reason is not None:
            pytest.skip(f"{NOT_THERE}{harness.name}: {reason}")


async def settled(holds: Callable[[], Awaitable[bool]]) -> None:
    """Until it holds."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - pages and consoles offer no event for it
            await asyncio.sleep(0.01)


def typed(path: str, values: Mapping[str, str | int]) -> str:
    """A command as it is typed where commands are lines."""
    return " ".join([path, *(f"{name}:{_as_typed(value)}" for name, value in values.items())])


class AsTyped(str):
    """A value that has the quotes it needs, wherever it is typed."""

    __slots__ = ()


def _as_typed(value: str | int) -> str:
    return value if isinstance(value, AsTyped) else f'"{value}"'
