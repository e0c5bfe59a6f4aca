"""Commands that are running, each in a task of its own that outlives the request that began it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.playground.bodies import InReplyTo
from adapters.playground.hub import Hub, PageEvent
from bot.core.chat import card_json
from bot.core.chat.cards import Card, Form
from bot.core.errors import said_of_outage
from bot.core.tasks import TaskSet

_LOG = logging.getLogger(__name__)


@dataclass
class Run:
    """One command of one person. first: what the request that began it is told: a form to show, a
    failure to show in that form, or that the answer comes as a message. asked: what it answers. language:
    that of the person when it had ended, which may be another one than before; "" until then."""

    id: str
    person: str
    channel: str
    in_form: bool
    asked: InReplyTo | None = None
    first: asyncio.Future[dict[str, Any]] = field(default_factory=asyncio.Future)
    progress: Card | None = None
    language: str = ""

    def settle(self, first: dict[str, Any]) -> bool:
        """Give the first answer; False when it was given before."""
        if self.first.done():
            return False
        self.first.set_result(first)
        return True

    def ask(self, form: Form) -> None:
        """The first answer is a form; it is handed in with what the answer to it will answer."""
        asked = None if self.asked is None else self.asked.message
        data = card_json.to_data(form)
        for shown, item in zip(data["inputs"], form.inputs, strict=True):
            shown["tall"] = item.tall
        self.settle({"status": "form", "form": data, "asked": asked})


class Runs:
    """Starts commands and tells the person's pages while one is under way. closed: no more is begun."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._running: dict[str, Run] = {}
        self._tasks = TaskSet()
        self.closed = False

    async def start(self, run: Run, work: Callable[[], Awaitable[object]]) -> dict[str, Any]:
        """Begin a command; returns its first answer, at the latest when it ends."""
        self._tasks.start(self._perform(run, work), f"playground run {run.id}")
        return await run.first

    def working(self, run: Run) -> None:
        """An answer will come: show that the bot is busy."""
        self._running[run.id] = run
        self._tell(run)
        run.settle({"status": "working", "run": run.id})

    def progressed(self, run: Run, card: Card) -> None:
        """Show how far it is."""
        run.progress = card
        if run.id in self._running:
            self._tell(run)

    def of(self, person: str) -> Iterator[PageEvent]:
        """What is under way for a person, for a page that has just been opened."""
        return (self._event(run) for run in self._running.values() if run.person == person)

    async def close(self, grace: float) -> None:
        """Begin no more, wait `grace` seconds for what is running, then cancel it."""
        self.closed = True
        await self._tasks.close(grace)

    async def _perform(self, run: Run, work: Callable[[], Awaitable[object]]) -> None:
        broken = True
        try:
            await work()
            broken = False
        except Exception as error:
            # The dispatcher turns errors into cards; what arrives here is an answer that could not be
            # stored, or a defect of ours.
            said = said_of_outage(error)
            if said is None:
                _LOG.exception("a command of the playground broke", extra={"run": run.id})
            else:
                _LOG.warning("the answer to command %s could not be given: %s", run.id, said)
            run.settle({"status": "broken"})
        finally:
            if self._running.pop(run.id, None) is not None:
                self._tell(run, done=True, broken=broken)
            run.settle({"status": "done"})

    def _tell(self, run: Run, *, done: bool = False, broken: bool = False) -> None:
        self._hub.publish(self._event(run, done=done, broken=broken), run.person)

    def _event(self, run: Run, *, done: bool = False, broken: bool = False) -> PageEvent:
        card = None if run.progress is None else card_json.to_data(run.progress)
        data = {
            "run": run.id,
            "channel": run.channel,
            "asked": None if run.asked is None else run.asked.message,
            "done": done,
            "broken": broken,
            "card": card,
            "language": run.language,
        }
        return PageEvent("run", data)
