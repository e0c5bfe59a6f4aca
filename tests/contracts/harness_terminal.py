"""The terminal as a harness: the real responder over two consoles whose text can be read."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from adapters.terminal.messenger import TerminalMessenger
from adapters.terminal.responder import TerminalResponder
from bot.core.access import Actor
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.ports import Messenger
from bot.i18n.readers import Readers
from bot.i18n.translator import Translator
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.languages import StoredLanguages
from tests.adapters import around
from tests.adapters.around import Noted
from tests.contracts.contract_commands import catalogue
from tests.contracts.harnesses import PATIENCE, AdapterHarness, OpenForm, Seen, Shown, typed
from tests.contracts.running import RunningHarness, started

TENANT = TenantId("terminal", "local")
_WIDTH = 90
_HEADING, _TOP, _BOTTOM = "In #", "╭", "╰"  # above a message, and the edges of a frame


class Person:
    """Somebody at the keyboard, who answers once `submit` says what."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._answers: Mapping[str, str] | None = {}
        self._may_type = threading.Event()

    def answer(self, values: Mapping[str, str] | None) -> None:
        """What is typed from now on; None: the person gives up."""
        self._answers = values
        self._may_type.set()

    def __call__(self, question: str, _secret: bool) -> str:
        self.asked.append(question)
        if not self._may_type.wait(PATIENCE) or self._answers is None:
            raise EOFError
        return next((v for name, v in self._answers.items() if question.lower().startswith(name)), "")


def _messages(printed: str) -> list[str]:
    """What stands under the names of channels, and the answers, which are frames without one."""
    messages: list[str] = []
    ended = True
    for row in printed.splitlines(keepends=True):
        if row.startswith(_HEADING) or (row.startswith(_TOP) and ended):
            messages.append("")
        if messages and not row.startswith(_HEADING):
            messages[-1] += row
        ended = row.startswith(_BOTTOM)
    return messages


@dataclass
class TerminalSeen:
    """One command line, from Enter to the next prompt."""

    harness: TerminalContractHarness
    person: Person
    work: asyncio.Task[InvocationOutcome]
    responder: TerminalResponder
    before: tuple[int, int]
    acknowledged_in: float | None = None

    async def form(self) -> OpenForm:
        asked = self.person.asked
        assert asked, "nothing was asked"
        title, *told = self.harness.err.getvalue()[self.before[1] :].splitlines()
        answers = tuple(filter(None, [self.harness.out.getvalue()[self.before[0] :]]))
        return OpenForm(title, {asked[0].partition(" ")[0].rstrip(":").lower(): ""}, answers, (self, told))

    async def told(self, words: str = "") -> Shown:
        await self.work
        text = self.harness.out.getvalue()[self.before[0] :] + self.harness.err.getvalue()[self.before[1] :]
        assert words in " ".join(text.replace("│", " ").split()), text
        return Shown(text)


class TerminalContractHarness(RunningHarness):
    """See `harnesses.RunningHarness`."""

    name = "terminal"
    person = "ben"
    other = "eve"
    groups = ("writers", "desk")
    place = Destination(TENANT, "general")

    def __init__(self, database: Database, directory: Path) -> None:
        super().__init__()
        self.out, self.err = io.StringIO(), io.StringIO()
        self._directory = directory
        self._database = database
        self._people: list[Person] = []

    def database(self) -> Database:
        return self._database

    async def start(self) -> None:
        self._readers = Readers(StoredLanguages(self._database, time.time))
        self._messenger = TerminalMessenger(Console(file=self.out, width=_WIDTH), clock=time.time)
        states = StoredButtonStates(self._database, time.time, os.urandom)
        self._dispatcher = around.dispatcher(self._database, catalogue(self.stage), states, Noted())

    async def stop(self) -> None:
        for person in self._people:
            person.answer(None)
        await super().stop()

    @property
    def messenger(self) -> Messenger:
        return self._messenger

    @property
    def window(self) -> float:
        return self._messenger.idempotent_window

    async def command(self, path: str, **values: str | int) -> Seen:
        person, responder = Person(), None
        self._people.append(person)
        responder = TerminalResponder(
            Console(file=self.out, width=_WIDTH), Console(file=self.err, width=_WIDTH),
            clock=time.time, question=person, save_to=self._directory,
            reader=await self._reads(), reads=self._reads,
        )  # fmt: skip
        before = (len(self.out.getvalue()), len(self.err.getvalue()))
        invocation = self._invocation()
        work = asyncio.create_task(self._dispatcher.run_text(invocation, typed(path, values), responder))
        async with asyncio.timeout(PATIENCE):
            while not work.done() and not person.asked:  # noqa: ASYNC110 - the question comes in a thread
                await asyncio.sleep(0.005)
        return TerminalSeen(self, person, work, responder, before)

    async def submit(self, form: OpenForm, values: Mapping[str, str]) -> Seen:
        seen: TerminalSeen = form.handle[0]
        seen.person.answer(values)
        await seen.work
        filled = seen.responder.submission
        assert filled is not None
        pressed = self._dispatcher.press(self._invocation(), filled.action, seen.responder, filled.values)
        seen.work = asyncio.create_task(pressed)
        await seen.work
        return seen

    async def channel(self, count: int = 0) -> list[Shown]:
        messages = [one for one in _messages(self.out.getvalue()) if one.strip()]
        assert len(messages) >= count, messages
        return [Shown(one) for one in messages]

    async def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._directory.iterdir()}

    def violations(self) -> list[Any]:
        return []

    async def _reads(self) -> Translator:
        return await self._readers.person(TENANT, self.person, "en")

    def _invocation(self) -> Invocation:
        return Invocation("i1", Actor(self.person, "Ben"), self.place, time.time())

    # What follows needs an ability that `harnesses.LACKS` says a terminal has not got.

    async def press(self, message: Shown, label: str) -> Seen:
        raise NotImplementedError

    async def again(self, failure: Shown, form: OpenForm, given: Mapping[str, str]) -> OpenForm:
        raise NotImplementedError

    async def redeliver(self, seen: Seen) -> None:
        raise NotImplementedError

    async def direct(self, person: str) -> list[Shown]:
        raise NotImplementedError

    async def close_channel(self) -> None:
        raise NotImplementedError

    async def delete(self, ref: MessageRef) -> None:
        raise NotImplementedError

    async def be_busy(self) -> None:
        raise NotImplementedError

    async def lose_answers(self) -> None:
        raise NotImplementedError

    def nowhere(self) -> Destination:
        raise NotImplementedError


@asynccontextmanager
async def terminal_rig(sqlite_url: str) -> AsyncIterator[AdapterHarness]:
    """A terminal in a directory of its own."""
    database = await Database.open(sqlite_url)
    with tempfile.TemporaryDirectory() as directory:
        try:
            async with started(TerminalContractHarness(database, Path(directory))) as harness:
                yield harness
        finally:
            await database.close()
