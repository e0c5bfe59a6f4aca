"""The playground as a harness: a real web server, asked over HTTP as the page asks it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.playground.hub import Subscription
from adapters.playground.platform import PlaygroundPlatform, create_playground
from adapters.playground.settings import PlaygroundSettings
from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, MessageRef
from bot.core.ports import Messenger
from bot.core.tasks import cancelled
from bot.storage.engine.database import Database
from bot.storage.places.playground import PlaygroundLog
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness, Visitor, open_house
from tests.contracts.contract_commands import catalogue
from tests.contracts.harnesses import PATIENCE, AdapterHarness, OpenForm, Seen, Shown, typed
from tests.contracts.running import RunningHarness, started
from tests.contracts.screens import texts

Json = dict[str, Any]
_EVERYWHERE = "general"
_AGAIN = 0.01  # seconds between two looks at the page


def shown(message: Json) -> Shown:
    """A message of the page: its card in words."""
    if "card" not in message:
        return Shown(message.get("text", ""), by_bot=False, handle=message)
    card: Card = card_json.from_data(message["card"])
    labels = tuple(button.label for button in card.buttons if not button.disabled)
    by_bot = message.get("author", "bot") == "bot"
    pinged = [f"@{one}" for one in card.pings]
    return Shown("\n".join([*pinged, *texts(card)]), buttons=labels, by_bot=by_bot, handle=message)


@dataclass
class PlaygroundSeen:
    """One request of the page. first: its answer; since: the newest message before it."""

    harness: PlaygroundContractHarness
    first: Json
    acknowledged_in: float | None
    since: int

    async def form(self) -> OpenForm:
        assert self.first["status"] == "form", self.first
        form = self.first["form"]
        new = [shown(m).text for m in await self.harness.new(self.since) if m["author"] == "bot"]
        return OpenForm(form["title"], {i["name"]: i["value"] for i in form["inputs"]}, tuple(new), form)

    async def told(self, words: str = "") -> Shown:
        async with asyncio.timeout(PATIENCE):
            while True:
                for found in await self._private():
                    if words in found.text:
                        return found
                await asyncio.sleep(_AGAIN)

    async def _private(self) -> list[Shown]:
        """Inside the form that failed, or as a message to this person."""
        if self.first["status"] == "failed":
            return [shown({"card": self.first["card"]})]
        new = await self.harness.new(self.since)
        return [shown(message) for message in new if message["private"] and "card" in message]


class PlaygroundContractHarness(RunningHarness):
    """See `harnesses.RunningHarness`. Ben gives the commands, and Ada looks on."""

    name = "playground"
    person = "ben"
    other = "ada"
    groups = ("writers", "desk")
    place = Destination(TENANT, _EVERYWHERE)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._house: PlaygroundHarness
        self._ben: Visitor
        self._ada: Visitor
        self._told: dict[tuple[int, int], Json] = {}

    @property
    def messenger(self) -> Messenger:
        return self._house.playground.messenger

    @property
    def window(self) -> float:
        return self._house.playground.messenger.idempotent_window

    @property
    def platform(self) -> PlaygroundPlatform:
        return self._house.playground

    def another(self, *, refused: bool = False) -> PlaygroundPlatform:
        assert not refused, "the page lets the bot in"
        log = PlaygroundLog(self._house.database)
        return create_playground(self._house.commands, log, PlaygroundSettings())

    async def command(self, path: str, **values: str | int) -> Seen:
        return await self._ask("command", {"text": typed(path, values)})

    async def press(self, message: Shown, label: str) -> Seen:
        buttons = message.handle["card"]["buttons"]
        action = next(button["action"] for button in buttons if button["label"] == label)
        return await self._ask("press", {"action": action, "message": message.handle["id"]})

    async def anew(self, message: Shown) -> Shown:
        return next(shown(one) for one in await self.new(0) if one["id"] == message.handle["id"])

    async def submit(self, form: OpenForm, values: Mapping[str, str]) -> Seen:
        data = {"action": form.handle["action"], "values": {**form.filled, **values}}
        return await self._ask("form", data)

    async def again(self, failure: Shown, form: OpenForm, given: Mapping[str, str]) -> OpenForm:
        """The page keeps a form open that failed, as `pages/test_page.py` shows in a browser."""
        assert "id" not in failure.handle, "the failure stands outside of the form"
        return OpenForm(form.title, {**form.filled, **given}, handle=form.handle)

    async def redeliver(self, seen: Seen) -> None:
        raise NotImplementedError

    def database(self) -> Database:
        return self._house.database

    async def start(self) -> None:
        house = open_house(self._path, commands=catalogue(self.stage))
        self._house = await self._stack.enter_async_context(house)
        self._ben = await self._stack.enter_async_context(Visitor(self._house, self.person))
        self._ada = await self._stack.enter_async_context(Visitor(self._house, self.other))
        self._told = {}
        listening = asyncio.create_task(self._listen(self._house.playground.board.hub.subscribe(self.person)))
        self._stack.push_async_callback(cancelled, [listening])

    async def _listen(self, pages: Subscription) -> None:
        """As a page of his that is open all the time."""
        async for event in pages.events(PATIENCE):
            if event is not None and event.kind == "message":
                self._told[event.data["id"], event.data["revision"]] = dict(event.data)

    async def channel(self, count: int = 0) -> list[Shown]:
        async with asyncio.timeout(PATIENCE):
            while True:
                messages = await self._ada.messages(_EVERYWHERE)
                if len(messages) >= count:
                    return [shown(message) for message in messages]
                await asyncio.sleep(_AGAIN)

    async def direct(self, person: str) -> list[Shown]:
        visitor = self._ben if person == self.person else self._ada
        return [shown(message) for message in await visitor.messages("@bot")]

    async def files(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        seen = [*await self._ben.messages(_EVERYWHERE), *await self._ben.messages("@bot")]
        for message in seen:
            for entry in message.get("files", ()):
                answer = await self._ben.client.get(f"/api/files/{entry['id']}", params={"person": "ben"})
                found[entry["name"]] = answer.content
        return found

    async def close_channel(self) -> None:
        raise NotImplementedError

    async def delete(self, ref: MessageRef) -> None:
        await self._house.playground.board.log.delete(TENANT, int(ref.message))

    async def be_busy(self) -> None:
        """The database takes nothing any more."""
        await self._house.database.close()

    async def lose_answers(self) -> None:
        raise NotImplementedError

    def nowhere(self) -> Destination:
        return Destination(TENANT, "nowhere")

    def violations(self) -> list[Any]:
        return []

    async def new(self, since: int) -> list[Json]:
        """What the person sees that was not there before: a page that is open is told more than is kept."""
        kept = [message for message in await self._ben.messages(_EVERYWHERE) if message["id"] > since]
        return [told for one in kept if (told := self._told.get((one["id"], one["revision"]), one))]

    async def _ask(self, path: str, data: Json) -> PlaygroundSeen:
        before = await self._ben.messages(_EVERYWHERE)
        began = time.monotonic()
        answer = await self._ben.post(path, data)
        took = time.monotonic() - began
        assert answer.status_code == 200, answer.text
        return PlaygroundSeen(self, answer.json(), took, before[-1]["id"] if before else 0)


@asynccontextmanager
async def playground_rig(sqlite_url: str) -> AsyncIterator[AdapterHarness]:
    """A playground over the database."""
    async with started(PlaygroundContractHarness(Path(sqlite_url.removeprefix("sqlite:///")))) as harness:
        yield harness
