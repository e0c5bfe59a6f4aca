"""What open pages are told, and what they are not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from adapters.playground.hub import Hub, PageEvent
from adapters.playground.limits import BACKLOG
from bot.core.errors import StorageUnavailable
from bot.web.connections import Stage
from tests.adapters.playground.harness import PlaygroundHarness, Visitor, free_port
from tests.web.bounds.harness import Talk
from tests.web.bounds.test_protocol import served


class Page:
    """An open stream. `next` gives the next event of a kind."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def event(self) -> tuple[str, dict[str, Any], str | None]:
        """(kind, data, id) of the next event."""
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if line.startswith((":", "retry")):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    found[name] = value
                elif "event" in found:
                    return found["event"], json.loads(found["data"]), found.get("id")
        raise AssertionError("the stream ended")

    async def next(self, kind: str) -> dict[str, Any]:
        """The data of the next event of that kind."""
        while True:
            name, data, _ = await self.event()
            if name == kind:
                return data


@asynccontextmanager
async def page(
    house: PlaygroundHarness, person: str, headers: dict[str, str] | None = None, **query: Any
) -> AsyncIterator[Page]:
    async with (
        httpx.AsyncClient(base_url=house.origin, trust_env=False, timeout=None) as client,
        client.stream("GET", "/api/stream", params={"person": person, **query}, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        opened = Page(response)
        await opened.next("hello")
        yield opened


async def test_a_message_reaches_every_open_page_at_once(house: PlaygroundHarness, ada: Visitor) -> None:
    async with page(house, "ada") as hers, page(house, "ben") as his:
        await ada.say("trends US")
        assert (await his.next("message"))["card"]["title"] == "Trending in US"
        assert (await hers.next("message"))["text"] == "/trends US"


async def test_private_messages_and_progress_reach_their_person_alone(
    house: PlaygroundHarness, ada: Visitor
) -> None:
    async with page(house, "ada") as hers, page(house, "ben") as his:
        await ada.say("credits show")
        await ada.say("media slow")
        # Progress may be told with the beginning, or after it.
        while (run := await hers.next("run"))["card"] is None:
            pass
        assert run["card"]["blocks"][0]["done"] == 1
        house.services.gate.set()
        kind, data, _ = await his.event()
        assert (kind, data["card"]["title"]) == ("message", "All of it is here")


async def test_a_page_that_opens_later_learns_what_is_running(house: PlaygroundHarness, ada: Visitor) -> None:
    async with page(house, "ada") as first:
        await ada.say("media slow")
        while (await first.next("run"))["card"] is None:
            pass
    async with page(house, "ada") as later:
        assert (await later.next("run"))["done"] is False
        house.services.gate.set()
        while not (await later.next("run"))["done"]:
            pass


async def test_a_page_that_was_away_gets_what_it_missed(house: PlaygroundHarness, ada: Visitor) -> None:
    await ada.say("trends US")
    seen = (await ada.until_card("Trending in US"))["id"]
    await ada.say("trends Japan")
    missed = (await ada.until_card("Trending in Japan"))["id"]
    for given in ({"headers": {"last-event-id": str(seen)}}, {"since": seen}):
        async with page(house, "ben", **given) as his:
            kind, data, number = await his.event()
            assert (kind, data["id"], number) == ("message", missed, str(missed))


async def test_an_edit_is_told_as_a_new_revision(house: PlaygroundHarness, ada: Visitor) -> None:
    await ada.say('tweet post "Good morning"')
    preview = await ada.until_card("Post this to X?")
    async with page(house, "ada") as hers:
        action = preview["card"]["buttons"][1]["action"]
        await ada.post("press", {"message": preview["id"], "action": action})
        edited = await hers.next("message")
    assert (edited["id"], edited["revision"]) == (preview["id"], 2)
    assert edited["card"]["title"] == "Nothing was posted"


async def test_a_dismissed_message_is_told_without_its_body(house: PlaygroundHarness, ada: Visitor) -> None:
    await ada.say("credits show")
    failure = await ada.until_card("Not enough Xquik credits")
    async with page(house, "ada") as hers:
        await ada.post("dismiss", {"message": failure["id"]})
        gone = await hers.next("message")
    assert (gone["id"], gone["deleted"]) == (failure["id"], True)
    assert "card" not in gone


async def test_a_new_channel_appears_on_every_page(house: PlaygroundHarness, ada: Visitor) -> None:
    async with page(house, "ben") as his:
        await ada.post("channels", {"name": "launch"})
        assert (await his.next("channel"))["name"] == "launch"


async def test_streams_end_when_the_server_is_told_to_stop(house: PlaygroundHarness) -> None:
    async with (
        httpx.AsyncClient(base_url=house.origin, trust_env=False, timeout=10) as client,
        client.stream("GET", "/api/stream", params={"person": "ada"}) as response,
    ):
        lines = response.aiter_lines()
        await anext(lines)
        house.playground.end_streams()
        async for _ in lines:
            pass  # ends


async def test_a_page_that_does_not_keep_up_is_let_go() -> None:
    hub = Hub()
    slow = hub.subscribe("ada")
    for number in range(BACKLOG + 1):
        hub.publish(PageEvent("message", {"number": number}))
    assert [event async for event in slow.events(10)] == []


async def test_a_page_that_reads_nothing_is_dropped_with_all_that_waits_for_it(
    house: PlaygroundHarness,
) -> None:
    """Its server, as `demo` has it: it is there until the bound, and just past it nothing is left."""
    hub = house.playground.board.hub
    async with served(house.playground.app) as server, await Talk.open(server.port) as talk:
        talk.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads
        await talk.send(
            f"GET /api/stream?person=ada HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
        )
        async with asyncio.timeout(10):
            while not hub._open:  # noqa: ASYNC110 - a hub tells nobody
                await asyncio.sleep(0.001)
        (mute,) = hub._open
        for _ in range(BACKLOG * 3):
            hub.publish(PageEvent("message", {"text": "x" * 20_000}))
            await asyncio.sleep(0)
        assert server.stages() == [Stage.UNREAD]
        assert mute._queue.qsize() <= 1, "it was let go, and nothing is kept for it"
        server.connections.look(0.0)
        server.connections.look(29.9)
        assert server.stages() == [Stage.UNREAD]
        server.connections.look(30.0)
        await server.until()
        async with asyncio.timeout(10):
            while hub._open:  # noqa: ASYNC110 - a hub tells nobody
                await asyncio.sleep(0.001)
    assert server.told == ["unread"]


async def test_nothing_is_streamed_to_nobody(house: PlaygroundHarness) -> None:
    async with httpx.AsyncClient(base_url=house.origin, trust_env=False) as client:
        assert (await client.get("/api/stream", params={"person": "eve"})).status_code == 400


async def test_work_that_breaks_after_all_is_said_and_not_left_hanging(
    house: PlaygroundHarness, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database is gone at the moment of the answer, and of the failure too."""

    async def breaks(*_: object, **__: object) -> None:
        raise StorageUnavailable("The disk is full.")

    async with page(house, "ada") as hers:
        await ada.say("media slow")
        monkeypatch.setattr(house.playground.board, "post", breaks)
        house.services.gate.set()
        while not (run := await hers.next("run"))["done"]:
            pass
        assert run["broken"] is True


@asynccontextmanager
async def _served(
    house: PlaygroundHarness, **options: Any
) -> AsyncIterator[tuple[str, uvicorn.Server, asyncio.Task[None]]]:
    """The playground on a second server, to be stopped in whatever way."""
    port = free_port()
    config = uvicorn.Config(
        house.playground.app, host="127.0.0.1", port=port, log_level="warning", lifespan="off", **options
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
            await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{port}", server, task
    finally:
        server.should_exit = True
        await task


@pytest.mark.parametrize("told", [True, False])
async def test_a_server_that_stops_ends_open_pages_without_a_traceback(
    house: PlaygroundHarness, caplog: pytest.LogCaptureFixture, told: bool
) -> None:
    """told: `end_streams` first, as the bot does; else the server loses patience and cancels them."""
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10) as client,
        _served(house, timeout_graceful_shutdown=0) as (origin, server, task),
        client.stream("GET", f"{origin}/api/stream", params={"person": "ada"}) as response,
    ):
        opened = Page(response)
        await opened.next("hello")
        if told:
            house.playground.end_streams()
        server.should_exit = True
        with pytest.raises(AssertionError, match="the stream ended"):
            await opened.next("message")
        await task
    assert [record.getMessage() for record in caplog.records if "ASGI" in record.getMessage()] == []
