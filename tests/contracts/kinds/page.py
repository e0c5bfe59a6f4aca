"""The playground as a side: the demo as it starts, asked over HTTP as its page asks it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.playground.platform import tenant_of
from adapters.playground.settings import PlaygroundSettings
from bot.app import demo as demos
from bot.app.demo import Demo, start_demo
from bot.app.wiring import App
from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.tasks import cancelled
from bot.setting_sections import ChatSection, XquikSection
from bot.settings import Settings
from tests.contracts.kinds.sides import Control, KindSide, Look, Message
from tests.features.edge import buttons, ref_of, words
from tests.features.harness import asks
from tests.journeys.run.harness import until


class PageSide(KindSide):
    """A demo, with Ada at its page. A message is its number. As on the page, what is there comes over the
    stream, which `watching` keeps open; how many messages everybody sees is read from the log."""

    name = "playground"

    def __init__(self, client: httpx.AsyncClient, demo: Demo | None = None) -> None:
        """demo: where it runs in this process."""
        self._demo = demo
        self._client = client
        self._sandbox = ""
        # By number: the revision, the card, and whether one person alone sees it.
        self._shown: dict[int, tuple[int, Card, bool]] = {}
        self._csrf = ""

    @property
    def app(self) -> App:
        assert self._demo is not None, "it runs in a process of its own"
        return self._demo.app

    @property
    def tenant(self) -> TenantId:
        return tenant_of(PlaygroundSettings())

    @property
    def control(self) -> Control:
        return self._control

    async def _control(self, endpoint: str, method: str = "POST", **body: Any) -> Any:
        url = f"{self._sandbox}/_control/{endpoint}"
        answer = await self._client.request(method, url, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def open(self) -> None:
        """Load the page."""
        state = (await self._client.get("/api/state")).json()
        self._csrf, self._sandbox = state["csrf"], state["x_pages"].removesuffix("/x")

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """The page is open: what was said before is there, and what it is shown is seen."""
        begun = asyncio.Event()
        task = asyncio.create_task(self._watch(begun))
        try:
            await begun.wait()
            async for one in self._log():
                self._see(one)
            yield
        finally:
            await cancelled([task])

    async def _watch(self, begun: asyncio.Event) -> None:
        query = {"person": "ada"}
        async with self._client.stream("GET", "/api/stream", params=query, timeout=None) as response:
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if value == "hello":
                    begun.set()  # from here on nothing is missed
                elif name == "data":
                    self._see(json.loads(value))

    def _see(self, one: dict[str, Any]) -> None:
        """A message of the bot, unless a newer one of this number is there."""
        if "card" in one and "revision" in one:
            there = self._shown.get(one["id"])
            if there is None or there[0] < one["revision"]:
                self._shown[one["id"]] = (one["revision"], card_json.from_data(one["card"]), one["private"])

    async def _log(self) -> AsyncIterator[dict[str, Any]]:
        """What was said in the channel, latest page first."""
        query = {"person": "ada", "channel": "general"}
        while True:
            answer = (await self._client.get("/api/messages", params=query)).json()
            for one in answer["messages"]:
                yield one
            if not answer["more"]:
                return
            query["before"] = str(answer["messages"][0]["id"])

    async def ask(self, line: str, *, private: bool) -> Message:
        before = max(self._shown, default=0)
        await self._send("command", text=line)
        found: list[int] = []

        async def there() -> bool:
            # What is shown while a command is under way is a message too.
            messages = self._shown.items()
            found[:] = [number for number, (_, card, _) in messages if number > before and asks(card)]
            return bool(found)

        await until(there, what=f"the preview of {line}")
        return found[0]

    async def look(self, message: Message) -> Look:
        _, card, alone = self._shown[message]
        labels = [one.label for one in buttons(card) if not one.disabled]
        return Look(words(card), tuple(labels), alone)

    def key(self, message: Message) -> str:
        return ref_of(self._shown[message][1], "Confirm").key

    async def confirm(self, message: Message, times: int = 1) -> list[Any]:
        action, before = str(ref_of(self._shown[message][1], "Confirm")), max(self._shown)
        presses = (self._press(message, action) for _ in range(times))
        return [(before, answer) for answer in await asyncio.gather(*presses)]

    async def link(self, message: Message) -> str:
        _, card, _ = self._shown[message]
        return next((one.url for one in buttons(card) if one.label == "Open on X" and one.url), "")

    async def direct(self) -> list[str]:
        query = {"person": "ada", "channel": "@bot"}
        answer = (await self._client.get("/api/messages", params=query)).json()
        return [words(card_json.from_data(one["card"])) for one in answer["messages"] if "card" in one]

    async def fill(self, message: Message, label: str, values: dict[str, str]) -> None:
        action = str(ref_of(self._shown[message][1], label))
        opened = await self._send("press", message=message, action=action)
        await self._send("form", action=opened["form"]["action"], values=values, message=message)

    async def told(self, gestures: list[Any]) -> list[str]:
        """What only who pressed is told. A press is answered once it is under way, and what it is told comes
        later, as a message: of several presses all but one are told something. One that came when the button
        was gone already is told so at once."""
        since = min(before for before, _ in gestures)
        refused = [answer["message"] for _, answer in gestures if "error" in answer]
        found: list[str] = []

        async def there() -> bool:
            messages = self._shown.items()
            found[:] = [words(card) for number, (_, card, alone) in messages if alone and number > since]
            return len(found) + len(refused) >= len(gestures) - 1

        await until(there, what="what the second press is told")
        return [*found, *refused]

    async def _press(self, message: Message, action: str) -> dict[str, Any]:
        """A press; what it is refused with where another one has just taken the button away."""
        answer = await self._posted("press", message=message, action=action)
        found: dict[str, Any] = answer.json()
        assert answer.status_code == 200 or found.get("error") == "changed", answer.text
        return found

    async def posts(self) -> int:
        return sum(["card" in one and not one["private"] async for one in self._log()])

    async def _posted(self, path: str, **data: Any) -> httpx.Response:
        """The answer to what is sent; sent again while that is more often than one person may."""
        answers: list[httpx.Response] = []

        async def taken() -> bool:
            answers[:] = [
                await self._client.post(
                    f"/api/{path}",
                    json={"person": "ada", "channel": "general", **data},
                    headers={"x-csrf": self._csrf, "origin": str(self._client.base_url).rstrip("/")},
                )
            ]
            return answers[0].status_code != 429

        await until(taken, what=f"a turn for {path}")
        return answers[0]

    async def _send(self, path: str, **data: Any) -> dict[str, Any]:
        answer = await self._posted(path, **data)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def _hasty(xquik: XquikSection, **sections: Any) -> Settings:
    """The settings of a demo where one person does in a minute what others do in a week."""
    more = {"writes_per_minute": 100_000, "deletes_per_minute": 100_000}
    chat = ChatSection(commands_per_second=1_000.0, commands_at_once=10_000)
    return Settings(xquik=xquik.model_copy(update=more), chat=chat, **sections)


@asynccontextmanager
async def playground_side(directory: Path) -> AsyncIterator[KindSide]:
    """A demo on a port of its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demos, "Settings", _hasty)
        demo = await start_demo(0, directory / "data", lambda _: None)
    try:
        async with httpx.AsyncClient(base_url=demo.address, trust_env=False, timeout=30.0) as client:
            side = PageSide(client, demo)
            await side.open()
            async with side.watching():
                yield side
    finally:
        await demo.stop()
